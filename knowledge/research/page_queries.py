"""SQL over ``robots_files``, ``web_pages``, ``own_pages`` and ``site_maps``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.ids import OrgId
from knowledge.research.page_models import RobotsFile, WebPage

FIND_ROBOTS = "select origin, status, body, fetched_at from robots_files where origin = %(origin)s"
KEEP_ROBOTS = """
insert into robots_files (org_id, origin, status, body) values (%(org_id)s, %(origin)s, %(status)s, %(body)s)
on conflict (org_id, origin) do update set status = excluded.status, body = excluded.body, fetched_at = now()
"""
PAGE = """id, org_id, url, found_url, status, reason, title, description, language, published_on, outline, terms, facts,
questions, text, words, bytes, content_hash, fetched_at"""
FIND_PAGE = f"select {PAGE} from web_pages where url = %(url)s"
PAGES = f"select {PAGE} from web_pages where id = any(%(ids)s)"
KEEP_PAGE = f"""
insert into web_pages (org_id, url, found_url, status, reason, title, description, language, published_on, outline, terms,
                       facts, questions, text, words, bytes, content_hash)
values (%(org_id)s, %(url)s, %(found_url)s, %(status)s, %(reason)s, %(title)s, %(description)s, %(language)s,
        %(published_on)s, %(outline)s, %(terms)s, %(facts)s, %(questions)s, %(text)s, %(words)s, %(bytes)s,
        %(content_hash)s)
on conflict (org_id, url) do update
  set found_url = excluded.found_url, status = excluded.status, reason = excluded.reason, title = excluded.title,
      description = excluded.description, language = excluded.language, published_on = excluded.published_on,
      outline = excluded.outline, terms = excluded.terms, facts = excluded.facts, questions = excluded.questions,
      text = excluded.text, words = excluded.words, bytes = excluded.bytes, content_hash = excluded.content_hash,
      fetched_at = now()
returning {PAGE}
"""


async def find_robots(conn: Connection, origin: str) -> RobotsFile | None:
    return await fetch_one(conn, RobotsFile, FIND_ROBOTS, {"origin": origin})


async def keep_robots(conn: Connection, org_id: OrgId, origin: str, status: int, body: str) -> None:
    await conn.execute(KEEP_ROBOTS, {"org_id": org_id, "origin": origin, "status": status, "body": body})


async def find_page(conn: Connection, url: str) -> WebPage | None:
    return await fetch_one(conn, WebPage, FIND_PAGE, {"url": url})


async def pages(conn: Connection, ids: Sequence[UUID]) -> list[WebPage]:
    """In the order of ``ids``; those that are gone are left out."""
    found = {page.id: page for page in await fetch_all(conn, WebPage, PAGES, {"ids": list(ids)})}
    return [found[id] for id in ids if id in found]


async def keep_page(conn: Connection, values: dict[str, Any]) -> WebPage:
    """``values``: the columns, ``outline`` and ``terms`` as JSON values."""
    row = {**values, "outline": Jsonb(values["outline"]), "terms": Jsonb(values["terms"])}
    page = await fetch_one(conn, WebPage, KEEP_PAGE, row)
    assert page is not None  # noqa: S101 - an upsert gives the row or raises
    return page
