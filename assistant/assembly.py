"""The web process: the house with API and chat mounted on it.

Only the door imports this: it brings in Chainlit.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from chainlit.utils import mount_chainlit
from fastapi import FastAPI

from assistant.api import create_api
from assistant.chat.announcing import Announcer
from assistant.chat.data_layer import ThreadStore
from assistant.chat.hooks import register
from assistant.chat.identity import ensure_local_user
from assistant.chat.reviving import revive_turns
from assistant.chat.room import Room, open_room
from assistant.health import VERSION
from assistant.house import House
from assistant.security import Shield
from assistant.settings import Settings

ENTRY = Path(__file__).parent / "chat" / "entry.py"


def build_app(settings: Settings, owner_url: str, app_url: str, *, embedded: bool) -> FastAPI:
    """The whole product as one ASGI application; everything is started and stopped by its lifespan."""
    house = House(settings, owner_url, app_url)
    room = Room(house.services, ThreadStore(app_url), house.turns, house.work)
    open_room(room)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        announcer = Announcer(room)
        async with house.open():
            await ensure_local_user(house.db)
            await room.store.connect()
            await announcer.start()
            await revive_turns(room)
            yield
            await announcer.stop()
            await room.store.close()

    app = FastAPI(title="Adroom", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Shield, settings=settings)
    app.include_router(create_api(house, embedded=embedded))
    register(login=settings.auth == "password")
    mount_chainlit(app, str(ENTRY), path="/")
    return app
