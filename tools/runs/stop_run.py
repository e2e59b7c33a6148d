"""Stops a run at its next safe point."""

from pydantic import Field

from knowledge.ids import RunId
from tools.runs.view import RunSummary, get_run, summaries
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")


class Output(Wire):
    run: RunSummary
    sentence: str


async def stop_run(context: ToolContext, asked: Input) -> Output:
    """Stop a run at its next safe point. What was finished is kept; it can be resumed."""
    async with context.tx() as conn:
        await get_run(conn, asked.run_id)
    sentence = await context.work.stop(context.caller, asked.run_id)
    async with context.tx() as conn:
        run = (await summaries(conn, context.caller, [await get_run(conn, asked.run_id)]))[0]
    return Output(run=run, sentence=sentence)


STOP_RUN = Tool(
    name="stop_run",
    title="Stop a run",
    input=Input,
    output=Output,
    run=stop_run,
    scope="runs:write",
    changes=True,
    repeatable=True,
)
