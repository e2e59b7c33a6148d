"""/runs, /stop, /resume: what is under way, and its brakes."""

from collections.abc import Iterable
from uuid import UUID

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk, run_id_of
from knowledge.errors import Invalid
from knowledge.runs import queries
from knowledge.runs.models import RunRow

STOPPABLE = ("queued", "running", "waiting")


async def runs(desk: Desk, words: str) -> Answer:
    return Answer("Everything that runs, and what has ended lately.", (Card("RunList", {}),))


async def stop(desk: Desk, words: str) -> Answer:
    """Stop the run named (by the start of its id), or the only one under way."""
    run = await _pick(desk, words, STOPPABLE, "under way", "/stop")
    if isinstance(run, Answer):
        return run
    await desk.use("stop_run", runId=str(run.id))
    text = f"“{literal(run.title)}” is stopped. Everything finished is kept."
    return Answer(text, (Card("RunCard", {"runId": str(run.id)}),))


async def resume(desk: Desk, words: str) -> Answer:
    run = await _pick(desk, words, ("stopped",), "stopped", "/resume")
    if isinstance(run, Answer):
        return run
    await desk.use("resume_run", runId=str(run.id))
    return Answer(f"“{literal(run.title)}” goes on.", (Card("RunCard", {"runId": str(run.id)}),))


async def selftest(desk: Desk, words: str) -> Answer:
    """The whole chain once, on a scratch client that is taken away afterwards."""
    started = await desk.use("start_run", kind="test_campaign")
    text = (
        "Checking the whole chain on a scratch client, from intake to reviewed variants. A line for each check follows."
    )
    return Answer(text, (Card("RunCard", {"runId": str(run_id_of(started))}),))


async def _pick(desk: Desk, words: str, statuses: Iterable[str], state: str, command: str) -> RunRow | Answer:
    async with desk.services.db.org(desk.caller.org_id) as conn:
        found = await queries.list_runs(conn, statuses=list(statuses), limit=50)
    if words:
        found = [run for run in found if _is_named(run.id, words)]
        if not found:
            raise Invalid(f"No run that is {state} has an id beginning with “{literal(words[:40])}”. /runs lists them.")
    if not found:
        return Answer(f"Nothing is {state}.")
    if len(found) == 1:
        return found[0]
    buttons = tuple(
        Next(f"{run.title} · {run.created_at:%d %b, %H:%M}", f"{command} {str(run.id)[:13]}") for run in found[:8]
    )
    return Answer(f"{len(found)} runs are {state}. Which one?", (), buttons)


def _is_named(run_id: UUID, words: str) -> bool:
    return str(run_id).startswith(words.strip().lower())
