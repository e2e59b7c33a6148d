"""Several processes on one database: the web process is the test itself, the workers are its children.

A worker is forked from a process that has imported everything, so that it is there in a moment; it traces every step
it runs (tests/assistant/runs/crash.py). Whatever becomes of them, they are gone when the flock is left.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from assistant.chat.identity import LOCAL_ORG
from assistant.house import House
from assistant.models.endpoint import Endpoint
from assistant.research.settings import SearchSettings
from assistant.runs.dbos_engine import EngineOptions
from assistant.runs.peers import Rhythm
from knowledge.ids import RunId
from knowledge.imports import preparing
from tests.assistant.at_work import ME, AtWork, settings_for
from tests.assistant.runs.crash import AT_WORK_ON, FORK, Traced, hook, read_trace
from tests.assistant.runs.toys import QUICK
from tests.conftest import TestDatabase
from tests.knowledge.fetching.loopback import Site

#: a freeze is noticed in a second; a loaded machine must not look frozen
FAST = Rhythm(beat=0.2, silence=3.0, sure=1.0)


@dataclass
class Flock:
    """``provider``: where the models are; None writes offline.

    ``site``, ``search``: ports of this machine where public pages and the search provider are, for who has some.
    ``batch``: rows of an import's batch, so that a small file has several.
    """

    database: TestDatabase
    folder: Path
    provider: str | None = None
    rhythm: Rhythm = FAST
    site: int | None = None
    search: int | None = None
    batch: int | None = None
    #: times that a model call is tried again; the product does so twice
    retries: int = 0
    #: text in the making goes over it, for who has one
    redis: str | None = None
    workers: list[BaseProcess] = field(default_factory=list[BaseProcess])

    @property
    def trace(self) -> Path:
        return self.folder / "trace"

    @property
    def log(self) -> Path:
        """What the workers have to say to whoever runs them."""
        return self.folder / "workers.log"

    def hatch(
        self, count: int = 1, missing: tuple[str, ...] = (), bodies: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        """``missing``: kinds that they do not know; ``bodies``: those that have changed, by kind."""
        for _ in range(count):
            options = replace(QUICK, role="worker", rhythm=self.rhythm)
            given = (self, str(self.trace), options, missing, dict(bodies or {}))
            born = FORK.Process(target=_live, args=given, daemon=True)
            born.start()
            self.workers.append(born)

    def living(self) -> set[int]:
        """The process numbers of the workers that are there, awake or not."""
        return {worker.pid for worker in self.workers if worker.is_alive() and worker.pid is not None}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "workers": []}

    @asynccontextmanager
    async def web(self, **options: Any) -> AsyncGenerator[AtWork]:
        made = replace(QUICK, role="web", rhythm=self.rhythm, **options)
        async with _house(self, made).open_at_work() as at_work:
            yield at_work

    def one(self, pid: int) -> BaseProcess:
        return next(worker for worker in self.workers if worker.pid == pid)

    def traced(self) -> list[Traced]:
        """What the workers did, in order."""
        return read_trace(self.trace)

    def end(self) -> None:
        for worker in self.workers:
            if worker.pid is not None and worker.is_alive():
                worker.kill()
        for worker in self.workers:
            worker.join(10)


@contextlib.contextmanager
def flock_of(database: TestDatabase, folder: Path, provider: str | None = None, count: int = 2) -> Generator[Flock]:
    flock = Flock(database, folder, provider)
    flock.hatch(count)
    try:
        yield flock
    finally:
        flock.end()


class _Opened(House):
    @asynccontextmanager
    async def open_at_work(self) -> AsyncGenerator[AtWork]:
        async with self.open():
            yield AtWork(self.db, self.events, self.engine, self.runs, ME, self)


def _house(flock: Flock, options: EngineOptions) -> _Opened:
    found: dict[str, Any] = {}
    if flock.search is not None:
        found["search"] = SearchSettings(
            "tavily", f"http://127.0.0.1:{flock.search}", "", Decimal("0.008"), "test", "key"
        )
    settings = replace(
        settings_for(flock.provider, home=flock.folder, retries=flock.retries, **found), redis_url=flock.redis
    )
    web = None if flock.site is None else Site(flock.site).web()
    return _Opened(settings, flock.database.owner_url, flock.database.app_url, options, web)


def _live(flock: Flock, trace: str, options: EngineOptions, missing: tuple[str, ...], bodies: dict[str, Any]) -> None:
    hook(Path(trace), "")
    _mark_calls()
    logging.getLogger().addHandler(logging.FileHandler(flock.log))
    if flock.batch is not None:
        preparing.BATCH_ROWS = flock.batch
    asyncio.run(_work(flock, options, missing, bodies))


def _mark_calls() -> None:
    """Every call says which step it is for, so that the provider can tell whose it was paid twice."""
    patched = cast(Any, Endpoint)
    prepared = patched._prepared

    def marked(self: Any, ask: Any, **given: Any) -> Any:
        ask = prepared(self, ask, **given)
        return ask.with_exactly(replace(ask.settings, extra_headers={"x-mark": AT_WORK_ON.get()}))

    patched._prepared = marked


async def _work(flock: Flock, options: EngineOptions, missing: tuple[str, ...], bodies: dict[str, Any]) -> None:
    house = _house(flock, options)
    workflows: Mapping[str, Any] = house.engine.workflows
    known = {kind: made for kind, made in workflows.items() if kind not in missing}
    house.engine.workflows = known | {kind: replace(known[kind], body=body) for kind, body in bodies.items()}
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    async with house.open():
        await asked.wait()
    os._exit(0)


async def holder(at_work: AtWork, run_id: RunId) -> int | None:
    """The process that has the run in hand."""
    ((name,),) = await at_work.rows("select holder from runs where id = %s", run_id)
    return None if name is None else int(name.split(":")[1])


async def held_by(at_work: AtWork, run_id: RunId, *but: int, within: float = 30) -> tuple[int, float]:
    """The process that has the run, once it is none of ``but``, and the seconds that took."""
    began = time.monotonic()
    async with asyncio.timeout(within):
        while (pid := await holder(at_work, run_id)) is None or pid in but:
            await asyncio.sleep(0.01)
    return pid, time.monotonic() - began


def patience(seconds: float) -> float:
    """A bar in seconds; on a machine that is busy with other things it says nothing, so it is wide there."""
    return seconds if os.getloadavg()[0] < 3 else 6 * seconds


__all__ = ["LOCAL_ORG", "Flock", "flock_of", "held_by", "holder", "patience"]
