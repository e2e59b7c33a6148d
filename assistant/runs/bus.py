"""Live events: what is written to a run's log, and the text being written, to any number of watchers.

What always holds: a watcher gets every stored event after its ``after_seq`` exactly once and in order, whatever
happens to Postgres' or Redis' connection meanwhile: what the channel brings is taken only where it goes on from what was
seen, else the table is read.
A watcher that reads slowly costs a bounded amount of memory: it loses text deltas first, and is sent back to read
stored events from the table; it never loses one. Text deltas are live only.

Stored events are announced by Postgres' NOTIFY, in the transaction that wrote them, and go with it when they are short.
Deltas are gathered (``outgoing``) and go the same way, or over Redis when a ``redis_url`` is given.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from assistant.runs.channels import LiveChannel, PostgresChannel, PostgresLive, RedisChannel
from assistant.runs.outgoing import Outgoing
from knowledge.db import Database
from knowledge.errors import NotFound
from knowledge.ids import OrgId, RunId
from knowledge.runs import events, queries
from knowledge.runs.models import Event

logger = logging.getLogger(__name__)

#: what may lie unread with one watcher before deltas are dropped, and before stored events are left to the table
FULL, OVERFULL = 256, 1024
#: unread text of one message is one delta up to about so many characters
LONGEST = 1000
#: rows a watcher reads at once
PAGE = 200
#: events of one run that are kept until they are announced in their turn
READY = 64
#: no run: something may have been missed
NIL = RunId(UUID(int=0))


@dataclass(frozen=True)
class Delta:
    """A piece of a message being written. ``offset`` counts the characters of it that came before."""

    run_id: RunId
    text: str
    offset: int
    message: str = ""
    agent: str | None = None
    step: str | None = None


def _joined(last: Event | Delta, delta: Delta) -> Delta | None:
    """Both as one, when the second goes on where the first ends and that is not long yet."""
    if not isinstance(last, Delta) or len(last.text) > LONGEST or last.offset + len(last.text) != delta.offset:
        return None
    if (last.message, last.step, last.agent) != (delta.message, delta.step, delta.agent):
        return None
    return replace(last, text=last.text + delta.text)


class _Watcher:
    """What lies ready for one reader, and whether it has to look into the table first."""

    def __init__(self, after: int, looked: bool) -> None:
        self.last = after
        self.inbox: deque[Event | Delta] = deque()
        self.behind = True
        self.looked = looked
        self.wake = asyncio.Event()

    def put(self, item: Event | Delta) -> None:
        if isinstance(item, Delta):
            if self.inbox and (both := _joined(self.inbox[-1], item)) is not None:
                self.inbox[-1] = both
                return
            if len(self.inbox) >= FULL:
                return
        if len(self.inbox) >= OVERFULL:
            self.fall_behind()
            return
        self.inbox.append(item)
        self.wake.set()

    def fall_behind(self) -> None:
        self.inbox.clear()
        self.behind = True
        self.wake.set()

    def next(self) -> Event | Delta | None:
        """What comes next from the inbox; a gap sends the watcher to the table."""
        while self.inbox:
            item = self.inbox.popleft()
            if isinstance(item, Delta):
                return item
            if item.seq == self.last + 1:
                self.last = item.seq
                return item
            if item.seq > self.last + 1:
                self.fall_behind()
        return None


@dataclass
class _Feed:
    """One run that somebody in this process watches: its rows are read once for all of them."""

    org_id: OrgId
    run_id: RunId
    watchers: set[_Watcher] = field(default_factory=set[_Watcher])
    notices: deque[int | Delta] = field(default_factory=deque[int | Delta])
    seq: int | None = None
    finished: deque[str] = field(default_factory=lambda: deque[str](maxlen=64))
    reader: asyncio.Task[None] | None = None
    #: by their numbers, committed: what this process wrote itself, and what came with an announcement
    ready: dict[int, Event | dict[str, Any]] = field(default_factory=dict[int, Event | dict[str, Any]])

    def keep(self, seq: int, event: Event | dict[str, Any]) -> None:
        """It need not be read from the table when its turn comes."""
        if len(self.ready) >= READY:  # most of them have been handed on already
            self.ready.clear()
        self.ready.setdefault(seq, event)

    def hand_on(self, until: int) -> bool:
        """Give the watchers what is ready, as far as it comes right after what they have; whether that was all."""
        if self.seq is None:  # nobody knows where this feed stands: everybody looks for himself
            self.seq = until
            self.all_behind()
        while self.seq < until:
            found = self.ready.pop(self.seq + 1, None)
            if found is None:
                return False
            self.put(found if isinstance(found, Event) else Event.model_validate(found))
        return True

    def put(self, event: Event) -> None:
        """The next stored event."""
        if event.type == "message" and event.data.get("message"):
            self.finished.append(event.data["message"])
        for watcher in self.watchers:
            watcher.put(event)
        self.seq = event.seq

    def show(self, delta: Delta) -> None:
        """Hand on a piece of text, unless its message stands there whole already."""
        if not delta.message or delta.message not in self.finished:
            for watcher in self.watchers:
                watcher.put(delta)

    def all_behind(self) -> None:
        for watcher in self.watchers:
            watcher.fall_behind()

    def lost(self) -> None:
        """Nobody knows what was announced meanwhile, so everybody looks."""
        self.seq = None
        self.ready.clear()
        self.all_behind()


class EventBus:
    """One for the process. ``start`` it before the engine, ``stop`` it after."""

    def __init__(self, db: Database, redis_url: str | None = None) -> None:
        self.db = db
        self._stored = PostgresChannel(db.url, events.CHANNEL, self._on_stored, self._after_gap)
        self._said = PostgresLive(db.url, events.CHANNEL)
        self._live: LiveChannel = RedisChannel(redis_url, self._on_deltas) if redis_url else self._said
        self.carrier = "redis" if redis_url else "postgres"
        self._feeds: dict[RunId, _Feed] = {}
        self._outgoing = Outgoing(self._live.publish)
        self._listeners: dict[str, list[Callable[[RunId], None]]] = {}
        self._heeded: dict[str, list[Callable[[RunId, str], None]]] = {}

    async def start(self) -> None:
        await self._said.start()
        await self._stored.start()
        if isinstance(self._live, RedisChannel):
            await self._live.start()

    async def stop(self) -> None:
        self._outgoing.stop()
        await self._stored.stop()
        await self._said.stop()
        if isinstance(self._live, RedisChannel):
            await self._live.stop()
        for feed in self._feeds.values():
            if feed.reader is not None:
                feed.reader.cancel()

    def on(self, type: str, told: Callable[[RunId], None]) -> None:
        """Call ``told`` with the run's id whenever an event of ``type`` was written, by any process.

        After a break of the connection it is called once with the nil UUID: something may have been missed.
        """
        self._listeners.setdefault(type, []).append(told)

    # ---------------------------------------------------------------- a word between processes

    def heed(self, word: str, told: Callable[[RunId, str], None]) -> None:
        """Call ``told`` whenever any process says ``word`` (``tell``); after a break once with the nil UUID."""
        self._heeded.setdefault(word, []).append(told)

    async def tell(self, word: str, run_id: RunId = NIL, about: str = "") -> None:
        """Say ``word`` to every process, this one too. Nothing hangs on it: who misses it looks by himself, later."""
        try:
            await self._said.publish([json.dumps({"w": word, "r": str(run_id), "a": about})])
        except (psycopg.OperationalError, PoolTimeout) as error:
            logger.debug("‘%s’ was not said, others will see later: %s", word, error)

    # ---------------------------------------------------------------- text being written

    def delta(
        self, run_id: RunId, text: str, *, message: str = "", agent: str | None = None, step: str | None = None
    ) -> None:
        """Show ``text`` to whoever watches; never fails, never waits, never stored."""
        if text:
            self._outgoing.add(run_id, text, message, agent, step)

    def forget(self, run_id: RunId) -> None:
        """The run rests: forget how far its messages were sent."""
        self._outgoing.forget(run_id)

    async def flush(self, run_id: RunId | None = None) -> None:
        """Send what was gathered (of this run) now, so that what is written next comes after it."""
        await self._outgoing.flush(run_id)

    def watched(self, run_id: RunId) -> bool:
        """Whether somebody watches the run here, to whom ``wrote`` would spare a look at the database."""
        return run_id in self._feeds

    def wrote(self, rows: Sequence[Event]) -> None:
        """This process wrote these, and they are committed: when they are announced they need not be read."""
        if rows and (feed := self._feeds.get(rows[0].run_id)) is not None:
            for event in rows:
                feed.keep(event.seq, event)

    # ---------------------------------------------------------------- what the channels bring

    def _on_stored(self, payload: str) -> None:
        if payload.startswith('{"d":'):
            self._on_deltas(payload)
            return
        notice = json.loads(payload)
        run_id = RunId(UUID(notice["r"]))
        if "w" in notice:
            for told in self._heeded.get(notice["w"], []):
                told(run_id, notice["a"])
            return
        for type in notice["t"]:
            for told in self._listeners.get(type, []):
                told(run_id)
        feed = self._feeds.get(run_id)
        if feed is not None:
            if notice.get("o") == str(feed.org_id):
                for event in notice["e"]:
                    feed.keep(event["seq"], event)
            self._hand_over(feed, int(notice["s"]))

    def _on_deltas(self, payload: str) -> None:
        if not self._feeds:
            return
        for piece in json.loads(payload)["d"]:
            run_id = RunId(UUID(piece["r"]))
            if (feed := self._feeds.get(run_id)) is not None:
                made = Delta(run_id, piece["x"], piece["o"], piece["m"], piece.get("a"), piece.get("p"))
                self._hand_over(feed, made)

    def _after_gap(self) -> None:
        """The connection is back."""
        for feed in self._feeds.values():
            feed.lost()
        for told in [told for listeners in self._listeners.values() for told in listeners]:
            told(NIL)
        for told in [told for heeding in self._heeded.values() for told in heeding]:
            told(NIL, "")

    def _hand_over(self, feed: _Feed, notice: int | Delta) -> None:
        if feed.reader is None:  # nothing is being read that came before it
            if isinstance(notice, Delta):
                feed.show(notice)
            elif not feed.hand_on(notice):
                feed.reader = asyncio.create_task(self._read_feed(feed, notice), name=f"feed {feed.run_id}")
        elif isinstance(notice, int) or len(feed.notices) <= OVERFULL:
            feed.notices.append(notice)

    async def _read_feed(self, feed: _Feed, notice: int | Delta) -> None:
        try:
            while True:
                if isinstance(notice, Delta):
                    feed.show(notice)
                else:
                    await self._read_rows(feed, notice)
                if not feed.notices:
                    return
                notice = feed.notices.popleft()
        except (psycopg.OperationalError, PoolTimeout):
            feed.notices.clear()
            feed.lost()
        finally:
            feed.reader = None

    async def _read_rows(self, feed: _Feed, until: int) -> None:
        while not feed.hand_on(until):
            # what is ready waits for what comes before it
            after = cast(int, feed.seq)
            rows = await queries.read_events(self.db, feed.org_id, feed.run_id, after, PAGE)
            if not rows:
                return
            if feed.seq == after:  # else the connection was lost meanwhile
                for event in rows:
                    feed.put(event)

    # ---------------------------------------------------------------- watching

    async def watch(
        self, org_id: OrgId, run_id: RunId, after_seq: int = 0, *, found: bool = False
    ) -> AsyncIterator[Event | Delta]:
        """Every stored event after ``after_seq`` once and in order, then live ones, until the caller stops.

        ``found``: the caller has just looked whether the run is of this organisation. Raises ``NotFound`` when it is not.
        """
        watcher = _Watcher(after_seq, found)
        feed = self._feeds.setdefault(run_id, _Feed(org_id, run_id))
        feed.watchers.add(watcher)
        try:
            while True:
                while watcher.behind:
                    async for event in self._catch_up(org_id, run_id, watcher):
                        yield event
                    # where a caller says that he stands may be anywhere; what was read is written
                    if feed.seq is None and not watcher.behind and (watcher.last > after_seq or after_seq == 0):
                        feed.seq = watcher.last
                while not watcher.behind and (item := watcher.next()) is not None:
                    yield item
                if not watcher.behind and not watcher.inbox:
                    watcher.wake.clear()
                    await watcher.wake.wait()
        finally:
            feed.watchers.discard(watcher)
            if not feed.watchers and self._feeds.get(run_id) is feed:
                del self._feeds[run_id]

    async def _catch_up(self, org_id: OrgId, run_id: RunId, watcher: _Watcher) -> AsyncIterator[Event]:
        watcher.behind = False  # first: what comes from here on lies in the inbox, or sets it again
        full = True
        while full:
            try:
                if not watcher.looked and await queries.read_run(self.db, org_id, run_id) is None:
                    raise NotFound("That run does not exist, or not for you.")
                rows = await queries.read_events(self.db, org_id, run_id, watcher.last, PAGE)
                watcher.looked = True
            except (psycopg.OperationalError, PoolTimeout):
                watcher.behind = True
                await asyncio.sleep(0.5)
                return
            full = len(rows) == PAGE
            for event in rows:
                watcher.last = event.seq
                yield event
