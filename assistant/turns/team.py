"""The team as the SDK's agents, built once: tools, handoffs and consulted critics wired up.

What is different from turn to turn (the state of things, whose models, whose tape) comes from the run's context.
Everything a turn's agents do is on one tape (models and tools alike): a turn taken up again repeats nothing.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from agents import Agent, Handoff, HandoffInputData, Model, ModelProvider, RunContextWrapper, Tool
from agents.items import ToolCallItem, ToolCallOutputItem
from agents.strict_schema import ensure_strict_json_schema
from agents.tool_context import ToolContext as CallContext

from assistant.agents.definition import AgentSpec
from assistant.agents.team import TEAM
from assistant.models.journal import tools_on_tape
from assistant.models.order import CONTEXT, fence
from assistant.models.room import CallScope, ModelRoom
from knowledge.db import Database
from tools.spec import ToolContext
from tools.surfaces.agent import agent_tools


class TurnContext:
    """What agents and tools are handed during a turn: the caller, the tape, and the state of things as ``told``."""

    def __init__(self, tool_context: ToolContext, scope: CallScope, told: dict[str, Any]) -> None:
        self.scope, self.db = scope, tool_context.db
        self.told = fence(CONTEXT, told)
        self._tool_context = tool_context

    def tool_context(self, call_id: str | None = None) -> ToolContext:
        return replace(self._tool_context, call_key=call_id)


@dataclass(frozen=True)
class TurnModels(ModelProvider):
    """Gives each agent of a turn its model; agents are asked for by their id."""

    room: ModelRoom
    scope: CallScope

    def get_model(self, model_name: str | None) -> Model:
        spec = TEAM[model_name or ""]
        return self.room.model(spec.role, self.scope.for_agent(spec.id))


@dataclass
class Speaker(Agent[TurnContext]):
    """An agent whose tools are the same in every turn.

    They are kept beside ``tools``: what lies there the SDK describes twice a run, schemas and all, to tell agents of
    the same name apart, and asks of each whether it is enabled today.
    """

    shelf: tuple[Tool, ...] = ()

    async def get_all_tools(self, run_context: RunContextWrapper[TurnContext]) -> list[Tool]:
        return list(self.shelf)


@cache
def build_team() -> dict[str, Agent[TurnContext]]:
    """Every agent that speaks with people, for runs whose context is a ``TurnContext`` and provider ``TurnModels``."""
    critics = {spec.id: _critic(spec) for spec in TEAM.values() if not spec.tools}
    speakers = [spec for spec in TEAM.values() if spec.tools]
    team = {spec.id: _speaker(spec, critics) for spec in speakers}
    for spec in speakers:
        team[spec.id].handoffs = [_handoff(team[other], TEAM[other]) for other in spec.hands_to]
    return team


def _speaker(spec: AgentSpec, critics: dict[str, Agent[TurnContext]]) -> Agent[TurnContext]:
    words = spec.instructions()

    def instructions(run: RunContextWrapper[TurnContext], agent: Agent[TurnContext]) -> str:
        return f"{words}\n\n{run.context.told}"

    tools = tools_on_tape(list[Tool](agent_tools(spec.tools)), _tape_of)
    return Speaker(
        name=spec.name,
        instructions=instructions,
        model=spec.id,
        shelf=(*tools, *(_consulted(critics[other], TEAM[other]) for other in spec.consults)),
    )


def _tape_of(call: CallContext[TurnContext]) -> tuple[CallScope, Database]:
    return call.context.scope, call.context.db


def _critic(spec: AgentSpec) -> Agent[TurnContext]:
    return Agent[TurnContext](name=spec.name, instructions=spec.instructions(), model=spec.id)


def _consulted(critic: Agent[TurnContext], spec: AgentSpec) -> Tool:
    return critic.as_tool(
        tool_name=f"ask_{spec.id}",
        tool_description=f"Have the {spec.name.lower()} read a text: {spec.does}.",
        failure_error_function=None,
    )


def _handoff(agent: Agent[TurnContext], spec: AgentSpec) -> Handoff[TurnContext, Agent[TurnContext]]:
    """Made without the SDK's ``handoff()``, which would let every run describe every agent that can be reached."""

    async def hand_over(run: RunContextWrapper[Any], arguments: str) -> Agent[TurnContext]:
        return agent

    return Handoff(
        tool_name=f"transfer_to_{spec.id}",
        tool_description=f"Let the {spec.name} speak with the person: {spec.does}.",
        input_json_schema=ensure_strict_json_schema({}),
        on_invoke_handoff=hand_over,
        agent_name=agent.name,
        input_filter=_without_tool_outputs,
    )


def _without_tool_outputs(data: HandoffInputData) -> HandoffInputData:
    """The next agent hears what was said, not what the last one looked up; the session keeps it all."""
    kept = tuple(item for item in data.new_items if not isinstance(item, (ToolCallItem, ToolCallOutputItem)))
    return data.clone(input_items=kept)
