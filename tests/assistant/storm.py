"""A storm of kill -9 over a flock of workers, while people approve, stop and resume at random moments.

Every kind of run there is goes through (tests/assistant/errands.py): a worker has it, some worker is killed or frozen at
any moment, another takes it up; somebody answers what it asks, stops it, resumes it. At the end everything is counted
(tests/assistant/tally.py): what the workers traced, what the provider billed, every log and every sum of the ledger.
``storm`` raises ``AssertionError`` naming what does not hold.
"""

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from knowledge.ids import RunId
from tests.assistant.at_work import AtWork
from tests.assistant.crowd import Doings, Person
from tests.assistant.errands import ERRANDS, KINDS, PAGES
from tests.assistant.flock import Flock
from tests.assistant.research.search_server import SearchServer, open_search
from tests.assistant.takeovers import Takeovers
from tests.assistant.tally import add_up, check_runs, count_paid
from tests.knowledge.fetching.loopback import open_site
from tests.model_server import ModelServer

#: how much longer the pauses are once there were enough kills
AFTERWARDS = 8


@dataclass
class Weather:
    """How it goes. ``pause``: the longest between two kills, in seconds; ``side``: errands under way at once."""

    kills: int
    workers: int = 4
    side: int = 6
    pause: float = 0.4
    freezes: float = 0.05
    #: of all strikes, as many go for a worker that has a run in hand
    aim: float = 0.8
    errands: tuple[str, ...] = tuple(ERRANDS)
    #: times that each errand is run, if it is not to go on until there were enough kills
    rounds: int | None = None
    seed: int = 7
    stuck: float = 120.0


@dataclass
class Report:
    """What happened."""

    takeovers: Takeovers
    doings: Doings = field(default_factory=Doings)
    kills: int = 0
    frozen: int = 0
    #: kills of a worker that had a run in hand
    under_way: int = 0
    paid: int = 0
    paid_twice: int = 0
    seconds: float = 0.0


async def storm(flock: Flock, provider: ModelServer, weather: Weather) -> Report:
    """Kill ``weather.kills`` times, and until each kind was begun; let the rest come to its end, and count."""
    report, chance = Report(Takeovers(flock.database.owner_url)), random.Random(weather.seed)
    began, going_home = time.monotonic(), asyncio.Event()
    async with _outside(flock) as search, flock.web() as at_work:
        people = [_person(at_work, weather, number, report) for number in range(weather.side)]
        errands = _errands(weather, going_home)
        crowd = [asyncio.create_task(person.keep_busy(errands)) for person in people]
        watch = asyncio.create_task(report.takeovers.watch())
        try:
            while (report.kills < weather.kills or not _all_begun(report)) and not all(one.done() for one in crowd):
                # enough were killed, and not every kind has begun: what is left gets room to go on between two blows
                longest = weather.pause * (1 if report.kills < weather.kills else AFTERWARDS)
                await asyncio.sleep(chance.uniform(0, longest))
                _raise_first([*crowd, watch])
                await _strike(flock, at_work, weather, chance, report)
            going_home.set()
            for person in people:
                person.going_home = True
            await asyncio.gather(*crowd)
        finally:
            for task in [*crowd, watch]:
                task.cancel()
            await asyncio.gather(*crowd, watch, return_exceptions=True)
        await check_runs(flock, at_work)
        report.paid, report.paid_twice = provider.paid, count_paid(provider, report.doings)
        await add_up(at_work, provider, search, report.doings)
    report.seconds = time.monotonic() - began
    return report


def _all_begun(report: Report) -> bool:
    return report.doings.runs.keys() >= KINDS


def _person(at_work: AtWork, weather: Weather, number: int, report: Report) -> Person:
    chance = random.Random(f"{weather.seed} {number}")
    return Person(at_work, chance, report.doings, report.takeovers.forget, stuck=weather.stuck)


def _errands(weather: Weather, going_home: asyncio.Event) -> Iterator[str]:
    rounds = itertools.count() if weather.rounds is None else range(weather.rounds)
    for name in (name for _ in rounds for name in weather.errands):
        if going_home.is_set() and weather.rounds is None:
            return
        yield name


@asynccontextmanager
async def _outside(flock: Flock) -> AsyncGenerator[SearchServer]:
    """Public pages and a search provider."""
    async with open_site() as site, open_search() as search:
        for path, content in PAGES.items():
            site.serve(path, content.encode(), "text/plain" if path.endswith(".txt") else "text/html")
        search.hits = [(f"http://rival.example:{site.port}{path}", "", "") for path in ("/guide", "/storage")]
        flock.site, flock.search, flock.batch = site.port, search.port, 20
        yield search


def _raise_first(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


async def _strike(flock: Flock, at_work: AtWork, weather: Weather, chance: random.Random, report: Report) -> None:
    """Kill (or freeze) one worker, and hatch another in its place."""
    takeovers, living = report.takeovers, flock.living()
    if len(living) < weather.workers:
        flock.hatch(weather.workers - len(living))
        takeovers.struck -= flock.living() - living  # the system gives a number again
    takeovers.ready = await _ready(at_work)
    able = (takeovers.ready & living) - takeovers.struck
    if len(able) < 2:  # else it is a birth that would be measured
        return
    held = await at_work.rows("select id, kind, holder from runs where holder is not null and status = 'running'")
    busy = {int(name.split(":")[1]) for *_, name in held} & able
    victim = chance.choice(sorted(busy if busy and chance.random() < weather.aim else able))
    mine = [(RunId(id), kind, name) for id, kind, name in held if int(name.split(":")[1]) == victim]
    for run_id, kind, _ in mine:
        report.doings.break_off(run_id, kind)
    freeze = chance.random() < weather.freezes
    if not _send(victim, signal.SIGSTOP if freeze else signal.SIGKILL):
        return
    takeovers.struck.add(victim)
    for run_id, kind, name in mine:
        takeovers.wait_for(run_id, kind, name, frozen=freeze)
    if freeze:
        report.frozen += 1
        asyncio.get_running_loop().call_later(flock.rhythm.silence + 1.0, _send, victim, signal.SIGCONT)
        return
    report.kills += 1
    report.under_way += bool(mine)
    taken = await at_work.rows("select id, kind from runs where holder like %s", f"%:{victim}:%")
    for run_id, kind in taken:  # between the look and the blow
        if run_id not in {id for id, *_ in mine}:
            report.doings.break_off(RunId(run_id), kind)


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
