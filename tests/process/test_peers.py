"""Processes on one database know of each other: who is gone is missed by all, who only seemed gone keeps its place."""

import asyncio
import time
from typing import NoReturn

import psycopg
import pytest

from assistant.runs.engine_rows import EngineRows
from assistant.runs.peers import Peers, named, new_id
from knowledge.runs import workers
from tests.assistant.at_work import briefed, onboarded, open_house, planned
from tests.assistant.flock import patience
from tests.conftest import TestDatabase

__all__ = ["briefed", "onboarded", "planned"]

pytestmark = pytest.mark.process


async def test_the_rows_that_a_frozen_process_holds_are_taken_from_it(planned: TestDatabase) -> None:
    frozen, rows = new_id(), EngineRows(planned.owner_url)
    await rows.open()
    async with await psycopg.AsyncConnection.connect(named(planned.owner_url, frozen)) as held:
        await workers.enter(held, frozen, "here", 1, "worker", "1")
        await held.execute(
            "update workers set ended_at = now(), ended_how = 'silent' where executor_id = %s", (frozen,)
        )
        await held.commit()
        await held.execute("select 1 from clients for update")  # and there it stands still
        await rows.recover()
        async with await psycopg.AsyncConnection.connect(planned.owner_url) as other:
            await other.execute("set lock_timeout = '5s'")
            assert (await other.execute("select 1 from clients for update")).rowcount == 1
        with pytest.raises(psycopg.OperationalError):
            await held.execute("select 1")
    await rows.close()


async def test_a_process_that_was_frozen_while_it_started_goes_when_it_wakes(
    planned: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told so, instead of being cut off from the database in the middle of what it does next."""
    start = Peers.start

    def goes() -> NoReturn:
        raise RuntimeError("taken for dead")

    async def freezes(self: Peers) -> None:
        await start(self)
        async with await psycopg.AsyncConnection.connect(planned.owner_url, autocommit=True) as conn:
            await conn.execute(
                "update workers set ended_at = now(), ended_how = 'silent' where executor_id = %s", (self.id,)
            )
        self._beaten, self.on_ended = float("-inf"), goes

    monkeypatch.setattr(Peers, "start", freezes)
    with pytest.raises(RuntimeError, match="taken for dead"):
        async with open_house(planned.owner_url, planned.app_url):
            pass


def test_a_database_that_is_gone_for_a_moment_costs_no_process_its_place(database: TestDatabase) -> None:
    """A lost session is taken up again, and its lock with it, before anybody takes the process for dead."""

    async def lose() -> None:
        one, other = Peers(database.app_url, "worker", "1"), Peers(database.app_url, "worker", "1")
        one.on_ended = other.on_ended = _never
        await one.start()
        await other.start()
        with psycopg.connect(database.owner_url, autocommit=True) as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
            await asyncio.sleep(2.5)
            there = conn.execute("select executor_id from workers where ended_at is null").fetchall()
        await one.stop()
        await other.stop()
        assert {name for (name,) in there} == {one.id, other.id}

    asyncio.run(lose())


async def test_a_death_is_heard_of_by_all_though_who_saw_it_died_before_it_could_tell(database: TestDatabase) -> None:
    one, heard, dead = Peers(database.app_url, "worker", "1"), list[float](), new_id()

    async def told() -> None:
        heard.append(time.monotonic())

    one.on_death(told)
    await one.start()
    async with await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True) as conn:
        await workers.enter(conn, dead, "here", 1, "worker", "1")
        began = time.monotonic()
        await conn.execute("update workers set ended_at = now(), ended_how = 'died' where executor_id = %s", (dead,))
        await asyncio.sleep(2.5)
    await one.stop()
    assert len(heard) == 1 and heard[0] - began < patience(1.0)


def _never() -> NoReturn:
    raise AssertionError("taken for dead")
