"""SQL over ``voc_sources`` and ``voc_snippets``. Importing the same words again changes nothing."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from knowledge.db import Connection, fetch_all, parameters
from knowledge.voc.models import Quote, ThemeCount, VocSnippet, Wanted

COLUMNS = """id, org_id, client_id, source_id, kind, text, author, rating, said_on, language, themes, sentiment, extra,
  content_hash, created_at"""
LIST = f"select {COLUMNS} from voc_snippets where client_id = %(client_id)s order by created_at, id limit %(limit)s"
INSERT_SOURCE = """
insert into voc_sources (org_id, client_id, kind, name, uri, content_hash)
values (%(org_id)s, %(client_id)s, %(kind)s, %(name)s, %(uri)s, %(content_hash)s)
on conflict (org_id, client_id, content_hash) do update set imported_at = now() returning id
"""
INSERT_SNIPPET = """
insert into voc_snippets (org_id, client_id, source_id, kind, text, author, rating, said_on, language, themes,
                          sentiment, content_hash)
values (%(org_id)s, %(client_id)s, %(source_id)s, %(kind)s, %(text)s, %(author)s, %(rating)s, %(said_on)s,
        %(language)s, %(themes)s, %(sentiment)s, encode(sha256(convert_to(%(text)s, 'UTF8')), 'hex'))
on conflict (org_id, client_id, content_hash) do nothing returning id
"""

SHOWN: LiteralString = """
select v.id, v.client_id, v.source_id, s.name as source_name, v.kind, v.text, v.author, v.rating, v.said_on, v.language,
  v.themes, v.sentiment, v.speaker, v.started_at
from voc_snippets v join voc_sources s on s.id = v.source_id
"""
BY_IDS = SHOWN + "where v.id = any(%(ids)s)"
PAGE = (
    SHOWN + "where {conditions} order by v.said_on desc nulls last, v.created_at desc, v.id desc "
    "limit %(limit)s offset %(offset)s"
)
TOTAL: LiteralString = "select count(*) from voc_snippets v where {conditions}"
#: a filter of ``Wanted`` -> its condition; only those that are set are asked
CONDITIONS: dict[str, LiteralString] = {
    "client_id": "v.client_id = %(client_id)s",
    "kinds": "v.kind = any(%(kinds)s)",
    "themes": "v.themes && %(themes)s",
    "languages": "v.language = any(%(languages)s)",
    "rating_from": "v.rating >= %(rating_from)s",
    "rating_to": "v.rating <= %(rating_to)s",
    "day_from": "v.said_on >= %(day_from)s",
    "day_to": "v.said_on <= %(day_to)s",
}
# What contradicts is the smaller of the two sides among those that take one.
THEMES = """
select theme, count(*) as n, count(*) filter (where sentiment = 'positive') as positive,
  count(*) filter (where sentiment = 'negative') as negative,
  count(*) filter (where sentiment is distinct from 'positive' and sentiment is distinct from 'negative') as neutral,
  (array_agg(id order by length(text), id))[1:3] as examples
from voc_snippets, unnest(themes) theme where client_id = %(client_id)s
group by theme order by n desc, theme limit %(limit)s
"""


async def list_snippets(conn: Connection, client_id: UUID, limit: int = 200) -> list[VocSnippet]:
    return await fetch_all(conn, VocSnippet, LIST, {"client_id": client_id, "limit": limit})


async def insert_source(conn: Connection, values: dict[str, Any]) -> UUID:
    """``values``: org_id, client_id, kind, name, uri, content_hash."""
    row = await (await conn.execute(INSERT_SOURCE, values)).fetchone()
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row[0]


async def insert_snippet(conn: Connection, values: dict[str, Any]) -> UUID | None:
    """The new row's id; None when the words are there. Its passages are the caller's: see keeping.keep_quote.

    ``values``: org_id, client_id, source_id, kind, text, author, rating, said_on, language, themes, sentiment.
    """
    row = await (await conn.execute(INSERT_SNIPPET, values)).fetchone()
    return row[0] if row else None


async def quotes(conn: Connection, ids: Sequence[UUID]) -> list[Quote]:
    """The quotes that are there, in the order of ``ids``."""
    found = {quote.id: quote for quote in await fetch_all(conn, Quote, BY_IDS, {"ids": list(ids)})}
    return [found[id] for id in dict.fromkeys(ids) if id in found]


async def page(conn: Connection, wanted: Wanted, limit: int, offset: int) -> list[Quote]:
    """Newest first."""
    conditions, given = _conditions(wanted)
    return await fetch_all(
        conn, Quote, PAGE.replace("{conditions}", conditions), {**given, "limit": limit, "offset": offset}
    )


async def total(conn: Connection, wanted: Wanted) -> int:
    conditions, given = _conditions(wanted)
    row = await (await conn.execute(TOTAL.replace("{conditions}", conditions), given)).fetchone()
    return row[0] if row else 0


def _conditions(wanted: Wanted) -> tuple[LiteralString, dict[str, Any]]:
    given = parameters(wanted)
    return " and ".join(text for name, text in CONDITIONS.items() if given[name] not in (None, [])), given


async def themes(conn: Connection, client_id: UUID, limit: int = 40) -> list[ThemeCount]:
    """What a client's customers speak of, most frequent first."""
    return await fetch_all(conn, ThemeCount, THEMES, {"client_id": client_id, "limit": limit})
