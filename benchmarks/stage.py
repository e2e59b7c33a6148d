"""What the benchmarks stand on: an embedded Postgres of their own (durable, as people run it), people, a house."""

import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from assistant.house import House
from assistant.settings import Settings, read_settings
from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres, start_embedded
from knowledge.ids import OrgId, SessionId, UserId
from knowledge.migrate import migrate
from knowledge.people.models import Caller
from knowledge.sessions import queries


@contextmanager
def folder() -> Generator[Path]:
    """A data folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="adroom-bench-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def postgres() -> Generator[EmbeddedPostgres]:
    """The server that comes with us, at the newest schema, with fsync on."""
    with folder() as home:
        server = start_embedded(home)
        try:
            migrate(server.owner_url)
            yield server
        finally:
            server.stop()


def settings(home: Path) -> Settings:
    """As on a machine where nothing is set: offline, on loopback."""
    return read_settings({"ADROOM_HOME": str(home)})


@dataclass(frozen=True)
class Stage:
    """An open house and somebody in it."""

    server: EmbeddedPostgres
    house: House
    caller: Caller

    async def conversation(self) -> SessionId:
        """A new conversation, empty."""
        caller = self.caller
        values = {"org_id": caller.org_id, "user_id": caller.user_id, "channel": "chat", "thread": str(uuid4())}
        async with self.house.db.org(caller.org_id) as conn:
            made = await queries.insert(conn, values)
        assert made is not None
        return made.id


@asynccontextmanager
async def stage(server: EmbeddedPostgres) -> AsyncGenerator[Stage]:
    house = House(settings(server.folder), server.owner_url, server.app_url)
    async with house.open():
        yield Stage(server, house, await somebody(house.db))


async def somebody(db: Database) -> Caller:
    """An administrator of an organisation with one client."""
    caller = Caller(OrgId(uuid4()), UserId(uuid4()), "admin")
    async with db.org(caller.org_id) as conn:
        await conn.execute("insert into orgs (id, name) values (%s, 'Bench')", (caller.org_id,))
        await conn.execute(
            "insert into users (id, org_id, external_id, email, display_name, role) values (%s,%s,'x','x','x','admin')",
            (caller.user_id, caller.org_id),
        )
        await conn.execute(
            "insert into clients (id, org_id, name, industry) values (%s, %s, 'Oatly Mill', 'e-commerce')",
            (uuid4(), caller.org_id),
        )
    return caller
