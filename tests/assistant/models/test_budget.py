"""Nothing is called that the budgets do not cover, and everything called is charged once."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from agents import Agent, Model, ModelSettings, ModelTracing, Runner
from agents.items import ModelResponse

from assistant.models.guard import UNREPORTED
from assistant.models.room import ModelRoom
from knowledge.errors import BudgetExceeded, Invalid, Upstream
from knowledge.money import service
from tests.assistant.models.conftest import Desk, RoomOf
from tests.model_server import ModelServer, fault, say

#: the question's bytes as JSON are the bound of its input tokens; the answer's bound is in the settings
ARGUMENTS: tuple[Any, ...] = ("Be brief.", "Hello", ModelSettings(), [], None, [], ModelTracing.DISABLED)
KEYWORDS: dict[str, Any] = {"previous_response_id": None, "conversation_id": None, "prompt": None}


async def ask(model: Model) -> ModelResponse:
    return await model.get_response(*ARGUMENTS, **KEYWORDS)


async def ask_streaming(model: Model) -> list[str]:
    return [event.type async for event in model.stream_response(*ARGUMENTS, **KEYWORDS)]


async def worst(desk: Desk, room: ModelRoom, server: ModelServer) -> Decimal:
    """What one call holds, read from a call that is stopped in the middle."""
    server.replies(say("never", delay=30))
    task = asyncio.create_task(ask(room.model("manager", desk.attempt())))
    while not server.requests:
        await asyncio.sleep(0.01)
    held = await desk.reserved()
    task.cancel()
    await asyncio.wait({task})
    assert await desk.spent() == held > 0
    server.requests.clear()
    return held


@pytest.mark.parametrize("scope", ["session", "run", "user", "org"])
async def test_200_calls_at_once_never_overdraw_a_limit_that_pays_for_10(
    room: ModelRoom, desk: Desk, model_server: ModelServer, scope: str
) -> None:
    each = await worst(desk, room, model_server)
    before = await desk.spent()
    limit = before + each * 10
    await desk.limit(scope, limit)
    model_server.delay = 0.05
    # the provider uses all it may, so that nothing of a hold comes back
    reply = say("word", input_tokens=0, output_tokens=int(each * 100_000))
    model_server.answers(lambda _: reply)
    overdrawn: list[Decimal] = []

    async def watch() -> None:
        while True:
            standing = (await desk.meters())[scope].standing
            if standing.spent + standing.reserved > limit:
                overdrawn.append(standing.spent + standing.reserved)
            await asyncio.sleep(0.02)

    watcher = asyncio.create_task(watch())
    outcomes = await asyncio.gather(
        *(ask(room.model("manager", desk.attempt())) for _ in range(200)), return_exceptions=True
    )
    watcher.cancel()
    refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetExceeded)]
    assert model_server.paid == len(outcomes) - len(refused) == 10
    assert overdrawn == []
    assert await desk.reserved() == 0
    assert limit - Decimal("0.0001") < await desk.spent() <= limit


async def test_what_a_call_did_not_use_is_free_for_the_next(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    each = await worst(desk, room, model_server)
    await desk.limit("session", await desk.spent() + each * 2)
    model_server.answers(lambda _: say("ok", input_tokens=10, output_tokens=1))
    for _ in range(20):
        await ask(room.model("manager", desk.attempt()))
    assert await desk.spent() == each + 20 * Decimal("0.00002")


async def test_a_refusal_says_what_it_would_cost_and_what_is_left_and_nothing_is_called(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    await desk.limit("session", "0.0005")
    with pytest.raises(BudgetExceeded) as refused:
        await Runner.run(Agent(name="a", model=room.model("manager", desk.attempt())), "Hello")
    assert model_server.requests == []
    facts = refused.value.facts
    assert facts["scope"] == "session" and facts["limit"] == facts["left"] == Decimal("0.0005")
    assert facts["would_cost"] > facts["left"]
    assert str(refused.value) == (
        f"This would cost up to {service.dollars(facts['would_cost'])}, "
        "but only $0.00050 is left of the $0.00050 for this conversation."
    )


async def test_after_a_raise_the_same_question_is_answered(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    await desk.limit("run", "0.0001")
    journal_id = uuid4()
    with pytest.raises(BudgetExceeded):
        await ask(room.model("manager", desk.attempt(journal_id)))
    async with desk.db.org(desk.scope.org_id) as conn:
        assert desk.scope.run_id is not None
        await service.raise_limit(conn, desk.scope.keys, "run", desk.scope.run_id, Decimal(2))
    assert (await ask(room.model("manager", desk.attempt(journal_id)))).output
    assert model_server.paid == 1


async def test_agents_used_as_tools_pay_from_the_same_budgets(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    from tests.model_server import tool_call

    each = await worst(desk, room, model_server)
    scope = desk.attempt()
    inner = Agent(name="critic", instructions="x" * 4000, model=room.model("critic", scope.for_agent("critic")))
    review = inner.as_tool("review", "Review", failure_error_function=None)
    outer = Agent(name="cmo", model=room.model("manager", scope), tools=[review])
    await desk.limit("user", await desk.spent() + each + Decimal("0.0015"))
    model_server.replies(tool_call("review", input="it"))
    with pytest.raises(BudgetExceeded):
        await Runner.run(outer, "Hello")
    assert model_server.paid == 1


@pytest.mark.parametrize("asking", [ask, ask_streaming])
async def test_a_cancelled_call_is_charged_at_its_worst_and_holds_nothing(
    room: ModelRoom, desk: Desk, model_server: ModelServer, asking: Any
) -> None:
    model_server.replies(say("one two three four five", pace=30) if asking is ask_streaming else say("x", delay=30))
    task = asyncio.create_task(asking(room.model("manager", desk.attempt())))
    while not model_server.requests:
        await asyncio.sleep(0.01)
    held = await desk.reserved()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await desk.reserved() == 0
    assert await desk.spent() == held > 0
    assert (await entries(desk))[0]["price_source"] == "ADROOM_PRICES" + UNREPORTED


async def test_a_reader_who_walks_away_from_a_stream_has_paid_for_it(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(say("one two three", pace=0.2))
    result = Runner.run_streamed(Agent(name="a", model=room.model("manager", desk.attempt())), "Hello")
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            held = await desk.reserved()
            result.cancel()
    assert await desk.reserved() == 0
    assert await desk.spent() == held > 0


@pytest.mark.parametrize("asking", [ask, ask_streaming])
async def test_a_call_without_reported_usage_is_charged_at_its_worst(
    room: ModelRoom, desk: Desk, model_server: ModelServer, asking: Any
) -> None:
    each = await worst(desk, room, model_server)
    model_server.replies(fault("no_usage"))
    await asking(room.model("manager", desk.attempt()))
    assert await desk.spent() == each * 2
    assert await desk.reserved() == 0


@pytest.mark.parametrize("asking", [ask, ask_streaming])
async def test_the_ledger_holds_the_tokens_and_their_price(
    room: ModelRoom, desk: Desk, model_server: ModelServer, asking: Any
) -> None:
    model_server.replies(say("ok", input_tokens=1000, cached_tokens=400, output_tokens=50))
    await asking(room.model("manager", desk.attempt()))
    entry = (await entries(desk))[0]
    assert entry["cost"] == Decimal("0.00114")  # 600 x 1 + 400 x 0.1 + 50 x 10, per million
    assert (entry["input_tokens"], entry["cached_tokens"], entry["output_tokens"]) == (1000, 400, 50)
    assert entry["unit_cost"] == {"input": "1", "output": "10", "cached": "0.1"}
    assert (entry["agent"], entry["model"], entry["kind"]) == ("cmo", "test-model", "model")


@pytest.mark.parametrize(
    ("kind", "charged"),
    [
        ("unauthorised", False),
        ("too_many_requests", False),
        ("server_error", False),
        ("too_long", False),
        ("cut", True),
        ("malformed", True),
    ],
)
@pytest.mark.parametrize("asking", [ask, ask_streaming])
async def test_a_failed_call_is_charged_only_when_the_provider_may_have_billed_it(
    room: ModelRoom, desk: Desk, model_server: ModelServer, kind: Any, charged: bool, asking: Any
) -> None:
    model_server.replies(fault(kind))
    with pytest.raises((Upstream, Invalid)):
        await asking(room.model("manager", desk.attempt()))
    assert await desk.reserved() == 0
    assert (await desk.spent() > 0) == charged == bool(model_server.paid)


async def test_a_failed_and_a_repeated_call_stand_in_the_ledger_both(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(fault("cut"), say("ok"))
    journal_id = uuid4()
    with pytest.raises(Upstream):
        await ask(room.model("manager", desk.attempt(journal_id)))
    await ask(room.model("manager", desk.attempt(journal_id)))
    assert len(await entries(desk)) == model_server.paid == 2


async def test_a_model_without_a_known_price_is_refused_before_the_room_opens(room_of: RoomOf) -> None:
    with pytest.raises(Invalid) as refused:
        room_of(own_prices={})
    assert "test-model" in str(refused.value) and "ADROOM_PRICES" in refused.value.fields


async def test_what_would_run_at_the_provider_without_a_price_is_refused(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    from agents import WebSearchTool

    agent = Agent(name="a", model=room.model("manager", desk.attempt()), tools=[WebSearchTool()])
    with pytest.raises(Invalid, match="web_search"):
        await Runner.run(agent, "Hello")
    assert model_server.requests == []


async def test_no_connection_is_held_while_the_model_works(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(say("ok", delay=0.5))
    task = asyncio.create_task(ask(room.model("manager", desk.attempt())))
    while not model_server.requests:
        await asyncio.sleep(0.01)
    stats = desk.db.pool.get_stats()
    assert stats["pool_available"] == stats["pool_size"]
    await task


async def entries(desk: Desk) -> list[dict[str, Any]]:
    from psycopg.rows import dict_row

    async with desk.db.org(desk.scope.org_id) as conn, conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("select * from usage_ledger order by at desc")
        return await cursor.fetchall()
