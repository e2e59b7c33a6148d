"""Pages, hosts' rules and the client's own pages as rows."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId, OrgId

#: forbidden: by the host's robots.txt; refused: may not be fetched or is no page; failed: the host did not answer well
PageStatus = Literal["opened", "forbidden", "refused", "failed"]


class RobotsFile(Row):
    """``status``: of HTTP; 0 when the host did not answer."""

    origin: str
    status: int
    body: str
    fetched_at: datetime


class WebPage(Row):
    """A page as it was last opened. ``outline``: [{level, text}]; ``terms``: [{term, count}]; ``facts``: verbatim."""

    id: UUID
    org_id: OrgId
    url: str
    found_url: str
    status: PageStatus
    reason: str | None
    title: str
    description: str
    language: str | None
    published_on: date | None
    outline: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    facts: list[str]
    questions: list[str]
    text: str
    words: int
    bytes: int
    content_hash: str
    fetched_at: datetime

    @property
    def opened(self) -> bool:
        return self.status == "opened"


class OwnPage(Row):
    """A page of the client's own site."""

    url: str
    title: str
    words: list[str]
    changed_on: date | None
    source: Literal["site_map", "given"]


class SiteMapRow(Row):
    """When a client's site map was read last and what came of it; ``skipped``: addresses that were left out."""

    client_id: ClientId
    url: str
    files: int
    pages: int
    skipped: int
    notes: list[str]
    read_at: datetime
