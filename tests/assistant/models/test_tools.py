"""Tools of an attempt that was cut off: what finished is not run again, what did not is."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from agents import Agent, Runner, function_tool
from agents.tool_context import ToolContext

from assistant.models.room import CallScope, ModelRoom, journaled_tools
from tests.assistant.models.conftest import Desk
from tests.model_server import Call, ModelServer, Reply, say


class Workshop:
    def __init__(self) -> None:
        self.runs: list[str] = []
        self.fail: str | None = None

    def agent(self, room: ModelRoom, scope: CallScope, desk: Desk) -> Agent[Any]:
        @function_tool
        async def make(context: ToolContext[Any], thing: str) -> str:
            """Make something."""
            self.runs.append(f"{thing} {context.tool_call_id}")
            if self.fail == thing:
                await asyncio.Event().wait()
            return json.dumps({"made": thing})

        return Agent(name="a", model=room.model("manager", scope), tools=journaled_tools([make], scope, desk.db))


async def cut_off(workshop: Workshop, room: ModelRoom, desk: Desk, journal_id: UUID, things: int) -> None:
    """One attempt that ends in the middle of the tool that hangs."""
    agent = workshop.agent(room, desk.attempt(journal_id), desk)
    task = asyncio.create_task(Runner.run(agent, "Hello"))
    async with asyncio.timeout(5):
        while len(workshop.runs) < things:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait({task})


async def test_only_the_unfinished_tool_of_a_response_runs_again(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    calls = tuple(Call("make", {"thing": thing}, f"call-{thing}") for thing in ("canon", "plan", "brief"))
    model_server.replies(Reply(calls=calls), say("Done."))
    workshop, journal_id = Workshop(), uuid4()
    workshop.fail = "plan"
    await cut_off(workshop, room, desk, journal_id, 3)
    assert sorted(workshop.runs) == ["brief call-brief", "canon call-canon", "plan call-plan"]
    workshop.runs.clear()
    workshop.fail = None
    result = await Runner.run(workshop.agent(room, desk.attempt(journal_id), desk), "Hello")
    assert result.final_output == "Done."
    assert workshop.runs == ["plan call-plan"]
    assert len(model_server.requests) == 2


async def test_the_same_call_id_with_other_arguments_is_another_call(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    """Some servers number their calls from zero in every response."""
    workshop, journal_id = Workshop(), uuid4()
    model_server.replies(
        Reply(calls=(Call("make", {"thing": "one"}, "call_0"),)),
        say("Half way."),
    )
    await Runner.run(workshop.agent(room, desk.attempt(journal_id), desk), "Hello")
    model_server.replies(Reply(calls=(Call("make", {"thing": "two"}, "call_0"),)), say("Done."))
    await Runner.run(workshop.agent(room, desk.attempt(journal_id), desk), "Hello again")
    assert workshop.runs == ["one call_0", "two call_0"]


async def test_the_text_of_a_failed_tool_is_kept_as_the_agent_read_it(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    invoked = 0

    def agent(scope: CallScope) -> Agent[Any]:
        @function_tool
        async def fails() -> str:
            """Fail."""
            nonlocal invoked
            invoked += 1
            raise ValueError("not today")

        return Agent(name="a", model=room.model("manager", scope), tools=journaled_tools([fails], scope, desk.db))

    model_server.replies(Reply(calls=(Call("fails"),)), say("It failed."))
    journal_id = uuid4()
    for _ in range(2):
        assert (await Runner.run(agent(desk.attempt(journal_id)), "Hello")).final_output == "It failed."
    assert invoked == 1 and len(model_server.requests) == 2


async def test_a_result_that_is_no_json_is_a_mistake_in_the_tool(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    @function_tool(failure_error_function=None)
    async def odd() -> Any:
        """Return an object."""
        return object()

    scope = desk.attempt()
    agent = Agent(name="a", model=room.model("manager", scope), tools=journaled_tools([odd], scope, desk.db))
    model_server.replies(Reply(calls=(Call("odd"),)))
    with pytest.raises(Exception, match="JSON"):
        await Runner.run(agent, "Hello")
