"""A run's own pen: events in the order the body made them, written behind its back and once.

What always holds: events are written in order, in batches, while the body goes on; ``flush`` returns when all of
them are in the database. What a crash loses here is made again when the body is repeated, and whatever had been
written already is recognised by its key. A run that was stopped or has ended takes no more events (``Fenced``), and
one that another process has in hand by now none from here (``Moved``).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.runs.protocol import LiveEvents
from knowledge.db import Connection, Database
from knowledge.ids import OrgId, RunId
from knowledge.outages import through_outages
from knowledge.runs import events, queries
from knowledge.runs.models import ACTIVE, NewEvent, RunStatus

#: how long events are gathered before they are written, and at least between two writings, in seconds; a step of
#: milliseconds costs no transaction
GATHER, APART = 0.1, 0.2
#: the events that bring a planned step or gate behind the run
DONE = ("step_completed", "approval_decided")
#: events that say nothing of what is being written: they need not wait for text that is on its way
BESIDE_TEXT = ("progress",)


class Fenced(Exception):
    """The run was stopped or has ended meanwhile: what still works on it must not write any more."""

    def __init__(self, status: RunStatus) -> None:
        self.status: RunStatus = status
        super().__init__(status)


class Moved(Fenced):
    """Another process has the run in hand by now, or another execution of it is to come, as when the database has lost
    the last of what this one wrote (a crash of its own: it is not waited for the disk each time)."""


@dataclass(frozen=True)
class Told:
    """What a change comes to: the events that tell of it, and where the run stands after it, if that changes."""

    events: list[NewEvent] = field(default_factory=list[NewEvent])
    status: RunStatus | None = None
    output: dict[str, Any] | None = None
    error: str | None = None


#: what else is done in the transaction, given where the run stands in the database
Change = Callable[[Connection, RunStatus], Awaitable[Told]]


@dataclass
class RunLog:
    """The pen of one execution of one run. ``planned`` are the names progress is counted over."""

    db: Database
    live: LiveEvents
    org_id: OrgId
    run_id: RunId
    planned: tuple[str, ...] = ()
    #: the process that writes here; None does not look who has the run
    holder: str | None = None
    known: set[str] = field(default_factory=set[str])
    #: the number of the last event that is known to be written
    seq: int = 0
    _pending: list[NewEvent] = field(default_factory=list[NewEvent])
    _done: set[str] = field(default_factory=set[str])
    _writer: asyncio.Task[None] | None = None
    _timer: asyncio.TimerHandle | None = None
    _written: float = 0.0
    _fault: Exception | None = None
    _goes_on: bool = False

    def add(self, event: NewEvent) -> None:
        """Take an event to be written soon; nothing when it is written already."""
        if event.type in DONE and event.step in self.planned:
            self._done.add(event.step)
        if event.dedup_key is not None:
            if event.dedup_key in self.known:
                return
            self.known.add(event.dedup_key)
        self._pending.append(event)
        self._write_soon()

    def go_on(self) -> None:
        """The run no longer waits; to be written with the events that come next."""
        self._goes_on = True
        self._write_soon()

    async def flush(self) -> None:
        """Wait until everything added so far is written. Raises ``Fenced``."""
        while self._unwritten or self._writer is not None:
            self._write_now()
            if self._writer is not None:
                await asyncio.shield(self._writer)
        if self._fault is not None:
            raise self._fault

    async def write_with(self, change: Change, *, at_once: bool = False) -> None:
        """Everything added so far, then ``change`` and its events, in one transaction under the run's lock.

        ``at_once``: wait for the disk, because the engine keeps nothing next. ``change`` may be called again after an
        outage of the database. Raises ``Fenced``.
        """
        while self._writer is not None:
            await asyncio.shield(self._writer)
        if self._fault is not None:
            raise self._fault
        batch = self._take()
        self._writer = asyncio.create_task(self._write_batch(batch, change, at_once), name=f"log {self.run_id}")
        try:
            await self._writer
        except BaseException:
            self._pending = batch + self._pending  # they are still to be written, with whatever comes next
            raise
        finally:
            self._writer = None
            if self._unwritten:
                self._write_soon()

    @property
    def _unwritten(self) -> bool:
        return bool(self._pending) or self._goes_on

    def _write_soon(self) -> None:
        if self._timer is None and self._writer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time() + GATHER, self._written + APART), self._write_now)

    def _write_now(self) -> None:
        if self._unwritten and self._writer is None:
            self._writer = asyncio.create_task(self._write(self._take()), name=f"log {self.run_id}")
        elif self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _take(self) -> list[NewEvent]:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._pending = self._pending, []
        return batch

    async def _write(self, batch: list[NewEvent]) -> None:
        try:
            await self._write_batch(batch, None, at_once=False)
        except Exception as error:  # noqa: BLE001 - not swallowed: the next flush raises it in the body
            self._fault, self._goes_on = error, False
        finally:
            self._writer = None
            self._written = asyncio.get_running_loop().time()
            if self._unwritten:
                self._write_soon()

    async def _write_batch(self, batch: list[NewEvent], change: Change | None, at_once: bool) -> None:
        if any(event.type not in BESIDE_TEXT for event in batch):
            await self.live.flush(self.run_id)  # text of a message goes out before the finished message
        await through_outages(lambda: self._transact(batch, change, at_once))

    async def _transact(self, batch: list[NewEvent], change: Change | None, at_once: bool) -> None:
        # the engine waits for the disk when it keeps that the step or the run is over, and takes this along
        async with self.db.org(self.org_id, at_once=at_once) as conn:
            status = await self._look(conn)
            goes_on = self._goes_on
            now: RunStatus = "running" if status == "queued" or (goes_on and status == "waiting") else status
            told = await change(conn, status) if change else Told()
            written = batch + told.events
            whole = self.live.watched(self.run_id)  # who watches here is given the rows
            rows = await events.write(conn, self.run_id, written, whole=whole) if written else []
            after, progress = told.status or now, self._progress(written)
            if after != status:
                await queries.update_status(conn, self.run_id, after, output=told.output, error=told.error, **progress)
            elif progress:
                await queries.update_progress(conn, self.run_id, **progress)
        self.live.wrote(rows)
        if goes_on:
            self._goes_on = False
        if rows:
            self.seq = max(self.seq, rows[-1].seq)
        self.known.update(event.dedup_key for event in written if event.dedup_key)

    async def check(self) -> None:
        """Raises ``Fenced`` when the run is not this execution's to go on with, as it stands in the database."""

        async def look() -> None:
            async with self.db.org(self.org_id) as conn:
                await self._look(conn)

        await through_outages(look)

    async def _look(self, conn: Connection) -> RunStatus:
        """Hold the run's row, and say where it stands. Raises ``Fenced``, ``Moved``."""
        status, holder, last = await events.lock_held(conn, self.run_id)
        if status not in ACTIVE:
            raise Fenced(status)
        if (self.holder is not None and holder != self.holder) or last < self.seq:
            raise Moved(status)
        return status

    def _progress(self, written: list[NewEvent]) -> dict[str, Any]:
        """What these events change of the run's progress, state and iteration."""
        values: dict[str, Any] = {}
        if any(event.step in self.planned for event in written if event.type in DONE):
            values["progress"] = min(99, len(self._done) * 100 // len(self.planned))
        for event in written:
            if event.type == "progress":
                values |= {key: event.data[key] for key in ("progress", "state", "iteration") if key in event.data}
            if event.type == "run_completed":
                values["progress"] = 100
        return values
