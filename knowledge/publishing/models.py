"""A page on its way out: what is sent, to whom, and what is known of where it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import AssetId, OrgId, UserId

Place = Literal["wordpress"]
#: as people know it
PLACES: dict[Place, str] = {"wordpress": "WordPress"}
State = Literal["sending", "draft", "live"]


@dataclass(frozen=True)
class Post:
    """``key`` is ours and stands in the page, so that it is found again; ``page``: a page of the site rather than a post."""

    key: str
    title: str
    slug: str
    html: str
    excerpt: str = ""
    page: bool = False


@dataclass(frozen=True)
class Sent:
    """Where it is: the content system's own id and address; ``lost``: what it did not keep of the post, and how to go
    on, for a person; "" when it kept everything."""

    external_id: str
    url: str
    lost: str = ""


class Publisher(Protocol):
    """A content system. Every call may be repeated: the same post gives the same page. Raises Upstream."""

    @property
    def place(self) -> Place: ...

    async def draft(self, post: Post, external_id: str | None) -> Sent:
        """The post as a draft; the one that is there under its key or id is brought up to date instead of a second."""
        ...

    async def go_live(self, post: Post, external_id: str) -> Sent: ...


class Publication(Row):
    """``state``: sending (begun, may be there), draft, live. ``claimed_until``: somebody is at it right now.
    ``lost``: as in :class:`Sent`."""

    id: UUID
    org_id: OrgId
    asset_id: AssetId
    place: Place
    key: str
    state: State
    external_id: str | None
    url: str | None
    lost: str
    asset_version: int
    content_hash: str
    claimed_until: datetime | None
    published_by: UserId | None
    created_at: datetime
    updated_at: datetime
