"""An ad as cards, programs and agents see it: one shape, built once."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import ClientId
from knowledge.search.chunking import split_sentences
from knowledge.search.models import Hit
from knowledge.swipes import queries
from knowledge.swipes.library import Page
from knowledge.swipes.marking import GONE
from knowledge.swipes.models import Ad, Link, Medium
from tools.clipping import clip
from tools.spec import Wire

#: an ad as tools are asked for it
SwipeId = Annotated[UUID, Field(description="The ad's id, from search_swipes.")]


class BrandView(Wire):
    """``logo`` is a picture of ours; null: there is none."""

    id: UUID | None
    name: str
    logo: str | None = None


class Cta(Wire):
    type: str | None
    text: str | None


class MediumView(Wire):
    """``thumb`` and ``file`` are addresses of this server, which fetches the picture when it is first asked for."""

    id: UUID
    type: Literal["video", "image"] | None
    thumb: str | None
    file: str | None
    state: Literal["none", "fetched", "failed"]
    reason: str | None
    video_length: float | None = Field(description="Seconds.")


class LinkView(Wire):
    """What the ad is to a client. ``clientSwipeId`` is what documents cite."""

    client_id: ClientId
    client_name: str
    client_swipe_id: UUID
    good: bool
    bad: bool
    notes: str | None
    icp_id: str | None
    funnel_stage_id: str | None
    angle_type: str | None
    tags: list[str]


class Matched(Wire):
    """The passage it was found by."""

    part: str
    text: str


class SwipeView(Wire):
    """An ad. ``clientSwipeId`` is set for a client's own; ``hook`` is the first sentence of the body; days are days run."""

    id: UUID
    client_swipe_id: UUID | None
    external_ad_id: str | None
    brand: BrandView | None
    title: str | None
    hook: str | None
    body: str | None
    cta: Cta
    display_format: str | None
    platforms: list[str]
    language: str | None
    start_date: date | None
    end_date: date | None
    days_active: int | None
    active: bool | None
    score: float | None
    tags: list[str]
    is_favorite: bool
    is_saved: bool
    links: list[LinkView]
    media: list[MediumView]
    matched: Matched | None
    landing_page: str | None
    link_description: str | None
    script: str | None
    near_duplicates: int


async def views(
    conn: Connection, ads: Sequence[Ad], hits: dict[UUID, Hit] | None = None, *, longest: int | None = None
) -> list[SwipeView]:
    """``longest``: characters of a body or script that are shown; None: all."""
    ids = [ad.id for ad in ads]
    links, media = _by(await queries.links(conn, ids)), await queries.media(conn, ids)
    return [
        _view(
            ad,
            links.get(ad.id, []),
            [one for one in media if one.swipe_asset_id == ad.id],
            (hits or {}).get(ad.id),
            longest,
        )
        for ad in ads
    ]


async def page_views(conn: Connection, page: Page, *, longest: int | None = None) -> list[SwipeView]:
    return await views(conn, page.ads, page.hits, longest=longest)


async def get_view(conn: Connection, id: UUID) -> SwipeView:
    """Raises NotFound."""
    ad = await queries.find(conn, id)
    if ad is None:
        raise NotFound(GONE)
    return (await views(conn, [ad]))[0]


def _by(links: Sequence[Link]) -> dict[UUID, list[Link]]:
    found: dict[UUID, list[Link]] = {}
    for link in links:
        found.setdefault(link.company_swipe_id or link.id, []).append(link)
    return found


def _view(ad: Ad, links: list[Link], media: list[Medium], hit: Hit | None, longest: int | None) -> SwipeView:
    copied = ad.model_dump(
        exclude={"brand_id", "brand_name", "cta_type", "cta_text", "near", "score", "body", "script"}
    )
    return SwipeView.model_validate(
        {
            **copied,
            "score": None if ad.score is None else float(ad.score),
            "brand": BrandView(id=ad.brand_id, name=ad.brand_name) if ad.brand_name else None,
            "hook": hook_of(ad),
            "body": _clip(ad.body, longest),
            "script": _clip(ad.script, longest),
            "cta": Cta(type=ad.cta_type, text=ad.cta_text),
            "links": [_link(link) for link in links],
            "media": [medium_view(ad.id, one) for one in media],
            "matched": Matched(part=hit.part, text=hit.text) if hit else None,
            "near_duplicates": ad.near,
        }
    )


def hook_of(ad: Ad) -> str | None:
    """The first sentence or line of the body, as it is; of the script or the title when there is no body."""
    text = ad.body or ad.script or ad.title
    found = split_sentences(text[:2_000]) if text else []
    return found[0][:300] if found else None


def _clip(text: str | None, longest: int | None) -> str | None:
    return clip(text, longest) if text is not None and longest is not None else text


def _link(link: Link) -> LinkView:
    given: dict[str, Any] = link.model_dump(exclude={"id", "company_swipe_id", "is_good_example", "is_bad_example"})
    return LinkView.model_validate(
        {**given, "client_swipe_id": link.id, "good": link.is_good_example, "bad": link.is_bad_example}
    )


def medium_view(swipe_id: UUID, one: Medium) -> MediumView:
    at = f"/api/swipes/{swipe_id}/media/{one.id}"
    failed = one.fetch_error is not None and not one.fetched
    reachable = one.has_thumb or (one.has_source and not failed)
    return MediumView(
        id=one.id,
        type=one.type,
        thumb=f"{at}/thumb" if reachable else None,
        file=f"{at}/file" if one.fetched else None,
        state="fetched" if one.fetched or one.has_thumb else "failed" if failed else "none",
        reason=one.fetch_error,
        video_length=None if one.video_length is None else float(one.video_length),
    )
