"""SQL over ``workers``: the processes of one database, not tenant data. Statements stand alone: each is a transaction.

What always holds: a process that lives holds an advisory lock of its own name for as long as its session lasts, and
its ``ended_at`` is null; it is ended once, by itself or by one of the others.
"""

from typing import Any, Literal

from knowledge.db import Connection, Database
from knowledge.ids import OrgId, RunId

Role = Literal["web", "worker", "all"]

_LOCK = "hashtextextended('adroom worker ' || %(id)s, 0)"
TAKE_LOCK = f"select pg_advisory_lock({_LOCK})"
INSERT = """
insert into workers (executor_id, host, pid, role, version)
values (%(id)s, %(host)s, %(pid)s, %(role)s, %(version)s)
"""
BEAT = "update workers set beat_at = now() where executor_id = %(id)s and ended_at is null returning executor_id"
LEAVE = "update workers set ended_at = now(), ended_how = 'left' where executor_id = %(id)s and ended_at is null"
# A web process holds people's conversations, which lose more by its end than by a wait: it is given longer. Whose lock
# can be had has lost its session, and has had time to begin another; the locks that were tried go with the statement.
# Whom others have ended lately is told too: they may have died before they could tell anybody.
END_THE_DEAD = """
with seen as materialized (
  select executor_id, beat_at < now() - make_interval(secs => %(silence)s * case role when 'web' then 6 else 1 end) as silent,
    beat_at <= now() - make_interval(secs => %(lost)s)
      and pg_try_advisory_xact_lock(hashtextextended('adroom worker ' || executor_id, 0)) as free
  from workers where ended_at is null and executor_id <> %(id)s
), ended as (
  update workers w set ended_at = now(), ended_how = case when seen.free then 'died' else 'silent' end
  from seen where w.executor_id = seen.executor_id and (seen.free or seen.silent) and w.ended_at is null
  returning w.executor_id, w.ended_how
)
select executor_id, ended_how, true from ended
union all
select executor_id, ended_how, false from workers
where ended_how in ('died', 'silent') and ended_at > now() - make_interval(secs => %(lately)s) and executor_id <> %(id)s
"""
#: seconds for which a death is told to those who have not heard of it; longer than any pause between two looks
LATELY = 10.0
FORGET = "delete from workers where ended_at < now() - interval '7 days'"
LIVING = "select role, count(*) from workers where ended_at is null group by role order by role"
LIVES = "select 1 from workers where executor_id = %(id)s and ended_at is null"
HELD_ELSEWHERE = """
select 1 from runs r join workers w on w.executor_id = r.holder and w.ended_at is null
where r.id = %(run_id)s and r.holder <> %(id)s
"""


async def enter(conn: Connection, id: str, host: str, pid: int, role: Role, version: str) -> None:
    """Take the lock, then be there: nobody sees one of ours without its lock."""
    await conn.execute(TAKE_LOCK, {"id": id})
    await conn.execute(INSERT, {"id": id, "host": host, "pid": pid, "role": role, "version": version})
    await conn.execute(FORGET)


async def take_lock(conn: Connection, id: str) -> None:
    await conn.execute(TAKE_LOCK, {"id": id})


async def beat(conn: Connection, id: str) -> bool:
    """False when the others have ended this process."""
    return await (await conn.execute(BEAT, {"id": id})).fetchone() is not None


async def leave(conn: Connection, id: str) -> None:
    await conn.execute(LEAVE, {"id": id})


async def end_the_dead(conn: Connection, id: str, silence: float, lost: float) -> list[tuple[str, str, bool]]:
    """End every process but ``id`` that was silent for ``silence`` seconds, or for ``lost`` and has lost its session.

    Returns those and whoever others have ended lately: (executor, how, whether it was ended here)."""
    found = await conn.execute(END_THE_DEAD, {"id": id, "silence": silence, "lost": lost, "lately": LATELY})
    return [(row[0], row[1], row[2]) for row in await found.fetchall()]


async def living(db: Database) -> dict[str, int]:
    """How many processes there are of each role."""
    async with db.pool.connection() as conn:
        rows: list[Any] = await (await conn.execute(LIVING)).fetchall()
    return {row[0]: row[1] for row in rows}


async def lives(conn: Connection, id: str) -> bool:
    """Whether this process is there; one that died lately may still count as being there for some seconds."""
    return await (await conn.execute(LIVES, {"id": id})).fetchone() is not None


async def held_elsewhere(db: Database, org_id: OrgId, run_id: RunId, id: str) -> bool:
    """Whether a living process other than ``id`` still has the run in hand."""
    async with db.org(org_id) as conn:
        return await (await conn.execute(HELD_ELSEWHERE, {"run_id": run_id, "id": id})).fetchone() is not None
