"""kill -9 during a chat turn: it is taken up again, nothing paid, done or said twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.sessions import queries
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import task_of
from tests.assistant.mortal import Plug
from tests.assistant.turns.lives import TurnCase, live_through
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer

pytestmark = pytest.mark.process

NEW_CLIENT = "Create a client called Blue Lamp Books"
ARTICLE = "Write an article about how to keep coffee fresh at home"


def is_talk(request: ModelRequest) -> bool:
    return task_of(request).endswith(" talk")


@pytest.fixture
async def at_work(planned: TestDatabase) -> AsyncIterator[AtWork]:
    """To look from outside; only the mortal processes work. No engine may run beside theirs, so this one is shut."""
    async with open_house(planned.owner_url, planned.app_url) as opened:
        await opened.engine.stop()
        yield opened


async def make_case(at_work: AtWork, database: TestDatabase, server: ModelServer, said: str, folder: Path) -> TurnCase:
    session_id = await at_work.session()
    ((thread,),) = await at_work.rows("select external_thread from sessions where id = %s", session_id)
    options = {"provider": server.base_url, "pid_file": str(folder / "pid")}
    return TurnCase(database.owner_url, database.app_url, session_id, thread, said, options)


async def check_turn(at_work: AtWork, case: TurnCase, spoken: list[str], items: list[str]) -> None:
    """One finished turn; the conversation and the thread hold everything once, in order."""
    rows = await at_work.rows("select status, answer from turns where session_id = %s", case.session_id)
    assert [status for status, _ in rows] == ["completed"]
    async with at_work.db.org(at_work.org_id) as conn:
        kept = await queries.items(conn, case.session_id)
    assert [str(item.get("type") or item["role"]) for item in kept] == items
    numbers = await at_work.rows("select seq from session_items where session_id = %s order by seq", case.session_id)
    assert [seq for (seq,) in numbers] == list(range(1, len(items) + 1))
    said = await at_work.rows(
        'select name, output from chat."Step" where "threadId" = %s order by "createdAt"', case.thread
    )
    assert [name for name, _ in said] == spoken
    assert said[-1][1].replace("\\:", ":") == rows[0][1]


POINTS = ["entered tool create_client", "left tool create_client", "keeping"]


async def test_a_turn_lives_through_deaths_before_and_after_its_tool_and_before_it_is_kept(
    at_work: AtWork, planned: TestDatabase, honest: ModelServer, tmp_path: Path
) -> None:
    case = await make_case(at_work, planned, honest, NEW_CLIENT, tmp_path)
    assert await live_through(case, POINTS, at_work) == 4
    assert await at_work.rows("select count(*) from clients where name = 'Blue Lamp Books'") == [(1,)]
    assert honest.paid == 2 and not honest.paid_twice()
    await check_turn(at_work, case, ["CMO"], ["user", "function_call", "function_call_output", "assistant"])


async def test_a_turn_lives_through_a_death_in_the_middle_of_every_model_call(
    at_work: AtWork, planned: TestDatabase, honest: ModelServer, tmp_path: Path
) -> None:
    plug = Plug(tmp_path / "pid", is_talk)
    honest.answers(plug)
    case = await make_case(at_work, planned, honest, NEW_CLIENT, tmp_path)
    assert await live_through(case, ["", ""], at_work) == 3
    assert (len(plug.pulled), honest.paid) == (2, 4)
    assert await at_work.rows("select count(*) from clients where name = 'Blue Lamp Books'") == [(1,)]
    await check_turn(at_work, case, ["CMO"], ["user", "function_call", "function_call_output", "assistant"])


async def test_a_turn_that_was_finished_is_not_taken_up_again(
    at_work: AtWork, planned: TestDatabase, honest: ModelServer, tmp_path: Path
) -> None:
    case = await make_case(at_work, planned, honest, NEW_CLIENT, tmp_path)
    assert await live_through(case, ["kept"], at_work) == 2
    assert honest.paid == 2
    await check_turn(at_work, case, ["CMO"], ["user", "function_call", "function_call_output", "assistant"])


async def test_work_that_a_specialist_starts_is_started_once(
    at_work: AtWork, planned: TestDatabase, honest: ModelServer, tmp_path: Path
) -> None:
    """Over a handoff; the article's own calls go on meanwhile and are not counted here."""
    plug = Plug(tmp_path / "pid", is_talk)
    honest.answers(plug)
    case = await make_case(at_work, planned, honest, ARTICLE, tmp_path)
    await live_through(case, ["", "", "left tool start_run", ""], at_work)
    assert await at_work.rows("select count(*) from runs where kind = 'seo_write'") == [(1,)]
    talk = [call.request.fingerprint for call in honest.requests if is_talk(call.request)]
    assert {talk.count(mark) for mark in talk} == {2} and len(set(talk)) == 3
    items = ["user", "function_call", "function_call_output", "function_call", "function_call_output", "assistant"]
    await check_turn(at_work, case, ["SEO writer"], items)
    ((agent,),) = await at_work.rows("select active_agent from sessions where id = %s", case.session_id)
    assert agent == "seo_writer"
