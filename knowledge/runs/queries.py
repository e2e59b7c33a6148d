"""SQL over ``runs`` and ``run_events``; events are written through ``events``. Nothing here commits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, Database, fetch_all, fetch_one
from knowledge.ids import OrgId, RunId
from knowledge.runs.models import Event, NewRun, RunRow, RunStatus, Waiting

_COLUMNS = """
  r.id, r.org_id, r.client_id, r.campaign_id, r.session_id, r.parent_id, r.kind, r.command, r.title, r.state,
  r.status, r.progress, r.iteration, r.input, r.output, r.error, r.engine, r.engine_id, r.idempotency_key,
  r.budget_limit, r.last_seq, r.started_by, r.created_at, r.started_at, r.finished_at, r.updated_at,
  c.name as client_name, k.name as campaign_name, r.client_token_hash is not null as guarded, r.holder
"""
_JOINED = "left join clients c on c.id = r.client_id left join campaigns k on k.id = r.campaign_id"
_FROM = f"from runs r {_JOINED}"

_INSERT = """
insert into runs (id, org_id, client_id, campaign_id, session_id, parent_id, kind, command, title, input, engine,
  engine_id, idempotency_key, client_token_hash, budget_limit, started_by, holder)
values (%(id)s, %(org_id)s, %(client_id)s, %(campaign_id)s, %(session_id)s, %(parent_id)s, %(kind)s, %(command)s,
  %(title)s, %(input)s, %(engine)s, %(id)s::text, %(idempotency_key)s, %(client_token_hash)s,
  %(budget_limit)s, %(started_by)s, %(holder)s)
on conflict (org_id, idempotency_key) do nothing
"""
INSERT_RUN = f"{_INSERT} returning id"
# a new run as everybody sees it from here on
START_RUN = f"with r as ({_INSERT} returning *) select {_COLUMNS} from r {_JOINED}"
FIND_RUN = f"select {_COLUMNS} {_FROM} where r.id = %(id)s"
LOCK_RUN = f"{FIND_RUN} for no key update of r"
FIND_BY_KEY = f"select {_COLUMNS} {_FROM} where r.idempotency_key = %(key)s"
FIND_RIVAL = f"""
select {_COLUMNS} {_FROM}
where r.kind = %(kind)s and r.id <> %(id)s and r.status in ('queued', 'running', 'waiting')
  and ((r.kind = 'client_onboarding' and r.client_id = %(client_id)s)
    or (r.kind = 'campaign_planning' and r.campaign_id = %(campaign_id)s))
"""
LIST_RUNS = f"""
select {_COLUMNS} {_FROM}
where (%(statuses)s::text[] is null or r.status = any(%(statuses)s))
  and (%(kind)s::text is null or r.kind = %(kind)s)
  and (%(client_id)s::uuid is null or r.client_id = %(client_id)s)
  and (%(campaign_id)s::uuid is null or r.campaign_id = %(campaign_id)s)
  and (%(session_id)s::uuid is null or r.session_id = %(session_id)s)
  and (%(agent)s::text is null or exists (
    select from run_events e where e.run_id = r.id and e.type = 'agent_started' and e.agent = %(agent)s))
  and (%(before_at)s::timestamptz is null or (r.created_at, r.id) < (%(before_at)s, %(before_id)s))
order by r.created_at desc, r.id desc
limit %(limit)s
"""
ACTIVE_KINDS = "select id, kind from runs where status in ('queued', 'running', 'waiting')"
# stopped by itself, while the run above goes on and waits for it
STOPPED_PARTS = """
select part.id, above.id from runs above join runs part on part.parent_id = above.id
where above.status = 'running' and part.status = 'stopped'
"""
LIST_DESCENDANTS = f"""
with recursive tree as (
  select id from runs where parent_id = %(id)s
  union all select child.id from runs child join tree on child.parent_id = tree.id
)
select {_COLUMNS} {_FROM} where r.id in (select id from tree) order by r.created_at, r.id
"""
UPDATE_STATUS = """
update runs set status = %(status)s, updated_at = now(),
  output = coalesce(%(output)s, output),
  error = %(error)s,
  progress = greatest(progress, coalesce(%(progress)s, 0)), state = coalesce(%(state)s, state),
  iteration = coalesce(%(iteration)s, iteration),
  holder = case when %(status)s not in ('completed', 'failed', 'cancelled') then holder end,
  started_at = case when %(status)s = 'running' then coalesce(started_at, now()) else started_at end,
  finished_at = case when %(status)s in ('completed', 'failed', 'cancelled') then now() end
where id = %(id)s
"""
HOLD = "update runs set holder = %(holder)s, error = null where id = %(id)s"
LET_GO = "update runs set holder = null where id = %(id)s and holder = %(holder)s"
TELL_ERROR = "update runs set error = %(error)s, updated_at = now() where id = %(id)s"
UPDATE_PROGRESS = """
update runs set progress = greatest(progress, coalesce(%(progress)s, 0)), state = coalesce(%(state)s, state),
  iteration = coalesce(%(iteration)s, iteration), updated_at = now()
where id = %(id)s
"""
# The time people took to decide is not the run's, so it is taken off.
USUAL_SECONDS = """
select percentile_cont(0.5) within group (order by seconds) as usual from (
  select extract(epoch from r.finished_at - r.started_at) - coalesce((
      select sum(extract(epoch from a.decided_at - a.requested_at)) from approvals a
      where a.run_id = r.id and a.decided_at is not null), 0) as seconds
  from runs r where r.kind = %(kind)s and r.status = 'completed' and r.started_at is not null
  order by r.finished_at desc limit 20) last
"""
FIND_WAITING = """
select id as approval_id, gate, subject_type, subject_id, subject_version, subject_hash, requested_at
from approvals where run_id = %(id)s and decision is null and withdrawn_at is null
order by requested_at desc limit 1
"""
CLIENT_AND_CAMPAIGN_EXIST = """
select (%(client_id)s::uuid is null or exists (select from clients where id = %(client_id)s))
  and (%(campaign_id)s::uuid is null or exists (select from campaigns where id = %(campaign_id)s
       and (%(client_id)s::uuid is null or client_id = %(client_id)s)))
  and (%(session_id)s::uuid is null or exists (select from sessions where id = %(session_id)s))
"""

_EVENT_COLUMNS = "run_id, seq, at, type, agent, iteration, step, data"
# The lock comes in a statement of its own: the next one then sees what the last writer committed.
LOCK_STATUS = "select status, holder, last_seq from runs where id = %(run_id)s for no key update"
# Those who watch need not read what is short enough to go with its announcement: NOTIFY takes 8,000 bytes.
APPEND_EVENTS = f"""
with given as (
  select * from jsonb_to_recordset(%(events)s::jsonb)
    as g (n int, type text, agent text, iteration int, step text, data jsonb, dedup_key text)
), fresh as (
  select given.*, row_number() over (order by n) as nth from given
  where dedup_key is null
     or not exists (select from run_events e where e.run_id = %(run_id)s and e.dedup_key = given.dedup_key)
), bumped as (
  update runs set last_seq = last_seq + (select count(*) from fresh), updated_at = now()
  where id = %(run_id)s and exists (select from fresh)
  returning org_id, last_seq - (select count(*) from fresh) as base
), written as (
  insert into run_events (org_id, run_id, seq, type, agent, iteration, step, data, dedup_key)
  select bumped.org_id, %(run_id)s, bumped.base + nth, type, agent, iteration, step, data, dedup_key
  from fresh, bumped order by nth
  returning {_EVENT_COLUMNS}
), notice as (
  select jsonb_build_object('r', %(run_id)s::text, 's', max(seq), 't', jsonb_agg(distinct type)) as short,
    max(seq) as last from written having count(*) > 0
), rows as (
  select jsonb_build_object('o', (select org_id from bumped), 'e', jsonb_agg(to_jsonb(written) order by seq)) as listed
  from written where %(short)s
), told as materialized (
  select last, pg_notify(%(channel)s, case when %(short)s and octet_length((short || listed)::text) <= 7500
    then (short || listed)::text else short::text end) from notice, rows
)
select {_EVENT_COLUMNS} from written, told where %(whole)s or seq = last order by seq
"""
LIST_EVENTS = f"""
select {_EVENT_COLUMNS} from run_events where run_id = %(run_id)s and seq > %(after)s
  and (%(agent)s::text is null or agent = %(agent)s) order by seq limit %(limit)s
"""
EVENT_KEYS = "select dedup_key from run_events where run_id = %(run_id)s and dedup_key is not null"
UNFINISHED_STEPS = """
select distinct e.run_id, e.step from run_events e join runs r on r.id = e.run_id
where e.type = 'step_started' and r.status in ('queued', 'running', 'waiting', 'stopped')
"""
STEP_EVENTS = f"""
select {_EVENT_COLUMNS} from run_events where run_id = %(run_id)s and type = any(%(types)s) order by seq
"""


async def insert_run(conn: Connection, run: NewRun) -> bool:
    """False when the organisation has a run with this idempotency key already.

    Raises ``psycopg.errors.UniqueViolation`` when another run holds the one place (onboarding, planning).
    """
    values = {**run.model_dump(), "input": Jsonb(run.input)}
    return await (await conn.execute(INSERT_RUN, values)).fetchone() is not None


async def start_run(conn: Connection, run: NewRun) -> RunRow | None:
    """The same, giving the run as it stands now; None when there is one with this idempotency key already."""
    return await fetch_one(conn, RunRow, START_RUN, {**run.model_dump(), "input": Jsonb(run.input)})


async def find_run(conn: Connection, run_id: UUID) -> RunRow | None:
    return await fetch_one(conn, RunRow, FIND_RUN, {"id": run_id})


async def lock_run(conn: Connection, run_id: UUID) -> RunRow | None:
    """The run, held until the end of the transaction: its status cannot change meanwhile."""
    return await fetch_one(conn, RunRow, LOCK_RUN, {"id": run_id})


async def find_run_by_key(conn: Connection, key: str) -> RunRow | None:
    return await fetch_one(conn, RunRow, FIND_BY_KEY, {"key": key})


async def find_rival(
    conn: Connection, kind: str, run_id: UUID, client_id: UUID | None, campaign_id: UUID | None
) -> RunRow | None:
    """The run that holds the one place this kind has for the client or campaign."""
    values = {"kind": kind, "id": run_id, "client_id": client_id, "campaign_id": campaign_id}
    return await fetch_one(conn, RunRow, FIND_RIVAL, values)


async def list_runs(
    conn: Connection,
    *,
    statuses: list[str] | None = None,
    kind: str | None = None,
    client_id: UUID | None = None,
    campaign_id: UUID | None = None,
    session_id: UUID | None = None,
    agent: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[RunRow]:
    """Newest first. ``agent``: only those in which it was at work. ``before``: (created_at, id) of the last one seen."""
    before_at, before_id = before or (None, None)
    values = {
        "statuses": statuses,
        "kind": kind,
        "client_id": client_id,
        "campaign_id": campaign_id,
        "session_id": session_id,
        "agent": agent,
        "before_at": before_at,
        "before_id": before_id,
        "limit": limit,
    }
    return await fetch_all(conn, RunRow, LIST_RUNS, values)


async def active_kinds(conn: Connection) -> dict[RunId, str]:
    """Every run that has not ended and is not stopped, with its kind."""
    return {row[0]: row[1] for row in await (await conn.execute(ACTIVE_KINDS)).fetchall()}


async def read_stopped_parts(db: Database, org_id: OrgId) -> list[tuple[RunId, RunId]]:
    """Stopped runs that another waits for, each with that one."""
    async with db.org(org_id) as conn:
        return [(row[0], row[1]) for row in await (await conn.execute(STOPPED_PARTS)).fetchall()]


async def list_descendants(conn: Connection, run_id: UUID) -> list[RunRow]:
    return await fetch_all(conn, RunRow, LIST_DESCENDANTS, {"id": run_id})


async def update_status(
    conn: Connection,
    run_id: UUID,
    status: str,
    *,
    output: dict[str, Any] | None = None,
    error: str | None = None,
    progress: int | None = None,
    state: str | None = None,
    iteration: int | None = None,
) -> None:
    """Move a run the caller has locked; one that has ended is in nobody's hand. The matching event belongs in the same
    transaction. Progress, state and iteration as ``update_progress`` has them."""
    values = {
        "id": run_id,
        "status": status,
        "output": None if output is None else Jsonb(output),
        "error": error,
        "progress": progress,
        "state": state,
        "iteration": iteration,
    }
    await conn.execute(UPDATE_STATUS, values)


async def tell_error(conn: Connection, run_id: UUID, error: str) -> None:
    """Why a run that has not ended does not get on; gone with its next change of status."""
    await conn.execute(TELL_ERROR, {"id": run_id, "error": error})


async def hold(conn: Connection, run_id: UUID, holder: str) -> None:
    """``holder`` has the run in hand from now on: nobody else writes its log any more."""
    await conn.execute(HOLD, {"id": run_id, "holder": holder})


async def let_go(conn: Connection, run_id: UUID, holder: str) -> None:
    """``holder`` is through with the run; nothing when another has it by now."""
    await conn.execute(LET_GO, {"id": run_id, "holder": holder})


async def update_progress(
    conn: Connection,
    run_id: UUID,
    *,
    progress: int | None = None,
    state: str | None = None,
    iteration: int | None = None,
) -> None:
    """Progress (0–100) only ever grows; state and iteration are kept when not given."""
    values = {"id": run_id, "progress": progress, "state": state, "iteration": iteration}
    await conn.execute(UPDATE_PROGRESS, values)


async def usual_seconds(conn: Connection, kind: str) -> float | None:
    """Median working time of the last 20 completed runs of a kind, people's waiting taken off."""
    row = await (await conn.execute(USUAL_SECONDS, {"kind": kind})).fetchone()
    return None if row is None or row[0] is None else max(0.0, float(row[0]))


async def find_waiting(conn: Connection, run_id: UUID) -> Waiting | None:
    return await fetch_one(conn, Waiting, FIND_WAITING, {"id": run_id})


async def scope_exists(
    conn: Connection, client_id: UUID | None, campaign_id: UUID | None, session_id: UUID | None
) -> bool:
    """True when everything named belongs to this organisation, and the campaign to the client."""
    values = {"client_id": client_id, "campaign_id": campaign_id, "session_id": session_id}
    row = await (await conn.execute(CLIENT_AND_CAMPAIGN_EXIST, values)).fetchone()
    return row is not None and bool(row[0])


async def lock_status(conn: Connection, run_id: UUID) -> tuple[RunStatus, str | None, int] | None:
    """Where the run stands, which process has it in hand, its last event; its row is held until the transaction ends."""
    row = await (await conn.execute(LOCK_STATUS, {"run_id": run_id})).fetchone()
    return None if row is None else (row[0], row[1], row[2])


async def append_events(conn: Connection, run_id: UUID, listed: str, channel: str, *, whole: bool) -> list[Event]:
    """Write events under the run's lock and tell ``channel``; those that were not there yet, as they are now, or only
    the last of them when they are not wanted ``whole``.

    ``listed``: JSON objects with n (their order), type, agent, iteration, step, data, dedup_key.
    """
    values = {"run_id": run_id, "events": listed, "channel": channel, "short": len(listed) <= 7_500, "whole": whole}
    return await fetch_all(conn, Event, APPEND_EVENTS, values)


async def list_events(
    conn: Connection, run_id: UUID, after: int = 0, limit: int = 500, *, agent: str | None = None
) -> list[Event]:
    """Events with ``seq`` greater than ``after``, in order; ``agent``: only what this one said."""
    values = {"run_id": run_id, "after": after, "limit": limit, "agent": agent}
    return await fetch_all(conn, Event, LIST_EVENTS, values)


async def read_events(db: Database, org_id: OrgId, run_id: UUID, after: int, limit: int) -> list[Event]:
    """The same in a transaction of its own."""
    return await db.rows(org_id, Event, LIST_EVENTS, {"run_id": run_id, "after": after, "limit": limit, "agent": None})


async def read_run(db: Database, org_id: OrgId, run_id: UUID) -> RunRow | None:
    """The run, in a transaction of its own."""
    found = await db.rows(org_id, RunRow, FIND_RUN, {"id": run_id})
    return found[0] if found else None


async def known_keys(conn: Connection, run_id: UUID) -> set[str]:
    """The deduplication keys already written, so that a repeated run need not offer them again."""
    rows = await (await conn.execute(EVENT_KEYS, {"run_id": run_id})).fetchall()
    return {str(row[0]) for row in rows}


async def unfinished_steps(conn: Connection) -> list[tuple[RunId, str]]:
    """Every step that was begun in a run that has not ended, the completed ones among them."""
    rows = await (await conn.execute(UNFINISHED_STEPS)).fetchall()
    return [(RunId(row[0]), str(row[1])) for row in rows]


async def list_step_events(conn: Connection, run_id: UUID, types: list[str]) -> list[Event]:
    return await fetch_all(conn, Event, STEP_EVENTS, {"run_id": run_id, "types": types})
