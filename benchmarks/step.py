"""A step of a run, and from the start of a run to its first step, against the bare engine on the same server.

Bar (DESIGN.md): a step costs at most 1.1 × a bare one. A step that does nothing shows what is added in full; one of
20 ms is still far shorter than a model's.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from dbos import DBOS, SetWorkflowID
from pydantic import BaseModel

from assistant.runs.bus import EventBus
from assistant.runs.dbos_engine import DbosEngine
from assistant.runs.protocol import Run, Services, StepContext, Workflow
from assistant.runs.service import RunService
from benchmarks.measure import Comparison, in_turns
from benchmarks.stage import postgres, somebody
from knowledge.db import Database
from knowledge.people.models import Caller

STEPS, WARM_UP = 50, 2
#: seconds that a step takes: rounds; what is added to nothing is a twentieth of what the engine's disk takes, which
#: is never twice the same
ROUNDS = {0.0: 100, 0.02: 30}
BARE, OURS = "bare DBOS", "ours"


class Work(BaseModel):
    seconds: float = 0


async def ours_work(_: StepContext, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return 1


async def bare_work(seconds: float) -> int:
    await asyncio.sleep(seconds)
    return 1


@dataclass
class Clock:
    """Milliseconds noted inside the bodies: of each step, and from start to first step."""

    begun: float = 0
    first: dict[str, list[float]] = field(default_factory=lambda: {OURS: [], BARE: []})
    step: dict[str, list[float]] = field(default_factory=lambda: {OURS: [], BARE: []})

    def clear(self) -> None:
        for taken in (*self.first.values(), *self.step.values()):
            taken.clear()

    def note(self, side: str, first: float) -> None:
        """The body is done: its first step began at ``first`` on the performance counter."""
        now = time.perf_counter()
        self.first[side].append((first - self.begun) * 1000)
        self.step[side].append((now - first) / STEPS * 1000)


@dataclass(frozen=True)
class OnlyDatabase:
    """All that these steps need of the services."""

    db: Database
    events: EventBus


clock = Clock()


async def ours(run: Run, given: Work) -> None:
    first = time.perf_counter()
    for _ in range(STEPS):
        await run.step("work", ours_work, given.seconds)
    clock.note(OURS, first)


async def bare(seconds: float) -> None:
    first = time.perf_counter()
    for _ in range(STEPS):
        await DBOS.run_step_async({"name": "work"}, bare_work, seconds)
    clock.note(BARE, first)


def run() -> list[Comparison]:
    with postgres() as server:
        return asyncio.run(_measure(server.owner_url, server.app_url))


async def _measure(owner_url: str, app_url: str) -> list[Comparison]:
    db = Database(app_url)
    await db.open()
    bus = EventBus(db)
    await bus.start()
    workflows: dict[str, Workflow[Any]] = {"ours": Workflow("ours", "Ours", Work, ours)}
    engine = DbosEngine(owner_url, db, bus, workflows)
    bare_body = DBOS.workflow(name="bare")(bare)
    await engine.start(cast(Services, OnlyDatabase(db, bus)))
    service = RunService(db, engine, workflows)
    try:
        return await _compare(await somebody(db), service, bare_body)
    finally:
        await engine.stop()
        await bus.stop()
        await db.close()


async def _compare(caller: Caller, service: RunService, bare_body: Any) -> list[Comparison]:
    found: list[Comparison] = []
    for work in ROUNDS:
        found += await _compare_at(work, caller, service, bare_body)
    return found


async def _compare_at(work: float, caller: Caller, service: RunService, bare_body: Any) -> list[Comparison]:
    """Steps that take ``work`` seconds."""
    clock.clear()

    async def one_ours() -> None:
        clock.begun = time.perf_counter()
        started = await service.start(caller, "ours", Work(seconds=work))
        # the same look on both sides: whoever watches a run of ours sees more than that, and pays for it himself
        handle: Any = await DBOS.retrieve_workflow_async(str(started.id))
        await handle.get_result(polling_interval_sec=0.05)

    async def one_bare() -> None:
        clock.begun = time.perf_counter()
        with SetWorkflowID(str(uuid4())):
            handle = await DBOS.start_workflow_async(bare_body, work)
        await handle.get_result(polling_interval_sec=0.05)

    await in_turns({OURS: one_ours, BARE: one_bare}, ROUNDS[work], warm_up=WARM_UP)
    case = f"a step of {work * 1000:.0f} ms" if work else "a step that does nothing"
    found = [Comparison("step", case, _counted(clock.step[OURS]), {BARE: _counted(clock.step[BARE])}, {BARE: 1.1})]
    if not work:
        found.append(
            Comparison("step", "start to first step", _counted(clock.first[OURS]), {BARE: _counted(clock.first[BARE])})
        )
    return found


def _counted(taken: list[float]) -> list[float]:
    return taken[WARM_UP:]
