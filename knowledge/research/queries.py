"""SQL over ``research`` and ``research_sources``."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.ids import ClientId
from knowledge.research.models import Research, ResearchTitle
from knowledge.research.page_models import WebPage
from knowledge.research.page_queries import PAGE

COLUMNS = "id, org_id, client_id, campaign_id, run_id, topic, language, data, agent, model, created_at"
INSERT = f"""
insert into research (org_id, client_id, campaign_id, run_id, topic, topic_words, language, data, agent, model,
                      idempotency_key)
values (%(org_id)s, %(client_id)s, %(campaign_id)s, %(run_id)s, %(topic)s, %(topic_words)s, %(language)s, %(data)s,
        %(agent)s, %(model)s, %(idempotency_key)s)
on conflict (org_id, idempotency_key) do nothing
returning {COLUMNS}
"""
INSERT_SOURCE = """
insert into research_sources (org_id, research_id, ordinal, url, page_id)
values (%(org_id)s, %(research_id)s, %(ordinal)s, %(url)s, %(page_id)s)
"""
FIND = f"select {COLUMNS} from research where id = %(id)s"
FIND_BY_KEY = f"select {COLUMNS} from research where idempotency_key = %(key)s"
LIST = """
select r.id, r.client_id, c.name as client_name, r.topic, r.language, r.created_at,
       (select count(*) from research_sources s where s.research_id = r.id and s.page_id is not null) as pages
from research r join clients c on c.id = r.client_id
where (%(client_id)s::uuid is null or r.client_id = %(client_id)s)
  and (%(before_at)s::timestamptz is null or (r.created_at, r.id) < (%(before_at)s, %(before_id)s))
order by r.created_at desc, r.id desc limit %(limit)s
"""
#: the share of words in common (Jaccard) decides, of equals the newest; a brief that has all words of a topic is near too
NEAREST = f"""
with near as (
  select id, created_at, cardinality(array(select unnest(topic_words) intersect select unnest(%(words)s::text[]))) as both_,
         cardinality(topic_words) as own
  from (select id, created_at, topic_words from research where client_id = %(client_id)s
        order by created_at desc, id desc limit 500) lately)
select {COLUMNS} from research where id = (
  select id from near where both_ >= %(share)s * (own + %(count)s - both_)
    or (both_ = own and own >= 2 and both_ * 4 >= %(count)s)
  order by both_::real / (own + %(count)s - both_) desc, created_at desc, id desc limit 1)
"""
OPENED = f"""
select {", ".join("p." + name.strip() for name in PAGE.split(","))}
from research_sources s join web_pages p on p.id = s.page_id
where s.research_id = %(id)s and p.status = 'opened' order by s.ordinal
"""
OPENED_URLS = """
select distinct unnest(array[p.url, p.found_url]) from research r
  join research_sources s on s.research_id = r.id join web_pages p on p.id = s.page_id
where r.client_id = %(client_id)s and p.status = 'opened'
"""


async def insert(conn: Connection, values: dict[str, Any]) -> Research | None:
    """None when the idempotency key has been used. ``data``: ResearchData."""
    data = Jsonb(values["data"].model_dump(mode="json", by_alias=True))
    return await fetch_one(conn, Research, INSERT, {**values, "data": data})


async def insert_sources(conn: Connection, rows: list[dict[str, Any]]) -> None:
    async with conn.cursor() as cursor:
        await cursor.executemany(INSERT_SOURCE, rows)


async def find(conn: Connection, id: UUID) -> Research | None:
    return await fetch_one(conn, Research, FIND, {"id": id})


async def find_by_key(conn: Connection, key: str) -> Research | None:
    return await fetch_one(conn, Research, FIND_BY_KEY, {"key": key})


async def list_research(conn: Connection, filters: dict[str, Any]) -> list[ResearchTitle]:
    """``filters``: client_id, before_at, before_id, limit. Newest first."""
    return await fetch_all(conn, ResearchTitle, LIST, filters)


async def nearest(conn: Connection, client_id: ClientId | UUID, words: list[str], share: float) -> Research | None:
    """The client's research whose topic has at least ``share`` of its words in common with ``words``."""
    params = {"client_id": client_id, "words": words, "count": len(words), "share": share}
    return await fetch_one(conn, Research, NEAREST, params)


async def opened_pages(conn: Connection, id: UUID) -> list[WebPage]:
    return await fetch_all(conn, WebPage, OPENED, {"id": id})


async def opened_urls(conn: Connection, client_id: ClientId | UUID) -> set[str]:
    """Every address that research for this client has opened: as asked for and as found."""
    return {row[0] for row in await (await conn.execute(OPENED_URLS, {"client_id": client_id})).fetchall()}
