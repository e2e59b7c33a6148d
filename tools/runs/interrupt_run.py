"""Ends a run for good, keeping what it has made."""

from pydantic import Field

from knowledge.ids import RunId
from tools.runs.view import RunSummary, get_run, summaries
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")


class Output(Wire):
    run: RunSummary
    sentence: str


async def interrupt_run(context: ToolContext, asked: Input) -> Output:
    """End a run now and for good; what it has made so far is kept. To go on later, stop it instead."""
    async with context.tx() as conn:
        await get_run(conn, asked.run_id)
    sentence = await context.work.interrupt(context.caller, asked.run_id)
    async with context.tx() as conn:
        run = (await summaries(conn, context.caller, [await get_run(conn, asked.run_id)]))[0]
    return Output(run=run, sentence=sentence)


INTERRUPT_RUN = Tool(
    name="interrupt_run",
    title="Interrupt a run",
    input=Input,
    output=Output,
    run=interrupt_run,
    scope="runs:write",
    changes=True,
    people_only=True,
    repeatable=True,
)
