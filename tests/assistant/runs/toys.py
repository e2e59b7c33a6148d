"""Small workflows that leave a trace of every time their steps really ran, and the room they run in."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel

from assistant.runs.bus import EventBus
from assistant.runs.dbos_engine import DbosEngine, EngineOptions
from assistant.runs.protocol import Run, StepContext, Subject, Workflow
from assistant.runs.service import RunService
from knowledge.approvals import service as approvals
from knowledge.approvals.queries import find_gate
from knowledge.db import Database
from knowledge.errors import BudgetExceeded
from knowledge.ids import OrgId, RunId, UserId
from knowledge.people.models import Caller
from knowledge.runs import queries
from knowledge.runs.models import Event, RunRow

QUICK = EngineOptions(retry_pause=0.01, poll_seconds=0.05, sweep_seconds=0.2)


class Words(BaseModel):
    words: list[str]
    pause: float = 0
    client_id: UUID | None = None
    campaign_id: UUID | None = None


class Text(BaseModel):
    text: str


#: what really ran, in this process: step keys in the order their functions were entered
ran: list[str] = []
#: what is being said; how much of it there was, each time something more was begun
saying: set[str] = set()
at_once: list[int] = []
#: what a test wants a step to do: step name → faults to raise, one an attempt
faults: dict[str, list[Exception]] = {}
#: steps that stay at work until a test lets them go on: step name → what they wait for
held: dict[str, asyncio.Event] = {}


def hold(*steps: str) -> asyncio.Event:
    """Let these steps stay at work, each time they are begun, until the event is set."""
    go_on = asyncio.Event()
    held.update(dict.fromkeys(steps, go_on))
    return go_on


async def say(ctx: StepContext, word: str, pause: float) -> Text:
    ran.append(ctx.key)
    pending = faults.get(ctx.step)
    if pending:
        raise pending.pop(0)
    await ctx.emit("message", text=word)
    saying.add(ctx.key)
    at_once.append(len(saying))
    try:
        await asyncio.sleep(pause)
        if ctx.step in held:
            await held[ctx.step].wait()
    finally:
        saying.discard(ctx.key)
    return Text(text=word)


async def speak(run: Run, input: Words) -> Text:
    """Every word a step, one approval in the middle, one step that puts them together."""
    said = [await run.step("say", say, word, input.pause) for word in input.words]
    decision = await run.approval("canon", Subject(type="run", id=run.id, sentence="Is it good?"))
    while decision.decision == "changes_requested":
        said.append(await run.step("say", say, decision.notes or "", 0.0))
        decision = await run.approval("canon", Subject(type="run", id=run.id))
    if not decision.approved:
        return Text(text="rejected")
    await run.emit("progress", progress=80, state="JOINING")
    return await run.step("join", join, [piece.text for piece in said])


async def join(ctx: StepContext, words: list[str]) -> Text:
    ran.append(ctx.key)
    return Text(text=" ".join(words))


async def chatter(run: Run, input: Words) -> Text:
    """No question to anybody: only steps."""
    said = [await run.step(f"say {word}", say, word, input.pause) for word in input.words]
    return Text(text=" ".join(piece.text for piece in said))


async def choir(run: Run, input: Words) -> Text:
    """Every word a step, three of them at a time."""
    works = {f"sing {word}": (word, input.pause) for word in input.words}
    said = await run.side_by_side(say, works, width=3, counted="sung")
    return await run.step("join", join, [piece.text for piece in said])


async def nap(run: Run, input: Words) -> Text:
    before = await run.step("before", say, "before", 0.0)
    await run.sleep(input.pause)
    after = await run.step("after", say, "after", 0.0)
    return Text(text=f"{before.text} {after.text}")


async def parent(run: Run, input: Words) -> Text:
    first = await run.child("chatter", Words(words=input.words, pause=input.pause))
    second = await run.child("chatter", Words(words=["again"]))
    assert isinstance(first, Text) and isinstance(second, Text)
    return await run.step("join", join, [first.text, second.text])


async def guardian(run: Run, input: Words) -> Text:
    """A part that asks something itself."""
    said = await run.child("speak", Words(words=input.words, pause=input.pause))
    assert isinstance(said, Text)
    return said


async def settle(run: Run, input: Words) -> Text:
    """One question about a document: its id, version and hash are the words."""
    id, version, hash = input.words
    subject = Subject(type="artifact", id=UUID(id), version=int(version), hash=hash)
    decision = await run.approval("canon", subject)
    return Text(text=f"{decision.decision} v{decision.subject_version} {decision.subject_id}")


async def slow(run: Run, input: Words) -> Text:
    return await run.step("say", say, input.words[0], input.pause, timeout=0.2)


async def broken(run: Run, input: Words) -> Text:
    raise ZeroDivisionError("secret detail")


async def divide(_: StepContext) -> int:
    return 1 // 0


async def buggy(run: Run, _: Words) -> None:
    await run.step("divide", divide)


def _workflow(kind: str, body: Any, *steps: str) -> Workflow[Words]:
    return Workflow(kind, kind.title(), Words, body, steps, Text)


TOYS: Mapping[str, Workflow[Any]] = {
    toy.kind: toy
    for toy in (
        _workflow("speak", speak, "say", "canon", "join"),
        _workflow("chatter", chatter),
        _workflow("choir", choir),
        _workflow("nap", nap, "before", "after"),
        _workflow("parent", parent),
        _workflow("guardian", guardian),
        _workflow("broken", broken),
        _workflow("buggy", buggy),
        _workflow("slow", slow),
        _workflow("settle", settle),
        _workflow("client_onboarding", speak),
        _workflow("campaign_planning", speak),
    )
}


@dataclass
class Room:
    """A process's worth of run machinery."""

    db: Database
    bus: EventBus
    engine: DbosEngine
    runs: RunService
    caller: Caller

    @property
    def events(self) -> EventBus:
        return self.bus

    @property
    def org_id(self) -> OrgId:
        return self.caller.org_id

    async def start(self, kind: str, *words: str, pause: float = 0, **options: Any) -> RunRow:
        given = {name: options.pop(name) for name in ("client_id", "campaign_id") if name in options}
        return await self.runs.start(self.caller, kind, Words(words=list(words), pause=pause, **given), **options)

    async def until(self, run_id: RunId, *statuses: str, within: float = 20) -> RunRow:
        """The run, once it has one of these statuses."""
        async with asyncio.timeout(within):
            async for _ in self._looks(run_id):
                run = await self.runs.get(self.org_id, run_id)
                if run.status in statuses:
                    return run
        raise AssertionError

    async def part_of(self, run_id: RunId, within: float = 10) -> RunId:
        """The run that this one has started, once it has."""
        async with asyncio.timeout(within):
            while True:
                page, _ = await self.runs.page(self.org_id)
                for row in page:
                    if row.parent_id == run_id:
                        return row.id
                await asyncio.sleep(0.02)

    async def until_event(self, run_id: RunId, type: str, step: str | None = None, within: float = 20) -> Event:
        async with asyncio.timeout(within):
            async for event in self.bus.watch(self.org_id, run_id):
                if isinstance(event, Event) and event.type == type and step in (None, event.step):
                    return event
        raise AssertionError

    async def _looks(self, run_id: RunId) -> AsyncGenerator[None]:
        yield
        async for _ in self.bus.watch(self.org_id, run_id):
            yield

    async def log(self, run_id: RunId) -> list[Event]:
        async with self.db.org(self.org_id) as conn:
            return await queries.list_events(conn, run_id, limit=10_000)

    async def decide(self, run_id: RunId, gate: str, decision: Any = "approved", notes: str = "", **more: Any) -> None:
        """Decide and tell nobody, as a surface does in its transaction."""
        async with self.db.org(self.org_id) as conn:
            approval = await find_gate(conn, run_id, gate)
            assert approval is not None, f"{gate} was not asked"
            shown = more.pop("shown_hash", approval.subject_hash)
            await approvals.decide(
                conn,
                caller=self.caller,
                approval_id=approval.id,
                decision=decision,
                notes=notes,
                shown_hash=shown,
                **more,
            )
        await self.engine.decided(self.org_id)


@asynccontextmanager
async def open_room(
    owner_url: str,
    app_url: str,
    org_id: OrgId,
    user_id: UserId,
    *,
    workflows: Mapping[str, Workflow[Any]] = TOYS,
    options: EngineOptions = QUICK,
    redis_url: str | None = None,
) -> AsyncGenerator[Room]:
    db = Database(app_url, min_size=1, max_size=8)
    await db.open()
    bus = EventBus(db, redis_url)
    await bus.start()
    engine = DbosEngine(owner_url, db, bus, workflows, options)
    room = Room(db, bus, engine, RunService(db, engine, workflows), Caller(org_id, user_id, "admin"))
    await engine.start(room)
    try:
        yield room
    finally:
        await engine.stop()
        await bus.stop()
        await db.close()


def check_log(log: list[Event]) -> None:
    """What holds for every log: no gap, nothing twice."""
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    done = [event.step for event in log if event.type == "step_completed"]
    assert len(done) == len(set(done)), f"a step was completed twice: {done}"
    assert sum(event.type == "run_started" for event in log) <= 1
    assert sum(event.type in ("run_completed", "run_failed") for event in log) <= 1


def over_budget() -> BudgetExceeded:
    return BudgetExceeded("This would cost up to $1.00, but nothing is left.", scope="run", scope_id=uuid4())
