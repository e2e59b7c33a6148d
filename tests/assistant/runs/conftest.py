"""A database with the engine's own tables in it already, and a room of run machinery on it."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from dbos import DBOS
from psycopg.conninfo import make_conninfo

from assistant.runs.dbos_engine import EngineOptions
from knowledge.embedded import EmbeddedPostgres
from knowledge.migrate import sqlalchemy_url
from tests.assistant.runs import toys
from tests.assistant.runs.toys import QUICK, Room, open_room
from tests.conftest import People, TestDatabase, _names


@pytest.fixture(scope="session")
def engine_template(postgres: EmbeddedPostgres) -> str:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute("create database engine_template template adroom strategy file_copy")
    url = sqlalchemy_url(postgres.url("engine_template")).set(drivername="postgresql")
    DBOS.migrate(url.render_as_string(hide_password=False), schema="dbos")
    return "engine_template"


@pytest.fixture
def database(postgres: EmbeddedPostgres, engine_template: str) -> Iterator[TestDatabase]:
    name = next(_names)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} template {engine_template} strategy file_copy")  # type: ignore[arg-type]
    yield TestDatabase(name, postgres.url(name), make_conninfo(postgres.app_url, dbname=name))
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")  # type: ignore[arg-type]


@pytest.fixture
def engine_options() -> EngineOptions:
    """A file of tests that needs others has a fixture of this name."""
    return QUICK


@pytest.fixture
async def room(database: TestDatabase, people: People, engine_options: EngineOptions) -> AsyncIterator[Room]:
    toys.ran.clear()
    toys.faults.clear()
    toys.held.clear()
    toys.at_once.clear()
    who = (people.org_id, people["admin"])
    async with open_room(database.owner_url, database.app_url, *who, options=engine_options) as opened:
        yield opened
