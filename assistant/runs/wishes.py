"""What becomes of a run that stands still, by whoever wishes it: it goes on, or it ends for good.

Both write the row and the event that tells of it, in the caller's transaction and with the run locked; the engine is told
afterwards (``take_up``, ``interrupt``). Who ends a run withdraws its questions first: whoever decides locks the question
before the run.
"""

from knowledge.approvals.queries import withdraw_of_run
from knowledge.db import Connection
from knowledge.ids import RunId
from knowledge.runs import agent_queries, events, queries
from knowledge.runs.models import NewEvent, RunStatus

withdraw_questions = withdraw_of_run


async def go_on(conn: Connection, run_id: RunId, locked: RunStatus, by: str) -> None:
    """``locked``: the status it was locked with."""
    await queries.update_status(conn, run_id, "running")
    await events.append(conn, run_id, [NewEvent(type="run_resumed", data={"by": by})], locked=locked)


async def end_for_good(conn: Connection, run_id: RunId, locked: RunStatus, by: str, sentence: str) -> None:
    await queries.update_status(conn, run_id, "cancelled")
    await agent_queries.close_agent_runs(conn, run_id, "stopped")
    event = NewEvent(type="run_interrupted", data={"by": by, "sentence": sentence}, dedup_key="run_ended")
    await events.append(conn, run_id, [event], locked=locked)
