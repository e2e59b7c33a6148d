"""Several processes on one database: runs are taken by any worker and go on elsewhere when one dies or freezes."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from assistant.runs.peers import ENDED_BY_OTHERS
from assistant.workflows import WORKFLOWS
from knowledge.errors import Conflict
from knowledge.runs.models import FINAL
from tests.assistant.at_work import AtWork, briefed, onboarded, planned
from tests.assistant.flock import Flock, flock_of, held_by, holder, patience
from tests.assistant.honest import answer
from tests.assistant.outages import count_again
from tests.assistant.runs.crash import check_trace
from tests.assistant.runs.toys import check_log
from tests.assistant.storm import Weather, storm
from tests.conftest import TestDatabase
from tests.model_server import ModelServer
from tests.process.product import Product, postmaster, run_to_its_end, started

__all__ = ["briefed", "onboarded", "planned"]

pytestmark = pytest.mark.process
BRIEF = "Tell subscribers about the new harvest"


@pytest.fixture
def flock(planned: TestDatabase, model_server: ModelServer, tmp_path: Path) -> Iterator[Flock]:
    """Two workers, and the honest provider."""
    model_server.answers(answer)
    with flock_of(planned, tmp_path, model_server.base_url) as made:
        yield made


@pytest.fixture
def planners(onboarded: TestDatabase, model_server: ModelServer, tmp_path: Path) -> Iterator[Flock]:
    """The same before the campaign is planned."""
    model_server.answers(answer)
    with flock_of(onboarded, tmp_path, model_server.base_url) as made:
        yield made


async def check_ledger(at_work: AtWork) -> None:
    assert await at_work.rows("select count(*) from budget_reservations where settled_at is null") == [(0,)]


async def test_a_worker_killed_in_a_model_call_is_replaced_by_the_other_within_two_seconds(
    flock: Flock, model_server: ModelServer
) -> None:
    model_server.delay = 1.0
    async with flock.web() as at_work:
        run_id = await at_work.begin("email_create", brief=BRIEF)
        first, _ = await held_by(at_work, run_id)
        while not model_server.paid:
            await asyncio.sleep(0.01)
        os.kill(first, signal.SIGKILL)
        model_server.delay = 0.0
        second, took = await held_by(at_work, run_id, first)
        assert second in [worker.pid for worker in flock.workers] and took < patience(2.0)
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        check_log(await at_work.log(run_id))
        await check_ledger(at_work)
    check_trace(flock.traced())
    assert len(model_server.paid_twice()) == 1, "the call under way, and no other"


async def test_a_frozen_worker_loses_its_runs_and_leaves_without_a_word_when_it_wakes(
    flock: Flock, model_server: ModelServer
) -> None:
    model_server.delay = 2.0  # it is frozen in the middle of the call, and wakes when its answer has come
    async with flock.web() as at_work:
        run_id = await at_work.begin("email_create", brief=BRIEF)
        first, _ = await held_by(at_work, run_id)
        while not model_server.paid:
            await asyncio.sleep(0.01)
        os.kill(first, signal.SIGSTOP)
        model_server.delay = 0.5
        await held_by(at_work, run_id, first)
        while model_server.paid < 2:  # else the other may find the answer that the woken one keeps, and pays nothing
            await asyncio.sleep(0.01)
        os.kill(first, signal.SIGCONT)  # while the other is at the same step
        frozen = flock.one(first)
        await asyncio.to_thread(frozen.join, 20)
        assert frozen.exitcode == ENDED_BY_OTHERS
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        check_log(await at_work.log(run_id))
        pieces = await at_work.rows("select count(*) from assets where run_id = %s", run_id)
        assert pieces == [(1,)]
    check_trace(flock.traced())
    assert len(model_server.paid_twice()) == 1, "the call under way when it froze, and no other"


async def test_a_frozen_worker_that_wakes_when_its_step_is_done_elsewhere_does_not_begin_it_again(
    flock: Flock, model_server: ModelServer
) -> None:
    model_server.delay = 0.5
    async with flock.web() as at_work:
        run_id = await at_work.begin("email_create", brief=BRIEF)
        first, _ = await held_by(at_work, run_id)
        while not model_server.requests:
            await asyncio.sleep(0.01)
        os.kill(first, signal.SIGSTOP)
        await held_by(at_work, run_id, first)
        model_server.delay = 0.0
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        os.kill(first, signal.SIGCONT)  # its connections are closed: its step fails at once and is to be tried again
        frozen = flock.one(first)
        await asyncio.to_thread(frozen.join, 20)
        assert frozen.exitcode == ENDED_BY_OTHERS
        check_log(await at_work.log(run_id))
    check_trace(flock.traced())


async def test_a_run_is_stopped_and_resumed_from_the_web_process_while_a_worker_has_it(
    flock: Flock, model_server: ModelServer
) -> None:
    model_server.delay = 0.2
    chance = random.Random(5)
    async with flock.web() as at_work:
        run_id = await at_work.begin("email_create", brief=BRIEF)
        for _ in range(8):
            await asyncio.sleep(chance.uniform(0, 0.25))
            try:
                stopped = await at_work.runs.stop(at_work.caller, run_id)
            except Conflict:  # it has just come to its end
                break
            assert stopped.status == "stopped"
            assert await at_work.engine.ended(stopped, within=15)
            assert await holder(at_work, run_id) is None
            await at_work.runs.resume(at_work.caller, run_id)
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        check_log(await at_work.log(run_id))
        await check_ledger(at_work)
    check_trace(flock.traced())


async def test_what_is_approved_while_no_worker_is_there_is_acted_on_by_the_next(planners: Flock) -> None:
    async with planners.web() as at_work:
        run_id = await at_work.begin("campaign_planning")
        asked = await at_work.question(run_id)
        assert asked is not None
        for worker in planners.workers:
            worker.kill()
        await at_work.click(asked)
        began = time.monotonic()
        planners.hatch()
        assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
        assert time.monotonic() - began < patience(10)
        check_log(await at_work.log(run_id))
    check_trace(planners.traced())


async def test_an_approval_in_the_web_process_wakes_the_worker_at_once(planners: Flock) -> None:
    async with planners.web() as at_work:
        run_id = await at_work.begin("campaign_planning")
        asked = await at_work.question(run_id)
        assert asked is not None
        began = time.monotonic()
        await at_work.click(asked)
        await at_work.until(run_id, *FINAL)
        assert time.monotonic() - began < patience(1.5)


async def test_runs_are_shared_by_the_workers_and_none_is_done_by_the_web_process(
    flock: Flock, model_server: ModelServer
) -> None:
    model_server.delay = 0.3
    async with flock.web() as at_work:
        while (await at_work.rows("select count(*) from workers where ended_at is null")) != [(3,)]:
            await asyncio.sleep(0.05)
        runs = [await at_work.begin("email_create", brief=f"{BRIEF} {number}") for number in range(6)]
        had = {(await held_by(at_work, run_id))[0] for run_id in runs}
        assert had == {worker.pid for worker in flock.workers}
        for run_id in runs:
            assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
    check_trace(flock.traced())
    assert count_again(model_server.requests) == 0  # two runs may come to the same words, and ask the same about them


async def test_a_run_of_a_kind_that_nobody_knows_any_more_waits_and_says_so(
    planned: TestDatabase, tmp_path: Path
) -> None:
    flock = Flock(planned, tmp_path)
    try:
        async with flock.web(mend_seconds=0.2, unknown_seconds=0.2) as at_work:
            flock.hatch(missing=("email_create",))
            run_id = await at_work.begin("email_create", brief=BRIEF)
            at_work.engine.workflows = {k: w for k, w in at_work.engine.workflows.items() if k != "email_create"}
            told = await at_work.until_event(run_id, "progress")
            assert "no process knows how to do" in told.data["sentence"]
            run = await at_work.runs.get(at_work.org_id, run_id)
            assert run.status == "queued" and run.error == told.data["sentence"]
            flock.hatch()  # the version before is started again
            ended = await at_work.until(run_id, *FINAL, within=60)
            assert (ended.status, ended.error) == ("completed", None)
            check_log(await at_work.log(run_id))
    finally:
        flock.end()


# ---------------------------------------------------------------- the parent


def children(product: Product) -> dict[int, str]:
    """The living children of the parent: web or worker."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(state[1]) == product.process.pid and state[0] != "Z" and len(words) > 2:
            found[int(entry.name)] = words[2]
    return found


def until_there(product: Product, **count: int) -> None:
    deadline = time.monotonic() + 60
    while product.call("GET", "/health")["processes"] != count:
        assert time.monotonic() < deadline, product.call("GET", "/health")["processes"]
        time.sleep(0.1)


def test_the_parent_restarts_what_dies_and_everything_ends_with_it_however_it_ends(new_home: Path) -> None:
    with started(new_home, ADROOM_WORKERS="1") as product:
        until_there(product, web=1, worker=1)
        (worker,) = [pid for pid, role in children(product).items() if role == "worker"]
        os.kill(worker, signal.SIGKILL)
        product.until("The worker process has ended (signal 9); it is started again.")
        until_there(product, web=1, worker=1)
        assert worker not in children(product)
        assert product.call("GET", "/health")["database"]["kind"] == "embedded"
        pids = list(children(product))
        assert product.end(signal.SIGTERM, within=patience(10)) == 0
    assert postmaster(new_home) is None
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    with started(new_home, ADROOM_WORKERS="1") as product:
        until_there(product, web=1, worker=1)
        pids = list(children(product))
        product.process.kill()
        deadline = time.monotonic() + 30
        while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
            assert time.monotonic() < deadline, left
            time.sleep(0.05)
        product.process.wait()


@pytest.mark.timeout(400)
async def test_a_short_storm_loses_and_repeats_nothing(
    planned: TestDatabase, model_server: ModelServer, tmp_path: Path
) -> None:
    """benchmarks/crash_storm.py is the long one."""
    model_server.answers(answer)
    model_server.delay = 0.02
    with flock_of(planned, tmp_path, model_server.base_url, 0) as flock:
        report = await storm(flock, model_server, Weather(kills=20, rounds=1))
    assert report.kills >= 10 and set(report.doings.runs) == set(WORKFLOWS), "every kind of run was in it"


def test_processes_apart_need_a_database_that_they_share(new_home: Path) -> None:
    for role in ("web", "worker"):
        refused = run_to_its_end(new_home, "app.py", role)
        assert refused.returncode == 2 and refused.stderr.startswith("DATABASE_URL: not set; processes apart share one")
    refused = run_to_its_end(new_home, "app.py", "boss")
    assert refused.returncode == 2 and "'boss' is unknown" in refused.stderr


async def test_every_connection_of_a_process_bears_its_name(flock: Flock, planned: TestDatabase) -> None:
    """What a frozen process holds is taken from it by that name."""
    async with flock.web() as at_work:
        while (await at_work.rows("select count(*) from workers where ended_at is null")) != [(3,)]:
            await asyncio.sleep(0.05)
        found = await at_work.rows("select executor_id from workers where ended_at is null")
        names = {f"adroom {name}" for (name,) in found}
        async with await psycopg.AsyncConnection.connect(planned.owner_url) as conn:
            seen = await conn.execute(
                "select application_name, count(*) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid() group by 1"
            )
            entered = dict(await seen.fetchall())
    assert set(entered) == names
    assert min(entered.values()) >= 4, "the application's, the owner's, the engine's, and the one that listens"


async def test_a_run_that_somebody_else_is_at_holds_up_no_other_when_a_dead_process_is_recovered(
    flock: Flock, model_server: ModelServer, planned: TestDatabase
) -> None:
    model_server.delay = 0.3
    async with flock.web() as at_work:
        runs = [await at_work.begin("email_create", brief=f"{BRIEF} {number}") for number in range(4)]
        holders = {run_id: (await held_by(at_work, run_id))[0] for run_id in runs}
        ((dead, _),) = Counter(holders.values()).most_common(1)
        held, *others = [run_id for run_id in runs if holders[run_id] == dead]
        async with await psycopg.AsyncConnection.connect(planned.owner_url) as conn:
            await conn.execute("select 1 from dbos.workflow_status where workflow_uuid = %s for update", (str(held),))
            os.kill(dead, signal.SIGKILL)
            for run_id in others:
                await held_by(at_work, run_id, dead, within=patience(2.5))
            assert await holder(at_work, held) == dead
            await conn.rollback()
        for run_id in runs:
            assert (await at_work.until(run_id, *FINAL, within=60)).status == "completed"
            check_log(await at_work.log(run_id))
    check_trace(flock.traced())
