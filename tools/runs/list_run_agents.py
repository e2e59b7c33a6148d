"""Who works in a run: each agent with what it does, how much it has asked of the models, and what that cost."""

from datetime import datetime
from decimal import Decimal as Dollars
from typing import Literal

from pydantic import Field

from knowledge.ids import RunId
from knowledge.runs.agents import AgentWork, agents_of
from knowledge.runs.models import ACTIVE, RunRow
from tools.runs.view import get_run
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")


class AgentInRun(Wire):
    """``doing`` while it is at work; ``spend`` in US dollars; ``calls``: model calls that were paid for."""

    agent: str
    state: Literal["working", "waiting", "done", "stopped"]
    doing: str | None
    steps: list[str]
    iteration: int
    started_at: datetime
    last_at: datetime
    calls: int
    input_tokens: int
    output_tokens: int
    spend: Dollars
    models: list[str]


class Output(Wire):
    items: list[AgentInRun]


async def list_run_agents(context: ToolContext, asked: Input) -> Output:
    """List the agents that have worked in a run: what each does or did, its steps, model calls and cost."""
    async with context.tx() as conn:
        run = await get_run(conn, asked.run_id)
        found = await agents_of(conn, run.id)
    return Output(items=[_view(run, agent) for agent in found])


def _view(run: RunRow, found: AgentWork) -> AgentInRun:
    state = _state(run, found)
    return AgentInRun(
        agent=found.agent,
        state=state,
        doing=found.doing if state in ("working", "stopped") else None,
        steps=found.steps,
        iteration=found.iteration,
        started_at=found.first_at,
        last_at=found.last_at,
        calls=found.calls,
        input_tokens=found.input_tokens,
        output_tokens=found.output_tokens,
        spend=found.cost,
        models=found.models,
    )


def _state(run: RunRow, found: AgentWork) -> Literal["working", "waiting", "done", "stopped"]:
    if not found.open:
        return "done"
    if run.status not in ACTIVE:
        return "stopped"
    return "waiting" if run.status == "waiting" else "working"


LIST_RUN_AGENTS = Tool(
    name="list_run_agents",
    title="Agents of a run",
    input=Input,
    output=Output,
    run=list_run_agents,
    scope="runs:read",
)
