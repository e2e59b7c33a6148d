"""A rolling restart with a changed body, under an article that is being written: it goes on where it can, or says why not."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.runs.execution import OUTGROWN
from assistant.runs.protocol import Run, StepContext
from assistant.workflows.pages import AT_ONCE
from assistant.workflows.seo_write import seo_write
from knowledge.ids import RunId
from knowledge.runs.models import FINAL
from tests.assistant.at_work import AtWork, briefed, onboarded, planned
from tests.assistant.flock import Flock, flock_of, held_by, holder
from tests.assistant.honest import answer
from tests.assistant.runs.crash import check_trace
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

__all__ = ["briefed", "onboarded", "planned"]

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]
BRIEF = "How to keep coffee fresh at home"


async def look_around(_: StepContext) -> str:
    return "Nothing new."


async def another_way(run: Run, given: Any) -> Any:
    """A step before everything else."""
    await run.step("look around", look_around)
    return await seo_write(run, given)


async def longer(run: Run, given: Any) -> Any:
    """The same, with a step at its end."""
    made = await seo_write(run, given)
    await run.step("look around", look_around)
    return made


@pytest.fixture
def old(planned: TestDatabase, model_server: ModelServer, tmp_path: Path) -> Iterator[Flock]:
    """One worker with the body as it is; answers take their time."""
    model_server.answers(answer)
    model_server.delay = 0.3
    with flock_of(planned, tmp_path, model_server.base_url, 1) as made:
        yield made


async def in_the_middle(old: Flock, at_work: AtWork, new: Any) -> tuple[RunId, int]:
    """An article some of whose sections are written, by the old worker; a worker with the new body is there too."""
    run_id = await at_work.begin("seo_write", brief=BRIEF)
    pid, _ = await held_by(at_work, run_id)
    old.hatch(bodies={"seo_write": new})
    there = "select count(*) from workers where role = 'worker' and ended_at is null"
    async with asyncio.timeout(60):
        while await at_work.rows(there) != [(2,)] or len(await _finished(at_work, run_id)) < 3:
            await asyncio.sleep(0.02)
    return run_id, pid


async def _finished(at_work: AtWork, run_id: RunId) -> list[str]:
    return [event.step or "" for event in await at_work.log(run_id) if event.type == "step_completed"]


async def leave(old: Flock, pid: int) -> None:
    """The old worker is asked to go, as a restart does it."""
    os.kill(pid, signal.SIGTERM)
    await asyncio.to_thread(old.one(pid).join, 30)


async def test_as_long_as_the_old_worker_is_there_it_finishes_what_it_began(
    old: Flock, model_server: ModelServer
) -> None:
    async with old.web() as at_work:
        run_id, pid = await in_the_middle(old, at_work, another_way)
        assert await holder(at_work, run_id) == pid
        model_server.delay = 0.0
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        assert "look around" not in await _finished(at_work, run_id)
    check_trace(old.traced())
    assert not model_server.paid_twice()


async def test_an_article_whose_body_went_another_way_is_reported_and_nothing_is_done_on_a_guess(
    old: Flock, model_server: ModelServer
) -> None:
    async with old.web() as at_work:
        run_id, pid = await in_the_middle(old, at_work, another_way)
        await leave(old, pid)
        paid = model_server.paid
        failed = await at_work.until(run_id, *FINAL, within=60)
        assert (failed.status, failed.error) == ("failed", OUTGROWN.format(title=failed.title))
        log = await at_work.log(run_id)
        check_log(log)
        assert log[-1].data["code"] == "outgrown"
        assert model_server.paid == paid and await at_work.rows("select id from assets") == []
        model_server.delay = 0.0
        again = await at_work.begin("seo_write", brief=BRIEF)
        assert (await at_work.until(again, *FINAL, within=60)).status == "completed"
        assert (await _finished(at_work, again))[0] == "look around"
        held = await at_work.rows(
            "select count(*) from budget_reservations where settled_at is null and run_id = %s", again
        )
        assert held == [(0,)]
    check_trace(old.traced())


async def test_an_article_whose_body_only_grew_at_its_end_goes_on_with_the_new_one(
    old: Flock, model_server: ModelServer
) -> None:
    async with old.web() as at_work:
        run_id, pid = await in_the_middle(old, at_work, longer)
        await leave(old, pid)
        model_server.delay = 0.0
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        assert (await _finished(at_work, run_id))[-1] == "look around"
        check_log(await at_work.log(run_id))
        assert await at_work.rows("select count(*) from assets where run_id = %s", run_id) == [(1,)]
    check_trace(old.traced())
    assert len(model_server.paid_twice()) <= AT_ONCE, "the calls under way when the old worker left, and no other"
