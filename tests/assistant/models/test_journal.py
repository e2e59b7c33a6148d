"""What was answered once is not asked, run or paid again."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from agents import Agent, Runner, function_tool
from agents.result import RunResultBase

from assistant.models.room import CallScope, ModelRoom, journaled_tools
from tests.assistant.models.conftest import Desk
from tests.model_server import ModelRequest, ModelServer, Reply, handoff, say, tool_call


async def run(agent: Agent[Any], text: str, *, stream: bool) -> RunResultBase:
    if not stream:
        return await Runner.run(agent, text)
    result = Runner.run_streamed(agent, text)
    async for _ in result.stream_events():
        pass
    return result


class Office:
    """Two agents that hand over to each other, a tool that counts, and a critic used as a tool."""

    def __init__(self, room: ModelRoom, scope: CallScope, desk: Desk) -> None:
        self.invoked: list[str] = []

        @function_tool
        async def look_up(subject: str) -> str:
            """Look something up."""
            self.invoked.append(subject)
            return json.dumps({"subject": subject, "found": len(self.invoked)})

        critic_scope = scope.for_agent("brand_critic")
        critic = Agent(name="critic", instructions="Judge it.", model=room.model("critic", critic_scope))
        review = critic.as_tool("review", "Have it reviewed", failure_error_function=None)
        tools = journaled_tools([look_up, review], scope, desk.db)
        writer = Agent(
            name="writer",
            instructions="Write.",
            tools=tools,
            model=room.model("drafter", scope.for_agent("seo_writer")),
        )
        self.cmo = Agent(
            name="cmo",
            instructions="Lead.",
            tools=tools,
            handoffs=[writer],
            model=room.model("manager", scope),
        )


def script(request: ModelRequest) -> Reply:
    if request.instructions == "Judge it.":
        return say("Off brand.")
    if request.instructions == "Lead.":
        return handoff("writer") if request.last_output else tool_call("look_up", subject="oats")
    seen = " ".join(request.tool_outputs.values())
    return say("Here is the draft.") if "Off brand." in seen else tool_call("review", input="the draft")


@pytest.mark.parametrize("stream", [False, True])
async def test_running_the_same_input_again_asks_nothing_and_pays_nothing(
    room: ModelRoom, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    model_server.answers(script)
    journal_id = uuid4()
    first = Office(room, desk.attempt(journal_id), desk)
    before = await run(first.cmo, "Write about oats", stream=stream)
    assert before.final_output == "Here is the draft."
    assert first.invoked == ["oats"]
    calls, spent = len(model_server.requests), await desk.spent()
    assert calls == 5
    again = Office(room, desk.attempt(journal_id), desk)
    after = await run(again.cmo, "Write about oats", stream=stream)
    assert after.final_output == before.final_output
    assert after.last_agent.name == before.last_agent.name == "writer"
    assert again.invoked == []
    assert len(model_server.requests) == calls
    assert await desk.spent() == spent > 0
    assert after.context_wrapper.usage.total_tokens == 0
    assert after.to_input_list() == before.to_input_list()


async def test_an_answer_that_was_streamed_is_replayed_to_one_who_does_not_stream_and_the_other_way_round(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.answers(script)
    for first, second in ((True, False), (False, True)):
        journal_id = uuid4()
        await run(Office(room, desk.attempt(journal_id), desk).cmo, "Write about oats", stream=first)
        calls = len(model_server.requests)
        result = await run(Office(room, desk.attempt(journal_id), desk).cmo, "Write about oats", stream=second)
        assert result.final_output == "Here is the draft."
        assert len(model_server.requests) == calls


async def test_the_same_question_twice_in_one_attempt_is_asked_twice(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(say("one"), say("two"))
    journal_id = uuid4()
    for _ in range(2):
        scope = desk.attempt(journal_id)
        agents = [Agent(name="a", model=room.model("manager", scope.for_agent(f"a{n}"))) for n in range(2)]
        assert [(await Runner.run(agent, "Hello")).final_output for agent in agents] == ["one", "two"]
    assert len(model_server.requests) == 2


async def test_another_question_another_turn_or_another_organisation_is_asked_anew(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    journal_id = uuid4()
    for text, journal in (("Hello", journal_id), ("Hello!", journal_id), ("Hello", uuid4())):
        await Runner.run(Agent(name="a", model=room.model("manager", desk.attempt(journal))), text)
    assert len(model_server.requests) == 3


async def test_an_answer_is_kept_before_anyone_sees_that_it_is_complete(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    journal_id = uuid4()
    result = Runner.run_streamed(Agent(name="a", model=room.model("manager", desk.attempt(journal_id))), "Hello")
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.completed":
            break
    async with desk.db.org(desk.scope.org_id) as conn:
        row = await (await conn.execute("select result from journal where scope_id = %s", (journal_id,))).fetchone()
    assert row is not None and "Understood." in json.dumps(row[0])


async def test_text_that_postgres_cannot_hold_is_replayed_as_it_was(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(say("zero \x00 here"))
    journal_id = uuid4()
    for _ in range(2):
        result = await Runner.run(Agent(name="a", model=room.model("manager", desk.attempt(journal_id))), "Hello")
        assert result.final_output == "zero \x00 here"
    assert len(model_server.requests) == 1


async def test_the_cost_stands_under_the_agent_that_caused_it(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.answers(script)
    await run(Office(room, desk.attempt(), desk).cmo, "Write about oats", stream=False)
    meter = (await desk.meters())["org"]
    assert {share.name: share.calls for share in meter.by_agent} == {"cmo": 2, "seo_writer": 2, "brand_critic": 1}
    assert [(share.name, share.calls) for share in meter.by_model] == [("test-model", 5)]
    assert [share.name for share in meter.by_kind] == ["model"]
    assert sum((share.cost for share in meter.by_agent), Decimal(0)) == meter.standing.spent
