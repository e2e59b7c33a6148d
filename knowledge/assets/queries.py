"""SQL over ``assets``."""

from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.assets.models import Asset, FlaggedDocument
from knowledge.assets.scores import CRITICS
from knowledge.db import Connection, fetch_all, fetch_one

COLUMNS = """id, org_id, client_id, campaign_id, experiment_id, asset_brief_id, run_id, variant_id, source_type, status,
  channel, format, title, icp_id, funnel_stage_id, concept_id, angle_type, content, seo, word_count, version,
  content_hash, storage_key, mime, bytes, sha256, agent, model, idempotency_key, published_at, created_at, updated_at"""

GET = f"select {COLUMNS} from assets where id = %(id)s"
LOCK = f"select {COLUMNS} from assets where id = %(id)s for update"
FIND_BY_KEY = f"select {COLUMNS} from assets where idempotency_key = %(key)s"

INSERT = f"""
insert into assets (org_id, client_id, campaign_id, run_id, channel, format, title, content, seo, word_count,
                    content_hash, agent, model, idempotency_key, experiment_id, asset_brief_id, variant_id, icp_id,
                    funnel_stage_id, concept_id, angle_type)
values (%(org_id)s, %(client_id)s, %(campaign_id)s, %(run_id)s, %(channel)s, %(format)s, %(title)s, %(content)s,
        %(seo)s, %(word_count)s, %(content_hash)s, %(agent)s, %(model)s, %(idempotency_key)s, %(experiment_id)s,
        %(asset_brief_id)s, %(variant_id)s, %(icp_id)s, %(funnel_stage_id)s, %(concept_id)s, %(angle_type)s)
on conflict (org_id, idempotency_key) do nothing
returning {COLUMNS}
"""

#: of a piece that was made for no brief
_FOR_NO_BRIEF: dict[str, Any] = dict.fromkeys(
    ("experiment_id", "asset_brief_id", "variant_id", "icp_id", "funnel_stage_id", "concept_id", "angle_type")
)

SET_STATUS = f"""
update assets set status = %(status)s, updated_at = now(),
  published_at = case when %(status)s = 'published' then now() else published_at end
where id = %(id)s returning {COLUMNS}
"""

SET_CONTENT = f"""
update assets set title = %(title)s, content = %(content)s, word_count = %(word_count)s,
  content_hash = %(content_hash)s, seo = seo || %(seo)s, version = version + 1, status = 'draft', updated_at = now()
where id = %(id)s returning {COLUMNS}
"""

# of the documents a piece rests on: the client's canon, its campaign's strategy, its own brief
FLAGGED_BEHIND = """
select type, version, flagged_reason from (
  select distinct on (campaign_id, type, key) type, key, version, status, flagged_reason from artifacts
  where client_id = %(client_id)s and (campaign_id is null or campaign_id = %(campaign_id)s)
    and type in ('client_canon', 'strategy_sheet', 'asset_brief')
  order by campaign_id, type, key, version desc) heads
where status = 'flagged_for_review'
  and (type <> 'asset_brief' or key = (select key from artifacts where id = %(asset_brief_id)s))
order by type
"""

LIST = f"""
select {COLUMNS} from assets
where (%(status)s::text is null or status = %(status)s)
  and (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(campaign_id)s::uuid is null or campaign_id = %(campaign_id)s)
  and (%(before_at)s::timestamptz is null or (created_at, id) < (%(before_at)s, %(before_id)s))
order by created_at desc, id desc limit %(limit)s
"""


async def get(conn: Connection, asset_id: UUID) -> Asset | None:
    return await fetch_one(conn, Asset, GET, {"id": asset_id})


async def lock(conn: Connection, asset_id: UUID) -> Asset | None:
    return await fetch_one(conn, Asset, LOCK, {"id": asset_id})


async def find_by_key(conn: Connection, key: str) -> Asset | None:
    return await fetch_one(conn, Asset, FIND_BY_KEY, {"key": key})


async def insert(conn: Connection, values: dict[str, Any]) -> Asset | None:
    """None when an asset with this idempotency key is there already."""
    jsonb = {name: Jsonb(values[name]) for name in ("content", "seo")}
    return await fetch_one(conn, Asset, INSERT, {**_FOR_NO_BRIEF, **values, **jsonb})


async def set_status(conn: Connection, asset_id: UUID, status: str) -> Asset:
    row = await fetch_one(conn, Asset, SET_STATUS, {"id": asset_id, "status": status})
    assert row is not None  # noqa: S101 - locked by the caller in this transaction
    return row


async def set_content(conn: Connection, asset_id: UUID, values: dict[str, Any]) -> Asset:
    """``values``: title, content, word_count, content_hash, and what ``seo`` gets beside what it has."""
    changed = {**values, "id": asset_id, "content": Jsonb(values["content"]), "seo": Jsonb(values["seo"])}
    row = await fetch_one(conn, Asset, SET_CONTENT, changed)
    assert row is not None  # noqa: S101 - locked by the caller in this transaction
    return row


async def flagged_behind(conn: Connection, asset: Asset) -> list[FlaggedDocument]:
    where = {"client_id": asset.client_id, "campaign_id": asset.campaign_id, "asset_brief_id": asset.asset_brief_id}
    return await fetch_all(conn, FlaggedDocument, FLAGGED_BEHIND, where)


async def list_assets(conn: Connection, filters: dict[str, Any]) -> list[Asset]:
    """``filters``: status, client_id, campaign_id, before_at + before_id (a page's last row), limit."""
    return await fetch_all(conn, Asset, LIST, filters)


_CRITICS: LiteralString = "('" + "', '".join(CRITICS) + "')"


def critics_sql(piece: LiteralString) -> LiteralString:
    """The critics' mean of a row that has a piece's id, client_id and version under this name."""
    return f"""(select round(avg(given.score), 1) from (
    select distinct on (q.data->>'reviewer') (q.data->>'score')::numeric as score from artifacts q
    where q.type = 'qa_report' and q.client_id = {piece}.client_id and q.data->>'assetId' = {piece}.id::text
      and (q.data->>'assetVersion')::int = {piece}.version and q.data->>'reviewer' in {_CRITICS}
    order by q.data->>'reviewer', q.created_at desc, q.version desc) given)"""
