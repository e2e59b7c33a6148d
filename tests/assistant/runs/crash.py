"""Kill -9 at a chosen point of any workflow, start again, look at what is left.

A case is one run through a list of points: the process dies at the first, a new one takes the run up and dies at the
second, and so on; the last one is let live. The hooks that kill are put in here, into the child process only. Real
workflows use it with an ``opener`` of their own: anything that takes (owner_url, app_url, org_id, user_id) and is an
async context manager over something with ``.runs`` (a ``RunService``) and ``.caller``.
"""

import asyncio
import importlib
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from assistant.runs import execution
from assistant.runs.dbos_run import DbosRun
from assistant.runs.faults import Fault
from knowledge.approvals import queries as approval_queries
from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.db import Connection, Database
from knowledge.ids import OrgId, RunId, UserId
from knowledge.people.models import Caller
from knowledge.runs import queries
from knowledge.runs.models import ACTIVE, Event, RunRow

#: forked from a process that has imported everything already: a new life costs milliseconds, not seconds
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    ["tests.assistant.runs.crash", "tests.assistant.runs.toys", "tests.assistant.mortal", "tests.assistant.warmth"]
)

#: ``entered``, ``left`` (its function is through), ``completed`` (and kept) or ``faulted``; the step's key; the process
Traced = tuple[str, str, str]
#: in a process that is traced: the step at work, as ``run:step``
AT_WORK_ON: ContextVar[str] = ContextVar("at_work_on", default="")
Answer = Callable[[Connection, Caller, Approval], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """One run. ``opener`` is ``module:function``, called with ``options`` too; ``input`` is for ``RunService.start``."""

    owner_url: str
    app_url: str
    org_id: UUID
    user_id: UUID
    trace: Path
    kind: str
    input: dict[str, Any]
    opener: str = "tests.assistant.runs.toys:open_room"
    options: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Outcome:
    run: RunRow
    log: list[Event]
    trace: list[Traced]
    lives: int
    gates: list[Approval] = field(default_factory=list[Approval])


async def approve(conn: Connection, caller: Caller, approval: Approval) -> None:
    await approvals.decide(
        conn, caller=caller, approval_id=approval.id, decision="approved", shown_hash=approval.subject_hash
    )


async def live_through(
    case: Case, points: list[str], answer: Answer = approve, within: float = 60, *, until_done: bool = False
) -> Outcome:
    """Run the case, dying at each of ``points`` in turn, answering its questions from here.

    ``until_done``: the run may end before all points were come to; "" is a life that somebody else ends.
    """
    db = Database(case.app_url, min_size=1, max_size=2)
    await db.open()
    caller = Caller(OrgId(case.org_id), UserId(case.user_id), "admin")
    lives, left = 0, [*points, ""]  # the last life is let live
    child: BaseProcess | None = None
    try:
        async with asyncio.timeout(within):
            while True:
                if child is None or not child.is_alive():
                    assert child is None or child.exitcode == -signal.SIGKILL, f"died of {child.exitcode}"
                    child = be_born(case, left.pop(0))
                    lives += 1
                run = await _look(db, case, caller, answer)
                if run is not None and run.status not in ACTIVE and (until_done or not left):
                    break
                await asyncio.sleep(0.02)
        return await _outcome(db, case, run, lives)
    finally:
        if child is not None:
            child.kill()
            child.join(5)
        await db.close()


def check(outcome: Outcome, expected_status: str = "completed") -> None:
    """No completed step again, no gap and nothing twice in the log, and the right end."""
    check_trace(outcome.trace)
    log = outcome.log
    assert [event.seq for event in log] == list(range(1, len(log) + 1)), "a gap in the log"
    once = [(event.type, event.step) for event in log if event.type in ("step_started", "step_completed")]
    assert len(once) == len(set(once)), "an event of a repeated step was written twice"
    asked = [event.data["approvalId"] for event in log if event.type == "approval_requested"]
    assert len(asked) == len(set(asked)) == len(outcome.gates)
    assert outcome.run.status == expected_status, outcome.run.error
    assert log[-1].type == f"run_{expected_status}"


def check_trace(trace: list[Traced]) -> None:
    """No step was entered after it was completed, in whichever process."""
    completed: set[str] = set()
    for what, key, _ in trace:
        if what == "completed":
            completed.add(key)
        elif what == "entered" and key in completed:
            told = "; ".join(f"{pid} {done}" for done, about, pid in trace if about == key)
            raise AssertionError(f"{key} was run again after it was completed: {told}")


def read_trace(path: Path) -> list[Traced]:
    """What was done, in order."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [_traced(line) for line in lines]


def _traced(line: str) -> Traced:
    what, _, rest = line.partition(" ")
    key, _, pid = rest.rpartition("\t")
    return what, key, pid


async def _look(db: Database, case: Case, caller: Caller, answer: Answer) -> RunRow | None:
    async with db.org(caller.org_id) as conn:
        run = await queries.find_run_by_key(conn, "crash")
        waiting = await queries.find_waiting(conn, run.id) if run else None
        approval = await approval_queries.get(conn, waiting.approval_id) if waiting else None
        if approval is not None:
            await answer(conn, caller, approval)
    return run


async def _outcome(db: Database, case: Case, run: RunRow, lives: int) -> Outcome:
    async with db.org(OrgId(case.org_id)) as conn:
        log = await queries.list_events(conn, run.id, limit=100_000)
    async with await psycopg.AsyncConnection.connect(case.owner_url, row_factory=dict_row) as conn:
        found = await conn.execute("select * from approvals where run_id = %s order by requested_at", (run.id,))
        gates = [Approval.model_validate(row) for row in await found.fetchall()]
    return Outcome(run, log, read_trace(case.trace), lives, gates)


# -------------------------------------------------------------------- in the child


def be_born(case: Case, point: str) -> BaseProcess:
    child = FORK.Process(target=_life, args=(case, point), daemon=True)
    child.start()
    return child


def _life(case: Case, point: str) -> None:
    asyncio.run(_live(case, point))


async def _live(case: Case, point: str) -> None:
    hook(case.trace, point)
    module, _, name = case.opener.partition(":")
    opener = getattr(importlib.import_module(module), name)
    async with opener(case.owner_url, case.app_url, OrgId(case.org_id), UserId(case.user_id), **case.options) as room:
        await room.runs.start(room.caller, case.kind, case.input, idempotency_key="crash")
        reached(point, "started")
        if point.startswith("after "):
            await asyncio.sleep(float(point.split()[1]))
            die()
        await asyncio.sleep(3600)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def reached(point: str, here: str) -> None:
    if point == here:
        die()


def hook(trace: Path, point: str) -> None:
    """Trace every step of this process, and die at ``point``:

    ``started``, ``begun``, ``before X``, ``entered X``, ``half X`` (0.01 s into the function), ``left X`` (its
    function is through, nothing is recorded), ``completed X``, ``faulted X``, ``asked X``, ``woken X``, ``ended`` (our row is
    written, the engine's is not); ``after N`` seconds.
    """
    file = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(what: str, run: DbosRun, label: str) -> None:
        os.write(file, f"{what} {run.id}:{label}\t{os.getpid()}\n".encode())
        reached(point, f"{what} {label}")

    patched = cast(Any, DbosRun)
    attempts, attempt, ask, answer = patched._attempts, patched._attempt, patched._ask, patched._answer

    async def traced_attempts(self: Any, label: str, *rest: Any) -> Any:
        reached(point, f"before {label}")
        ended = await attempts(self, label, *rest)
        # what fell out is asked about and tried again: nothing of it is done
        note("faulted" if isinstance(ended, Fault) else "completed", self, label)
        return ended

    async def traced_attempt(self: Any, label: str, *rest: Any) -> Any:
        note("entered", self, label)
        AT_WORK_ON.set(f"{self.id}:{label}")
        if point == f"half {label}":
            asyncio.get_running_loop().call_later(0.01, die)
        value = await attempt(self, label, *rest)
        note("left", self, label)
        return value

    async def traced_ask(self: Any, label: str, *rest: Any) -> Any:
        approval = await ask(self, label, *rest)
        reached(point, f"asked {label}")
        return approval

    def traced_answer(self: Any, approval: Approval) -> Any:
        reached(point, f"woken {approval.gate}")
        return answer(self, approval)

    patched._attempts, patched._attempt = traced_attempts, traced_attempt
    patched._ask, patched._answer = traced_ask, traced_answer
    work, complete = execution._work, execution._complete

    async def traced_work(*given: Any) -> None:
        reached(point, "begun")
        await work(*given)

    async def traced_complete(*given: Any) -> None:
        await complete(*given)
        reached(point, "ended")

    execution._work, execution._complete = traced_work, traced_complete


__all__ = ["Case", "Outcome", "RunId", "approve", "be_born", "check", "check_trace", "live_through", "read_trace"]
