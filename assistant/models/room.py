"""Where every agent gets its model: the right one for the role, paid for and remembered.

What always holds: with a key the endpoint is used, without one the offline writer, and never the other in its place;
prices are known before the room opens; nothing about a conversation is sent to OpenAI's tracing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agents import Model
from agents.tracing import set_trace_processors
from openai import AsyncOpenAI

from assistant.models.endpoint import OPENAI_URL, Endpoint, open_client
from assistant.models.guard import Guarded, PaidCall, Sure, Terms
from assistant.models.journal import Journaled, journaled_tools
from assistant.models.prices import OFFLINE, Price, price_of
from assistant.models.roles import ROLES, Role, model_names
from assistant.models.scope import CallScope
from assistant.models.settings import ModelRoomSettings
from knowledge.db import Database
from knowledge.errors import Invalid

__all__ = ["CallScope", "ModelRoom", "OfflineFactory", "RoomDescription", "journaled_tools"]

OFFLINE_NAME = "offline"

#: makes the offline writer's model for one role and scope
OfflineFactory = Callable[[Role, CallScope], Model]


@dataclass(frozen=True)
class RoomDescription:
    """What is in use, for the health page and the footer; ``endpoint`` is a host name or ``offline``."""

    offline: bool
    names: dict[Role, str]
    api: str
    endpoint: str
    prices: dict[Role, str]


class ModelRoom:
    """Built once from settings; raises ``Invalid`` naming the setting when a model or its price is unknown.

    The SDK's tracing is silenced here, so trace processors of our own are added after the room is built.
    """

    def __init__(self, settings: ModelRoomSettings, db: Database, offline: OfflineFactory | None = None) -> None:
        set_trace_processors([])
        #: asked before every paid call, where several processes work on one database
        self.sure: Sure | None = None
        self.offline = settings.api_key is None
        self._settings, self._db, self._make_offline = settings, db, offline
        if self.offline:
            if offline is None:
                raise Invalid(fields={"OPENAI_API_KEY": "not set, and there is no offline writer"})
            self._names: dict[Role, str] = dict.fromkeys(ROLES, OFFLINE_NAME)
            self._prices: dict[str, Price] = {OFFLINE_NAME: OFFLINE}
            self._client = None
            return
        self._names = model_names(settings.names, settings.base_url)
        self._prices = _prices(self._names, settings)
        self._client = open_client(settings)
        self._endpoints = {name: Endpoint(name, self._client, settings) for name in self._prices}

    def model(self, role: Role, scope: CallScope) -> Model:
        """The model of ``role`` for one agent in one attempt of a step or turn. Cheap: make one for each agent."""

        def pay(payer: CallScope, call: PaidCall) -> Model:
            return Guarded(self._inner(role, payer), self._db, payer, self._terms(role), call, self.sure)

        return Journaled(role, self._db, scope, pay)

    def name(self, role: Role) -> str:
        """The name that stands on what this role wrote."""
        return self._names[role]

    def describe(self) -> RoomDescription:
        endpoint = OFFLINE_NAME if self.offline else urlsplit(self._settings.base_url or OPENAI_URL).hostname or ""
        return RoomDescription(
            offline=self.offline,
            names=dict(self._names),
            api=OFFLINE_NAME if self.offline else self._settings.api,
            endpoint=endpoint,
            prices={role: self._prices[name].source for role, name in self._names.items()},
        )

    @property
    def client(self) -> AsyncOpenAI | None:
        """The connection to the endpoint; None for the offline writer."""
        return self._client

    async def close(self) -> None:
        """Let go of the connections to the provider."""
        if self._client is not None:
            await self._client.close()

    def _inner(self, role: Role, scope: CallScope) -> Model:
        if self._make_offline is not None and self.offline:
            return self._make_offline(role, scope)
        return self._endpoints[self._names[role]]

    def _terms(self, role: Role) -> Terms:
        name = self._names[role]
        return Terms(
            model=name,
            price=self._prices[name],
            max_output_tokens=self._settings.max_output_tokens,
            longest=self._settings.request_timeout,
        )


def _prices(names: dict[Role, str], settings: ModelRoomSettings) -> dict[str, Price]:
    return {name: price_of(name, settings.base_url, settings.own_prices) for name in sorted(set(names.values()))}
