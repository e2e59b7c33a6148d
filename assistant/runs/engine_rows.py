"""What is read and written in the durable engine's own table, where its library has no word for it.

Relied on is ``dbos.workflow_status`` of DBOS 3.4 (its version is pinned exactly, tests/process/test_workers.py is
what notices a change): a workflow is ENQUEUED on a queue, PENDING with an ``executor_id`` and the ``owner_xid`` of one
execution, or over. An execution whose ``owner_xid`` is no longer the row's can record nothing: it is fenced by the
engine itself.
"""

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any

from dbos._utils import INTERNAL_QUEUE_NAME
from sqlalchemy.exc import DBAPIError

from knowledge.db import Pool
from knowledge.ids import RunId
from knowledge.outages import is_outage

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
# as ``reenqueue_for_recovery`` does it, for everything whose process is not there, but what somebody else is at just
# then: a transaction that stands still would hold up the rest, and all who come after
RECOVER = f"""
with left_behind as materialized (
  select workflow_uuid, executor_id from dbos.workflow_status s
  where status = 'PENDING'
    and not exists (select from workers w where w.executor_id = s.executor_id and w.ended_at is null)
), free as materialized (
  select s.workflow_uuid from dbos.workflow_status s join left_behind b using (workflow_uuid)
  where s.status = 'PENDING' and s.executor_id is not distinct from b.executor_id
  for update of s skip locked
), freed as (
  update dbos.workflow_status s set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
    queue_name = coalesce(s.queue_name, %(queue)s), updated_at = {_NOW}
  from free where s.workflow_uuid = free.workflow_uuid
  returning 1
)
select (select count(*) from freed), (select count(*) from left_behind)
"""
# the same for runs that nobody in the process with this token has at work
GIVE_BACK = f"""
update dbos.workflow_status set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
  queue_name = coalesce(queue_name, %(queue)s), updated_at = {_NOW}
where status = 'PENDING' and owner_xid = any(%(owners)s) and workflow_uuid <> all(%(begun)s)
"""
# and for one whose row says that it is to go on: it may have ended here and, in a crash of the database, not there
AGAIN = f"""
update dbos.workflow_status s set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
  completed_at = null, queue_name = coalesce(s.queue_name, %(queue)s), updated_at = {_NOW}
where s.workflow_uuid = %(run_id)s
  and ((s.status = 'PENDING' and s.owner_xid = %(owner)s) or (s.status = 'SUCCESS' and %(owner)s::text is null))
  and exists (select from runs r where r.id = %(run_id)s::uuid and r.status in ('queued', 'running', 'waiting'))
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


def go_through_outages() -> None:
    """Let the engine wait for a database that refuses connections, as it does for one that closes them: it knows the
    refusal by words that the driver does not use any more, and would end the run."""
    engine: Any = import_module("dbos._sys_db")
    known: Callable[[Exception], bool] = engine.retriable_postgres_exception

    def retriable(error: Exception) -> bool:
        return known(error) or (isinstance(error, DBAPIError) and is_outage(error.orig))

    if known.__module__ != __name__:
        engine.retriable_postgres_exception = retriable


class EngineRows:
    """A small pool of the owner's: the application's role has no business in the engine's tables."""

    def __init__(self, owner_url: str) -> None:
        self._pool = Pool(owner_url, min_size=1, max_size=3, kwargs={"autocommit": True})

    async def open(self) -> None:
        await self._pool.start()

    async def close(self) -> None:
        await self._pool.close()

    async def claim(self, owner: str, executor: str, version: str, kinds: Sequence[str], most: int) -> list[str]:
        """Up to ``most`` waiting runs are this process' from here on, under the token ``owner``: which they are."""
        given = {"owner": owner, "executor": executor, "version": version, "kinds": list(kinds), "most": most}
        async with self._pool.connection() as conn:
            found = await conn.execute(CLAIM, {**given, "queue": QUEUE})
            return [row[0] for row in await found.fetchall()]

    async def recover(self) -> tuple[int, int]:
        """Let the runs of every process that is not there wait for another: how many now do, and how many somebody
        else was at, which are to be looked at again."""
        async with self._pool.connection() as conn:
            await conn.execute(TAKE_FROM_THE_FROZEN)
            row = await (await conn.execute(RECOVER, {"queue": QUEUE})).fetchone()
            freed, all_of_them = row or (0, 0)
            return freed, all_of_them - freed

    async def give_up(self, run_id: RunId, owner: str | None) -> None:
        """End a stopped run in the engine, if the execution with this token still has it."""
        async with self._pool.connection() as conn:
            await conn.execute(GIVE_UP, {"run_id": str(run_id), "owner": owner})

    async def give_back(self, owners: Collection[str], begun: Sequence[str]) -> None:
        """What was claimed under these tokens waits again, but what has ``begun``."""
        async with self._pool.connection() as conn:
            await conn.execute(GIVE_BACK, {"owners": list(owners), "begun": list(begun), "queue": QUEUE})

    async def again(self, run_id: RunId, owner: str | None) -> bool:
        """Let a run that is to go on wait to be taken, if the execution with this token still had it, or, without one,
        if the engine takes it for completed. Whether it was so."""
        async with self._pool.connection() as conn:
            done = await conn.execute(AGAIN, {"run_id": str(run_id), "owner": owner, "queue": QUEUE})
            return done.rowcount == 1

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
