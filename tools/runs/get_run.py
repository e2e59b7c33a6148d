"""How one run is going."""

from pydantic import Field

from knowledge.ids import RunId
from tools.runs import view
from tools.runs.view import RunView
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")


async def get_run(context: ToolContext, asked: Input) -> RunView:
    """Show one run: its steps so far, cost, what it waits for and from whom, and what came of it."""
    async with context.tx() as conn:
        run = await view.get_run(conn, asked.run_id)
        return await view.run_view(conn, context.caller, run, ())


GET_RUN = Tool(
    name="get_run",
    title="Look at a run",
    input=Input,
    output=RunView,
    run=get_run,
    scope="runs:read",
)
