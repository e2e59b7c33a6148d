"""Putting a piece of work to an agent inside a run's step, and getting a checked answer back.

Every completed model call is in the journal under the step's key: when the step is repeated after a crash, what was
paid for is read, not bought again. No database connection is held meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from agents import Agent, AgentOutputSchema, MaxTurnsExceeded, ModelBehaviorError, RunConfig, Runner
from openai.types.responses import ResponseTextDeltaEvent
from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.agents.team import TEAM
from assistant.models.faults import ModelRefused
from assistant.models.order import Order
from assistant.models.room import CallScope
from assistant.runs.protocol import StepContext
from assistant.services import services_of
from knowledge.artifacts.plain_errors import field_errors
from knowledge.errors import Upstream
from knowledge.ids import UserId
from knowledge.journal import queries as journal
from knowledge.plain_text import storable

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")

#: how often a model may mend an answer that does not fit before a person is told
ATTEMPTS = 3
#: how many calls one piece of work may take: an answer, and tools that a model makes up and is told are not there
MOST_CALLS = 4
AS_JSON = "Answer again with JSON that fits the schema."


async def ask(context: StepContext, agent_id: str, order: Order, answer: type[A]) -> A:
    """The agent's answer in the shape of ``answer``; raises Upstream when it cannot keep to it."""
    agent = _agent(context, agent_id, MendableSchema(answer, strict_json_schema=False))

    async def once(asked: str) -> A:
        result = await Runner.run(agent, asked, max_turns=MOST_CALLS, run_config=CONFIG)
        return result.final_output_as(answer, raise_if_incorrect_type=True)

    return await _until_usable(context, agent_id, order, once, AS_JSON)


class MendableSchema(AgentOutputSchema):
    """An answer's schema that says which field is wrong and why, without repeating the answer: the SDK's own says
    neither when what models write is kept out of logs, and nobody can mend what nobody names."""

    def validate_json(self, json_str: str) -> Any:
        try:
            return TypeAdapter[Any](self.output_type).validate_json(json_str)
        except ValidationError as error:
            wrong = "; ".join(f"{name}: {what}" for name, what in field_errors(error).items())
        raise ModelBehaviorError(wrong)


async def ask_for_text(context: StepContext, agent_id: str, order: Order, message: str) -> str:
    """The agent's answer as running text, shown to whoever watches while it is written."""
    agent = _agent(context, agent_id, None)

    async def once(asked: str) -> str:
        result = Runner.run_streamed(agent, asked, max_turns=MOST_CALLS, run_config=CONFIG)
        try:
            async for event in result.stream_events():
                if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
                    context.delta(event.data.delta, message=message, agent=agent_id)
        except asyncio.CancelledError:
            result.cancel()
            raise
        text = storable(str(result.final_output or "")).strip()
        if not text:
            raise ModelBehaviorError("there was no text in it")
        return text

    return await _until_usable(context, agent_id, order, once, "Answer again, with the text alone.")


async def _until_usable(
    context: StepContext, agent_id: str, order: Order, once: Callable[[str], Awaitable[T]], hint: str
) -> T:
    """Ask, and let the agent mend what cannot be used; the journal forgets it all when it never can.

    Without that, whoever is asked "try again?" would be given the same useless answers again.
    """
    try:
        return await mended(agent_id, order, once, hint)
    except ModelRefused as refusal:  # asked as a question, so that what is finished is kept for a better model
        raise Upstream(_too_much(context, agent_id, refusal), retryable=False) from refusal
    except Unusable:
        async with services_of(context).db.org(context.run.org_id) as conn:
            await journal.forget(conn, context.run.org_id, journal_id(context))
        raise


class Unusable(Upstream):
    """An agent did not hand in anything usable."""


async def mended(agent_id: str, order: Order, once: Callable[[str], Awaitable[T]], hint: str) -> T:
    """What ``once`` gives for the order's text; an answer that cannot be used is told what is wrong with it, and asked for
    again. Raises Unusable when it never can be."""
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            return await once(f"{order.text()}\n\n{fault}" if fault else order.text())
        except (ModelBehaviorError, TypeError) as error:
            fault = f"Your last answer could not be used: {str(error)[:2000]}\n{hint}"
        except MaxTurnsExceeded:
            break
    task = order.task.replace("_", " ")
    raise Unusable(f"The {TEAM[agent_id].name} did not hand in anything usable ({task}).", retryable=False)


def _too_much(context: StepContext, agent_id: str, refusal: ModelRefused) -> str:
    if refusal.facts.get("fault") != "too_long":
        return refusal.message
    name = model_name(context, agent_id)
    return f"This work needs more text than {name} can read at once. A model that reads more can do it."


def journal_id(context: StepContext) -> UUID:
    """Where a step's answers are kept: the same for every attempt at it."""
    return journal_of(context.key)


def journal_of(key: str) -> UUID:
    """The same, by the step's key."""
    return uuid5(NAMESPACE_URL, key)


def _nobody() -> UserId:
    raise AssertionError("a run that asks a model was started by somebody, whose budget pays")


def model_name(context: StepContext, agent_id: str) -> str:
    """The name that stands on what this agent writes (``offline`` for the embedded writer)."""
    return services_of(context).models.name(TEAM[agent_id].role)


CONFIG = RunConfig(tracing_disabled=True, tool_not_found_behavior="return_error_to_model")


def _agent(context: StepContext, agent_id: str, output: AgentOutputSchema | None) -> Agent[None]:
    spec = TEAM[agent_id]
    run = context.run
    scope = CallScope(
        org_id=run.org_id,
        user_id=run.started_by or _nobody(),
        session_id=run.session_id,
        run_id=run.id,
        agent=agent_id,
        journal_id=journal_id(context),
    )
    model = services_of(context).models.model(spec.role, scope)
    return Agent(name=spec.name, instructions=spec.instructions(), model=model, output_type=output)
