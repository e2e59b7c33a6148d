"""Pictures and films of ads as rows: where they came from, where they are kept, and why they could not be."""

from uuid import UUID

from knowledge.db import Connection, Row, fetch_one

FIND = """
select id, type, url, thumbnail_url, download_url, storage_key, thumb_key, fetch_error
from company_swipe_media where id = %(id)s and swipe_asset_id = %(swipe_id)s
union all
select (m ->> 'id')::uuid, m ->> 'type', null, null, null, m ->> 'storageKey', m ->> 'thumbKey', null
from client_swipe_assets c, jsonb_array_elements(c.custom_media) m
where c.id = %(swipe_id)s and c.company_swipe_id is null and m ->> 'id' = %(id)s::text
"""
KEEP = """
update company_swipe_media set storage_key = coalesce(%(storage_key)s, storage_key),
  thumb_key = coalesce(%(thumb_key)s, thumb_key), fetch_error = %(reason)s, fetched_at = now()
where id = %(id)s
"""


class Kept(Row):
    """Where a medium came from and where it is kept. ``type``: video or image; ``fetch_error``: why it is not here."""

    id: UUID
    type: str | None
    url: str | None
    thumbnail_url: str | None
    download_url: str | None
    storage_key: str | None
    thumb_key: str | None
    fetch_error: str | None


async def find(conn: Connection, swipe_id: UUID, media_id: UUID) -> Kept | None:
    return await fetch_one(conn, Kept, FIND, {"id": media_id, "swipe_id": swipe_id})


async def record_fetch(
    conn: Connection, media_id: UUID, *, storage_key: str | None, thumb_key: str | None, reason: str | None
) -> bool:
    """A key that is None leaves what was kept before. False when the medium is gone."""
    given = {"id": media_id, "storage_key": storage_key, "thumb_key": thumb_key, "reason": reason}
    return (await conn.execute(KEEP, given)).rowcount == 1
