"""Random sequences of wishes and restarts against a model of a run's statuses."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.runs.protocol import Run, StepContext, Subject, Workflow
from knowledge.db import Database
from knowledge.errors import Conflict, Invalid
from knowledge.ids import RunId
from knowledge.runs.models import FINAL
from tests.assistant.runs.toys import Room, Text, Words, check_log, open_room
from tests.conftest import TestDatabase, make_people

commands: dict[RunId, asyncio.Queue[str]] = {}
MOVES = ("step", "ask", "fail", "end", "stop", "resume", "approve", "reject", "restart")


async def take(ctx: StepContext) -> str:
    command = await commands[ctx.run.id].get()
    if command == "fail":
        raise Invalid("As it was told.")
    return command


async def puppet(run: Run, _: Words) -> Text:
    """Does as it is told, step by step."""
    while (command := await run.step("take", take)) != "end":
        if command == "ask":
            await run.approval("gate", Subject(type="run", id=run.id))
    return Text(text="ended")


PUPPET = {"puppet": Workflow("puppet", "Puppet", Words, puppet, (), Text)}


class Play:
    """One run and what the model says of it: ``status`` and what lies under a stop."""

    def __init__(self, database: TestDatabase) -> None:
        self.database = database
        self.stack = AsyncExitStack()
        self.status = "running"
        self.under = "running"
        self.gates = self.steps = 0

    async def __aenter__(self) -> "Play":
        db = Database(self.database.app_url, min_size=1, max_size=1)
        await db.open()
        people = await make_people(db)
        await db.close()
        self.who = (people.org_id, people["admin"])
        await self.open()
        run = await self.room.start("puppet")
        self.id = run.id
        commands[self.id] = asyncio.Queue()
        return self

    async def __aexit__(self, *error: object) -> None:
        if self.status not in FINAL:  # the next example's engine shall not take it up
            await self.room.runs.stop(self.room.caller, self.id)
        await self.stack.aclose()

    async def open(self) -> None:
        urls = (self.database.owner_url, self.database.app_url)
        self.room: Room = await self.stack.enter_async_context(open_room(*urls, *self.who, workflows=PUPPET))

    async def move(self, move: str) -> None:
        handler: Any = getattr(self, f"do_{move}")
        await handler()
        await self.room.until(self.id, self.status, within=10)

    async def tell(self, command: str) -> bool:
        """Give a command to a run that can hear it."""
        if self.status != "running":
            return False
        await commands[self.id].put(command)
        return True

    async def do_step(self) -> None:
        if await self.tell("step"):
            self.steps += 1
            name = "take" if self.steps == 1 else f"take#{self.steps}"
            await self.room.until_event(self.id, "step_completed", name, within=10)

    async def do_ask(self) -> None:
        if await self.tell("ask"):
            self.steps, self.gates, self.status = self.steps + 1, self.gates + 1, "waiting"

    async def do_fail(self) -> None:
        if await self.tell("fail"):
            self.status = "failed"

    async def do_end(self) -> None:
        if await self.tell("end"):
            self.steps, self.status = self.steps + 1, "completed"

    async def do_stop(self) -> None:
        if self.status in FINAL:
            with pytest.raises(Conflict):
                await self.room.runs.stop(self.room.caller, self.id)
            return
        await self.room.runs.stop(self.room.caller, self.id)
        if self.status != "stopped":
            self.under, self.status = self.status, "stopped"

    async def do_resume(self) -> None:
        if self.status in FINAL | {"waiting"}:
            with pytest.raises(Conflict):
                await self.room.runs.resume(self.room.caller, self.id)
            return
        await self.room.runs.resume(self.room.caller, self.id)
        if self.status == "stopped":
            self.status = self.under

    async def do_approve(self, decision: str = "approved") -> None:
        if self.gates == 0:
            return
        gate = "gate" if self.gates == 1 else f"gate#{self.gates}"
        if "waiting" not in (self.status, self.under if self.status == "stopped" else ""):
            with pytest.raises(Conflict):
                await self.room.decide(self.id, gate, decision)
            return
        await self.room.decide(self.id, gate, decision)
        self.under = "running"
        if self.status == "waiting":
            self.status = "running"

    async def do_reject(self) -> None:
        await self.do_approve("rejected")

    async def do_restart(self) -> None:
        await self.stack.aclose()
        await self.open()


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(MOVES), min_size=3, max_size=12))
def test_whatever_is_wished_in_whatever_order_the_run_stands_where_the_model_says(
    database: TestDatabase, moves: list[str]
) -> None:
    async def play() -> None:
        async with Play(database) as game:
            for move in moves:
                await game.move(move)
            log = await game.room.log(game.id)
            check_log(log)
            asked = {event.data["approvalId"] for event in log if event.type == "approval_requested"}
            assert len(asked) == game.gates
            assert sum(event.type == "step_completed" for event in log) == game.steps

    asyncio.run(play())
