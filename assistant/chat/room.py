"""What the chat's callbacks work with. Chainlit's callbacks are module-level, so this is too; app.py fills it once."""

from dataclasses import dataclass
from datetime import datetime

from assistant.chat.data_layer import ThreadStore
from assistant.chat.identity import LOCAL_ORG, PasswordDoor, caller_in, caller_of
from assistant.chat.lost import words_of
from assistant.commands.desk import Desk
from assistant.services import Services
from assistant.turns.runner import Turns
from knowledge.db import Connection
from knowledge.errors import Conflict
from knowledge.ids import SessionId, UserId
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys, State
from knowledge.people.models import Caller
from knowledge.runs import workers
from knowledge.sessions import queries
from knowledge.sessions.models import Session
from tools.spec import Work


@dataclass(frozen=True)
class Arrival:
    """A message's sender, its conversation, and the state of that conversation's budget before it is answered."""

    caller: Caller
    session: Session
    budget: State


@dataclass(frozen=True)
class Room:
    services: Services
    store: ThreadStore
    turns: Turns
    work: Work
    door: PasswordDoor

    async def caller(self, user_id: UserId) -> Caller:
        return await caller_of(self.services.db, user_id)

    async def arrive(self, user_id: UserId, thread_id: str) -> Arrival:
        """Who has said something, where, and how that conversation's budget stands: all that comes before an answer.

        One transaction, because somebody is waiting. Raises as ``caller`` and ``session`` do.
        """
        async with self.services.db.org(LOCAL_ORG) as conn:
            caller = await caller_in(conn, user_id)
            session = await self._session(conn, caller, thread_id)
            return Arrival(caller, session, await _budget_state(conn, caller, session.id))

    async def session(self, caller: Caller, thread_id: str) -> Session:
        """The conversation behind a chat thread, made with its budget when it is new.

        Raises Conflict for a thread that is somebody else's.
        """
        async with self.services.db.org(caller.org_id) as conn:
            return await self._session(conn, caller, thread_id)

    async def _session(self, conn: Connection, caller: Caller, thread_id: str) -> Session:
        found = await queries.find(conn, "chat", thread_id)
        if found is None:
            values = {"org_id": caller.org_id, "user_id": caller.user_id, "channel": "chat", "thread": thread_id}
            made = await queries.insert(conn, values)
            found = made or await queries.find(conn, "chat", thread_id)
            assert found is not None  # noqa: S101 - made just now, by us or by the other tab
            keys = ScopeKeys(caller.org_id, caller.user_id, found.id)
            await money.ensure_limit(conn, keys, "session", found.id, self.services.settings.session_budget)
        if found.user_id != caller.user_id:
            raise Conflict("This conversation belongs to somebody else.")
        return found

    async def budget_state(self, caller: Caller, session_id: SessionId) -> State:
        """How far the conversation's own budget is used: ``ok``, ``warn`` or ``reached``."""
        async with self.services.db.org(caller.org_id) as conn:
            return await _budget_state(conn, caller, session_id)

    async def desk(self, caller: Caller, thread_id: str) -> Desk:
        session = await self.session(caller, thread_id)
        return Desk(self.services, caller, session.id, self.work)

    async def is_answering(self, thread_id: str, process: str) -> bool:
        """Whether what was said to ``process`` may still be answered: by that process, which is there, or by a turn of this
        conversation that is under way, or left by a crash and about to be taken up."""
        async with self.services.db.org(LOCAL_ORG) as conn:
            if process and await workers.lives(conn, process):
                return True
            found = await queries.find(conn, "chat", thread_id)
            return found is not None and await queries.running_turn(conn, found.id) is not None

    async def answered(self, thread_id: str, said: str, at: datetime) -> str:
        """What was answered to ``said``, which the page dates ``at``, as the agents remember it; empty when nothing was."""
        async with self.services.db.org(LOCAL_ORG) as conn:
            found = await queries.find(conn, "chat", thread_id)
            item = await queries.answer_to(conn, found.id, said, at) if found is not None else None
        return words_of(item.item) if item is not None else ""

    async def remember(self, session: Session, said: str, answered: str) -> None:
        """Keep a command and its answer in the conversation, so that the agents know of it."""
        items = [{"role": "user", "content": said}, {"role": "assistant", "content": answered}]
        async with self.services.db.org(session.org_id) as conn:
            await queries.append_items(conn, session.org_id, session.id, items)


async def _budget_state(conn: Connection, caller: Caller, session_id: SessionId) -> State:
    standings = await money.standings(conn, ScopeKeys(caller.org_id, caller.user_id, session_id))
    mine: list[State] = [one.state for one in standings if one.scope == "session"]
    return mine[0] if mine else "ok"


_open: list[Room] = []


def open_room(room: Room) -> None:
    _open[:] = [room]


def room() -> Room:
    """The one room; it is open before the first socket connects."""
    return _open[0]
