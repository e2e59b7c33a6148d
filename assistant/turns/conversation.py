"""A message in a conversation, from any front: a command is run, anything else is a turn of the team.

What always holds: the answer is worked out in a task of its own, so whoever asked may go away and nothing is lost;
everything that happens is kept in order while somebody follows, from the first on; an error before anything happened
is the asker's, one after it is part of what happened.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from assistant.commands import read_command, run_command
from assistant.commands.answer import Answer
from assistant.commands.desk import Desk
from assistant.services import Services
from assistant.turns.events import TurnEvent
from assistant.turns.runner import Turns, check_message
from knowledge.background import end
from knowledge.clients import queries as clients
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import CampaignId, ClientId, SessionId, TurnId
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys
from knowledge.people.models import Caller
from knowledge.sessions import queries
from knowledge.sessions.models import Session
from tools.spec import Work

Happening = TurnEvent | Answer
#: told once, when all has happened
Ended = Callable[[Sequence[Happening]], Awaitable[None]]


@dataclass
class Exchange:
    """One message being answered."""

    turn_id: TurnId
    happened: list[Happening] = field(default_factory=list[Happening])
    error: Exception | None = None
    over: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, happening: Happening) -> None:
        self.happened.append(happening)
        self._wake()

    def end(self, error: Exception | None) -> None:
        self.error, self.over = error, True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def begun(self) -> None:
        """Return once something has happened; raises what kept it from beginning."""
        while not self.happened and not self.over:
            await self._news.wait()
        if self.error is not None and not self.happened:
            raise self.error

    async def follow(self) -> AsyncGenerator[Happening]:
        """Everything, from the first on, until the end; raises the error it ended in, if it was a bug."""
        seen = 0
        while True:
            news = self._news
            while seen < len(self.happened):
                seen += 1
                yield self.happened[seen - 1]
            if self.over:
                break
            await news.wait()
        if self.error is not None:
            raise self.error


@dataclass(frozen=True)
class Conversations:
    """One for the process; built by the house."""

    services: Services
    turns: Turns
    work: Work
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def open(
        self, caller: Caller, thread: str, client_id: ClientId | None, campaign_id: CampaignId | None
    ) -> Session:
        """A conversation for a program, with its budget; the same ``thread`` is the same conversation.

        Raises NotFound for a client or campaign that is not of the caller's house.
        """
        async with self.services.db.org(caller.org_id) as conn:
            values = {"org_id": caller.org_id, "user_id": caller.user_id, "channel": "api", "thread": thread}
            session = await queries.insert(conn, values) or await queries.find(conn, "api", thread)
            assert session is not None  # noqa: S101 - made just now, or there before
            keys = ScopeKeys(caller.org_id, caller.user_id, session.id)
            await money.ensure_limit(conn, keys, "session", session.id, self.services.settings.session_budget)
            return await choose(conn, session, client_id, campaign_id)

    def begin(
        self, caller: Caller, session_id: SessionId, text: str, turn_id: TurnId, key: str | None, ended: Ended
    ) -> Exchange:
        """Answer ``text`` in the background. ``key`` is the same when the same message is sent again; ``ended`` is told
        what happened, or nothing when it did not come to its end. Raises Invalid for a message that is none."""
        said = check_message(text)
        exchange = Exchange(turn_id)
        task = asyncio.create_task(self._work(exchange, caller, session_id, said, key, ended), name=f"say {turn_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return exchange

    async def close(self) -> None:
        """Let go of what is under way; turns are taken up at the next start."""
        await end(*self._tasks)

    async def _work(
        self, exchange: Exchange, caller: Caller, session_id: SessionId, said: str, key: str | None, ended: Ended
    ) -> None:
        fault: Exception | None = None
        complete = False
        try:
            command = read_command(said)
            if command is not None:
                exchange.tell(await self._command(caller, session_id, said, command, key))
            else:
                async with aclosing(self.turns.take(caller, session_id, said, exchange.turn_id)) as events:
                    async for _, event in events:
                        exchange.tell(event)
            complete = True
        except Exception as error:  # noqa: BLE001 - raised to whoever follows
            fault = error
        finally:
            try:
                await ended(exchange.happened if complete else [])
            finally:
                exchange.end(fault)

    async def _command(
        self, caller: Caller, session_id: SessionId, said: str, command: tuple[str, str], key: str | None
    ) -> Answer:
        desk = Desk(self.services, caller, session_id, self.work, key)
        answer = await run_command(desk, *command)
        items = [{"role": "user", "content": said}, {"role": "assistant", "content": answer.text}]
        async with self.services.db.org(caller.org_id) as conn:
            await queries.append_items(conn, caller.org_id, session_id, items)
        return answer


async def choose(
    conn: Connection, session: Session, client_id: ClientId | None, campaign_id: CampaignId | None
) -> Session:
    """The conversation is about this client and campaign from here on; what is not given stays. Raises NotFound."""
    if client_id is not None:
        chosen = await queries.choose_client(conn, session.id, client_id)
        if chosen is None:
            raise NotFound("That client does not exist, or not for you.")
        session = chosen
    if campaign_id is not None:
        campaign = await clients.get_campaign(conn, campaign_id)
        chosen = await queries.choose_campaign(conn, session.id, campaign_id)
        if campaign is None or chosen is None or (client_id is not None and campaign.client_id != client_id):
            raise NotFound("That campaign does not exist, or not for you.")
        session = chosen
    return session
