"""A chat turn: our whole stack against the agents SDK alone, and against the SDK with its own Postgres session.

All have the same instant model, stream, and call the same tool. Ours keeps the turn, the conversation, the journal,
holds and ledger, in the tenant's scope; the SDK's session keeps the conversation. ``ours`` pays for every call (a
hold before it); ``ours, offline`` has the terms of the offline writer, whose calls cost nothing. Bar (DESIGN.md):
ours costs no more than the SDK with its session. Conversations are begun anew every few turns.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from agents import Agent, RunConfig, Runner, handoff
from agents.extensions.memory import SQLAlchemySession
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from assistant.models.room import ModelRoom
from assistant.turns.runner import Turns
from benchmarks.instant import CALL, HAND, TALK, TOOL, Instant, free_room, paid_room
from benchmarks.measure import Comparison, in_turns
from benchmarks.stage import Stage, postgres, stage
from tools.spec import ToolContext
from tools.surfaces.agent import agent_tools

CASES = {"no tool": TALK, "one tool": CALL, "one handoff": HAND}
ROUNDS, TURNS_EACH = 120, 6


def run() -> list[Comparison]:
    with postgres() as server:
        return asyncio.run(_measure(server))


async def _measure(server: Any) -> list[Comparison]:
    found: list[Comparison] = []
    async with stage(server) as here:
        engine = session_engine(server.owner_url)
        for case, wish in CASES.items():
            taken = await in_turns(
                {
                    "ours": Ours(here, wish, paid_room(here)).turn,
                    "ours, offline": Ours(here, wish, free_room(here)).turn,
                    "SDK with its Postgres session": WithSession(here, engine, wish).turn,
                    "SDK alone": Alone(here, wish).turn,
                },
                ROUNDS,
                warm_up=TURNS_EACH,
            )
            ours = taken.pop("ours")
            found.append(Comparison("turn", case, ours, taken, {"SDK with its Postgres session": 1.0}))
        await engine.dispose()
    return found


def session_engine(owner_url: str) -> AsyncEngine:
    """SQLAlchemy's engine on the same server, as the SDK's documentation sets one up."""
    parts = conninfo_to_dict(owner_url)
    url = URL.create(
        "postgresql+asyncpg",
        username=str(parts["user"]),
        database=str(parts["dbname"]),
        query={"host": str(parts["host"])},
    )
    return create_async_engine(url)


@dataclass
class Ours:
    """``Turns.take`` with everything it keeps."""

    here: Stage
    wish: str
    room: ModelRoom
    _count: int = 0
    _session: Any = None

    def __post_init__(self) -> None:
        self._turns = Turns(self.here.house.db, self.room, self.here.house.work)

    async def turn(self) -> None:
        if self._count % TURNS_EACH == 0:
            self._session = await self.here.conversation()
        self._count += 1
        said = ""
        async for _, event in self._turns.take(self.here.caller, self._session, self.wish):
            said = getattr(event, "text", said)
        assert said.startswith("This is an answer")


@dataclass
class ToolsOnly:
    """All that our tools need of a run's context."""

    given: ToolContext

    def tool_context(self, call_id: str | None = None) -> ToolContext:
        return replace(self.given, call_key=call_id)


@dataclass
class Peer:
    """The SDK with two agents that hand to each other and the same tool."""

    here: Stage
    wish: str

    def __post_init__(self) -> None:
        second = Agent[ToolsOnly](name="Second", instructions="Answer.", model=Instant())
        self._first = Agent[ToolsOnly](
            name="First",
            instructions="Answer.",
            model=Instant(),
            tools=[*agent_tools([TOOL])],
            handoffs=[handoff(second)],
        )
        self._context = ToolsOnly(ToolContext(self.here.caller, self.here.house.db, self.here.house.work))
        self._config = RunConfig(tracing_disabled=True)

    async def ask(self, given: Any, session: Any = None) -> Any:
        result = Runner.run_streamed(
            self._first, given, context=self._context, run_config=self._config, session=session
        )
        async for _ in result.stream_events():
            pass
        assert str(result.final_output).startswith("This is an answer")
        return result


@dataclass
class Alone(Peer):
    """The conversation is kept in memory."""

    _count: int = 0
    _items: list[Any] = field(default_factory=list[Any])

    async def turn(self) -> None:
        if self._count % TURNS_EACH == 0:
            self._items = []
        self._count += 1
        result = await self.ask([*self._items, {"role": "user", "content": self.wish}])
        self._items = result.to_input_list()


@dataclass(init=False)
class WithSession(Peer):
    """The conversation is kept by the SDK's ``SQLAlchemySession``."""

    def __init__(self, here: Stage, engine: AsyncEngine, wish: str) -> None:
        self._engine, self._count, self._session = engine, 0, None
        super().__init__(here, wish)

    async def turn(self) -> None:
        if self._count % TURNS_EACH == 0:
            self._session = SQLAlchemySession(str(uuid4()), engine=self._engine, create_tables=True)
        self._count += 1
        await self.ask(self.wish, self._session)
