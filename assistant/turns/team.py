"""The team as the SDK's agents, for one turn: models, tools, handoffs and consulted critics wired up.

Everything a turn's agents do is on one tape (models and tools alike): a turn taken up again repeats nothing.
"""

from dataclasses import replace
from typing import Any

from agents import Agent, HandoffInputData, Tool, handoff
from agents.items import ToolCallItem, ToolCallOutputItem

from assistant.agents.definition import AgentSpec
from assistant.agents.team import TEAM
from assistant.models.order import CONTEXT, fence
from assistant.models.room import CallScope, ModelRoom, journaled_tools
from knowledge.db import Database
from tools.spec import ToolContext
from tools.surfaces.agent import agent_tools


class TurnContext:
    """What tools are handed during a turn: the caller, as the agent that is speaking."""

    def __init__(self, tool_context: ToolContext) -> None:
        self._tool_context = tool_context

    def tool_context(self, call_id: str | None = None) -> ToolContext:
        return replace(self._tool_context, call_key=call_id)


def build_team(room: ModelRoom, db: Database, scope: CallScope, told: dict[str, Any]) -> dict[str, Agent[TurnContext]]:
    """Every agent that speaks with people, ready to run; ``told`` is the state of things (turns/context.py)."""
    speakers = [spec for spec in TEAM.values() if spec.tools]
    team = {spec.id: _agent(spec, room, db, scope, told) for spec in speakers}
    for spec in speakers:
        team[spec.id].handoffs = [_handoff(team[other], TEAM[other]) for other in spec.hands_to]
    return team


def _agent(
    spec: AgentSpec, room: ModelRoom, db: Database, scope: CallScope, told: dict[str, Any]
) -> Agent[TurnContext]:
    own = scope.for_agent(spec.id)
    tools = journaled_tools(list[Tool](agent_tools(spec.tools)), own, db)
    return Agent[TurnContext](
        name=spec.name,
        instructions=f"{spec.instructions()}\n\n{fence(CONTEXT, told)}",
        model=room.model(spec.role, own),
        tools=[*tools, *(_consulted(TEAM[other], room, scope) for other in spec.consults)],
    )


def _consulted(spec: AgentSpec, room: ModelRoom, scope: CallScope) -> Tool:
    critic = Agent[TurnContext](
        name=spec.name, instructions=spec.instructions(), model=room.model(spec.role, scope.for_agent(spec.id))
    )
    return critic.as_tool(
        tool_name=f"ask_{spec.id}",
        tool_description=f"Have the {spec.name.lower()} read a text: {spec.does}.",
        failure_error_function=None,
    )


def _handoff(agent: Agent[TurnContext], spec: AgentSpec) -> Any:
    return handoff(
        agent,
        tool_name_override=f"transfer_to_{spec.id}",
        tool_description_override=f"Let the {spec.name} speak with the person: {spec.does}.",
        input_filter=_without_tool_outputs,
    )


def _without_tool_outputs(data: HandoffInputData) -> HandoffInputData:
    """The next agent hears what was said, not what the last one looked up; the session keeps it all."""
    kept = tuple(item for item in data.new_items if not isinstance(item, (ToolCallItem, ToolCallOutputItem)))
    return data.clone(input_items=kept)
