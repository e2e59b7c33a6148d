"""A room on the loopback provider, over either API, and scopes that pay."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from assistant.models.prices import OwnPrice
from assistant.models.room import CallScope, ModelRoom
from assistant.models.settings import Api, ModelRoomSettings
from knowledge.db import Database
from knowledge.ids import RunId, SessionId
from knowledge.money import service
from knowledge.money.models import Meter
from tests.conftest import People
from tests.model_server import ModelServer
from tests.model_server.fixture import model_server, provider

__all__ = ["model_server", "provider"]

PRICE = OwnPrice(input=Decimal(1), output=Decimal(10), cached=Decimal("0.1"))


@pytest.fixture(params=["responses", "chat_completions"])
def api(request: pytest.FixtureRequest) -> Api:
    return request.param


@pytest.fixture
def settings(model_server: ModelServer, api: Api) -> ModelRoomSettings:
    """Dollars that are easy to reckon: 1 a million tokens in, 10 out; 100 tokens of answer at most."""
    return ModelRoomSettings(
        api_key=model_server.key,
        base_url=model_server.base_url,
        api=api,
        names={"manager": "test-model"},
        own_prices={"test-model": PRICE},
        max_output_tokens=100,
        request_timeout=5,
        silence_timeout=2,
        patience=2,
        retries=0,
    )


@pytest.fixture
async def room(settings: ModelRoomSettings, db: Database) -> AsyncIterator[ModelRoom]:
    made = ModelRoom(settings, db)
    yield made
    await made.close()


@dataclass(frozen=True)
class Desk:
    """One person's session and run, as the scope of calls, and how its money stands."""

    db: Database
    scope: CallScope

    def attempt(self, journal_id: UUID | None = None) -> CallScope:
        """A first attempt at something new, or another at ``journal_id``."""
        bare = {name: getattr(self.scope, name) for name in ("org_id", "user_id", "session_id", "run_id", "agent")}
        return CallScope(**bare, journal_id=journal_id or uuid4())

    async def meters(self) -> dict[str, Meter]:
        async with self.db.org(self.scope.org_id) as conn:
            return {meter.standing.scope: meter for meter in await service.meter(conn, self.scope.keys)}

    async def spent(self) -> Decimal:
        return (await self.meters())["org"].standing.spent

    async def reserved(self) -> Decimal:
        return (await self.meters())["org"].standing.reserved

    async def limit(self, scope: str, amount: Decimal | str) -> None:
        scope_id = {
            "run": self.scope.run_id,
            "session": self.scope.session_id,
            "user": self.scope.user_id,
            "org": self.scope.org_id,
        }[scope]
        assert scope_id is not None
        async with self.db.org(self.scope.org_id) as conn:
            await service.set_limit(conn, self.scope.keys, scope, scope_id, Decimal(amount))  # type: ignore[arg-type]


@pytest.fixture
def desk(db: Database, people: People) -> Desk:
    scope = CallScope(
        org_id=people.org_id,
        user_id=people["strategy"],
        session_id=SessionId(uuid4()),
        run_id=RunId(uuid4()),
        agent="cmo",
        journal_id=uuid4(),
    )
    return Desk(db, scope)


RoomOf = Callable[..., ModelRoom]


@pytest.fixture
async def room_of(settings: ModelRoomSettings, db: Database) -> AsyncIterator[RoomOf]:
    """Rooms with some settings changed."""
    made: list[ModelRoom] = []

    def make(**changes: object) -> ModelRoom:
        made.append(ModelRoom(replace(settings, **changes), db))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.close()
