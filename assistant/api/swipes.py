"""The swipe library: found, looked at, kept, marked for clients."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.ids import ClientId
from knowledge.swipes import marking, queries
from knowledge.swipes.models import Facet
from tools.spec import Wire
from tools.swipes import find_similar, search_swipes, tag_swipe
from tools.swipes.save_swipe import SAVE_SWIPE, About, Own
from tools.swipes.view import SwipeView, get_view


class Asked(Wire):
    """Filters as the page writes them; empty ones are none."""

    q: str = Field(default="", max_length=1_000)
    client_id: ClientId | None = None
    platform: str | None = Field(default=None, max_length=100)
    format: str | None = Field(default=None, max_length=100)
    language: str | None = Field(default=None, max_length=20)
    brand: UUID | None = None
    tag: str | None = Field(default=None, max_length=100)
    from_day: date | None = Field(default=None, alias="from")
    to_day: date | None = Field(default=None, alias="to")
    score_from: float | None = None
    saved: bool = False
    favorite: bool = False
    good: bool = False
    bad: bool = False
    limit: int = Field(default=12, ge=1, le=96)
    offset: int = Field(default=0, ge=0, le=2_000)


class FacetView(Wire):
    value: str
    label: str | None
    n: int


class Facets(Wire):
    platforms: list[FacetView]
    formats: list[FacetView]
    languages: list[FacetView]
    tags: list[FacetView]
    brands: list[FacetView]


class Gallery(search_swipes.Output):
    """``facets``: what the whole library can be narrowed by, with counts."""

    facets: Facets


class Saved(Wire):
    saved: bool


class Favorite(Wire):
    favorite: bool


class Tags(Wire):
    tags: list[str] = Field(max_length=100)


class NewLink(About):
    client_id: ClientId


class NewOwn(About, Own):
    """A client's own ad and what it is to the client."""


def add_routes(router: APIRouter) -> None:
    one = "/swipes/{swipe_id}"
    router.add_api_route("/swipes", index, methods=["GET"], summary="Search or list ads")
    router.add_api_route(one, show, methods=["GET"], summary="One ad")
    router.add_api_route(f"{one}/similar", similar, methods=["GET"], summary="Ads like it")
    router.add_api_route(f"{one}/save", save, methods=["POST"], summary="Save an ad, or no longer")
    router.add_api_route(f"{one}/favorite", favorite, methods=["POST"], summary="Make an ad a favourite, or no longer")
    router.add_api_route(f"{one}/tags", tags, methods=["POST"], summary="Replace an ad's tags")
    router.add_api_route(f"{one}/links", link, methods=["POST"], summary="Mark an ad as an example for a client")
    router.add_api_route(f"{one}/links/{{client_id}}", unlink, methods=["DELETE"], summary="No longer an example")
    router.add_api_route(
        "/clients/{client_id}/swipes", add_own, methods=["POST"], status_code=201, summary="Add a client's own ad"
    )


async def index(desk: AtDesk, asked: Annotated[Asked, Query()]) -> Gallery:
    marked = "good" if asked.good else "bad" if asked.bad else None
    given = search_swipes.Input(
        query=asked.q,
        brand_id=asked.brand,
        marked=marked,
        **asked.model_dump(exclude={"q", "brand", "good", "bad"}),
    )
    found = await desk.use(search_swipes.SEARCH_SWIPES, given)
    async with desk.tx("swipes:read") as conn:
        counted = await queries.facets(conn)
    return Gallery(**dict(found), facets=_facets(counted))


def _facets(counted: list[Facet]) -> Facets:
    of: dict[str, list[FacetView]] = {name: [] for name in Facets.model_fields}
    for one in counted:
        of[one.facet].append(FacetView(value=one.value, label=one.label, n=one.n))
    return Facets(**of)


async def show(desk: AtDesk, swipe_id: UUID) -> SwipeView:
    async with desk.tx("swipes:read") as conn:
        return await get_view(conn, swipe_id)


async def similar(desk: AtDesk, swipe_id: UUID) -> search_swipes.Output:
    return await desk.use(find_similar.FIND_SIMILAR, find_similar.Input(swipe_id=swipe_id))


async def save(desk: AtDesk, swipe_id: UUID, asked: Saved) -> SwipeView:
    return await desk.use(SAVE_SWIPE, {"swipeId": swipe_id, "saved": asked.saved})


async def favorite(desk: AtDesk, swipe_id: UUID, asked: Favorite) -> SwipeView:
    return await desk.use(SAVE_SWIPE, {"swipeId": swipe_id, "favorite": asked.favorite})


async def tags(desk: AtDesk, swipe_id: UUID, asked: Tags) -> SwipeView:
    return await desk.use(tag_swipe.TAG_SWIPE, {"swipeId": swipe_id, "tags": asked.tags})


async def link(desk: AtDesk, swipe_id: UUID, asked: NewLink) -> SwipeView:
    return await desk.use(SAVE_SWIPE, {"swipeId": swipe_id, **asked.model_dump(by_alias=True)})


async def unlink(desk: AtDesk, swipe_id: UUID, client_id: ClientId) -> SwipeView:
    async with desk.tx("swipes:write") as conn:
        await marking.unlink(conn, swipe_id, client_id)
        return await get_view(conn, swipe_id)


async def add_own(desk: AtDesk, client_id: ClientId, asked: NewOwn) -> SwipeView:
    own = asked.model_dump(by_alias=True, include=set(Own.model_fields))
    about = asked.model_dump(by_alias=True, include=set(About.model_fields))
    return await desk.use(SAVE_SWIPE, {"own": own, "clientId": client_id, **about})
