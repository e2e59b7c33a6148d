"""What is read and written in the durable engine's own table, where its library has no word for it.

Relied on is ``dbos.workflow_status`` of DBOS 3.4 (its version is pinned exactly, tests/process/test_workers.py is
what notices a change): a workflow is ENQUEUED on a queue, PENDING with an ``executor_id`` and the ``owner_xid`` of one
execution, or over. An execution whose ``owner_xid`` is no longer the row's can record nothing: it is fenced by the
engine itself.
"""

from collections.abc import Sequence
from uuid import uuid4

from dbos._utils import INTERNAL_QUEUE_NAME
from psycopg_pool import AsyncConnectionPool

from knowledge.db import Connection
from knowledge.ids import RunId

QUEUE = INTERNAL_QUEUE_NAME
_NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint"

# as ``start_queued_workflows`` does it, for the kinds that this process knows and a few at a time
CLAIM = f"""
update dbos.workflow_status set status = 'PENDING', owner_xid = %(owner)s, executor_id = %(executor)s,
  started_at_epoch_ms = {_NOW}, updated_at = {_NOW}, recovery_attempts = recovery_attempts + 1
where workflow_uuid in (
  select workflow_uuid from dbos.workflow_status
  where status = 'ENQUEUED' and queue_name = %(queue)s and application_version = %(version)s
    and name = any(%(kinds)s)
    and exists (select from workers w where w.executor_id = %(executor)s and w.ended_at is null)
  order by priority, created_at limit %(most)s for update skip locked)
returning workflow_uuid
"""
# as ``reenqueue_for_recovery`` does it, for everything whose process is not there
RECOVER = f"""
update dbos.workflow_status s set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
  queue_name = coalesce(s.queue_name, %(queue)s), updated_at = {_NOW}
where s.status = 'PENDING'
  and not exists (select from workers w where w.executor_id = s.executor_id and w.ended_at is null)
"""
# a frozen process may hold rows of a transaction that it is in the middle of, and wakes up to a closed connection
TAKE_FROM_THE_FROZEN = """
select pg_terminate_backend(a.pid) from pg_stat_activity a
join workers w on a.application_name = 'adroom ' || w.executor_id and w.ended_how = 'silent'
where a.datname = current_database()
"""
# as ``cancel_workflows`` does it, unless it was handed on meanwhile
GIVE_UP = f"""
update dbos.workflow_status set status = 'CANCELLED', owner_xid = null, queue_name = null, deduplication_id = null,
  started_at_epoch_ms = null, updated_at = {_NOW}, completed_at = {_NOW}
where workflow_uuid = %(run_id)s and status = 'PENDING' and owner_xid = %(owner)s
"""
OWNER = "select owner_xid from dbos.workflow_status where workflow_uuid = %(run_id)s"
STATES = """
select workflow_uuid, status, application_version from dbos.workflow_status where workflow_uuid = any(%(run_ids)s)
"""
#: enqueued this many seconds and of a kind that is not among ``kinds``
UNKNOWN = f"""
select workflow_uuid from dbos.workflow_status
where status = 'ENQUEUED' and queue_name = %(queue)s and name <> all(%(kinds)s) and updated_at < {_NOW} - 1000 * %(since)s
"""


class EngineRows:
    """A small pool of the owner's: the application's role has no business in the engine's tables."""

    def __init__(self, owner_url: str) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            owner_url, min_size=1, max_size=3, open=False, timeout=30, kwargs={"autocommit": True}
        )

    async def open(self) -> None:
        await self._pool.open(wait=True, timeout=30)

    async def close(self) -> None:
        await self._pool.close()

    async def claim(self, executor: str, version: str, kinds: Sequence[str], most: int) -> tuple[str, list[str]]:
        """Up to ``most`` waiting runs are this process' from here on: the execution's token, and which they are."""
        owner = str(uuid4())
        given = {"owner": owner, "executor": executor, "version": version, "kinds": list(kinds), "most": most}
        async with self._pool.connection() as conn:
            found = await conn.execute(CLAIM, {**given, "queue": QUEUE})
            return owner, [row[0] for row in await found.fetchall()]

    async def recover(self) -> int:
        """Let the runs of every process that is not there wait for another; how many there were."""
        async with self._pool.connection() as conn:
            await conn.execute(TAKE_FROM_THE_FROZEN)
            return (await conn.execute(RECOVER, {"queue": QUEUE})).rowcount

    async def give_up(self, run_id: RunId, owner: str | None) -> None:
        """End a stopped run in the engine, if the execution with this token still has it."""
        async with self._pool.connection() as conn:
            await conn.execute(GIVE_UP, {"run_id": str(run_id), "owner": owner})

    async def owner(self, run_id: RunId) -> str | None:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(OWNER, {"run_id": str(run_id)})).fetchone()
            return row[0] if row else None

    async def states(self, run_ids: Sequence[RunId]) -> dict[str, tuple[str, str | None]]:
        """Status and application version of each that the engine knows."""
        async with self._pool.connection() as conn:
            found = await conn.execute(STATES, {"run_ids": [str(run_id) for run_id in run_ids]})
            return {row[0]: (row[1], row[2]) for row in await found.fetchall()}

    async def unknown(self, kinds: Sequence[str], since: float) -> list[str]:
        async with self._pool.connection() as conn:
            found = await conn.execute(UNKNOWN, {"kinds": list(kinds), "since": since, "queue": QUEUE})
            return [row[0] for row in await found.fetchall()]
