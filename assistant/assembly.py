"""Puts the assistant together: services, engine, API, chat, in the order in which they need each other.

Only the door imports this: it brings in Chainlit, the agents SDK and the engine.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from chainlit.utils import mount_chainlit
from fastapi import FastAPI

from assistant.agents.team import TEAM
from assistant.api import create_api
from assistant.chat.announcing import Announcer
from assistant.chat.data_layer import ThreadStore
from assistant.chat.hooks import register
from assistant.chat.identity import LOCAL_ORG, caller_of, ensure_local_user, user_of_cookie
from assistant.chat.reviving import revive_turns
from assistant.chat.room import Room, open_room
from assistant.health import VERSION, check_health
from assistant.models.offline.model import OfflineModel
from assistant.models.room import CallScope, ModelRoom
from assistant.models.roles import Role
from assistant.runs.bus import EventBus
from assistant.runs.dbos_engine import DbosEngine
from assistant.runs.service import RunService
from assistant.security import Shield
from assistant.services import Services
from assistant.settings import Settings
from assistant.turns.runner import Turns
from assistant.work import RunWork
from assistant.workflows import WORKFLOWS
from knowledge.db import Database

ENTRY = Path(__file__).parent / "chat" / "entry.py"


def build_app(settings: Settings, owner_url: str, app_url: str, *, embedded: bool) -> FastAPI:
    """The whole product as one ASGI application; everything is started and stopped by its lifespan."""
    db = Database(app_url)
    events = EventBus(db, settings.redis_url)
    models = ModelRoom(settings.models, db, offline_writer)
    services = Services(settings, db, events, models)
    engine = DbosEngine(owner_url, db, events, WORKFLOWS)
    runs = RunService(db, engine, WORKFLOWS)
    work = RunWork(runs, settings.run_budget)
    turns = Turns(db, models, work)
    room = Room(services, ThreadStore(app_url), turns, work)
    open_room(room)
    announcer = Announcer(room)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        await db.open()
        await ensure_local_user(db)
        await room.store.connect()
        await events.start()
        await engine.start(services)
        await announcer.start()
        await revive_turns(room)
        yield
        await turns.close()
        await announcer.stop()
        await engine.stop()
        await events.stop()
        await models.close()
        await room.store.close()
        await db.close()

    app = FastAPI(title="Adroom", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shield, settings=settings)
    app.include_router(create_api(services, runs, work, embedded=embedded))
    register(login=settings.auth == "password")
    mount_chainlit(app, str(ENTRY), path="/")
    return app


def offline_writer(role: Role, scope: CallScope) -> OfflineModel:
    """The offline writer in the place of the agent that asks."""
    return OfflineModel(TEAM[scope.agent].plan)
