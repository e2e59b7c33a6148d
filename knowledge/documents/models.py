"""A text somebody brought along: a brief, a brand book, a transcript."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId, OrgId

DocumentKind = Literal["brand_doc", "funnel_page", "constraints_doc", "transcript", "other"]


class BroughtDocument(Row):
    """``text`` is the whole text as it was read from the file."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    kind: DocumentKind
    title: str
    uri: str | None
    text: str
    content_hash: str
    storage_key: str | None
    created_at: datetime


class DocumentTitle(Row):
    """What a list shows; ``characters`` is the length of the text."""

    id: UUID
    kind: DocumentKind
    title: str
    characters: int
    created_at: datetime
