"""SQL over ``idempotency_keys``: claim a key, keep the answer, give the key back when nothing came of it."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_one
from knowledge.idempotency.models import KeptAnswer

COLUMNS = "key, fingerprint, status, body, created_at"

# A request that died with its process must not hold its key for good: after five minutes it counts as gone.
CLAIM = f"""
insert into idempotency_keys as k (org_id, key, fingerprint, body)
values (%(org_id)s, %(key)s, %(fingerprint)s, jsonb_build_object('claim', %(token)s::text))
on conflict (org_id, key) do update
  set created_at = now(), fingerprint = excluded.fingerprint, body = excluded.body
  where k.status is null and k.created_at < now() - interval '5 minutes'
returning {COLUMNS}
"""
FIND = f"select {COLUMNS} from idempotency_keys where key = %(key)s"
KEEP = "update idempotency_keys set status = %(status)s, body = %(body)s where key = %(key)s"
GIVE_BACK = """
delete from idempotency_keys
where key = %(key)s and status is null and (%(token)s::text is null or body ->> 'claim' = %(token)s)
"""
FORGET_OLD = "delete from idempotency_keys where created_at < now() - interval '7 days'"


async def claim(conn: Connection, org_id: UUID, key: str, fingerprint: str, token: str | None = None) -> bool:
    """True when the key is now ours; False when somebody has it (``find`` tells whom it belongs to).

    ``token`` tells this claim from every other, for who may have to give it back without knowing that it came about.
    """
    values = {"org_id": org_id, "key": key, "fingerprint": fingerprint, "token": token}
    return await fetch_one(conn, KeptAnswer, CLAIM, values) is not None


async def find(conn: Connection, key: str) -> KeptAnswer | None:
    return await fetch_one(conn, KeptAnswer, FIND, {"key": key})


async def keep(conn: Connection, key: str, status: int, body: Any) -> None:
    await conn.execute(KEEP, {"key": key, "status": status, "body": Jsonb(body)})


async def give_back(conn: Connection, key: str, token: str | None = None) -> None:
    """``token``: only if the key is claimed under it."""
    await conn.execute(GIVE_BACK, {"key": key, "token": token})


async def forget_old(conn: Connection) -> int:
    """Delete keys of more than a week ago. Returns how many."""
    return (await conn.execute(FORGET_OLD)).rowcount
