"""The workflow function behind every kind of run: take the run where it stands and bring it to its end.

What always holds: our row says the run has ended before the engine does, in one transaction with its event; a run
that was stopped meanwhile is left alone; a bug ends the run with one plain sentence, its traceback is only logged.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

import psycopg
from dbos._context import current_owner_xid
from dbos._error import DBOSUnexpectedStepError, DBOSWorkflowConflictIDError
from psycopg_pool import PoolClosed, PoolTimeout
from pydantic import BaseModel

from assistant.runs import parts
from assistant.runs.dbos_run import DbosRun
from assistant.runs.encoding import Outgrown
from assistant.runs.faults import BUG
from assistant.runs.protocol import RunFacts
from assistant.runs.run_log import Fenced, Moved, RunLog, Told
from assistant.runs.stopping import Execution, stopped
from knowledge.db import Connection
from knowledge.errors import AdroomError
from knowledge.ids import OrgId, RunId
from knowledge.outages import through_outages
from knowledge.runs import agent_queries, queries
from knowledge.runs.models import ACTIVE, NewEvent, RunRow, RunStatus

if TYPE_CHECKING:
    from assistant.runs.dbos_engine import DbosEngine

logger = logging.getLogger(__name__)

#: the key of a run's first event
BEGUN = "run_started"


#: what the engine has kept of it is not what its body does now
OUTGROWN = (
    "This run was begun with an earlier version of Adroom, in which ‘{title}’ went another way, so it cannot go on. "
    "Everything finished before is kept; start it again."
)


async def execute(engine: "DbosEngine", org_id: OrgId, run_id: RunId) -> None:
    """The workflow function of every kind: take the run where it stands and bring it to its end."""
    _while_open(engine)
    task = cast("asyncio.Task[Any]", asyncio.current_task())
    owner, over, goes_on = current_owner_xid(str(run_id)), False, True
    execution = engine.executions[run_id] = Execution(task, org_id, owner)
    try:
        run = engine.fresh.pop(run_id, None)  # begun a moment ago in this process: nobody can have handed it on
        if run is None:
            run = await through_outages(lambda: _take(engine, org_id, run_id, owner))
        if run.status == "stopped":
            raise Fenced(run.status)
        if run.status in ACTIVE:
            await _work(engine, execution, run)
        if run.parent_id is not None:
            await through_outages(lambda: _settle_question(engine, run))
            await engine.send(run.parent_id, parts.topic(run_id), str(run_id))
        over = True
    except Moved:
        raise DBOSWorkflowConflictIDError(str(run_id)) from None
    except Fenced as fence:
        if fence.status == "stopped":
            # a crash may have come between our word and the engine's
            await through_outages(lambda: engine.give_up(run_id, owner))
            raise stopped() from None
    except (psycopg.Error, PoolClosed, PoolTimeout):
        _while_open(engine)
        goes_on = False
        raise
    finally:
        engine.bus.forget(run_id)
        if not over and not engine.closing:
            await through_outages(lambda: _let_go_of(engine, org_id, run_id))
            if goes_on:  # nobody has stopped it, nobody else has it: the database has lost the end of what was written
                await engine.again(run_id, owner)
        if engine.executions.get(run_id) is execution:
            # the task itself ends a moment later; who waits for that holds on to the execution
            task.add_done_callback(lambda _: _let_go(engine, run_id, execution))


def _while_open(engine: "DbosEngine") -> None:
    """A process that is going away neither begins nor ends a run: the next one goes on with it."""
    if engine.closing:
        raise asyncio.CancelledError


def _let_go(engine: "DbosEngine", run_id: RunId, execution: Execution) -> None:
    if engine.executions.get(run_id) is execution:
        del engine.executions[run_id]


async def _settle_question(engine: "DbosEngine", run: RunRow) -> None:
    async with engine.db.org(run.org_id) as conn:
        await parts.settle_question(conn, run)


async def _let_go_of(engine: "DbosEngine", org_id: OrgId, run_id: RunId) -> None:
    """Whoever waits until nothing of the run is at work anywhere looks at the row."""
    async with engine.db.org(org_id, at_once=False) as conn:
        await queries.let_go(conn, run_id, engine.peers.id)


async def _take(engine: "DbosEngine", org_id: OrgId, run_id: RunId, owner: str | None) -> RunRow:
    """Take the run in hand, as it stands."""
    # lost with the machine it would be written again: the engine still has before it what comes next
    async with engine.db.org(org_id, at_once=False) as conn:
        run = await queries.lock_run(conn, run_id)
        if run is None:
            raise Fenced("cancelled")  # its organisation or client is gone
        if owner != await engine.rows.owner(run_id):
            raise Moved(run.status)
        if run.status in ACTIVE:
            await queries.hold(conn, run_id, engine.peers.id)
            # the process that had an agent at work is dead
            await agent_queries.close_agent_runs(conn, run_id, "stopped")
        return run


async def _work(engine: "DbosEngine", execution: Execution, row: RunRow) -> None:
    workflow = engine.workflows[row.kind]
    # of a run that has just begun nothing is written yet; that it is under way is written with what it says first
    known = set[str]() if row.status == "queued" else await through_outages(lambda: _known_keys(engine, row))
    log = RunLog(engine.db, engine.bus, row.org_id, row.id, workflow.steps, engine.peers.id, known, row.last_seq)
    log.add(NewEvent(type="run_started", data={"kind": row.kind, "title": row.title}, dedup_key=BEGUN))
    execution.log = log
    run = DbosRun(engine, execution, facts_of(row), log)
    try:
        output = await workflow.body(run, workflow.input_model.model_validate(row.input))
        await _complete(log, output)
    except (Fenced, asyncio.CancelledError):
        raise
    except DBOSWorkflowConflictIDError:  # the engine has handed the run on
        raise Moved("running") from None
    except (DBOSUnexpectedStepError, Outgrown) as error:
        logger.error("run %s (%s) was begun on another body: %s", row.id, row.kind, error)
        await _fail(log, OUTGROWN.format(title=row.title), "outgrown")
    except AdroomError as error:
        await _fail(log, error.message, error.code)
    except Exception:
        _while_open(engine)
        logger.exception("run %s (%s) ended in a bug", row.id, row.kind)
        await _fail(log, BUG, "bug")


async def _known_keys(engine: "DbosEngine", row: RunRow) -> set[str]:
    async with engine.db.org(row.org_id) as conn:
        return await queries.known_keys(conn, row.id)


async def _complete(log: RunLog, output: BaseModel | None) -> None:
    given: dict[str, Any] = output.model_dump(mode="json", by_alias=True) if output else {}

    async def change(conn: Connection, _: RunStatus) -> Told:
        await agent_queries.close_agent_runs(conn, log.run_id, "completed")
        ended = NewEvent(type="run_completed", data={"output": given}, dedup_key="run_ended")
        return Told([ended], "completed", output=given)

    await log.write_with(change)


async def _fail(log: RunLog, sentence: str, code: str) -> None:
    async def change(conn: Connection, _: RunStatus) -> Told:
        await agent_queries.close_agent_runs(conn, log.run_id, "failed")
        ended = NewEvent(type="run_failed", data={"error": sentence, "code": code}, dedup_key="run_ended")
        return Told([ended], "failed", error=sentence)

    await log.write_with(change)


def facts_of(row: RunRow) -> RunFacts:
    return RunFacts(
        id=row.id,
        org_id=row.org_id,
        client_id=row.client_id,
        campaign_id=row.campaign_id,
        session_id=row.session_id,
        started_by=row.started_by,
        kind=row.kind,
        title=row.title,
        budget_limit=row.budget_limit,
    )
