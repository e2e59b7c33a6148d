"""Putting a piece of work to an agent inside a run's step, and getting a checked answer back.

Every completed model call is in the journal under the step's key: when the step is repeated after a crash, what was
paid for is read, not bought again. No database connection is held meanwhile.
"""

import asyncio
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from agents import Agent, AgentOutputSchema, MaxTurnsExceeded, ModelBehaviorError, RunConfig, Runner
from openai.types.responses import ResponseTextDeltaEvent
from pydantic import BaseModel

from assistant.agents.team import TEAM
from assistant.models.order import Order
from assistant.models.room import CallScope
from assistant.runs.protocol import StepContext
from assistant.services import services_of
from knowledge.errors import Upstream
from knowledge.ids import UserId

A = TypeVar("A", bound=BaseModel)

#: how often a model may mend an answer that does not fit before a person is told
ATTEMPTS = 3


async def ask(context: StepContext, agent_id: str, order: Order, answer: type[A]) -> A:
    """The agent's answer in the shape of ``answer``; raises Upstream when it cannot keep to it."""
    fault = ""
    agent = _agent(context, agent_id, AgentOutputSchema(answer, strict_json_schema=False))
    for _ in range(ATTEMPTS):
        asked = f"{order.text()}\n\n{fault}" if fault else order.text()
        try:
            result = await Runner.run(agent, asked, max_turns=4, run_config=_CONFIG)
            return result.final_output_as(answer, raise_if_incorrect_type=True)
        except (ModelBehaviorError, TypeError) as error:
            fault = (
                f"Your last answer could not be used: {str(error)[:2000]}\nAnswer again with JSON that fits the schema."
            )
        except MaxTurnsExceeded:
            break
    raise Upstream(f"{TEAM[agent_id].name} did not hand in a usable {order.task.replace('_', ' ')}.", retryable=False)


async def ask_for_text(context: StepContext, agent_id: str, order: Order, message: str) -> str:
    """The agent's answer as running text, shown to whoever watches while it is written."""
    result = Runner.run_streamed(_agent(context, agent_id, None), order.text(), max_turns=4, run_config=_CONFIG)
    try:
        async for event in result.stream_events():
            if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
                context.delta(event.data.delta, message=message, agent=agent_id)
    except asyncio.CancelledError:
        result.cancel()
        raise
    return str(result.final_output)


def _nobody() -> UserId:
    raise AssertionError("a run that asks a model was started by somebody, whose budget pays")


def model_name(context: StepContext, agent_id: str) -> str:
    """The name that stands on what this agent writes (``offline`` for the embedded writer)."""
    return services_of(context).models.name(TEAM[agent_id].role)


_CONFIG = RunConfig(tracing_disabled=True)


def _agent(context: StepContext, agent_id: str, output: AgentOutputSchema | None) -> Agent[None]:
    spec = TEAM[agent_id]
    run = context.run
    scope = CallScope(
        org_id=run.org_id,
        user_id=run.started_by or _nobody(),
        session_id=run.session_id,
        run_id=run.id,
        agent=agent_id,
        journal_id=uuid5(NAMESPACE_URL, context.key),
    )
    model = services_of(context).models.model(spec.role, scope)
    return Agent(name=spec.name, instructions=spec.instructions(), model=model, output_type=output)
