"""SQL over the swipe library. Every statement sees the organisation of its transaction only."""

from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import UUID

from knowledge.db import Connection, fetch_all, fetch_one, parameters
from knowledge.swipes.models import Ad, ClientSwipe, Facet, Link, Medium, Wanted

_CLIENT_SWIPE: LiteralString = """
select c.id, coalesce(c.company_swipe_id, c.id) as swipe_id, c.client_id,
  coalesce(c.custom_title, a.title) as title, coalesce(c.custom_body, a.body) as body,
  a.cta_text as cta, coalesce(c.custom_format, a.display_format) as format, b.name as brand, c.tags, c.angle_type,
  c.notes, c.is_good_example, c.is_bad_example
from client_swipe_assets c
left join company_swipe_assets a on a.id = c.company_swipe_id
left join company_swipe_brands b on b.id = a.brand_id
where c.client_id = %(client_id)s
"""
LIST = _CLIENT_SWIPE + "order by c.created_at, c.id limit %(limit)s"
CLIENT_SWIPES = _CLIENT_SWIPE + "and c.id = any(%(ids)s) order by c.created_at, c.id"
#: the library's ads and the clients' own, in one shape; the two ids are of different tables and never meet
ADS: LiteralString = """
with ads as (
  select a.id, null::uuid as client_swipe_id, null::uuid as client_id, a.external_ad_id, a.brand_id,
    b.name as brand_name, a.title, a.body, a.cta_type, a.cta_text, a.display_format, a.platforms, a.language,
    a.start_date, a.end_date, a.days_active, a.active, a.winning_score as score, a.verticals as tags, a.is_favorite,
    coalesce(a.is_saved, false) as is_saved, a.landing_page, a.link_description, a.ad_script as script, a.created_at
  from company_swipe_assets a left join company_swipe_brands b on b.id = a.brand_id
  union all
  select c.id, c.id, c.client_id, null, null, null, c.custom_title, c.custom_body, null, null, c.custom_format,
    case when c.custom_channel is null then '{}' else array[c.custom_channel] end, null, null, null, null, null, null,
    c.tags, false, true, c.custom_landing_page, null, null, c.created_at
  from client_swipe_assets c where c.company_swipe_id is null
)
"""
SHOWN: LiteralString = """
select id, client_swipe_id, external_ad_id, brand_id, brand_name, title, body, cta_type, cta_text, display_format,
  platforms, language, start_date, end_date, days_active, active, score, tags, is_favorite, is_saved, landing_page,
  link_description, script,
  (select count(*) from near_duplicates n where n.kind = 'swipe' and n.a = ads.id)
  + (select count(*) from near_duplicates n where n.kind = 'swipe' and n.b = ads.id) as near
from ads
"""
BY_IDS = ADS + SHOWN + "where id = any(%(ids)s)"
PAGE = ADS + SHOWN + "where {conditions} order by created_at desc, id desc limit %(limit)s offset %(offset)s"
TOTAL = ADS + "select count(*) from ads where {conditions}"
IDS = ADS + "select id from ads where {conditions} limit %(limit)s"

#: a filter of ``Wanted`` -> its condition; only those that are set are asked
CONDITIONS: dict[str, LiteralString] = {
    "client_id": """(client_id = %(client_id)s or exists (select from client_swipe_assets l
                     where l.company_swipe_id = ads.id and l.client_id = %(client_id)s {mark}))""",
    "platforms": "platforms && %(platforms)s",
    "formats": "display_format = any(%(formats)s)",
    "languages": "language = any(%(languages)s)",
    "brand_ids": "brand_id = any(%(brand_ids)s)",
    "tags": """(tags && %(tags)s or exists (select from client_swipe_assets l where l.company_swipe_id = ads.id
                and l.client_id = %(client_id)s and l.tags && %(tags)s))""",
    "day_from": "start_date >= %(day_from)s",
    "day_to": "start_date <= %(day_to)s",
    "score_from": "score >= %(score_from)s",
    "saved": "is_saved",
    "favorite": "is_favorite",
}
FACETS = """
with ads as materialized (
  select platforms, display_format, language, verticals, brand_id from company_swipe_assets
), counted as (
  select 'platforms' as facet, p as value, null::text as label, count(*) as n from ads, unnest(platforms) p group by p
  union all select 'formats', display_format, null, count(*) from ads where display_format is not null group by 2
  union all select 'languages', language, null, count(*) from ads where language is not null group by 2
  union all select 'tags', t, null, count(*) from ads, unnest(verticals) t group by t
  union all select 'brands', a.brand_id::text, b.name, a.n from
    (select brand_id, count(*) as n from ads where brand_id is not null group by 1 order by 2 desc limit 40) a
    join company_swipe_brands b on b.id = a.brand_id
), ranked as (
  select *, row_number() over (partition by facet order by n desc, value) as place from counted
)
select facet, value, label, n from ranked where place <= 40 order by facet, n desc, label, value
"""
LINKS = """
select c.id, c.company_swipe_id, c.client_id, k.name as client_name, c.tags, c.icp_id, c.funnel_stage_id, c.angle_type,
  c.notes, c.is_good_example, c.is_bad_example
from client_swipe_assets c join clients k on k.id = c.client_id
where c.company_swipe_id = any(%(ids)s) or (c.company_swipe_id is null and c.id = any(%(ids)s)) order by k.name, c.id
"""
MEDIA = """
select id, swipe_asset_id, type, video_length, has_source, fetched, has_thumb, fetch_error from (
  select id, swipe_asset_id, type, video_length, coalesce(thumbnail_url, url, download_url) is not null as has_source,
    storage_key is not null as fetched, thumb_key is not null as has_thumb, fetch_error, created_at
  from company_swipe_media where swipe_asset_id = any(%(ids)s)
  union all
  select (m ->> 'id')::uuid, c.id, m ->> 'type', null, false, true, m ->> 'thumbKey' is not null, null, c.created_at
  from client_swipe_assets c, jsonb_array_elements(c.custom_media) m
  where c.id = any(%(ids)s) and c.company_swipe_id is null
) every order by created_at, id
"""
MARK = """
update company_swipe_assets set is_saved = coalesce(%(saved)s, is_saved), is_favorite = coalesce(%(favorite)s, is_favorite),
  updated_at = now()
where id = %(id)s
"""
TAG = "update company_swipe_assets set verticals = %(tags)s, updated_at = now() where id = %(id)s"
TAG_CHUNKS = "update chunks set tags = %(tags)s where org_id = %(org_id)s and parent_id = %(id)s"
LINK = """
insert into client_swipe_assets (org_id, client_id, company_swipe_id, tags, icp_id, funnel_stage_id, angle_type, notes,
                                 is_good_example, is_bad_example)
values (%(org_id)s, %(client_id)s, %(swipe_id)s, coalesce(%(tags)s::text[], '{}'), %(icp_id)s, %(funnel_stage_id)s,
        %(angle_type)s, %(notes)s, coalesce(%(good)s::boolean, false), coalesce(%(bad)s::boolean, false))
on conflict (org_id, client_id, company_swipe_id) where company_swipe_id is not null do update set
  tags = coalesce(%(tags)s::text[], client_swipe_assets.tags), icp_id = coalesce(%(icp_id)s, client_swipe_assets.icp_id),
  funnel_stage_id = coalesce(%(funnel_stage_id)s, client_swipe_assets.funnel_stage_id),
  angle_type = coalesce(%(angle_type)s, client_swipe_assets.angle_type),
  notes = coalesce(%(notes)s, client_swipe_assets.notes),
  is_good_example = coalesce(%(good)s, client_swipe_assets.is_good_example),
  is_bad_example = coalesce(%(bad)s, client_swipe_assets.is_bad_example), updated_at = now()
"""
UNLINK = "delete from client_swipe_assets where company_swipe_id = %(swipe_id)s and client_id = %(client_id)s"
INSERT_OWN = """
insert into client_swipe_assets (org_id, client_id, custom_title, custom_body, custom_channel, custom_format,
                                 custom_landing_page, custom_media, tags, icp_id, funnel_stage_id, angle_type, notes,
                                 is_good_example, is_bad_example)
values (%(org_id)s, %(client_id)s, %(title)s, %(body)s, %(channel)s, %(format)s, %(landing_page)s, %(media)s, %(tags)s,
        %(icp_id)s, %(funnel_stage_id)s, %(angle_type)s, %(notes)s, %(good)s, %(bad)s)
returning id
"""


async def list_client_swipes(conn: Connection, client_id: UUID, limit: int = 100) -> list[ClientSwipe]:
    return await fetch_all(conn, ClientSwipe, LIST, {"client_id": client_id, "limit": limit})


async def client_swipes(conn: Connection, client_id: UUID, ids: Sequence[UUID]) -> list[ClientSwipe]:
    """Those of a client's swipes that ``ids`` (client_swipe_assets.id) name."""
    return await fetch_all(conn, ClientSwipe, CLIENT_SWIPES, {"client_id": client_id, "ids": list(ids)})


async def ads(conn: Connection, ids: Sequence[UUID]) -> list[Ad]:
    """The ads that are there, in the order of ``ids``."""
    found = {ad.id: ad for ad in await fetch_all(conn, Ad, BY_IDS, {"ids": list(ids)})}
    return [found[id] for id in dict.fromkeys(ids) if id in found]


async def page(conn: Connection, wanted: Wanted, limit: int, offset: int) -> list[Ad]:
    """Newest first."""
    conditions, given = _conditions(wanted)
    return await fetch_all(
        conn, Ad, PAGE.replace("{conditions}", conditions), {**given, "limit": limit, "offset": offset}
    )


async def total(conn: Connection, wanted: Wanted) -> int:
    conditions, given = _conditions(wanted)
    row = await (await conn.execute(TOTAL.replace("{conditions}", conditions), given)).fetchone()
    return row[0] if row else 0


async def ids_of(conn: Connection, wanted: Wanted, most: int) -> list[UUID]:
    conditions, given = _conditions(wanted)
    rows = await conn.execute(IDS.replace("{conditions}", conditions), {**given, "limit": most})
    return [row[0] for row in await rows.fetchall()]


def _conditions(wanted: Wanted) -> tuple[LiteralString, dict[str, Any]]:
    given = parameters(wanted)
    parts: list[LiteralString] = [text for name, text in CONDITIONS.items() if given[name] not in (None, [], False)]
    if wanted.client_id is None:
        parts.insert(0, "client_swipe_id is null")  # a client's own are seen with the client
    mark: LiteralString = "and l.is_good_example" if wanted.good else "and l.is_bad_example" if wanted.bad else ""
    conditions: LiteralString = " and ".join(parts).replace("{mark}", mark)
    return conditions, given


async def facets(conn: Connection) -> list[Facet]:
    """What there is to filter the library by, the most frequent 40 values of each."""
    return await fetch_all(conn, Facet, FACETS, {})


async def links(conn: Connection, ids: Sequence[UUID]) -> list[Link]:
    return await fetch_all(conn, Link, LINKS, {"ids": list(ids)})


async def media(conn: Connection, ids: Sequence[UUID]) -> list[Medium]:
    return await fetch_all(conn, Medium, MEDIA, {"ids": list(ids)})


async def mark(conn: Connection, id: UUID, *, saved: bool | None = None, favorite: bool | None = None) -> bool:
    """None leaves as it is. False when there is no such ad."""
    return (await conn.execute(MARK, {"id": id, "saved": saved, "favorite": favorite})).rowcount == 1


async def tag(conn: Connection, org_id: UUID, id: UUID, tags: Sequence[str]) -> bool:
    """Replace an ad's tags, on its passages too. False when there is no such ad."""
    given = {"org_id": org_id, "id": id, "tags": list(tags)}
    if (await conn.execute(TAG, given)).rowcount != 1:
        return False
    await conn.execute(TAG_CHUNKS, given)
    return True


async def link(conn: Connection, values: dict[str, Any]) -> None:
    """``values``: org_id, client_id, swipe_id, and tags, icp_id, funnel_stage_id, angle_type, notes, good, bad or None."""
    await conn.execute(LINK, values)


async def unlink(conn: Connection, swipe_id: UUID, client_id: UUID) -> bool:
    return (await conn.execute(UNLINK, {"swipe_id": swipe_id, "client_id": client_id})).rowcount == 1


async def insert_own(conn: Connection, values: dict[str, Any]) -> UUID:
    """``values``: org_id, client_id, title, body, channel, format, landing_page, media, tags, icp_id, funnel_stage_id,
    angle_type, notes, good, bad."""
    row = await (await conn.execute(INSERT_OWN, values)).fetchone()
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row[0]


async def find(conn: Connection, id: UUID) -> Ad | None:
    return await fetch_one(conn, Ad, BY_IDS, {"ids": [id]})
