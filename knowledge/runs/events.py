"""The log of a run: appended under the run's row lock, so that ``seq`` has no gap and order is commit order.

What always holds: an event is written with the change it reports, in one transaction; an event with a
``dedup_key`` is written once however often its step is repeated; every transaction that wrote events tells the
channel ``CHANNEL`` which run has grown to which number, and readers fetch the rows.
"""

import json
import re
from collections.abc import Sequence
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.approvals.models import Approval
from knowledge.db import Connection, fetch_all
from knowledge.errors import NotFound
from knowledge.runs.models import Event, NewEvent, RunStatus, Step, StepStatus

#: the NOTIFY channel: ``{"r": run id, "s": seq, "t": [types]}`` for written events, ``{"d": […]}`` for text deltas
CHANNEL = "adroom_runs"

#: an escaped NUL, told apart from an escaped backslash followed by the letters u0000
_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")

_COLUMNS = "run_id, seq, at, type, agent, iteration, step, data"

# The lock comes in a statement of its own: the next one then sees what the last writer committed.
LOCK = "select status from runs where id = %(run_id)s for no key update"
APPEND = """
with given as (
  select * from jsonb_to_recordset(%(events)s)
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
  returning seq, type
)
select max(seq), pg_notify(%(channel)s, json_build_object(
  'r', %(run_id)s::text, 's', max(seq), 't', json_agg(distinct type))::text)
from written having count(*) > 0
"""
LIST = f"""
select {_COLUMNS} from run_events where run_id = %(run_id)s and seq > %(after)s order by seq limit %(limit)s
"""
KEYS = "select dedup_key from run_events where run_id = %(run_id)s and dedup_key is not null"
STEP_EVENTS = f"""
select {_COLUMNS} from run_events where run_id = %(run_id)s and type = any(%(types)s) order by seq
"""

_STEP_STATUS: dict[str, StepStatus] = {
    "step_started": "running",
    "step_completed": "completed",
    "step_failed": "failed",
    "approval_requested": "waiting",
    "approval_decided": "completed",
}
#: what a step that was under way becomes when the whole run ends so
_ENDS: dict[str, StepStatus] = {"run_stopped": "stopped", "run_failed": "failed"}


async def append(conn: Connection, run_id: UUID, events: Sequence[NewEvent], *, locked: RunStatus | None = None) -> int:
    """Write events in order; the run's last sequence number among them, or 0 when all were there already.

    ``locked``: the status of a run whose row this transaction has locked already. Raises ``NotFound`` for a run
    that is not of this organisation.
    """
    if locked is None:
        await lock(conn, run_id)
    listed = [{"n": n, **event.model_dump(mode="json")} for n, event in enumerate(events)]
    values = {"run_id": run_id, "events": Jsonb(listed, dumps=_plain_json), "channel": CHANNEL}
    row = await (await conn.execute(APPEND, values)).fetchone()
    return int(row[0]) if row else 0


async def lock(conn: Connection, run_id: UUID) -> RunStatus:
    """Hold the run's row until the transaction ends, and say where it stands."""
    row = await (await conn.execute(LOCK, {"run_id": run_id})).fetchone()
    if row is None:
        raise NotFound("That run does not exist, or not for you.")
    status: RunStatus = row[0]
    return status


async def list_events(conn: Connection, run_id: UUID, after: int = 0, limit: int = 500) -> list[Event]:
    """Events with ``seq`` greater than ``after``, in order."""
    return await fetch_all(conn, Event, LIST, {"run_id": run_id, "after": after, "limit": limit})


async def known_keys(conn: Connection, run_id: UUID) -> set[str]:
    """The deduplication keys already written, so that a repeated run need not offer them again."""
    rows = await (await conn.execute(KEYS, {"run_id": run_id})).fetchall()
    return {str(row[0]) for row in rows}


def decided(approval: Approval) -> NewEvent:
    """The event of a decision: whoever decides writes it in the same transaction, the run writes it if nobody did."""
    data = {
        "approvalId": str(approval.id),
        "gate": approval.gate,
        "decision": approval.decision,
        "decidedBy": str(approval.decided_by) if approval.decided_by else None,
        "notes": approval.notes,
        "subjectId": str(approval.subject_id),
        "subjectVersion": approval.subject_version,
    }
    key = f"decided:{approval.id}"
    return NewEvent(type="approval_decided", step=approval.gate, data=data, dedup_key=key)


async def list_steps(conn: Connection, run_id: UUID, planned: Sequence[str] = ()) -> list[Step]:
    """The run's task list: what was begun, in order, then what is planned and not yet reached."""
    types = [*_STEP_STATUS, *_ENDS, "run_resumed"]
    found = await fetch_all(conn, Event, STEP_EVENTS, {"run_id": run_id, "types": types})
    return steps_of(found, planned)


def steps_of(events: Sequence[Event], planned: Sequence[str] = ()) -> list[Step]:
    """The same, from events in hand. A gate is a step that waits for a person."""
    steps: dict[str, Step] = {}
    for event in events:
        if event.type in _ENDS:
            _end_open(steps, _ENDS[event.type], event)
        elif event.type in _STEP_STATUS and event.step:
            steps[event.step] = _advance(steps.get(event.step), event, _STEP_STATUS[event.type])
        elif event.type == "run_resumed":
            _take_up_again(steps)
    coming = [Step(name=name, status="pending") for name in planned if name not in steps]
    return [*steps.values(), *coming]


def _advance(before: Step | None, event: Event, status: StepStatus) -> Step:
    over = status in ("completed", "failed")
    return Step(
        name=event.step or "",
        status=status,
        started_at=before.started_at if before and before.started_at else event.at,
        finished_at=event.at if over else None,
        agent=event.agent or (before.agent if before else None),
    )


def _end_open(steps: dict[str, Step], status: StepStatus, event: Event) -> None:
    for name, step in steps.items():
        if step.status in ("running", "waiting"):
            changes = {"status": status, "finished_at": event.at}
            steps[name] = step.model_copy(update=changes)


def _take_up_again(steps: dict[str, Step]) -> None:
    for name, step in steps.items():
        if step.status == "stopped":
            steps[name] = step.model_copy(update={"status": "running", "finished_at": None})


def _plain_json(value: object) -> str:
    # jsonb cannot hold a NUL; a model may well write one
    return _NUL.sub(r"\1", json.dumps(value, ensure_ascii=False))
