"""SQL over ``text_proposals``."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_one
from knowledge.proposals.models import Proposal

COLUMNS = """id, org_id, client_id, asset_id, run_id, kind, asset_version, content_hash, hunks, account, status, taken,
  agent, model, decided_by, decided_at, idempotency_key, created_at"""

INSERT = f"""
insert into text_proposals (org_id, client_id, asset_id, run_id, kind, asset_version, content_hash, hunks, account, agent,
                            model, idempotency_key)
values (%(org_id)s, %(client_id)s, %(asset_id)s, %(run_id)s, %(kind)s, %(asset_version)s, %(content_hash)s, %(hunks)s,
        %(account)s, %(agent)s, %(model)s, %(idempotency_key)s)
on conflict (org_id, idempotency_key) do nothing
returning {COLUMNS}
"""
FIND_BY_KEY = f"select {COLUMNS} from text_proposals where idempotency_key = %(key)s"
FIND = f"select {COLUMNS} from text_proposals where id = %(id)s"
LOCK = f"select {COLUMNS} from text_proposals where id = %(id)s for update"
NEWEST = f"""
select {COLUMNS} from text_proposals where asset_id = %(asset_id)s and status = 'open'
order by created_at desc, id desc limit 1
"""
# an open one that somebody else comes after is out of date: only the newest is offered
REPLACE = """
update text_proposals set status = 'dismissed', decided_at = now()
where asset_id = %(asset_id)s and status = 'open' and id <> %(id)s
"""
SETTLE = f"""
update text_proposals set status = %(status)s, taken = %(taken)s, decided_by = %(decided_by)s, decided_at = now()
where id = %(id)s returning {COLUMNS}
"""


async def insert(conn: Connection, values: dict[str, Any]) -> Proposal | None:
    """None when there is one with this idempotency key."""
    return await fetch_one(
        conn, Proposal, INSERT, {**values, "hunks": Jsonb(values["hunks"]), "account": Jsonb(values["account"])}
    )


async def find_by_key(conn: Connection, key: str) -> Proposal | None:
    return await fetch_one(conn, Proposal, FIND_BY_KEY, {"key": key})


async def find(conn: Connection, id: UUID) -> Proposal | None:
    return await fetch_one(conn, Proposal, FIND, {"id": id})


async def lock(conn: Connection, id: UUID) -> Proposal | None:
    return await fetch_one(conn, Proposal, LOCK, {"id": id})


async def newest(conn: Connection, asset_id: UUID) -> Proposal | None:
    return await fetch_one(conn, Proposal, NEWEST, {"asset_id": asset_id})


async def replace_others(conn: Connection, asset_id: UUID, id: UUID) -> None:
    await conn.execute(REPLACE, {"asset_id": asset_id, "id": id})


async def settle(conn: Connection, id: UUID, status: str, taken: list[str], decided_by: UUID) -> Proposal:
    values = {"id": id, "status": status, "taken": Jsonb(taken), "decided_by": decided_by}
    row = await fetch_one(conn, Proposal, SETTLE, values)
    assert row is not None  # noqa: S101 - locked by the caller in this transaction
    return row
