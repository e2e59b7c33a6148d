"""Ads worth learning from: the organisation's library, what was made of it for each client, and clients' own."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId


class ClientSwipe(Row):
    """A client's swipe with the ad behind it, if it came from the company's library."""

    id: UUID
    #: the ad of the library, or its own id for the client's own
    swipe_id: UUID
    client_id: ClientId
    title: str | None
    body: str | None
    cta: str | None
    format: str | None
    brand: str | None
    tags: list[str]
    angle_type: str | None
    notes: str | None
    is_good_example: bool
    is_bad_example: bool


class Ad(Row):
    """An ad of the library, or a client's own: then ``client_swipe_id`` is ``id`` and there is no brand.

    ``near`` counts the ads of the library that say nearly the same.
    """

    id: UUID
    client_swipe_id: UUID | None
    external_ad_id: str | None
    brand_id: UUID | None
    brand_name: str | None
    title: str | None
    body: str | None
    cta_type: str | None
    cta_text: str | None
    display_format: str | None
    platforms: list[str]
    language: str | None
    start_date: date | None
    end_date: date | None
    days_active: int | None
    active: bool | None
    score: Decimal | None
    tags: list[str]
    is_favorite: bool
    is_saved: bool
    landing_page: str | None
    link_description: str | None
    script: str | None
    near: int


class Medium(Row):
    """A picture or film of an ad. ``has_source``: its address is known, so it can be fetched; ``fetch_error``: why not."""

    id: UUID
    swipe_asset_id: UUID
    type: Literal["video", "image"] | None
    video_length: Decimal | None
    has_source: bool
    fetched: bool
    has_thumb: bool
    fetch_error: str | None


class Link(Row):
    """What an ad is to a client."""

    id: UUID
    company_swipe_id: UUID | None
    client_id: ClientId
    client_name: str
    tags: list[str]
    icp_id: str | None
    funnel_stage_id: str | None
    angle_type: str | None
    notes: str | None
    is_good_example: bool
    is_bad_example: bool


class Facet(Row):
    """One value that ads have, and how many have it. ``label`` is for people; null: the value is."""

    facet: Literal["platforms", "formats", "languages", "tags", "brands"]
    value: str
    label: str | None
    n: int


@dataclass(frozen=True)
class Wanted:
    """Which ads; empty: any. Several values of one field mean any of them; days are inclusive.

    ``client_id``: only what is linked to this client, and its own.
    """

    client_id: UUID | None = None
    platforms: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    brand_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    day_from: date | None = None
    day_to: date | None = None
    score_from: float | None = None
    saved: bool = False
    favorite: bool = False
    good: bool = False
    bad: bool = False
