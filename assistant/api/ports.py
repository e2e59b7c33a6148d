"""What the API needs of the rest of the product, handed in at the door (app.py)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from starlette.requests import HTTPConnection

from assistant.api.limits import Limiter
from assistant.runs.bus import Delta
from assistant.turns.conversation import Ended, Exchange
from knowledge.db import Database
from knowledge.ids import CampaignId, ClientId, OrgId, RunId, SessionId, TurnId
from knowledge.people.models import Caller, Via
from knowledge.runs.models import Event
from knowledge.sessions.models import Session
from tools.spec import Work


class ApiSettings(Protocol):
    """``auth`` local: one user, this machine only. ``allowed_hosts``: names this server answers to, lower case."""

    @property
    def auth(self) -> Literal["local", "password"]: ...
    @property
    def allowed_hosts(self) -> Sequence[str]: ...


class Events(Protocol):
    """Stored events of a run after ``after_seq``, once and in order, then live ones and text, without end."""

    def watch(
        self, org_id: OrgId, run_id: RunId, after_seq: int = 0, *, found: bool = False
    ) -> AsyncIterator[Event | Delta]: ...


class Talk(Protocol):
    """Conversations with the team (assistant/turns/conversation.py)."""

    async def open(
        self, caller: Caller, thread: str, client_id: ClientId | None, campaign_id: CampaignId | None
    ) -> Session: ...

    def begin(
        self, caller: Caller, session_id: SessionId, text: str, turn_id: TurnId, key: str | None, ended: Ended
    ) -> Exchange: ...


class Identity(Protocol):
    """Who a browser's user is. ``caller_of`` raises Denied for somebody who is gone."""

    def user_of_cookie(self, request: HTTPConnection) -> UUID | None: ...
    async def caller_of(self, user_id: UUID, via: Via) -> Caller: ...
    def local_user(self) -> UUID: ...


@dataclass(frozen=True)
class Member:
    """One of the team, as the command centre lists it."""

    id: str
    name: str


@dataclass(frozen=True)
class ApiParts:
    """``steps``: the names of each run kind's steps in order. ``health``: a JSON value; its ``ok`` decides the status."""

    settings: ApiSettings
    db: Database
    events: Events
    work: Work
    identity: Identity
    steps: Mapping[str, Sequence[str]]
    team: Sequence[Member]
    health: Callable[[], Awaitable[dict[str, Any]]]
    talk: Talk
    limits: Limiter = field(default_factory=lambda: Limiter(rate=0))
