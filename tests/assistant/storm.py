"""A storm of kill -9 over a flock of workers, while people approve, stop and resume at random moments.

Every run goes through: a worker has it, some worker is killed or frozen at any moment, another takes it up; somebody
answers what it asks, stops it, resumes it. At the end everything is counted: what the workers traced, what the
provider billed, every log and every sum of the ledger. ``storm`` raises ``AssertionError`` naming what does not hold.
"""

import asyncio
import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from assistant.workflows.seo_write import AT_ONCE
from knowledge.errors import AdroomError, Conflict
from knowledge.ids import RunId
from knowledge.runs.models import ACTIVE, FINAL
from tests.assistant.at_work import GOAL, AtWork, place
from tests.assistant.flock import Flock, holder
from tests.assistant.runs.crash import check_trace
from tests.assistant.runs.toys import check_log
from tests.model_server import ModelServer

#: the workflows and what each is given beside the demo client and campaign
KINDS: Mapping[str, dict[str, Any]] = {
    "campaign_planning": {},
    "client_onboarding": {},
    "email_create": {"brief": "Tell subscribers about the new harvest"},
    "seo_write": {"brief": "How to keep coffee fresh at home"},
}
#: workflows with steps side by side
WIDE = ("seo_write",)


@dataclass
class Weather:
    """How it goes. ``pause``: the longest between two kills, in seconds; ``side``: runs under way at once."""

    kills: int
    workers: int = 4
    side: int = 4
    pause: float = 0.4
    freezes: float = 0.05
    #: of all strikes, as many go for a worker that has a run in hand
    aim: float = 0.8
    kinds: tuple[str, ...] = ("email_create", "seo_write", "campaign_planning", "client_onboarding")
    seed: int = 7
    stuck: float = 120.0


@dataclass
class Report:
    """What happened. ``takeovers``: seconds from a kill until another worker had the run."""

    kills: int = 0
    frozen: int = 0
    under_way: int = 0
    runs: Counter[str] = field(default_factory=Counter[str])
    stops: int = 0
    resumes: int = 0
    answers: int = 0
    #: by run: calls that may have been under way when its worker was struck or it was stopped
    broken: Counter[RunId] = field(default_factory=Counter[RunId])
    paid: int = 0
    paid_twice: int = 0
    takeovers: list[float] = field(default_factory=list[float])
    seconds: float = 0.0

    @property
    def broken_off(self) -> int:
        return self.broken.total()

    def quantile(self, share: float) -> float:
        ranked = sorted(self.takeovers)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


async def storm(flock: Flock, provider: ModelServer, weather: Weather) -> Report:
    """Kill ``weather.kills`` times; then let the rest come to its end, and count."""
    report, chance = Report(), random.Random(weather.seed)
    began = time.monotonic()
    async with flock.web() as at_work:
        people = _People(at_work, weather, chance, report)
        crowd = [asyncio.create_task(people.keep_busy(n)) for n in range(weather.side)]
        watching: set[asyncio.Task[None]] = set()
        try:
            while report.kills < weather.kills:
                await asyncio.sleep(chance.uniform(0, weather.pause))
                _raise_first(crowd)
                await _strike(flock, at_work, weather, chance, report, watching)
            people.going_home = True
            await asyncio.gather(*crowd)
        finally:
            for task in [*crowd, *watching]:
                task.cancel()
            await asyncio.gather(*crowd, *watching, return_exceptions=True)
        await _count(flock, at_work, provider, people.runs, report)
        _count_paid(provider, people.marked, report)
    report.seconds = time.monotonic() - began
    return report


def _raise_first(crowd: list[asyncio.Task[None]]) -> None:
    for task in crowd:
        if task.done():
            task.result()


async def _strike(
    flock: Flock,
    at_work: AtWork,
    weather: Weather,
    chance: random.Random,
    report: Report,
    watching: set[asyncio.Task[None]],
) -> None:
    """Kill (or freeze) one worker, and hatch another in its place."""
    living = {worker.pid for worker in flock.workers if worker.is_alive()}
    if len(living) < weather.workers:
        flock.hatch(weather.workers - len(living))
    ready = await _ready(at_work)
    if len(ready & living) < 2:  # else it is a birth that would be measured
        return
    held = await at_work.rows("select id, kind, holder from runs where holder is not null and status = 'running'")
    busy = {int(name.split(":")[1]) for *_, name in held} & ready & living
    victim = chance.choice(sorted(busy if busy and chance.random() < weather.aim else ready & living))
    held = [(id, kind) for id, kind, name in held if int(name.split(":")[1]) == victim]
    _break_off(report, held)
    if chance.random() < weather.freezes:
        if not _send(victim, signal.SIGSTOP):
            return
        report.frozen += 1
        asyncio.get_running_loop().call_later(flock.rhythm.silence + 1.0, _send, victim, signal.SIGCONT)
        return
    if not _send(victim, signal.SIGKILL):
        return
    report.kills += 1
    taken = await at_work.rows("select id, kind from runs where holder like %s", f"%:{victim}:%")
    _break_off(report, [one for one in taken if one not in held])  # between the look and the blow
    report.under_way += bool(held)
    for run_id, _ in held:
        task = asyncio.create_task(_time_takeover(at_work, RunId(run_id), victim, report))
        watching.add(task)
        task.add_done_callback(watching.discard)


def _break_off(report: Report, held: list[tuple[Any, ...]]) -> None:
    for run_id, kind in held:
        report.broken[RunId(run_id)] += AT_ONCE if kind in WIDE else 1


def _send(pid: int, number: signal.Signals) -> bool:
    """False when it has ended by itself meanwhile, as one does that was frozen."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


async def _ready(at_work: AtWork) -> set[int]:
    """The workers that take runs, as far as anybody knows."""
    found = await at_work.rows("select pid from workers where role = 'worker' and ended_at is null")
    return {pid for (pid,) in found}


async def _time_takeover(at_work: AtWork, run_id: RunId, victim: int, report: Report) -> None:
    """Counted only when the run was left for another worker: it may have been stopped, or ended just before."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        ((status, name),) = await at_work.rows("select status, holder from runs where id = %s", run_id)
        if status not in ACTIVE:
            return
        if name is not None and int(name.split(":")[1]) != victim:
            report.takeovers.append(time.monotonic() - began)
            return
        await asyncio.sleep(0.02)


class _People:
    """They start runs, answer what is asked, stop and resume, and see each run to its end."""

    def __init__(self, at_work: AtWork, weather: Weather, chance: random.Random, report: Report) -> None:
        self.at_work, self.weather, self.chance, self.report = at_work, weather, chance, report
        self.going_home = False
        self.runs: list[RunId] = []
        self.marks, self.marked = 0, dict[str, RunId]()

    async def keep_busy(self, number: int) -> None:
        kinds = self.weather.kinds
        turn = number
        while not self.going_home:
            kind = kinds[turn % len(kinds)]
            turn += 1
            try:
                run_id = await self._begin(kind)
            except Conflict:  # the one place of its kind is taken
                await asyncio.sleep(0.05)
                continue
            self.runs.append(run_id)
            self.report.runs[kind] += 1
            await self._see_through(run_id)

    async def _begin(self, kind: str) -> RunId:
        """Each run's brief carries its mark, so that its calls are told from those of the others. Planning is for a
        campaign that has no plan yet."""
        self.marks += 1
        mark = f"mark{self.marks:05d}"
        if kind == "campaign_planning":
            run_id = await self._plan(mark)
        else:
            given = {name: f"{text} ({mark})" for name, text in KINDS[kind].items()}
            run_id = await self.at_work.begin(kind, **given)
        self.marked[mark] = run_id
        return run_id

    async def _plan(self, mark: str) -> RunId:
        async with self.at_work.db.org(self.at_work.org_id) as conn:
            client_id, _ = await place(conn)
        given = {"clientId": str(client_id), "name": mark, "goalDescription": f"{GOAL} ({mark})"}
        made = await self.at_work.use("create_campaign", **given)
        where = {"clientId": str(client_id), "campaignId": made["campaign"]["id"]}
        return RunId(UUID((await self.at_work.use("start_run", kind="campaign_planning", **where))["runId"]))

    async def _see_through(self, run_id: RunId) -> None:
        last, moved = None, time.monotonic()
        while True:
            run = await self.at_work.runs.get(self.at_work.org_id, run_id)
            if run.status in FINAL:
                return
            if (run.status, run.last_seq) != last:
                last, moved = (run.status, run.last_seq), time.monotonic()
            assert time.monotonic() - moved < self.weather.stuck, f"run {run_id} ({run.kind}) is stuck: {run}"
            await self._do_something(run_id, run.kind, run.status)
            await asyncio.sleep(self.chance.uniform(0.02, 0.15))

    async def _do_something(self, run_id: RunId, kind: str, status: str) -> None:
        """What people do at the wrong moment is refused with a sentence, never with anything else."""
        try:
            if status == "stopped":
                await self.at_work.runs.resume(self.at_work.caller, run_id)
                self.report.resumes += 1
            elif self.chance.random() < (0.02 if not self.going_home else 0):
                _break_off(self.report, [(run_id, kind)])
                await self.at_work.runs.stop(self.at_work.caller, run_id)
                self.report.stops += 1
            elif status == "waiting":
                await self._answer(run_id)
        except AdroomError:
            return

    async def _answer(self, run_id: RunId) -> None:
        view = await self.at_work.use("get_run", runId=str(run_id))
        asked = view.get("run", view)["waitingFor"]
        if asked is not None:
            await self.at_work.click(asked)
            self.report.answers += 1


async def _count(flock: Flock, at_work: AtWork, provider: ModelServer, runs: list[RunId], report: Report) -> None:
    check_trace(flock.traced())
    for run_id in runs:
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", f"{run.kind} {run_id} is {run.status}: {run.error}"
        log = await at_work.log(run_id)
        check_log(log)
        assert log[-1].type == f"run_{run.status}", f"{run_id} is {run.status}, its log ends in {log[-1].type}"
        assert run.last_seq == len(log)
        assert await holder(at_work, run_id) is None
    await _add_up(at_work, provider, report)


def _count_paid(provider: ModelServer, marked: Mapping[str, RunId], report: Report) -> None:
    """Of no run more calls were billed twice than were broken off."""
    again: Counter[RunId] = Counter()
    for request in provider.paid_twice():
        mark = re.search(r"mark\d{5}", json.dumps(request.body))
        if mark is not None:
            again[marked[mark[0]]] += 1
    for run_id, count in again.items():
        assert count <= report.broken[run_id], f"{run_id}: {count} calls again, {report.broken[run_id]} broken off"
    report.paid_twice = again.total()


async def _add_up(at_work: AtWork, provider: ModelServer, report: Report) -> None:
    """Every answer is in the ledger once, no hold is left of a run that has ended, and the days' sums are the rows'."""
    ((twice, entered, cost),) = await at_work.rows(
        "select count(call_key) - count(distinct call_key), count(*) filter (where cost > 0), coalesce(sum(cost), 0) "
        "from usage_ledger"
    )
    assert twice == 0, f"{twice} answers are in the ledger twice"
    ((days,),) = await at_work.rows("select coalesce(sum(cost), 0) from usage_days where scope = 'org'")
    assert days == cost, f"the days add up to {days}, the ledger to {cost}"
    report.paid = provider.paid
    assert entered <= provider.paid + report.broken_off, "more was entered than was billed or broken off"
    assert entered >= provider.paid - report.broken_off, "what was billed is not in the ledger"
    ((open_holds,),) = await at_work.rows("select count(*) from budget_reservations where settled_at is null")
    assert open_holds <= report.broken_off, "money is held for calls that nobody makes"
