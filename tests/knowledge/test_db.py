"""The door to Postgres: an organisation is set for one transaction, and whoever sets it otherwise is found out."""

from uuid import uuid4

import pytest

from knowledge.db import Database
from knowledge.ids import OrgId
from tests.conftest import People, TestDatabase


@pytest.fixture
async def one(database: TestDatabase) -> Database:
    """A pool of a single connection."""
    return Database(database.app_url, min_size=1, max_size=1)


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_connection_on_which_an_organisation_is_still_set_is_refused_and_closed(
    one: Database, people: People, at_once: bool
) -> None:
    await one.open()
    async with one.pool.connection() as conn:
        await conn.execute("select set_config('app.org_id', %s, false)", (str(people.org_id),))
    with pytest.raises(RuntimeError, match="still set"):
        async with one.org(OrgId(uuid4()), at_once=at_once):
            raise AssertionError("it was given to somebody else")
    async with one.org(OrgId(uuid4()), at_once=at_once) as conn:
        assert await (await conn.execute("select count(*) from clients")).fetchall() == [(0,)]
    await one.close()


async def test_an_organisation_is_gone_with_its_transaction(one: Database, people: People) -> None:
    await one.open()
    for _ in range(3):
        async with one.org(people.org_id) as conn:
            assert await (await conn.execute("select count(*) from clients")).fetchall() == [(1,)]
    async with one.pool.connection() as conn:
        assert await (await conn.execute("select count(*) from clients")).fetchall() == [(0,)]
    await one.close()
