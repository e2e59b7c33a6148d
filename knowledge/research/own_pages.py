"""The client's own pages: kept from its site map or a list, found by what they are about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from knowledge.db import Connection, Row, fetch_all, fetch_one
from knowledge.ids import OrgId
from knowledge.plain_text import storable
from knowledge.research.page_models import SiteMapRow
from knowledge.research.words import KNOWN, small_words, stem, words_of

#: how long a site map is not read again
SITE_MAP_AGE = timedelta(days=7)
#: rows of one statement
BATCH = 5_000
_ENDINGS = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_SMALL = frozenset[str]().union(*(small_words(language) for language in KNOWN))

KEEP = """
insert into own_pages (org_id, client_id, url, title, words, changed_on, source)
select %(org_id)s, %(client_id)s, url, title, string_to_array(words, ' '), changed_on, %(source)s
from unnest(%(urls)s::text[], %(titles)s::text[], %(words)s::text[], %(days)s::date[]) as p (url, title, words, changed_on)
on conflict (org_id, client_id, url) do update
  set title = excluded.title, words = excluded.words, changed_on = excluded.changed_on, read_at = now()
"""
FORGET = "delete from own_pages where client_id = %(client_id)s and source = 'site_map' and read_at < now()"
KEEP_SITE_MAP = """
insert into site_maps (org_id, client_id, url, files, pages, skipped, notes)
values (%(org_id)s, %(client_id)s, %(url)s, %(files)s, %(pages)s, %(skipped)s, %(notes)s)
on conflict (org_id, client_id) do update
  set url = excluded.url, files = excluded.files, pages = excluded.pages, skipped = excluded.skipped,
      notes = excluded.notes, read_at = now()
returning client_id, url, files, pages, skipped, notes, read_at
"""
FIND_SITE_MAP = (
    "select client_id, url, files, pages, skipped, notes, read_at from site_maps where client_id = %(client_id)s"
)
COUNT = "select count(*) from own_pages where client_id = %(client_id)s"
#: a word weighs the more the fewer of the site's pages have it; of equals the page with fewer other words
FIND = """
with hits as (
  select p.url, p.title, p.changed_on, p.source, cardinality(p.words) as size, word
  from own_pages p, unnest(p.words) as word
  where p.client_id = %(client_id)s and p.words && %(words)s::text[] and word = any(%(words)s::text[])),
rare as (select word, 1 / ln(2 + count(*)) as weight from hits group by word)
select h.url, coalesce(nullif(max(w.title), ''), h.title) as title, h.changed_on, h.source, sum(r.weight)::real as score
from hits h join rare r on r.word = h.word
  left join web_pages w on w.url = h.url and w.status = 'opened'
group by h.url, h.title, h.changed_on, h.source, h.size
order by sum(r.weight) desc, h.size, h.url limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as a site map lists it."""

    url: str
    changed_on: date | None = None


class FoundPage(Row):
    """``title``: the page's own when it was opened, else the words of its address. ``score``: more is nearer."""

    url: str
    title: str
    changed_on: date | None
    source: str
    score: float


async def own_pages(conn: Connection, client_id: UUID, words: Sequence[str], limit: int = 10) -> list[FoundPage]:
    """The client's pages that are about ``words`` (a topic's words, as they are written), the nearest first."""
    asked = about(" ".join(words))
    if not asked:
        return []
    return await fetch_all(conn, FoundPage, FIND, {"client_id": client_id, "words": asked, "limit": limit})


async def keep(conn: Connection, org_id: OrgId, client_id: UUID, pages: Sequence[Listed], source: str) -> None:
    """Put in place of what was listed before by ``site_map``; ``given`` ones are added."""
    once = list({page.url: page for page in pages}.values())
    for start in range(0, len(once), BATCH):
        some = once[start : start + BATCH]
        titles = [title_of(page.url) for page in some]
        given: dict[str, Any] = {
            "org_id": org_id,
            "client_id": client_id,
            "source": source,
            "urls": [page.url for page in some],
            "titles": titles,
            "words": [" ".join(about(title)) for title in titles],
            "days": [page.changed_on for page in some],
        }
        await conn.execute(KEEP, given)
    if source == "site_map":
        await conn.execute(FORGET, {"client_id": client_id})


async def keep_site_map(conn: Connection, values: dict[str, Any]) -> SiteMapRow:
    """``values``: org_id, client_id, url, files, pages, skipped, notes."""
    row = await fetch_one(conn, SiteMapRow, KEEP_SITE_MAP, values)
    assert row is not None  # noqa: S101 - an upsert gives the row or raises
    return row


async def find_site_map(conn: Connection, client_id: UUID) -> SiteMapRow | None:
    return await fetch_one(conn, SiteMapRow, FIND_SITE_MAP, {"client_id": client_id})


async def is_fresh(conn: Connection, client_id: UUID, age: timedelta) -> bool:
    """Whether the client's site map was read within ``age``."""
    found = await find_site_map(conn, client_id)
    return found is not None and datetime.now(UTC) - found.read_at < age


async def count(conn: Connection, client_id: UUID) -> int:
    row = await (await conn.execute(COUNT, {"client_id": client_id})).fetchone()
    return int(row[0]) if row else 0


def title_of(url: str) -> str:
    """The words of an address: ``/blog/keep-coffee-fresh.html`` → ``Keep coffee fresh``; of the front page its host."""
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).split("/") if step]
    last = _ENDINGS.sub("", steps[-1]) if steps else ""
    words = " ".join(re.split(r"[-_+.\s]+", storable(last))).strip()
    if not words or words.isdigit() or words == "index":
        words = " ".join(re.split(r"[-_+.\s]+", storable(steps[-2]))).strip() if len(steps) > 1 else ""
    return (words[:1].upper() + words[1:])[:200] if words else (parts.hostname or "")


def about(text: str) -> list[str]:
    """What a text is about, word by word, each once: folded, without endings and small words."""
    return list(dict.fromkeys(stem(word) for word in words_of(text) if len(word) > 2 and word not in _SMALL))
