"""One model call, guarded and journalled: what is added to the provider's time.

``ours`` pays: a hold, then cost and answer in one transaction. For scale: the same number of bare transactions of
one insert each, by the same driver on the same server.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from agents import ModelSettings, ModelTracing

from assistant.models.room import CallScope, ModelRoom
from benchmarks.instant import free_room, paid_room
from benchmarks.measure import Comparison, Side, in_turns
from benchmarks.stage import Stage, postgres, stage
from knowledge.db import Connection, Database
from knowledge.ids import OrgId

ROUNDS = 200
INSERT = "insert into clients (org_id, name) values (%s, %s)"


def run() -> list[Comparison]:
    with postgres() as server:
        return asyncio.run(_measure(server))


async def _measure(server: Any) -> list[Comparison]:
    async with stage(server) as here:
        paid, free = _calling(here, paid_room(here.server, here.house.db)), _calling(here, free_room(here))
        counts = [await _transactions(here.house.db, call) for call in (paid, free)]
        sides = {"ours": paid, "ours, offline": free, "bare transactions": _inserting(here, counts[0])}
        taken = await in_turns(sides, ROUNDS)
    case = f"{counts[0]} transactions paid, {counts[1]} offline"
    return [Comparison("call", case, taken.pop("ours"), taken)]


def _calling(here: Stage, room: ModelRoom) -> Side:
    async def call() -> None:
        caller = here.caller
        scope = CallScope(caller.org_id, caller.user_id, None, None, "cmo", uuid4())
        await room.model("manager", scope).get_response(
            "Answer.",
            [{"role": "user", "content": "Hello"}],
            ModelSettings(),
            [],
            None,
            [],
            ModelTracing.DISABLED,
            previous_response_id=None,
            conversation_id=None,
            prompt=None,
        )

    return call


def _inserting(here: Stage, times: int) -> Side:
    async def insert() -> None:
        for _ in range(times):
            async with here.house.db.org(here.caller.org_id) as conn:
                await conn.execute(INSERT, (here.caller.org_id, str(uuid4())))

    return insert


async def _transactions(db: Database, call: Side) -> int:
    count = 0
    org = db.org

    @asynccontextmanager
    async def counted(org_id: OrgId, **how: Any) -> AsyncGenerator[Connection]:
        nonlocal count
        count += 1
        async with org(org_id, **how) as conn:
            yield conn

    db.org = counted
    try:
        await call()
    finally:
        db.org = org
    return count
