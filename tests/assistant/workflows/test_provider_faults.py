"""Whatever goes wrong at the provider, a run asks one plain question and goes on from where it was."""

from decimal import Decimal

import pytest

from tests.assistant.at_work import AtWork, open_house
from tests.assistant.faulty import FAULTS, SLIPS, Faulty, check_plain
from tests.assistant.honest import task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

#: a whole answer over Responses, a streamed one over Chat Completions
PLACES = [
    pytest.param("email_create", "Welcome new subscribers", "email_marketer write_email", "responses", id="whole"),
    pytest.param("seo_write", "How to keep coffee fresh", "seo_writer write_section", "chat_completions", id="stream"),
]
WAYS = {**FAULTS, **SLIPS}


@pytest.mark.parametrize(("kind", "brief", "task", "api"), PLACES)
@pytest.mark.parametrize("way", WAYS)
async def test_a_run_asks_in_one_plain_sentence_and_goes_on(
    planned: TestDatabase, model_server: ModelServer, way: str, kind: str, brief: str, task: str, api: str
) -> None:
    if (way, kind) == ("answer that is no JSON", "seo_write"):
        pytest.skip("a section is text, whatever it looks like")
    faulty = Faulty(WAYS[way], lambda request: task_of(request) == task)
    model_server.answers(faulty)
    # an answer that broke off may have been paid for and counts as paid: four sections tried four times each
    async with open_house(
        planned.owner_url,
        planned.app_url,
        provider=model_server.base_url,
        api=api,
        run_budget=Decimal(50),
        **quick(way),
    ) as at_work:
        run_id = await at_work.begin(kind, brief=brief)
        asked = await at_work.question(run_id)
        assert asked is not None, (await at_work.runs.get(at_work.org_id, run_id)).error
        assert asked["gate"] == "retry"
        check_plain(asked["sentence"])
        assert asked["sentence"].endswith("Try again, or stop here?")
        before = len(model_server.requests)
        faulty.mend()
        await at_work.click(asked)
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error
        check_log(await at_work.log(run_id))
        await check_nothing_again(at_work, model_server, before, task)


async def check_nothing_again(at_work: AtWork, server: ModelServer, before: int, task: str) -> None:
    """What had been answered before the fault was not asked again; no money is held any more."""
    earlier = {call.request.fingerprint for call in server.requests[:before] if task_of(call.request) != task}
    later = {call.request.fingerprint for call in server.requests[before:]}
    assert not earlier & later
    assert await at_work.rows("select count(*) from budget_reservations where settled_at is null") == [(0,)]
    assert await at_work.rows("select count(*) from assets") == [(1,)]


@pytest.mark.parametrize("way", SLIPS)
async def test_a_slip_of_the_model_is_mended_without_asking_anybody(
    planned: TestDatabase, model_server: ModelServer, way: str
) -> None:
    model_server.answers(Faulty(SLIPS[way], times=1))
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("email_create", brief="Welcome new subscribers")
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error
        assert model_server.paid == 5, "the slip, the email, what it claims, and two critics"


async def test_a_moments_trouble_is_waited_out_without_asking_anybody(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    faulty = Faulty(FAULTS["500"], times=2)
    model_server.answers(faulty)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("email_create", brief="Welcome new subscribers")
        assert await at_work.question(run_id) is None
        assert (await at_work.runs.get(at_work.org_id, run_id)).status == "completed"
        assert (faulty.given, model_server.paid) == (2, 4), "the email, what it claims, and two critics"


async def test_who_stops_at_the_question_can_resume_later(planned: TestDatabase, model_server: ModelServer) -> None:
    faulty = Faulty(FAULTS["401"])
    model_server.answers(faulty)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("email_create", brief="Welcome new subscribers")
        asked = await at_work.question(run_id)
        assert asked is not None
        await at_work.click(asked, "rejected")
        await at_work.until(run_id, "stopped")
        faulty.mend()
        await at_work.use("resume_run", runId=str(run_id))
        assert await at_work.question(run_id) is None
        assert (await at_work.runs.get(at_work.org_id, run_id)).status == "completed"


def quick(way: str) -> dict[str, float]:
    """Nobody waits for long: a silence of a third of a second counts as one."""
    return {"request_timeout": 0.6, "silence_timeout": 0.3} if way == "slow first byte" else {}
