"""What was brought: a file in the store with its name, known by an id of its organisation."""

from datetime import datetime
from uuid import UUID

from knowledge.db import Connection, Row, fetch_one
from knowledge.errors import NotFound
from knowledge.files.store import StoredFile, clean_name
from knowledge.ids import ClientId, OrgId, UserId
from knowledge.people.models import Caller

COLUMNS = "id, org_id, client_id, filename, bytes, sha256, storage_key, created_by, created_at"
INSERT = f"""
insert into uploads (org_id, client_id, filename, bytes, sha256, storage_key, created_by)
values (%(org_id)s, %(client_id)s, %(filename)s, %(bytes)s, %(sha256)s, %(storage_key)s, %(created_by)s)
returning {COLUMNS}
"""
#: A week after it was brought, nothing was made of it: no import, document, piece or ad has the file.
ABANDONED = """
select id, storage_key from uploads u
where created_at < now() - interval '7 days'
  and not exists (select from imports i where i.storage_key = u.storage_key)
  and not exists (select from documents d where d.storage_key = u.storage_key)
  and not exists (select from assets a where a.storage_key = u.storage_key)
  and not exists (select from client_swipe_assets c, jsonb_array_elements(c.custom_media) m
    where m ->> 'storageKey' = u.storage_key)
order by id limit 500
"""
FORGET = "delete from uploads where id = any(%(ids)s)"
GET = f"select {COLUMNS} from uploads where id = %(id)s"


class Upload(Row):
    """``sha256`` in hex."""

    id: UUID
    org_id: OrgId
    client_id: ClientId | None
    filename: str
    bytes: int
    sha256: str
    storage_key: str
    created_by: UserId | None
    created_at: datetime


async def record(
    conn: Connection, caller: Caller, filename: str, stored: StoredFile, client_id: ClientId | None = None
) -> Upload:
    given = {
        "org_id": caller.org_id,
        "client_id": client_id,
        "filename": clean_name(filename),
        "bytes": stored.bytes,
        "sha256": stored.sha256,
        "storage_key": stored.key,
        "created_by": caller.user_id,
    }
    made = await fetch_one(conn, Upload, INSERT, given)
    assert made is not None  # noqa: S101 - insert … returning gives the row or raises
    return made


async def get(conn: Connection, upload_id: UUID) -> Upload:
    """Raises NotFound."""
    found = await fetch_one(conn, Upload, GET, {"id": upload_id})
    if found is None:
        raise NotFound("That file does not exist, or not for you.")
    return found


async def abandoned(conn: Connection) -> dict[UUID, str]:
    """Up to 500 files that nothing was made of within a week: id -> ``storage_key``."""
    return dict(await (await conn.execute(ABANDONED)).fetchall())


async def forget(conn: Connection, ids: list[UUID]) -> int:
    """Returns how many; the files themselves are the caller's to delete, before."""
    return (await conn.execute(FORGET, {"ids": ids})).rowcount
