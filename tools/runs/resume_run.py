"""Takes a stopped run up again."""

from pydantic import Field

from knowledge.ids import RunId
from tools.runs.view import RunSummary, get_run, summaries
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")


class Output(Wire):
    run: RunSummary
    sentence: str


async def resume_run(context: ToolContext, asked: Input) -> Output:
    """Resume a stopped run from where it stopped."""
    async with context.tx() as conn:
        await get_run(conn, asked.run_id)
    sentence = await context.work.resume(context.caller, asked.run_id)
    async with context.tx() as conn:
        run = (await summaries(conn, context.caller, [await get_run(conn, asked.run_id)]))[0]
    return Output(run=run, sentence=sentence)


RESUME_RUN = Tool(
    name="resume_run",
    title="Resume a run",
    input=Input,
    output=Output,
    run=resume_run,
    scope="runs:write",
    changes=True,
    repeatable=True,
)
