"""A chat turn: our whole stack against the agents SDK alone, and against the SDK with its own Postgres session.

All have the same instant model, stream, and call the same tool. Ours keeps the turn, the conversation, the journal,
holds and ledger, in the tenant's scope; the SDK's session keeps the conversation. ``ours`` pays for every call (a
hold before it); ``ours, offline`` has the terms of the offline writer, whose calls cost nothing. Bar (DESIGN.md):
ours costs no more than the SDK with its session, with the same agents: instructions, tools, critics, handoffs. What
many tools cost inside the SDK itself is shown by the toy agents beside them. Conversations are begun anew every few
turns.
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from agents import Agent, RunConfig, Runner, Tool, handoff
from agents.extensions.memory import SQLAlchemySession
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from assistant.agents.definition import AgentSpec
from assistant.agents.team import FIRST, TEAM
from assistant.models.room import ModelRoom
from assistant.turns.runner import Turns
from benchmarks.instant import CALL, HAND, TALK, TOOL, Instant, free_room, paid_room
from benchmarks.measure import Comparison, in_turns
from benchmarks.stage import Stage, postgres, stage
from tools.spec import ToolContext
from tools.surfaces.agent import agent_tools

CASES = {"no tool": TALK, "one tool": CALL, "one handoff": HAND}
SAME = "SDK with its Postgres session"
ROUNDS, TURNS_EACH = 90, 6


def run() -> list[Comparison]:
    with postgres() as server:
        return asyncio.run(_measure(server))


async def _measure(server: Any) -> list[Comparison]:
    found: list[Comparison] = []
    async with stage(server) as here:
        engine = session_engine(server.owner_url)
        for case, wish in CASES.items():
            sides = {
                "ours": Ours(here, wish, paid_room(here.server, here.house.db)),
                "ours, offline": Ours(here, wish, free_room(here)),
                SAME: Peer(here, wish, same_agents(), engine),
                "SDK with its session, toy agents": Peer(here, wish, toy_agents(), engine),
                "SDK alone, same agents": Peer(here, wish, same_agents()),
                "SDK alone, toy agents": Peer(here, wish, toy_agents()),
            }
            taken = await in_turns({name: side.turn for name, side in sides.items()}, ROUNDS, warm_up=TURNS_EACH)
            found.append(Comparison("turn", case, taken.pop("ours"), taken, {SAME: 1.0}))
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


PeerAgent = Agent[ToolsOnly]


def toy_agents() -> PeerAgent:
    """Two agents and a tool, as small as they can be."""
    second = PeerAgent(name="Second", instructions="Answer.", model=Instant())
    tools = list[Tool](agent_tools([TOOL]))
    return PeerAgent(name="First", instructions="Answer.", model=Instant(), tools=tools, handoffs=[handoff(second)])


def same_agents() -> PeerAgent:
    """Our team's instructions, tools, critics and handoffs, put together as the SDK's documentation does it."""
    team = {spec.id: _same(spec) for spec in TEAM.values()}
    for spec in TEAM.values():
        critics = [team[other].as_tool(f"ask_{other}", TEAM[other].does) for other in spec.consults]
        team[spec.id].tools = [*agent_tools(spec.tools), *critics]
        team[spec.id].handoffs = [handoff(team[other]) for other in spec.hands_to]
    return team[FIRST]


def _same(spec: AgentSpec) -> PeerAgent:
    return PeerAgent(name=spec.name, instructions=spec.instructions(), model=Instant())


@dataclass
class Peer:
    """The SDK with these agents; the conversation is kept by its session, or in memory without an engine."""

    here: Stage
    wish: str
    first: PeerAgent
    engine: AsyncEngine | None = None
    _count: int = 0
    _session: SQLAlchemySession | None = None
    _items: list[Any] = field(default_factory=list[Any])

    async def turn(self) -> None:
        if self._count % TURNS_EACH == 0:
            self._items = []
            if self.engine is not None:
                self._session = SQLAlchemySession(str(uuid4()), engine=self.engine, create_tables=True)
        self._count += 1
        said: list[Any] = [*self._items, {"role": "user", "content": self.wish}]
        result = Runner.run_streamed(
            self.first,
            self.wish if self._session else said,
            context=ToolsOnly(ToolContext(self.here.caller, self.here.house.db, self.here.house.work)),
            run_config=RunConfig(tracing_disabled=True),
            session=self._session,
        )
        async for _ in result.stream_events():
            pass
        assert str(result.final_output).startswith("This is an answer")
        if self._session is None:
            self._items = result.to_input_list()
