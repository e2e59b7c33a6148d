"""One chat turn through several lives: the first is told the message, the others find it unfinished.

A life ends by kill -9 at its point: ``entered tool X``, ``left tool X`` (done, its answer not kept), ``keeping`` (all
said, nothing written into the conversation), ``kept``; or when the provider pulls the plug (``mortal.Plug``).
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from assistant.chat.answering import message_id
from assistant.chat.data_layer import ThreadStore
from assistant.chat.reviving import revive_turns
from assistant.chat.room import Room
from assistant.chat.showing import author, plain
from assistant.turns import runner
from assistant.turns.events import Spoke
from knowledge.ids import SessionId
from knowledge.sessions import queries
from tests.assistant.at_work import ME, AtWork
from tests.assistant.mortal import open_mortal
from tests.assistant.runs.crash import FORK, reached
from tools import call as shared
from tools.surfaces import agent as agent_surface


@dataclass(frozen=True)
class TurnCase:
    owner_url: str
    app_url: str
    session_id: UUID
    thread: str
    said: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])


async def live_through(case: TurnCase, points: list[str], at_work: AtWork, within: float = 60) -> int:
    """Die at each point in turn, then live until no turn of the session is running; returns the number of lives."""
    lives, left = 0, [*points, ""]
    child = None
    try:
        async with asyncio.timeout(within):
            while True:
                if child is None or not child.is_alive():
                    assert child is None or child.exitcode == -9, f"died of {child.exitcode}"
                    child = FORK.Process(target=_life, args=(case, left.pop(0), lives == 0), daemon=True)
                    child.start()
                    lives += 1
                done = await at_work.rows(
                    "select 1 from turns where session_id = %s and status <> 'running'", case.session_id
                )
                if done and not left:
                    return lives
                await asyncio.sleep(0.02)
    finally:
        if child is not None:
            child.kill()
            child.join(5)


def _life(case: TurnCase, point: str, first: bool) -> None:
    asyncio.run(_live(case, point, first))


async def _live(case: TurnCase, point: str, first: bool) -> None:
    _hook(point)
    async with open_mortal(case.owner_url, case.app_url, ME.org_id, ME.user_id, **case.options) as at_work:
        store = ThreadStore(case.app_url)
        if first:
            await _take(at_work, store, case)
        else:
            house = at_work.house
            # the door only matters to who comes in
            room = Room(services=house.services, store=store, turns=house.turns, work=house.work, door=cast(Any, None))
            await revive_turns(room)
        await asyncio.sleep(3600)


async def _take(at_work: AtWork, store: ThreadStore, case: TurnCase) -> None:
    """As the chat does, which sends its messages to the same store."""
    async for turn, event in at_work.house.turns.take(ME, SessionId(case.session_id), case.said):
        if isinstance(event, Spoke):
            message = {
                "id": str(message_id(turn.id, event.number)),
                "name": author(event.agent),
                "output": plain(event.text),
                "createdAt": datetime.now(UTC).replace(tzinfo=None),
            }
            await store.save_message(case.thread, message, [])


def _hook(point: str) -> None:
    call, append, finish = shared.call, queries.append_items, runner.Turns._finish

    async def dying_call(tool: Any, *rest: Any) -> Any:
        reached(point, f"entered tool {tool.name}")
        answer = await call(tool, *rest)
        reached(point, f"left tool {tool.name}")
        return answer

    async def dying_append(*given: Any) -> None:
        reached(point, "keeping")
        await append(*given)

    async def dying_finish(*given: Any) -> None:
        await finish(*given)
        reached(point, "kept")

    agent_surface.call = dying_call
    queries.append_items = dying_append
    runner.Turns._finish = dying_finish
