"""The SQL of the journal. What always holds: the first answer kept for a question stays."""

import base64
import json
from typing import Any, cast
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, Database, fetch_all
from knowledge.ids import OrgId
from knowledge.journal.models import JournalEntry, Kind

LOAD = """
select scope_id, kind, key, occurrence, result from journal
where org_id = %(org_id)s and scope_id = %(scope_id)s
"""

RECORD = """
insert into journal (org_id, scope_id, kind, key, occurrence, result)
values (%(org_id)s, %(scope_id)s, %(kind)s, %(key)s, %(occurrence)s, %(result)s)
on conflict (scope_id, kind, key, occurrence) do nothing
"""

FORGET = "delete from journal where org_id = %(org_id)s and scope_id = any(%(scope_ids)s)"

OLD_SCOPES = """
select scope_id from journal where org_id = %(org_id)s
group by scope_id having max(created_at) < now() - interval '1 day'
"""

#: stands for a result that jsonb cannot hold as it is (a NUL or half a surrogate pair in some string)
_PACKED = "$packed"


async def load(conn: Connection, org_id: OrgId, scope_id: UUID) -> list[JournalEntry]:
    """Everything kept for one step or turn."""
    return _whole(await fetch_all(conn, JournalEntry, LOAD, {"org_id": org_id, "scope_id": scope_id}))


async def read(db: Database, org_id: OrgId, scope_id: UUID) -> list[JournalEntry]:
    """The same in a transaction of its own."""
    return _whole(await db.rows(org_id, JournalEntry, LOAD, {"org_id": org_id, "scope_id": scope_id}))


def _whole(rows: list[JournalEntry]) -> list[JournalEntry]:
    return [row.model_copy(update={"result": _unpack(row.result)}) for row in rows]


async def record(
    conn: Connection, org_id: OrgId, scope_id: UUID, kind: Kind, key: str, occurrence: int, result: Any
) -> None:
    """Keep an answer (a JSON value); one that is already kept wins silently."""
    params = {
        "org_id": org_id,
        "scope_id": scope_id,
        "kind": kind,
        "key": key,
        "occurrence": occurrence,
        "result": Jsonb(_pack(result)),
    }
    await conn.execute(RECORD, params)


async def forget(conn: Connection, org_id: OrgId, *scope_ids: UUID) -> int:
    """Drop what was kept for steps or turns that are done for good. Returns how many answers that were."""
    return (await conn.execute(FORGET, {"org_id": org_id, "scope_ids": list(scope_ids)})).rowcount


async def old_scopes(conn: Connection, org_id: OrgId) -> set[UUID]:
    """The steps and turns of which nothing has been kept for a day; some of them may still be unfinished."""
    return {row[0] for row in await (await conn.execute(OLD_SCOPES, {"org_id": org_id})).fetchall()}


def _pack(result: Any) -> Any:
    text = json.dumps(result, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        storable = False
    else:
        storable = "\\u0000" not in text
    return result if storable else {_PACKED: base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()}


def _unpack(result: Any) -> Any:
    if not isinstance(result, dict) or _PACKED not in result:
        return cast(Any, result)
    packed = cast("dict[str, str]", result)[_PACKED]
    return json.loads(base64.b64decode(packed).decode("utf-8", "surrogatepass"))
