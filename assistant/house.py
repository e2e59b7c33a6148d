"""The house without a front door: services, engine, runs and turns, in the order in which they need each other.

The web process adds API and chat to it; the demo and the tests use it as it is.
"""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from assistant.agents.team import TEAM
from assistant.critics import HouseCritics
from assistant.embedding.room import EmbeddingRoom
from assistant.embedding.worker import Embedding
from assistant.housekeeping import Housekeeping
from assistant.library import HouseLibrary
from assistant.mail import smtp_mail
from assistant.models.offline.model import OfflineModel
from assistant.models.prices import price_of
from assistant.models.roles import Role
from assistant.models.room import CallScope, ModelRoom
from assistant.publishing.wordpress import WordPress
from assistant.research.room import SearchRoom
from assistant.runs.bus import EventBus
from assistant.runs.dbos_engine import DbosEngine, EngineOptions
from assistant.runs.peers import named, new_id
from assistant.runs.service import RunService
from assistant.services import Services
from assistant.settings import Settings
from assistant.turns.conversation import Conversations
from assistant.turns.runner import Turns
from assistant.work import RunWork
from assistant.workflows import WORKFLOWS
from knowledge.db import Database
from knowledge.fetching.web import Web
from knowledge.files.store import Files


class House:
    """Built without any I/O; ``open`` it to work in it. Raises Invalid when a model or its price is unknown."""

    def __init__(
        self,
        settings: Settings,
        owner_url: str,
        app_url: str,
        options: EngineOptions | None = None,
        web: Web | None = None,
    ) -> None:
        self.settings = settings
        id = new_id()
        owner_url, app_url = named(owner_url, id), named(app_url, id)
        self.db = Database(app_url)
        self.events = EventBus(self.db, settings.redis_url)
        self.models = ModelRoom(settings.models, self.db, offline_writer)
        self.embedding_room = EmbeddingRoom(settings.embedding, self.db, self.models.client)
        self.library = HouseLibrary(self.db, self.embedding_room)
        self.embedding = Embedding(self.db, owner_url, self.embedding_room)
        self.files = Files(settings.files, settings.home / "scratch")
        self.web = web or Web()
        self.search = _search_room(settings, self.db, self.models)
        self.services = Services(
            settings, self.db, self.events, self.models, self.library, self.files, self.search, self.web
        )
        self.engine = DbosEngine(owner_url, self.db, self.events, WORKFLOWS, options or EngineOptions(), id)
        self.runs = RunService(self.db, self.engine, WORKFLOWS)
        self.work = RunWork(
            self.runs,
            settings.run_budget,
            self.library,
            HouseCritics(self.db, self.models),
            self.files,
            self.web,
            mail=smtp_mail(settings.smtp),
            publisher=WordPress.of(settings.wordpress),
        )
        self.models.sure = self.engine.peers.sure
        self.turns = Turns(self.db, self.models, self.work, self.engine.peers.id)
        self.conversations = Conversations(self.services, self.turns, self.work)
        self.housekeeping = Housekeeping(self.db, owner_url, self.files)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        """Start everything; runs that a crash cut off go on from here.

        What was started is let go of, also when a later part cannot start: a process that keeps half of it never ends.
        """
        async with AsyncExitStack() as started:
            started.push_async_callback(self.db.close)
            await self.db.open()
            started.push_async_callback(self.models.close)
            started.push_async_callback(self.events.stop)
            await self.events.start()
            started.push_async_callback(self.engine.stop)
            await self.engine.start(self.services)
            started.push_async_callback(self.turns.close)
            started.push_async_callback(self.conversations.close)
            if self.engine.works:
                started.push_async_callback(self.housekeeping.stop)
                self.housekeeping.start()
                started.push_async_callback(self.embedding.stop)
                self.embedding.start()
            yield


def _search_room(settings: Settings, db: Database, models: ModelRoom) -> SearchRoom:
    """Raises Invalid when the price of the model that searches is not known."""
    search = settings.search
    if search.provider != "openai":
        return SearchRoom(search, db)
    price = price_of(search.model, settings.models.base_url, settings.models.own_prices)
    return SearchRoom(search, db, models.client, price)


def offline_writer(role: Role, scope: CallScope) -> OfflineModel:
    """The offline writer in the place of the agent that asks."""
    return OfflineModel(TEAM[scope.agent].plan)
