"""The house is opened whole, or not at all."""

import asyncio

import psycopg
import pytest

from assistant.house import House
from tests.assistant.at_work import QUICK, settings_for
from tests.conftest import TestDatabase


async def test_a_start_that_fails_half_way_lets_go_of_what_was_started(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(settings_for(None), database.owner_url, database.app_url, QUICK)
    before = asyncio.all_tasks()

    async def recover() -> None:
        raise psycopg.errors.AdminShutdown("terminating connection due to administrator command")

    monkeypatch.setattr(house.engine.mending, "recover", recover)
    with pytest.raises(psycopg.errors.AdminShutdown):
        async with house.open():
            pass
    assert asyncio.all_tasks() == before
    assert house.db.pool.closed
