"""Finding what customers said: by meaning and words, narrowed by where, when and how it was said."""

from dataclasses import dataclass, replace
from uuid import UUID

from knowledge.db import Connection
from knowledge.embeddings.models import QueryVector
from knowledge.search import service as search_service
from knowledge.search.asking import asked_about
from knowledge.search.models import Filters, Found, Hit
from knowledge.search.text import plain_words
from knowledge.voc import queries
from knowledge.voc.models import Quote, Wanted
from knowledge.voc.themes import themes_of


@dataclass(frozen=True)
class Heard:
    """``found``: how it was searched; null when nothing was asked. ``total``: of all that fit; null after a search."""

    quotes: list[Quote]
    hits: dict[UUID, Hit]
    found: Found | None
    total: int | None


async def listen(
    conn: Connection, *, words: str, vector: QueryVector | None, wanted: Wanted, limit: int = 12, offset: int = 0
) -> Heard:
    """Quotes for ``words``; for none, the newest. ``vector``: the words as the active model sees them."""
    if not words.strip():
        quotes = await queries.page(conn, wanted, limit, offset)
        return Heard(quotes, {}, None, await queries.total(conn, wanted))
    filters = Filters(
        client_id=wanted.client_id,
        formats=wanted.kinds,
        languages=wanted.languages,
        tags=wanted.themes,
        day_from=wanted.day_from,
        day_to=wanted.day_to,
        score_from=wanted.rating_from,
        score_to=wanted.rating_to,
    )
    found = await search_service.search(
        conn, kinds=("voc",), words=words, filters=filters, vector=vector, limit=limit, offset=offset
    )
    quotes = await queries.quotes(conn, [hit.parent_id for hit in found.hits])
    if vector is None and len(quotes) < limit and offset == 0:
        quotes += await _of_the_theme(conn, words, wanted, limit - len(quotes), {quote.id for quote in quotes})
    return Heard(quotes, {hit.parent_id: hit for hit in found.hits}, found, None)


async def _of_the_theme(conn: Connection, words: str, wanted: Wanted, most: int, known: set[UUID]) -> list[Quote]:
    """Quotes on the theme that the question names: "too expensive" answers what is asked about the price."""
    themes = tuple(themes_of(" ".join(asked_about(plain_words(words)))))
    if wanted.themes or not themes:
        return []
    found = await queries.page(conn, replace(wanted, themes=themes), most + len(known), 0)
    return [quote for quote in found if quote.id not in known][:most]
