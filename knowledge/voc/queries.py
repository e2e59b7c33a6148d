"""SQL over ``voc_sources`` and ``voc_snippets``. Importing the same words again changes nothing."""

from typing import Any
from uuid import UUID

from knowledge.db import Connection, fetch_all
from knowledge.voc.models import VocSnippet

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
                          content_hash)
values (%(org_id)s, %(client_id)s, %(source_id)s, %(kind)s, %(text)s, %(author)s, %(rating)s, %(said_on)s,
        %(language)s, %(themes)s, encode(sha256(convert_to(%(text)s, 'UTF8')), 'hex'))
on conflict (org_id, client_id, content_hash) do nothing
"""


async def list_snippets(conn: Connection, client_id: UUID, limit: int = 200) -> list[VocSnippet]:
    return await fetch_all(conn, VocSnippet, LIST, {"client_id": client_id, "limit": limit})


async def insert_source(conn: Connection, values: dict[str, Any]) -> UUID:
    """``values``: org_id, client_id, kind, name, uri, content_hash."""
    row = await (await conn.execute(INSERT_SOURCE, values)).fetchone()
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row[0]


async def insert_snippet(conn: Connection, values: dict[str, Any]) -> bool:
    """True when new. ``values``: org_id, client_id, source_id, kind, text, author, rating, said_on, language, themes."""
    return (await conn.execute(INSERT_SNIPPET, values)).rowcount == 1
