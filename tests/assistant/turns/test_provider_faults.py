"""Whatever goes wrong at the provider, a chat turn ends in one plain sentence and the conversation goes on."""

import pytest

from assistant.turns.events import Failed, Spoke, TurnEvent, Used
from knowledge.ids import SessionId
from knowledge.sessions import queries
from tests.assistant.at_work import ME, AtWork, open_house
from tests.assistant.faulty import FAULTS, SLIPS, Faulty, check_plain
from tests.conftest import TestDatabase
from tests.model_server import Call, ModelServer, Reply

HELLO = "What can you do?"


async def take(at_work: AtWork, session_id: SessionId, said: str) -> list[TurnEvent]:
    return [event async for _, event in at_work.house.turns.take(ME, session_id, said)]


async def conversation(at_work: AtWork, session_id: SessionId) -> list[str]:
    async with at_work.db.org(at_work.org_id) as conn:
        return [str(item.get("role") or item["type"]) for item in await queries.items(conn, session_id)]


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
@pytest.mark.parametrize("way", FAULTS)
async def test_a_turn_fails_in_one_plain_sentence_and_the_next_is_answered(
    briefed: TestDatabase, model_server: ModelServer, way: str, api: str
) -> None:
    faulty = Faulty(FAULTS[way])
    model_server.answers(faulty)
    slow = {"request_timeout": 0.6, "silence_timeout": 0.3} if way == "slow first byte" else {}
    async with open_house(
        briefed.owner_url, briefed.app_url, provider=model_server.base_url, api=api, **slow
    ) as at_work:
        session_id = await at_work.session()
        events = await take(at_work, session_id, HELLO)
        assert isinstance(events[-1], Failed) and not any(isinstance(event, Spoke) for event in events)
        check_plain(events[-1].sentence)
        assert await at_work.rows("select status, error from turns") == [("failed", events[-1].sentence)]
        faulty.mend()
        assert isinstance((await take(at_work, session_id, HELLO))[-1], Spoke)
        assert await conversation(at_work, session_id) == ["user", "assistant"] * 2
        assert await at_work.rows("select count(*) from budget_reservations where settled_at is null") == [(0,)]


@pytest.mark.parametrize("way", ["tool call with bad arguments", "unknown tool"])
async def test_a_slip_of_the_model_is_told_to_it_and_it_answers(
    briefed: TestDatabase, model_server: ModelServer, way: str
) -> None:
    model_server.answers(Faulty(SLIPS[way], times=1))
    async with open_house(briefed.owner_url, briefed.app_url, provider=model_server.base_url) as at_work:
        events = await take(at_work, await at_work.session(), HELLO)
        assert isinstance(events[-1], Spoke)
        assert [event.data for event in events if isinstance(event, Used)] == [None]
        assert model_server.paid == 2


@pytest.mark.parametrize("way", ["tool call with bad arguments", "unknown tool", "no answer at all"])
async def test_a_model_that_never_mends_is_stopped_in_a_sentence(
    briefed: TestDatabase, model_server: ModelServer, way: str
) -> None:
    faulty = Faulty(SLIPS[way])
    model_server.answers(faulty)
    async with open_house(briefed.owner_url, briefed.app_url, provider=model_server.base_url) as at_work:
        session_id = await at_work.session()
        events = await take(at_work, session_id, HELLO)
        assert isinstance(events[-1], Failed), events[-1]
        check_plain(events[-1].sentence)
        assert model_server.paid <= 16
        faulty.mend()
        assert isinstance((await take(at_work, session_id, HELLO))[-1], Spoke)


async def test_a_handoff_with_bad_arguments_and_to_nobody_leaves_the_conversation_usable(
    briefed: TestDatabase, model_server: ModelServer
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=model_server.base_url) as at_work:
        session_id = await at_work.session()
        for call in (Call("transfer_to_planner", "{not json"), Call("transfer_to_nobody")):
            model_server.answers(Faulty(Reply(calls=(call,)), times=1))
            last = (await take(at_work, session_id, HELLO))[-1]
            assert isinstance(last, Spoke | Failed)
            if isinstance(last, Failed):
                check_plain(last.sentence)
        assert isinstance((await take(at_work, session_id, HELLO))[-1], Spoke)
