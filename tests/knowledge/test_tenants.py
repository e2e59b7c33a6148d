"""No query, however careless, sees another organisation's rows."""

import psycopg
import pytest

from knowledge.db import Database
from tests.conftest import People, TestDatabase, make_people

TENANT_TABLES = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relowner = 'adroom_app'::regrole as owned, c.relispartition
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1
"""


def test_every_table_with_an_organisation_is_closed_by_row_level_security(database: TestDatabase) -> None:
    with psycopg.connect(database.owner_url) as conn:
        tables = conn.execute(TENANT_TABLES).fetchall()
        without = conn.execute(
            "select relname from pg_class c where relkind in ('r','p') and relnamespace = 'public'::regnamespace "
            "and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id')"
        ).fetchall()
    assert len(tables) >= 25
    assert [name for name, enabled, forced, owned, _ in tables if not (enabled and forced) or owned] == []
    assert {name for (name,) in without} == {"orgs", "alembic_version", "embedding_models", "workers"}


async def test_a_query_without_a_where_returns_nothing_of_another_organisation(
    db: Database, people: People, database: TestDatabase
) -> None:
    other = await make_people(db, "Other")
    with psycopg.connect(database.owner_url) as conn:
        tables = conn.execute(TENANT_TABLES).fetchall()
        names = [name for name, *_, part in tables if not part]
        parts = [name for name, *_, part in tables if part]
        _fill_every_table(conn, names, people)
    assert parts
    for name in parts:  # a part of a table is entered through the whole only
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with db.org(people.org_id) as conn:
                await conn.execute(f"select org_id from {name}")  # type: ignore[arg-type]
    for name in names:
        async with db.org(people.org_id) as conn:
            mine = await (await conn.execute(f"select org_id from {name}")).fetchall()  # type: ignore[arg-type]
        async with db.org(other.org_id) as conn:
            theirs = await (await conn.execute(f"select org_id from {name}")).fetchall()  # type: ignore[arg-type]
        assert {row[0] for row in mine} == {people.org_id}, f"{name}: our own row is visible to us"
        assert people.org_id not in {row[0] for row in theirs}, f"{name}: visible to a stranger"


async def test_without_an_organisation_every_tenant_table_looks_empty(db: Database, people: People) -> None:
    async with db.pool.connection() as conn:
        assert await (await conn.execute("select * from users")).fetchall() == []
        assert await (await conn.execute("select * from orgs")).fetchall() == []


async def test_a_row_cannot_be_written_into_another_organisation(db: Database, people: People) -> None:
    other = await make_people(db, "Other")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with db.org(people.org_id) as conn:
            await conn.execute("insert into clients (org_id, name) values (%s, 'planted')", (other.org_id,))


async def test_the_application_can_neither_change_a_version_nor_the_ledger(db: Database, people: People) -> None:
    for statement in (
        "update artifacts set data = '{}'",
        "update usage_ledger set cost = 0",
        "delete from usage_ledger",
        "delete from run_events",
        "alter table clients disable row level security",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with db.org(people.org_id) as conn:
                await conn.execute(statement)  # type: ignore[arg-type]


def _fill_every_table(conn: psycopg.Connection, names: list[str], people: People) -> None:
    """One row in each table, whatever its columns: foreign keys and checks are off, so a new table is found too."""
    conn.execute("set session_replication_role = replica")
    for name in names:
        checks = conn.execute(
            "select conname from pg_constraint where conrelid = %s::regclass and contype = 'c'", (name,)
        ).fetchall()
        for (check,) in checks:
            conn.execute(f'alter table {name} drop constraint "{check}"')  # type: ignore[arg-type]
        columns = conn.execute(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = %s::regclass "
            "and attnum > 0 and not attisdropped and attnotnull and not atthasdef and attname <> 'org_id'",
            (name,),
        ).fetchall()
        values = ", ".join(_sample(kind) for _, kind in columns)
        listed = ", ".join(f'"{column}"' for column, _ in columns)
        both = (f", {listed}", f", {values}") if columns else ("", "")
        conn.execute(f"insert into {name} (org_id{both[0]}) values (%s{both[1]})", (people.org_id,))  # type: ignore[arg-type]
    conn.commit()


def _sample(kind: str) -> str:
    if kind == "uuid":
        return "new_id()"
    if kind in ("jsonb", "json") or kind.endswith("[]"):
        return "'{}'"
    if kind.startswith(("timestamp", "date")):
        return "now()"
    if kind in ("integer", "bigint", "smallint", "numeric"):
        return "1"
    return "'USD'"
