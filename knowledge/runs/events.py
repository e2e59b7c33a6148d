"""The log of a run: appended under the run's row lock, so that ``seq`` has no gap and order is commit order.

What always holds: an event is written with the change it reports, in one transaction; an event with a
``dedup_key`` is written once however often its step is repeated; every transaction that wrote events tells the
channel ``CHANNEL`` which run has grown to which number, with the rows if they are short; readers fetch the others.
"""

import json
import re
from collections.abc import Sequence
from uuid import UUID

from knowledge.approvals.models import Approval
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.runs import queries
from knowledge.runs.models import Event, NewEvent, RunStatus, Step, StepStatus

#: the NOTIFY channel: ``{"r": run id, "s": seq, "t": [types]}`` for written events, if they are short with ``"o": the
#: organisation's id, "e": [rows]`` in it, ``{"d": […]}`` for text deltas, ``{"w": word, "r": run id, "a": about}`` for what
#: processes tell each other
CHANNEL = "adroom_runs"

#: an escaped NUL, told apart from an escaped backslash followed by the letters u0000
_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")

_STEP_STATUS: dict[str, StepStatus] = {
    "step_started": "running",
    "step_completed": "completed",
    "step_failed": "failed",
    "approval_requested": "waiting",
    "approval_decided": "completed",
}
#: what a step that was under way becomes when the whole run ends so
_ENDS: dict[str, StepStatus] = {"run_stopped": "stopped", "run_interrupted": "stopped", "run_failed": "failed"}


async def append(conn: Connection, run_id: UUID, events: Sequence[NewEvent], *, locked: RunStatus | None = None) -> int:
    """Write events in order; the run's last sequence number among them, or 0 when all were there already.

    ``locked``: the status of a run whose row this transaction has locked already. Raises ``NotFound`` for a run
    that is not of this organisation.
    """
    if locked is None:
        await lock(conn, run_id)
    written = await write(conn, run_id, events, whole=False)
    return written[-1].seq if written else 0


async def write(conn: Connection, run_id: UUID, events: Sequence[NewEvent], *, whole: bool = True) -> list[Event]:
    """The same for a run whose row this transaction has locked; gives what was not there yet, as it is written, or only
    the last of it when that is not wanted ``whole``."""
    listed = [{"n": n, **event.model_dump(mode="json")} for n, event in enumerate(events)]
    return await queries.append_events(conn, run_id, _plain_json(listed), CHANNEL, whole=whole)


async def lock(conn: Connection, run_id: UUID) -> RunStatus:
    """Hold the run's row until the transaction ends, and say where it stands."""
    return (await lock_held(conn, run_id))[0]


async def lock_held(conn: Connection, run_id: UUID) -> tuple[RunStatus, str | None, int]:
    """The same, which process has the run in hand, and the number of its last event."""
    found = await queries.lock_status(conn, run_id)
    if found is None:
        raise NotFound("That run does not exist, or not for you.")
    return found


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
    types = [*_STEP_STATUS, *_ENDS, "run_resumed", "progress"]
    return steps_of(await queries.list_step_events(conn, run_id, types), planned)


def steps_of(events: Sequence[Event], planned: Sequence[str] = ()) -> list[Step]:
    """The same, from events in hand. A gate is a step that waits for a person; a planned step whose parts are counted
    ("sections: 2 of 6") is not still to come: its parts stand there by themselves."""
    steps: dict[str, Step] = {}
    counted = {event.data.get("step") for event in events if event.type == "progress"}
    for event in events:
        if event.type in _ENDS:
            _end_open(steps, _ENDS[event.type], event)
        elif event.type in _STEP_STATUS and event.step:
            steps[event.step] = _advance(steps.get(event.step), event, _STEP_STATUS[event.type])
        elif event.type == "run_resumed":
            _take_up_again(steps)
    coming = [Step(name=name, status="pending") for name in planned if name not in steps and name not in counted]
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
