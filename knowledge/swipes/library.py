"""Finding ads: by what they say, narrowed by what they are; without words, the newest first."""

from dataclasses import dataclass
from uuid import UUID

from knowledge.db import Connection
from knowledge.embeddings.models import QueryVector
from knowledge.search import service as search_service
from knowledge.search.models import Filters, Found, Hit
from knowledge.swipes import queries
from knowledge.swipes.models import Ad, Wanted

#: ads that a narrowing by client, mark or save may leave for a search in words
MOST_NARROWED = 5_000


@dataclass(frozen=True)
class Page:
    """``found``: how they were searched; null when nothing was asked. ``total``: of all that fit; null after a search."""

    ads: list[Ad]
    hits: dict[UUID, Hit]
    found: Found | None
    total: int | None


async def look(
    conn: Connection, *, words: str, vector: QueryVector | None, wanted: Wanted, limit: int = 12, offset: int = 0
) -> Page:
    """Ads for ``words``; for none, all that are wanted. ``vector``: the words as the active model sees them."""
    if not words.strip():
        found = await queries.page(conn, wanted, limit, offset)
        return Page(found, {}, None, await queries.total(conn, wanted))
    filters = await _filters(conn, wanted)
    if filters is None:
        return Page([], {}, Found("lexical" if vector is None else "hybrid", None, []), None)
    found = await search_service.search(
        conn,
        kinds=("swipe", "client_swipe") if wanted.client_id else ("swipe",),
        words=words,
        filters=filters,
        vector=vector,
        limit=limit,
        offset=offset,
    )
    return await _page(conn, found)


async def similar(conn: Connection, id: UUID, limit: int = 8) -> Page:
    """Ads of the library that are like this one."""
    found = await search_service.similar(conn, kinds=("swipe",), parent_id=id, filters=Filters(), limit=limit)
    return await _page(conn, found)


async def _page(conn: Connection, found: Found) -> Page:
    ads = await queries.ads(conn, [hit.parent_id for hit in found.hits])
    return Page(ads, {hit.parent_id: hit for hit in found.hits}, found, None)


async def _filters(conn: Connection, wanted: Wanted) -> Filters | None:
    """The search's filters; what passages do not carry is narrowed by ids. None when nothing can be left."""
    ids: tuple[UUID, ...] = ()
    tags = wanted.tags
    if wanted.client_id or wanted.saved or wanted.favorite:
        ids = tuple(await queries.ids_of(conn, wanted, MOST_NARROWED))
        tags = ()  # an ad may carry a tag for one client only
        if not ids:
            return None
    return Filters(
        platforms=wanted.platforms,
        formats=wanted.formats,
        languages=wanted.languages,
        brand_ids=wanted.brand_ids,
        tags=tags,
        day_from=wanted.day_from,
        day_to=wanted.day_to,
        score_from=wanted.score_from,
        parent_ids=ids,
    )
