"""What customers said, word for word."""

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
