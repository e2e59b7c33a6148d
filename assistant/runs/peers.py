"""The processes that work on one database: each says that it is there, and sees when another is not.

What always holds: a process is known by an id that no other ever has. It holds a session-level advisory lock for as
long as its session lasts (a dead process has none) and beats while its loop turns (a frozen one does not, though it
keeps its lock). Whoever is missed is ended once, by one of the others, and what it had in hand goes on with them; if it
comes back it learns so before it pays for anything or takes anything up, and is gone without writing another word.
"""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NoReturn
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from knowledge.background import end
from knowledge.db import Connection
from knowledge.runs import workers
from knowledge.runs.workers import Role

logger = logging.getLogger(__name__)

#: the status a process leaves with when the others had ended it (EX_TEMPFAIL, sysexits.h): start it again
ENDED_BY_OTHERS = 75
LONGEST_PAUSE = 2.0


@dataclass(frozen=True)
class Rhythm:
    """Seconds. ``silence`` must be longer than any pause a healthy process makes: a loaded machine makes long ones."""

    beat: float = 0.4
    silence: float = 5.0
    #: what a process whose session is gone is given to begin another, in which its lock is taken first
    lost: float = 0.9
    #: when a session was lost, maybe all were (the database was restarted): nobody is judged for so long
    grace: float = 4.0
    #: how old the last beat may be when something is to be paid for; well below ``silence``
    sure: float = 2.0


class Peers:
    """One for the process, started inside the running loop. ``url``: as the application enters."""

    def __init__(self, url: str, role: Role, version: str, rhythm: Rhythm | None = None, id: str | None = None) -> None:
        self.id = id or new_id()
        self.role: Role = role
        self._url, self._version, self._rhythm = url, version, rhythm or Rhythm()
        self._conn: Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._beaten = self._judges_from = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._heard: set[str] = set()
        self._told: list[Callable[[], Awaitable[None]]] = []
        #: what is done when the others have ended this process
        self.on_ended: Callable[[], NoReturn] = _go

    async def start(self) -> None:
        """Be there, and end whoever died before. Raises ``psycopg.OperationalError`` without a database."""
        self._conn = await self._connect()
        await workers.enter(self._conn, self.id, socket.gethostname(), os.getpid(), self.role, self._version)
        self._beaten = time.monotonic()
        await self._look(self._conn, lost=0.0)  # who died before this start need not be waited for
        self._task = asyncio.create_task(self._forever(), name="peers")

    async def stop(self) -> None:
        """Say that this process is no longer there, so that nobody has to wait for it."""
        await end(self._task)
        self._task = None
        conn, self._conn = self._conn, None
        if conn is not None:
            with contextlib.suppress(psycopg.Error):
                await workers.leave(conn, self.id)
            await conn.close()

    def on_death(self, told: Callable[[], Awaitable[None]]) -> None:
        """Call ``told`` once for each process that was ended, by this one or another: who ended it may have died before it
        could do anything for the rest."""
        self._told.append(told)

    async def sure(self) -> None:
        """Returns when this process has lately been seen alive by all; it does not return when it was ended.

        Costs nothing in a healthy process. After a freeze it is what stands between the process and the next payment.
        """
        while self._task is not None and time.monotonic() - self._beaten > self._rhythm.sure:
            try:
                await self._beat()
            except (psycopg.Error, OSError):
                await asyncio.sleep(self._rhythm.beat)

    async def _forever(self) -> None:
        pause = self._rhythm.beat
        while True:
            await asyncio.sleep(pause)
            try:
                await self._beat_again_if_lost()
                pause = self._rhythm.beat
                if time.monotonic() < self._judges_from:
                    continue
                async with self._session() as conn:
                    ended = await self._look(conn, self._rhythm.lost)
                if ended:
                    await self._tell()
            except (psycopg.Error, OSError) as error:
                logger.warning("the other processes cannot be seen, trying again: %s", error)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _beat(self) -> None:
        began = time.monotonic()
        async with self._session() as conn:
            if not await workers.beat(conn, self.id):
                self.on_ended()
        self._beaten = began

    async def _beat_again_if_lost(self) -> None:
        try:
            await self._beat()
        except (psycopg.OperationalError, OSError):  # at once: the others are waiting for it
            await self._beat()

    async def _look(self, conn: Connection, lost: float) -> bool:
        """End the dead; whether any process was ended that had not been heard of before."""
        ended = await workers.end_the_dead(conn, self.id, self._rhythm.silence, lost)
        for executor, how, here in ended:
            if here:
                logger.warning("process %s %s; its work goes on elsewhere", executor, _HOW[how])
        before, self._heard = self._heard, {executor for executor, *_ in ended}
        return bool(self._heard - before)

    async def _tell(self) -> None:
        for told in self._told:
            try:
                await told()
            except psycopg.Error:  # whoever is told looks again by himself, later
                logger.exception("what a dead process left could not be taken up yet")

    @asynccontextmanager
    async def _session(self) -> AsyncGenerator[Connection]:
        """The session with the lock; a lost one is begun anew, lock first."""
        async with self._one_at_a_time:
            if self._conn is None or self._conn.closed:
                self._judges_from = time.monotonic() + self._rhythm.grace
                self._conn = await self._connect()
                await workers.take_lock(self._conn, self.id)
            try:
                yield self._conn
            except psycopg.OperationalError:
                await self._conn.close()
                raise

    async def _connect(self) -> Connection:
        conn = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, keepalives=1, keepalives_idle=5, keepalives_interval=2, connect_timeout=5
        )
        await conn.execute("set synchronous_commit = off")  # a beat is worth no wait for the disk
        return conn


def new_id() -> str:
    """A name for this process that no other has ever had; it fits into a connection's name."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:12]}"


def named(url: str, id: str) -> str:
    """The same database, entered under this process' name: what a frozen one holds is taken from it by that name."""
    return make_conninfo(url, application_name=f"adroom {id}")


_HOW = {"died": "is gone", "silent": "does not answer any more"}


def _go() -> NoReturn:
    """At once: nothing of what is under way may write another word."""
    logger.error("this process was taken for dead and its work has been taken over: it ends, start it again")
    logging.shutdown()
    os._exit(ENDED_BY_OTHERS)
