"""Conversations: one a thread, items in order, one turn at a time, and what they are about."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.errors import NotFound
from knowledge.ids import SessionId
from knowledge.sessions import queries
from knowledge.sessions.models import Session
from tests.conftest import make_people
from tests.knowledge.desk import Desk, open_desk


async def start(desk: Desk, thread: str = "thread") -> Session | None:
    values = {"org_id": desk.people.org_id, "user_id": desk.people["partner"], "channel": "chat", "thread": thread}
    async with desk.db.org(desk.people.org_id) as conn:
        return await queries.insert(conn, values)


@pytest.fixture
async def session(desk: Desk) -> Session:
    made = await start(desk)
    assert made is not None
    return made


async def append(desk: Desk, session_id: UUID, *items: dict[str, Any]) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        await queries.append_items(conn, desk.people.org_id, session_id, list(items))


async def items(desk: Desk, session_id: UUID) -> list[dict[str, Any]]:
    async with desk.db.org(desk.people.org_id) as conn:
        return await queries.items(conn, session_id)


async def test_a_thread_has_one_session_however_many_tabs_open_it(desk: Desk) -> None:
    made = await asyncio.gather(*(start(desk) for _ in range(6)))
    assert sum(session is not None for session in made) == 1
    async with desk.db.org(desk.people.org_id) as conn:
        found = await queries.find(conn, "chat", "thread")
    assert found in made
    assert found is not None and (found.active_agent, found.client_id) == ("cmo", None)


async def test_items_keep_their_order_and_their_content(desk: Desk, session: Session) -> None:
    given = [{"role": "user", "content": f"{n} “ä” 🕯"} for n in range(30)]
    await append(desk, session.id, *given[:10])
    await append(desk, session.id)
    await append(desk, session.id, *given[10:])
    assert await items(desk, session.id) == given


async def test_items_of_many_writers_at_once_are_all_there_each_writers_in_one_piece(
    desk: Desk, session: Session
) -> None:
    await asyncio.gather(*(append(desk, session.id, *({"w": w, "n": n} for n in range(5))) for w in range(12)))
    found = await items(desk, session.id)
    assert len(found) == 60
    for start_at in range(0, 60, 5):
        assert [item["n"] for item in found[start_at : start_at + 5]] == [0, 1, 2, 3, 4]
        assert len({item["w"] for item in found[start_at : start_at + 5]}) == 1
    gaps = "select max(seq) - count(*) from session_items where session_id = %s"
    assert await desk.count(gaps, session.id) == 0


async def test_an_item_with_characters_that_cannot_be_stored_does_not_lose_the_conversation(
    desk: Desk, session: Session
) -> None:
    await append(desk, session.id, {"content": "nul \x00 half \udc00", "k\x00": ["\x00"]})
    assert await items(desk, session.id) == [{"content": "nul  half \ufffd", "k": [""]}]


async def test_nothing_can_be_added_to_the_conversation_of_another_organisation(
    desk: Desk, session: Session, db: Database
) -> None:
    strangers = await open_desk(db, await make_people(db, "Strangers"))
    with pytest.raises(NotFound):
        await append(strangers, session.id, {"planted": True})
    with pytest.raises(NotFound):
        await append(desk, uuid4(), {"n": 1})
    assert await items(desk, session.id) == []


# ---------------------------------------------------------------- turns


async def take(desk: Desk, session_id: UUID, text: str = "Hello", **more: Any) -> Any:
    turn = {
        "id": uuid4(),
        "org_id": desk.people.org_id,
        "session_id": session_id,
        "user_id": desk.people["partner"],
        "input": text,
        "command": None,
        "context": {},
        **more,
    }
    async with desk.db.org(desk.people.org_id) as conn:
        return await queries.insert_turn(conn, turn)


async def finish(desk: Desk, turn_id: UUID, **more: Any) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        await queries.finish_turn(conn, turn_id, **{"status": "completed", **more})


async def test_one_turn_at_a_time_runs_in_a_session(desk: Desk, session: Session) -> None:
    taken = await asyncio.gather(*(take(desk, session.id) for _ in range(6)))
    [running] = [turn for turn in taken if turn is not None]
    other = await start(desk, "another")
    assert other is not None and await take(desk, other.id) is not None
    async with desk.db.org(desk.people.org_id) as conn:
        assert await queries.running_turn(conn, session.id) == running
        assert len(await queries.unfinished_turns(conn)) == 2
    await finish(desk, running.id, answer="Good", agent="cmo")
    assert await take(desk, session.id) is not None


async def test_a_finished_turn_stays_as_it_ended(desk: Desk, session: Session) -> None:
    turn = await take(desk, session.id, "Hi\x00")
    assert turn.input == "Hi"
    await finish(desk, turn.id, status="stopped", answer="half \ud83d")
    await finish(desk, turn.id, answer="late")
    status = (
        "select count(*) from turns where status = 'stopped' and answer = 'half \ufffd' and finished_at is not null"
    )
    assert await desk.count(status) == 1


async def test_the_same_turn_given_twice_is_taken_once(desk: Desk, session: Session) -> None:
    turn = await take(desk, session.id)
    assert await take(desk, session.id, id=turn.id) is None
    await finish(desk, turn.id)
    assert await take(desk, session.id, id=turn.id) is None


# ---------------------------------------------------------------- what it is about


async def choose(desk: Desk, session_id: SessionId, **what: UUID) -> Session | None:
    async with desk.db.org(desk.people.org_id) as conn:
        if "client" in what:
            return await queries.choose_client(conn, session_id, what["client"])
        return await queries.choose_campaign(conn, session_id, what["campaign"])


async def test_choosing_a_campaign_chooses_its_client(desk: Desk, session: Session) -> None:
    chosen = await choose(desk, session.id, campaign=desk.campaign_id)
    assert chosen is not None
    assert (chosen.client_id, chosen.campaign_id) == (desk.client_id, desk.campaign_id)


async def test_choosing_another_client_lets_the_campaign_go_and_the_same_keeps_it(
    desk: Desk, session: Session, db: Database
) -> None:
    async with db.org(desk.people.org_id) as conn:
        other = await clients.create_client(conn, desk.people.org_id, "Other")
    await choose(desk, session.id, campaign=desk.campaign_id)
    same = await choose(desk, session.id, client=desk.client_id)
    assert same is not None and same.campaign_id == desk.campaign_id
    moved = await choose(desk, session.id, client=other.id)
    assert moved is not None and (moved.client_id, moved.campaign_id) == (other.id, None)


async def test_a_client_or_campaign_of_another_organisation_cannot_be_chosen(
    desk: Desk, session: Session, db: Database
) -> None:
    theirs = await open_desk(db, await make_people(db, "Strangers"))
    assert await choose(desk, session.id, client=theirs.client_id) is None
    assert await choose(desk, session.id, campaign=theirs.campaign_id) is None
    async with db.org(desk.people.org_id) as conn:
        kept = await queries.get(conn, session.id)
    assert kept is not None and (kept.client_id, kept.campaign_id) == (None, None)


async def test_the_agent_that_speaks_is_remembered(desk: Desk, session: Session) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        await queries.set_agent(conn, session.id, "planner")
        found = await queries.get(conn, session.id)
    assert found is not None and found.active_agent == "planner"
