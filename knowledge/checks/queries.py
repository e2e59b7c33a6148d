"""SQL for what the rules are held against, and for the score that a piece carries."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection
from knowledge.json_values import as_object

#: spaces and apostrophes as knowledge/checks/text/places.py compares them
QUOTES = """
select id, text from voc_snippets
where client_id = %(client_id)s and (id = any(%(ids)s) or exists (
  select 1 from unnest(%(said)s::text[]) as said (words)
  where strpos(replace(regexp_replace(text, '\\s+', ' ', 'g'), '’', ''''), words) > 0))
order by id limit 500
"""
BAD_EXAMPLES = """
select coalesce(own.custom_body, ad.body, '') from client_swipe_assets own
left join company_swipe_assets ad on ad.id = own.company_swipe_id
where own.client_id = %(client_id)s and own.is_bad_example order by own.id limit 100
"""
OWN_PAGES = """
select exists (select 1 from own_pages where client_id = %(client_id)s),
  array(select url from own_pages where client_id = %(client_id)s and url = any(%(urls)s))
"""
RUN_INPUT = "select input from runs where id = %(id)s"
SET_SCORE = "update assets set seo = seo || %(seo)s where id = %(id)s"


async def quotes(conn: Connection, client_id: UUID, ids: Sequence[UUID], said: Sequence[str]) -> dict[str, str]:
    """What the client's customers said, by id: those of ``ids``, and those in which one of ``said`` stands."""
    values = {"client_id": client_id, "ids": list(ids), "said": list(said)}
    rows = await (await conn.execute(QUOTES, values)).fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


async def bad_examples(conn: Connection, client_id: UUID) -> list[str]:
    rows = await (await conn.execute(BAD_EXAMPLES, {"client_id": client_id})).fetchall()
    return [str(row[0]) for row in rows]


async def own_pages(conn: Connection, client_id: UUID, urls: Sequence[str]) -> list[str] | None:
    """Those of ``urls`` that are pages of the client; None when none of its pages are known."""
    row = await (await conn.execute(OWN_PAGES, {"client_id": client_id, "urls": list(urls)})).fetchone()
    return list(row[1]) if row and row[0] else None


async def run_input(conn: Connection, run_id: UUID) -> dict[str, Any]:
    """What a run was started with: the brief, as the person put it."""
    row = await (await conn.execute(RUN_INPUT, {"id": run_id})).fetchone()
    return as_object(row[0]) if row else {}


async def set_score(conn: Connection, asset_id: UUID, score: dict[str, Any]) -> None:
    """Kept beside the content, of whose hash it is no part."""
    await conn.execute(SET_SCORE, {"id": asset_id, "seo": Jsonb({"score": score})})
