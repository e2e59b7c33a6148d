"""What a command works at: who asked, in which conversation, and the tools, through the shared call."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from assistant.services import Services
from knowledge.artifacts.hashes import content_hash
from knowledge.clients import queries as clients
from knowledge.clients.models import Campaign, Client
from knowledge.errors import Blocked
from knowledge.ids import SessionId
from knowledge.people.models import Caller
from knowledge.sessions import queries as sessions
from knowledge.sessions.models import Session
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext, Work


@dataclass(frozen=True)
class Desk:
    """One message's place of work. The session is read when asked for: a tool may have changed it."""

    services: Services
    caller: Caller
    session_id: SessionId
    work: Work
    #: the same for the same message sent again, so that what it changed is changed once
    call_key: str | None = None

    async def use(self, tool: str, **given: Any) -> BaseModel:
        """A tool, with its own input; raises what the tool raises."""
        key = f"{self.call_key}/{tool}/{content_hash(given)[:16]}" if self.call_key else None
        return await call(CATALOG[tool], replace(self.context, call_key=key), given)

    @property
    def context(self) -> ToolContext:
        """As the tools want it: the caller in this conversation."""
        return ToolContext(replace(self.caller, session_id=self.session_id), self.services.db, self.work)

    async def session(self) -> Session:
        async with self.services.db.org(self.caller.org_id) as conn:
            found = await sessions.get(conn, self.session_id)
        assert found is not None  # noqa: S101 - made before any command runs, never deleted
        return found

    async def client(self) -> Client | None:
        session = await self.session()
        if session.client_id is None:
            return None
        async with self.services.db.org(self.caller.org_id) as conn:
            return await clients.get_client(conn, session.client_id)

    async def campaign(self) -> Campaign | None:
        session = await self.session()
        if session.campaign_id is None:
            return None
        async with self.services.db.org(self.caller.org_id) as conn:
            return await clients.get_campaign(conn, session.campaign_id)

    async def need_client(self) -> Client:
        """The chosen client; raises Blocked with the way on when none is chosen."""
        client = await self.client()
        if client is None:
            raise Blocked("Choose a client first.", reasons=["no client is chosen"], command="/client")
        return client

    async def need_campaign(self) -> Campaign:
        client = await self.need_client()
        campaign = await self.campaign()
        if campaign is None:
            reason = f"no campaign of {client.name} is chosen"
            raise Blocked("Choose a campaign first.", reasons=[reason], command="/campaign")
        return campaign


def run_id_of(started: BaseModel) -> UUID:
    """The run that start_run has started."""
    return UUID(str(started.model_dump()["run_id"]))
