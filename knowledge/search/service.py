"""Search by meaning and by words, fused: the one way anything in the knowledge base is found.

What always holds: only the transaction's organisation is searched; the word leg is gated (all the words, or it is
silent), because matching any word would drown what means the same; without a vector it is words alone, which says so and
then also finds passages that hold the most telling of them. Measured choices: docs/decisions/0006-search.md.
"""

import math
from uuid import UUID

from knowledge.db import Connection
from knowledge.embeddings.halfvec import HalfVec, halfvec
from knowledge.embeddings.models import QueryVector
from knowledge.search import brands, queries
from knowledge.search.asking import asked_about
from knowledge.search.models import Filters, Found, Hit, Kind
from knowledge.search.text import config_of, plain_words

#: words of a question that are looked at
MOST_WORDS = 32
#: passages that each leg gives at least, before they are put together by parent
LEG = 50
#: stems tried for every question, whatever language it is in; those of the languages asked for come on top
USUAL = ("english", "german", "portuguese", "spanish")
#: what is alike shares this much of the weight of its most telling words
ALIKE = 0.25
ONLY_WORDS = "Only words are searched: no embedding model is at work."


async def search(
    conn: Connection,
    *,
    kinds: tuple[Kind, ...],
    words: str,
    filters: Filters,
    vector: QueryVector | None,
    limit: int = 10,
    offset: int = 0,
) -> Found:
    """The best parents for ``words`` and ``vector`` (the same question as the active model sees it), best first.

    An empty question without a vector finds nothing. ``conn``: a transaction of the organisation's.
    """
    typed = plain_words(words)[:MOST_WORDS]
    asked, corrected = await _questions(conn, kinds, filters, typed)
    leg = max(LEG, 4 * (limit + offset))

    async def run(weights: list[float] | None) -> list[Hit]:
        return await queries.search(
            conn,
            kinds=kinds,
            filters=filters,
            queries=asked,
            weights=weights,
            vector=_as_parameter(vector),
            limit=limit,
            offset=offset,
            leg=leg,
        )

    hits = await run(None) if asked or vector else []
    if vector is not None:
        mode = "hybrid" if asked else "vector"
        return Found(mode, vector.known_as, hits, corrected)
    if len(hits) < limit and len(asked) > 1:
        weights = await _weights(conn, kinds, filters, asked)
        known = {hit.parent_id for hit in hits}
        hits += [hit for hit in await run(weights) if hit.parent_id not in known] if weights else []
    return Found("lexical", None, hits[:limit], corrected, ONLY_WORDS)


async def similar(
    conn: Connection,
    *,
    kinds: tuple[Kind, ...],
    parent_id: UUID,
    filters: Filters,
    limit: int = 8,
) -> Found:
    """What is like an ad, a quote or a document: by its vector in the active model, else by its longest words."""
    org_id = await _org(conn)
    active = await queries.active_model(conn)
    own = await queries.own_vector(conn, org_id, parent_id, active[0]) if active else None
    if own is not None and active is not None:
        model_id, name = active
        vector = QueryVector(model_id, tuple(float(value) for value in own.strip("[]").split(",")), name)
        found = await search(conn, kinds=kinds, words="", filters=filters, vector=vector, limit=limit + 1)
    else:
        words = _longest(await queries.own_text(conn, org_id, parent_id))
        found = Found("lexical", None, await _sharing(conn, kinds, words, filters, limit + 1), note=ONLY_WORDS)
    return Found(found.mode, found.model, [hit for hit in found.hits if hit.parent_id != parent_id][:limit])


async def _sharing(
    conn: Connection, kinds: tuple[Kind, ...], words: list[str], filters: Filters, limit: int
) -> list[Hit]:
    """Those that share the most telling of ``words``, of which one text has all."""
    asked, _ = await _questions(conn, kinds, filters, words)
    counts = await queries.word_counts(conn, asked, kinds, filters) if asked else []
    weights = [1.0 / (1.0 + math.log1p(count)) if count > 1 else 0.0 for count in counts]
    if not any(weights):
        return []
    return await queries.search(
        conn, kinds=kinds, filters=filters, queries=asked, weights=weights, share=ALIKE, vector=None,
        limit=limit, offset=0, leg=4 * limit,
    )  # fmt: skip


async def _questions(
    conn: Connection, kinds: tuple[Kind, ...], filters: Filters, typed: list[str]
) -> tuple[list[str], dict[str, str]]:
    """The typed words as queries, stop words and words of asking left out, and the names that mistyped words were read as."""
    if not typed:
        return [], {}
    names = await brands.correct(conn, typed) if {"swipe", "client_swipe"} & set(kinds) else {}
    own = [config_of(language) for language in filters.languages]
    configs = list(dict.fromkeys([*USUAL, *(one for one in own if one != "simple")]))
    plain = await queries.word_queries(conn, typed, ["" for _ in typed], configs)
    if names:
        counts = await queries.word_counts(conn, [one or "''" for one in plain], kinds, filters)
        names = {word: name for word, name in names.items() if not counts[typed.index(word)]}
    if names:
        plain = await queries.word_queries(conn, typed, [names.get(word, "") for word in typed], configs)
    about = set(asked_about([word for word, one in zip(typed, plain, strict=True) if one is not None]))
    asked = [one for word, one in zip(typed, plain, strict=True) if one is not None and word in about]
    if not asked:  # nothing but stop words: then they are meant
        asked = [one for one in await queries.word_queries(conn, typed, ["" for _ in typed], ["simple"]) if one]
    return list(dict.fromkeys(asked)), names


async def _weights(conn: Connection, kinds: tuple[Kind, ...], filters: Filters, asked: list[str]) -> list[float] | None:
    """How much each word says: the rarer, the more; None when none is found at all."""
    counts = await queries.word_counts(conn, asked, kinds, filters)
    return [1.0 / (1.0 + math.log1p(count)) if count else 0.0 for count in counts] if any(counts) else None


def _longest(text: str, most: int = 12) -> list[str]:
    """The longest words: the nearest thing to the most telling ones without asking the database for each."""
    return sorted(dict.fromkeys(plain_words(text)), key=lambda word: (-len(word), word))[:most]


def _as_parameter(vector: QueryVector | None) -> tuple[int, HalfVec] | None:
    return (vector.model_id, halfvec(vector.values)) if vector else None


async def _org(conn: Connection) -> UUID:
    row = await (await conn.execute("select current_org()")).fetchone()
    if row is None or row[0] is None:
        raise RuntimeError("search needs a transaction of an organisation's: db.org()")
    return row[0]
