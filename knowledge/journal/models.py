"""One kept answer of a model or a tool."""

from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row

Kind = Literal["model", "tool"]


class JournalEntry(Row):
    """``scope_id`` is the step or turn, ``key`` what was asked, ``occurrence`` counts the same question from 0."""

    scope_id: UUID
    kind: Kind
    key: str
    occurrence: int
    result: Any
