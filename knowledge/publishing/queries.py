"""SQL over ``publications``."""

from typing import Any
from uuid import UUID

from knowledge.db import Connection, fetch_one
from knowledge.publishing.models import Publication

COLUMNS = """id, org_id, asset_id, place, key, state, external_id, url, lost, asset_version, content_hash, claimed_until,
  published_by, created_at, updated_at"""

# whoever finds it claimed by another, and not long ago, gets nothing
CLAIM = f"""
insert into publications as p (org_id, asset_id, place, key, asset_version, content_hash, claimed_until, published_by)
values (%(org_id)s, %(asset_id)s, %(place)s, %(key)s, %(asset_version)s, %(content_hash)s,
        now() + %(seconds)s * interval '1 second', %(published_by)s)
on conflict (org_id, asset_id, place) do update
  set claimed_until = excluded.claimed_until, published_by = excluded.published_by, updated_at = now()
  where p.claimed_until is null or p.claimed_until < now()
returning {COLUMNS}
"""
FIND = f"select {COLUMNS} from publications where asset_id = %(asset_id)s and place = %(place)s"
NEWEST = f"select {COLUMNS} from publications where asset_id = %(asset_id)s order by updated_at desc limit 1"
SET = f"""
update publications set state = %(state)s, external_id = %(external_id)s, url = %(url)s, lost = %(lost)s,
  asset_version = %(asset_version)s,
  content_hash = %(content_hash)s, claimed_until = case when %(state)s = 'live' then null else claimed_until end,
  updated_at = now()
where id = %(id)s returning {COLUMNS}
"""
LET_GO = "update publications set claimed_until = null, updated_at = now() where id = %(id)s"


async def claim(conn: Connection, values: dict[str, Any]) -> Publication | None:
    """None when somebody else is at it."""
    return await fetch_one(conn, Publication, CLAIM, values)


async def find(conn: Connection, asset_id: UUID, place: str) -> Publication | None:
    return await fetch_one(conn, Publication, FIND, {"asset_id": asset_id, "place": place})


async def newest(conn: Connection, asset_id: UUID) -> Publication | None:
    return await fetch_one(conn, Publication, NEWEST, {"asset_id": asset_id})


async def set_state(conn: Connection, id: UUID, values: dict[str, Any]) -> Publication:
    row = await fetch_one(conn, Publication, SET, {**values, "id": id})
    assert row is not None  # noqa: S101 - claimed by the caller; a publication is never deleted before its piece
    return row


async def let_go(conn: Connection, id: UUID) -> None:
    await conn.execute(LET_GO, {"id": id})
