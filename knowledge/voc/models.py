"""What customers said, word for word."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId, OrgId

VocKind = Literal["support", "sales_call", "survey", "review"]


class VocSnippet(Row):
    """``text`` is verbatim and never rewritten; whoever quotes it names ``id``."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    source_id: UUID
    kind: VocKind
    text: str
    author: str | None
    rating: Decimal | None
    said_on: date | None
    language: str | None
    themes: list[str]
    sentiment: str | None
    extra: dict[str, Any]
    content_hash: str
    created_at: datetime


class Quote(Row):
    """A quote as it is shown. ``text`` is verbatim; ``started_at`` is in seconds into the call."""

    id: UUID
    client_id: ClientId
    source_id: UUID
    source_name: str
    kind: VocKind
    text: str
    author: str | None
    rating: Decimal | None
    said_on: date | None
    language: str | None
    themes: list[str]
    sentiment: str | None
    speaker: str | None
    started_at: float | None


class ThemeCount(Row):
    """How often a theme comes up, and how it is spoken of. ``examples``: up to three ids, the shortest first."""

    theme: str
    n: int
    positive: int
    negative: int
    neutral: int
    examples: list[UUID]

    @property
    def contradicting_share(self) -> float:
        """The smaller of the two sides among the quotes that take one, 0 to 0.5."""
        sides = self.positive + self.negative
        return min(self.positive, self.negative) / sides if sides else 0.0


@dataclass(frozen=True)
class Wanted:
    """Which quotes of a client; empty: any. Days and ratings are inclusive."""

    client_id: UUID
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    rating_from: float | None = None
    rating_to: float | None = None
    day_from: date | None = None
    day_to: date | None = None
