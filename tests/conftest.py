"""Real parts for every test: one embedded Postgres a session, one freshly cloned database a test."""

import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres, start_embedded
from knowledge.ids import ClientId, OrgId, UserId
from knowledge.migrate import migrate


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their driver keeps an event loop in this thread, beside which no other can run."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


_names = (f"t{number}" for number in itertools.count())


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A migrated server of the test session's own; ``adroom`` in it is the template that tests are cloned from."""
    with tempfile.TemporaryDirectory(prefix="adroom-test-") as folder:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
            for knob in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                conn.execute(f"alter system set {knob}")
            conn.execute("select pg_reload_conf()")
        migrate(server.owner_url)
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class TestDatabase:
    """``owner_url`` for migrations and the engine, ``app_url`` as the application enters."""

    __test__ = False
    name: str
    owner_url: str
    app_url: str


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[TestDatabase]:
    """A database of this test's own, at the newest schema, empty."""
    name = next(_names)
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute(f"create database {name} template adroom strategy file_copy")
    yield TestDatabase(name, postgres.url(name), make_conninfo(postgres.app_url, dbname=name))
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    """The application's own pool on this test's database."""
    opened = Database(database.app_url, min_size=1, max_size=8)
    await opened.open()
    yield opened
    await opened.close()


@dataclass(frozen=True)
class People:
    """An organisation with one user a role (``people["strategy"]``), and one client."""

    org_id: OrgId
    users: dict[str, UserId]
    client_id: ClientId

    def __getitem__(self, role: str) -> UserId:
        return self.users[role]


ROLES = ("partner", "strategy", "creative", "performance", "ops", "data", "experiment", "legal", "admin")


async def make_people(db: Database, name: str = "Agency") -> People:
    """An organisation with a user for every role and a client called ``<name>'s client``."""
    org_id = OrgId(uuid4())
    users = {role: UserId(uuid4()) for role in ROLES}
    client_id = ClientId(uuid4())
    async with db.org(org_id) as conn:
        await conn.execute("insert into orgs (id, name) values (%s, %s)", (org_id, name))
        for role, user_id in users.items():
            await conn.execute(
                "insert into users (id, org_id, external_id, email, display_name, role) values (%s,%s,%s,%s,%s,%s)",
                (user_id, org_id, role, f"{role}@example.com", role.title(), role),
            )
        await conn.execute(
            "insert into clients (id, org_id, name, industry) values (%s, %s, %s, 'e-commerce')",
            (client_id, org_id, f"{name}'s client"),
        )
    return People(org_id, users, client_id)


@pytest.fixture
async def people(db: Database) -> People:
    return await make_people(db)
