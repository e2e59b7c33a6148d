"""SQL over ``imports`` and ``import_rejects``. Nothing here commits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.imports.models import Counts, Import, Reject

# The run is the truth about stopping and failing: a process that was killed could not have told the import.
_COLUMNS = """
  i.id, i.org_id, i.client_id, i.session_id, i.run_id, i.kind, i.filename, i.storage_key, i.bytes, i.sha256, i.format,
  i.options,
  case when i.status = 'running' and r.status = 'stopped' then 'stopped'
       when i.status = 'running' and r.status in ('failed', 'cancelled') then 'failed'
       when i.storage_key = '' then 'expired' else i.status end as status,
  i.position, i.rows_total, i.rows_new, i.rows_changed, i.rows_unchanged, i.rows_merged, i.rows_rejected,
  i.near_duplicates, coalesce(i.error, case when i.status = 'running' then r.error end) as error, i.created_by,
  i.created_at, i.started_at, i.finished_at, i.updated_at, c.name as client_name
"""
_FROM = "from imports i left join runs r on r.id = i.run_id left join clients c on c.id = i.client_id"

INSERT = """
insert into imports (org_id, client_id, session_id, kind, filename, storage_key, bytes, sha256, format, options,
  rows_total, created_by)
values (%(org_id)s, %(client_id)s, %(session_id)s, %(kind)s, %(filename)s, %(storage_key)s, %(bytes)s, %(sha256)s,
  %(format)s, %(options)s, %(rows_total)s, %(created_by)s)
returning id
"""
FIND = f"select {_COLUMNS} {_FROM} where i.id = %(id)s"
LOCK = f"{FIND} for no key update of i"
LIST = f"""
select {_COLUMNS} {_FROM}
where (%(client_id)s::uuid is null or i.client_id = %(client_id)s)
order by i.created_at desc, i.id desc limit %(limit)s
"""
SET_MAPPING = """
update imports set kind = coalesce(%(kind)s, kind), format = coalesce(%(format)s, format),
  options = coalesce(%(options)s, options), client_id = coalesce(%(client_id)s, client_id),
  rows_total = coalesce(%(rows_total)s, rows_total), updated_at = now()
where id = %(id)s and status = 'preview'
"""
FIND_RIVAL = f"""
select {_COLUMNS} {_FROM}
where i.status = 'running' and i.id <> %(id)s and i.kind = %(kind)s and i.sha256 = %(sha256)s
  and i.client_id is not distinct from %(client_id)s
"""
SET_STATUS = """
update imports set status = %(status)s, error = %(error)s, updated_at = now(),
  started_at = case when %(status)s = 'running' then coalesce(started_at, now()) else started_at end,
  finished_at = case when %(status)s in ('completed', 'failed') then now() end
where id = %(id)s
"""
SET_RUN = "update imports set run_id = %(run_id)s, updated_at = now() where id = %(id)s"
ADVANCE = """
update imports set position = %(to)s, rows_total = greatest(rows_total, %(to)s), rows_new = rows_new + %(new)s,
  rows_changed = rows_changed + %(changed)s, rows_unchanged = rows_unchanged + %(unchanged)s,
  rows_merged = rows_merged + %(merged)s, rows_rejected = rows_rejected + %(rejected)s, updated_at = now()
where id = %(id)s and position = %(from)s and status = 'running'
"""
# The file itself goes with what was brought (knowledge/files/uploads.py), once no import names it any more.
EXPIRE = """
update imports set status = 'failed', storage_key = '', error = %(error)s, finished_at = now(), updated_at = now()
where status = 'preview' and greatest(created_at, updated_at) < now() - interval '7 days'
"""
FINISH = """
update imports set status = 'completed', rows_total = position, finished_at = now(), updated_at = now(), error = null
where id = %(id)s and status = 'running'
"""
SET_NEAR = (
    "update imports set near_duplicates = %(n)s, updated_at = now() where id = %(id)s and near_duplicates <> %(n)s"
)
SET_TOTAL = "update imports set rows_total = %(n)s where id = %(id)s and rows_total is distinct from %(n)s"
COUNT_REJECTS = "select count(*) from import_rejects where import_id = %(id)s"
INSERT_REJECTS = """
insert into import_rejects (org_id, import_id, row, ordinal, field, reason, excerpt)
select %(org_id)s, %(import_id)s, r.row, r.ordinal, r.field, r.reason, r.excerpt
from unnest(%(rows)s::bigint[], %(ordinals)s::smallint[], %(fields)s::text[], %(reasons)s::text[], %(excerpts)s::text[])
  as r (row, ordinal, field, reason, excerpt)
on conflict do nothing
"""
LIST_REJECTS = """
select row, ordinal, field, reason, excerpt from import_rejects where import_id = %(id)s
order by row, ordinal limit %(limit)s offset %(offset)s
"""


async def insert(conn: Connection, values: dict[str, Any]) -> UUID:
    """``values``: the columns of a new import, ``options`` a plain object."""
    found = await conn.execute(INSERT, {**values, "options": Jsonb(values["options"])})
    row = await found.fetchone()
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row[0]


async def find(conn: Connection, import_id: UUID) -> Import | None:
    return await fetch_one(conn, Import, FIND, {"id": import_id})


async def lock(conn: Connection, import_id: UUID) -> Import | None:
    """The import, held until the end of the transaction."""
    return await fetch_one(conn, Import, LOCK, {"id": import_id})


async def list_recent(conn: Connection, client_id: UUID | None, limit: int) -> list[Import]:
    return await fetch_all(conn, Import, LIST, {"client_id": client_id, "limit": limit})


async def set_mapping(conn: Connection, import_id: UUID, values: dict[str, Any]) -> bool:
    """False when it is no longer a preview. ``values``: kind, format, options, client_id, rows_total; None keeps."""
    options = values["options"]
    given = {**values, "id": import_id, "options": None if options is None else Jsonb(options)}
    return (await conn.execute(SET_MAPPING, given)).rowcount == 1


async def list_rivals(conn: Connection, row: Import) -> list[Import]:
    """Imports of the same file to the same place that are said to be running."""
    values = {"id": row.id, "kind": row.kind, "sha256": row.sha256, "client_id": row.client_id}
    return await fetch_all(conn, Import, FIND_RIVAL, values)


async def set_status(conn: Connection, import_id: UUID, status: str, error: str | None = None) -> None:
    """Raises ``psycopg.errors.UniqueViolation`` when ``running`` and the same file is coming in already."""
    await conn.execute(SET_STATUS, {"id": import_id, "status": status, "error": error})


async def set_run(conn: Connection, import_id: UUID, run_id: UUID) -> None:
    await conn.execute(SET_RUN, {"id": import_id, "run_id": run_id})


async def advance(conn: Connection, import_id: UUID, came_from: int, to: int, counts: Counts) -> bool:
    """Count what became of the rows after ``came_from`` up to ``to``; False when somebody else has moved on."""
    values = {"id": import_id, "from": came_from, "to": to, **vars(counts)}
    return (await conn.execute(ADVANCE, values)).rowcount == 1


async def expire(conn: Connection, error: str) -> int:
    """Previews that nobody has started or corrected within a week name no file any more; how many they are."""
    return (await conn.execute(EXPIRE, {"error": error})).rowcount


async def finish(conn: Connection, import_id: UUID) -> None:
    await conn.execute(FINISH, {"id": import_id})


async def set_total(conn: Connection, import_id: UUID, rows: int) -> None:
    await conn.execute(SET_TOTAL, {"id": import_id, "n": rows})


async def count_rejects(conn: Connection, import_id: UUID) -> int:
    """How many are kept."""
    row = await (await conn.execute(COUNT_REJECTS, {"id": import_id})).fetchone()
    return int(row[0]) if row else 0


async def set_near_duplicates(conn: Connection, import_id: UUID, count: int) -> None:
    await conn.execute(SET_NEAR, {"id": import_id, "n": count})


async def insert_rejects(conn: Connection, org_id: UUID, import_id: UUID, rejects: Sequence[Reject]) -> None:
    """Keep these; the caller counts how many are kept already (``REJECTS_KEPT``)."""
    if not rejects:
        return
    values = {
        "org_id": org_id,
        "import_id": import_id,
        "rows": [reject.row for reject in rejects],
        "ordinals": [reject.ordinal for reject in rejects],
        "fields": [reject.field for reject in rejects],
        "reasons": [reject.reason for reject in rejects],
        "excerpts": [reject.excerpt for reject in rejects],
    }
    await conn.execute(INSERT_REJECTS, values)


async def list_rejects(conn: Connection, import_id: UUID, limit: int, offset: int) -> list[Reject]:
    return await fetch_all(conn, Reject, LIST_REJECTS, {"id": import_id, "limit": limit, "offset": offset})
