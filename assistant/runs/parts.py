"""A run's parts: what becomes of one that somebody stopped while the run above waits for it.

What always holds: whoever waits is told once for each stop (``Mending`` does it, so no crash in between is in the
way); people choose between resuming the part and going on without it, or they stop the whole; a part that was resumed
from its own card, or has ended meanwhile, answers the question by itself.
"""

from typing import TYPE_CHECKING

from assistant.runs.protocol import Decision, Subject
from knowledge.approvals import queries as approvals
from knowledge.db import Connection
from knowledge.errors import Conflict
from knowledge.ids import OrgId, RunId
from knowledge.runs import agent_queries, events, queries
from knowledge.runs.models import NewEvent, RunRow

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


async def tell_of_stop(engine: "DbosEngine", org_id: OrgId, part: RunId, above: RunId) -> None:
    """Wake the run that waits for this part, unless the stop is one of the whole; the same stop is told once."""
    async with engine.one_at_a_time(above):
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
        try:
            return await _act_on(engine, org_id, part, decision)
        except Conflict:  # somebody is stopping or resuming it for long
            continue


async def _act_on(engine: "DbosEngine", org_id: OrgId, part: RunId, decision: Decision) -> None:
    async with engine.one_at_a_time(part):
        run = await queries.read_run(engine.db, org_id, part)
        if run is None or run.status != "stopped":
            return
        while decision.approved and not await engine.ended(run):
            pass
        async with engine.db.org(org_id) as conn:
            if await events.lock(conn, part) != "stopped":
                return
            await (_resume if decision.approved else _end)(conn, part, str(decision.decided_by))
        if decision.approved:
            await engine.take_up(run)
        else:
            await engine.interrupt(part)


async def _resume(conn: Connection, part: RunId, by: str) -> None:
    await queries.update_status(conn, part, "running")
    await events.append(conn, part, [NewEvent(type="run_resumed", data={"by": by})])


async def _end(conn: Connection, part: RunId, by: str) -> None:
    await queries.update_status(conn, part, "cancelled")
    await agent_queries.close_agent_runs(conn, part, "stopped")
    data = {"by": by, "sentence": "Left out, as decided: it does not go on."}
    await events.append(conn, part, [NewEvent(type="run_interrupted", data=data, dedup_key="run_ended")])
