"""A run's parts: what becomes of one that somebody stopped while the run above waits for it.

What always holds: whoever waits is told once for each stop (``Mending`` does it, so no crash in between is in the
way); people choose between resuming the part and going on without it, or they stop the whole; a part that was resumed
from its own card, or has ended meanwhile, answers the question by itself.
"""

import contextlib
from typing import TYPE_CHECKING

from assistant.runs import wishes
from assistant.runs.protocol import Decision, Subject
from knowledge.approvals import queries as approvals
from knowledge.db import Connection
from knowledge.errors import Conflict
from knowledge.ids import OrgId, RunId
from knowledge.runs import events, queries
from knowledge.runs.models import RunRow, RunStatus

if TYPE_CHECKING:
    from assistant.runs.dbos_engine import DbosEngine

#: the gate at which the run above asks
GATE = "stopped part"
#: how a message about a stop begins; the one about a part's end is its id
STOPPED = "stopped "


def topic(part: RunId) -> str:
    return f"child:{part}"


def question(part: RunRow) -> Subject:
    sentence = f"‘{part.title}’, a part of this, was stopped. Resume it, or go on without it?"
    return Subject(type="run", id=part.id, sentence=sentence)


async def tell_of_stop(engine: "DbosEngine", org_id: OrgId, part: RunId, above: RunId, within: float) -> None:
    """Wake the run that waits for this part, unless the stop is one of the whole; the same stop is told once.

    Raises ``Conflict`` when somebody is still at the run above after ``within`` seconds.
    """
    async with engine.one_at_a_time(above, within):
        stopped = await queries.read_run(engine.db, org_id, part)
        waits = await queries.read_run(engine.db, org_id, above)
        if stopped is None or stopped.status != "stopped" or waits is None or waits.status != "running":
            return
        await engine.send(above, topic(part), f"{STOPPED}{stopped.last_seq}")


async def settle_question(conn: Connection, part: RunRow) -> None:
    """It goes on, or has ended: what the run above asks about its stop has its answer."""
    if part.parent_id is not None:
        await approvals.settle_about_part(conn, part.parent_id, part.id)


async def act_on(engine: "DbosEngine", org_id: OrgId, part: RunId, decision: Decision) -> None:
    """Resume the stopped part, or end it for good; nothing when that has happened already."""
    while True:
        # somebody may be stopping or resuming it for long, and what was stopped may be long in ending
        with contextlib.suppress(Conflict):
            async with engine.one_at_a_time(part):
                run = await queries.read_run(engine.db, org_id, part)
                if run is None or run.status != "stopped":
                    return None
                if not decision.approved:
                    return await _leave_out(engine, run, str(decision.decided_by))
                if await engine.ended(run):
                    return await _resume(engine, run, str(decision.decided_by))


async def _resume(engine: "DbosEngine", part: RunRow, by: str) -> None:
    async with engine.db.org(part.org_id) as conn:
        await wishes.go_on(conn, part.id, await _stopped(conn, part.id), by)
    await engine.take_up(part)


async def _leave_out(engine: "DbosEngine", part: RunRow, by: str) -> None:
    async with engine.db.org(part.org_id) as conn:
        await wishes.withdraw_questions(conn, part.id)
        locked = await _stopped(conn, part.id)
        await wishes.end_for_good(conn, part.id, locked, by, "Left out, as decided: it does not go on.")
    await engine.interrupt(part.id)


async def _stopped(conn: Connection, part: RunId) -> RunStatus:
    """Lock it. Raises Conflict when it is not stopped any more: then it is looked at again."""
    status = await events.lock(conn, part)
    if status != "stopped":
        raise Conflict()
    return status
