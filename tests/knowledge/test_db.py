"""The door to Postgres: an organisation is set for one transaction, and whoever sets it otherwise is found out."""

import asyncio
import time
from uuid import uuid4

import psycopg
import pytest

from knowledge.db import Database, Row
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


class Name(Row):
    name: str
    nothing: str | None


NAMES = "select name, %(nothing)s::text as nothing from clients where name like '%%' and org_id = %(org_id)s"


async def test_a_query_in_one_message_sees_one_organisation_and_leaves_nothing_behind(
    one: Database, people: People
) -> None:
    await one.open()
    for org_id, there in ((people.org_id, 1), (OrgId(uuid4()), 0)) * 3:
        found = await one.rows(org_id, Name, NAMES, {"org_id": people.org_id, "nothing": None})
        assert [row.nothing for row in found] == [None] * there
        async with one.pool.connection() as conn:
            shown = "select current_setting('app.org_id'), current_setting('transaction_read_only')"
            assert await (await conn.execute(shown)).fetchone() == ("", "off")
    await one.close()


async def test_a_query_in_one_message_is_refused_where_an_organisation_is_still_set(
    one: Database, people: People
) -> None:
    await one.open()
    async with one.pool.connection() as conn:
        await conn.execute("select set_config('app.org_id', %s, false)", (str(people.org_id),))
    with pytest.raises(RuntimeError, match="still set"):
        await one.rows(OrgId(uuid4()), Name, NAMES, {"org_id": people.org_id, "nothing": ""})
    assert len(await one.rows(people.org_id, Name, NAMES, {"org_id": people.org_id, "nothing": ""})) == 1
    await one.close()


async def test_a_query_in_one_message_cannot_write_and_a_wrong_one_harms_no_other(
    one: Database, people: People
) -> None:
    await one.open()
    given = {"org_id": people.org_id, "nothing": ""}
    async with one.pool.connection() as conn:
        process = conn.info.backend_pid
    for _ in range(2):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await one.rows(people.org_id, Name, "delete from clients returning name, '' as nothing", {})
        with pytest.raises(psycopg.errors.DivisionByZero):
            await one.rows(people.org_id, Name, "select (1 / %(by)s)::text as name, '' as nothing", {"by": 0})
        with pytest.raises(psycopg.errors.UndefinedTable):
            await one.rows(people.org_id, Name, "select * from nowhere", {})
        assert len(await one.rows(people.org_id, Name, NAMES, given)) == 1
    async with one.pool.connection() as conn:
        assert conn.info.backend_pid == process
    await one.close()


async def test_a_query_in_one_message_is_answered_after_a_transaction_that_was_rolled_back(
    one: Database, people: People
) -> None:
    """The driver then lets go of all that its connection has prepared."""
    await one.open()
    given = {"org_id": people.org_id, "nothing": ""}
    for _ in range(3):
        assert len(await one.rows(people.org_id, Name, NAMES, given)) == 1
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with one.org(people.org_id) as conn:
                await conn.execute("select 1", prepare=True)
                await conn.execute("select 1 / 0")
        assert len(await one.rows(people.org_id, Name, NAMES, given)) == 1
        async with one.pool.connection() as conn:
            await conn.execute("deallocate all")
    await one.close()


async def test_a_query_in_one_message_that_nobody_waits_for_takes_its_connection_with_it(
    one: Database, people: People
) -> None:
    await one.open()
    waiting = asyncio.create_task(one.rows(people.org_id, Name, "select pg_sleep(30)::text as name, '' as nothing", {}))
    await asyncio.sleep(0.3)
    begun = time.monotonic()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert len(await one.rows(people.org_id, Name, NAMES, {"org_id": people.org_id, "nothing": ""})) == 1
    assert time.monotonic() - begun < 10
    await one.close()


async def test_a_query_in_one_message_is_planned_anew_where_a_migration_has_changed_what_it_gives(
    one: Database, people: People, database: TestDatabase
) -> None:
    await one.open()
    query = "select name, '' as nothing from changing"
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("create table changing as select 'Ada' as name; grant select on changing to adroom_app")
        try:
            assert [row.name for row in await one.rows(people.org_id, Name, query, {})] == ["Ada"]
            owner.execute("alter table changing alter column name type varchar(10)")
            for _ in range(2):
                assert [row.name for row in await one.rows(people.org_id, Name, query, {})] == ["Ada"]
        finally:
            owner.execute("drop table changing")
    await one.close()


async def test_a_query_in_one_message_goes_on_where_its_connection_was_cut(
    one: Database, people: People, database: TestDatabase
) -> None:
    await one.open()
    given = {"org_id": people.org_id, "nothing": ""}
    assert len(await one.rows(people.org_id, Name, NAMES, given)) == 1
    with psycopg.connect(database.owner_url) as owner:
        query = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'adroom_app'"
        owner.execute(f"{query} and datname = current_database()")
        assert len(await one.rows(people.org_id, Name, NAMES, given)) == 1
    await one.close()
