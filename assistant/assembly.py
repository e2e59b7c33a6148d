"""The web process: the house with API and chat mounted on it.

Only the door imports this: it brings in Chainlit.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI

from assistant.agents.team import TEAM
from assistant.api import create_api
from assistant.api.limits import Limiter
from assistant.api.ports import ApiParts, Member
from assistant.api.shared_limits import SharedAllowances
from assistant.chat.announcing import Announcer
from assistant.chat.data_layer import ThreadStore
from assistant.chat.hooks import register
from assistant.chat.identity import LocalIdentity, PasswordDoor, chat_user, ensure_local_user
from assistant.chat.mounting import mount_chat
from assistant.chat.page import close_page
from assistant.chat.reviving import revive_turns
from assistant.chat.room import Room, open_room
from assistant.health import VERSION, check_health
from assistant.house import House
from assistant.runs.dbos_engine import EngineOptions
from assistant.security import Shield
from assistant.settings import Settings
from assistant.workflows import WORKFLOWS
from knowledge.runs.workers import Role


def build_app(settings: Settings, owner_url: str, app_url: str, *, embedded: bool, role: Role = "all") -> FastAPI:
    """The whole product as one ASGI application; everything is started and stopped by its lifespan.

    ``role``: ``web`` leaves the runs to worker processes on the same database.
    """
    house = House(settings, owner_url, app_url, EngineOptions(role=role))
    room = Room(
        house.services,
        ThreadStore(app_url, house.engine.peers.id),
        house.turns,
        house.work,
        PasswordDoor(settings.password),
    )
    open_room(room)
    shared = SharedAllowances(settings.redis_url) if settings.redis_url else None
    limits = Limiter(settings.api_rate, shared=shared)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        announcer = Announcer(room)
        async with AsyncExitStack() as started:
            if shared is not None:
                started.push_async_callback(shared.close)
            await started.enter_async_context(house.open())
            await ensure_local_user(house.db)
            await room.store.connect()
            started.push_async_callback(room.store.close)
            await room.store.create_user(chat_user())
            await announcer.start()
            started.push_async_callback(announcer.stop)
            await revive_turns(room)
            house.engine.peers.on_death(lambda: _revive(room))  # of another web process, beside this one
            yield

    app = FastAPI(title="Adroom", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shield, settings=settings, policy=close_page())
    app.include_router(create_api(_api_parts(house, embedded, limits)))
    register(login=settings.auth == "password")
    mount_chat(app, login=settings.auth == "password")
    return app


async def _revive(room: Room) -> None:
    await revive_turns(room)


def _api_parts(house: House, embedded: bool, limits: Limiter) -> ApiParts:
    async def health() -> dict[str, Any]:
        found = await check_health(house, embedded)
        return {"ok": found.up, **found.facts}

    return ApiParts(
        settings=house.settings,
        db=house.db,
        events=house.events,
        work=house.work,
        identity=LocalIdentity(house.db),
        steps={kind: workflow.steps for kind, workflow in WORKFLOWS.items()},
        team=[Member(spec.id, spec.name) for spec in TEAM.values()],
        health=health,
        talk=house.conversations,
        limits=limits,
    )
