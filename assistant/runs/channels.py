"""The wires under the event bus: one connection a process that LISTENs and one that NOTIFYs, or Redis for text.

What always holds: a lost connection is taken up again by itself, and whoever listens is told that there was a gap. What
people wait for goes out on a connection of its own: it waits for no transaction of anybody's.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol, cast

import psycopg
from psycopg import sql

from knowledge.background import end
from knowledge.db import Pool

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 5.0
#: seconds that Redis is given for a batch of text
PUBLISHING = 2.0


class LiveChannel(Protocol):
    """Carries text deltas; what it loses is lost."""

    async def publish(self, payloads: list[str]) -> None: ...


class _Listening:
    """A loop that listens, and comes back after a break."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._up = asyncio.Event()

    async def start(self) -> None:
        """Returns when it listens; gives up after ten seconds with ``TimeoutError``."""
        self._task = asyncio.create_task(self._forever(), name=type(self).__name__)
        async with asyncio.timeout(10):
            await self._up.wait()

    async def stop(self) -> None:
        await end(self._task)

    async def _forever(self) -> None:
        pause = 0.1
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._listen()
            except self.faults() as error:
                logger.warning("%s lost its connection, trying again: %s", type(self).__name__, error)
            if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
                pause = 0.1
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        raise NotImplementedError

    def faults(self) -> tuple[type[Exception], ...]:
        raise NotImplementedError


class PostgresChannel(_Listening):
    """One connection of its own that LISTENs."""

    def __init__(self, url: str, name: str, on_payload: Callable[[str], None], on_gap: Callable[[], None]) -> None:
        super().__init__()
        self.url = url
        self.name = name
        self._on_payload = on_payload
        self._on_gap = on_gap

    async def _listen(self) -> None:
        conn = await psycopg.AsyncConnection.connect(
            self.url, autocommit=True, keepalives=1, keepalives_idle=10, keepalives_interval=5, connect_timeout=5
        )
        async with conn:
            await conn.execute(sql.SQL("listen {}").format(sql.Identifier(self.name)))
            if self._up.is_set():
                self._on_gap()
            self._up.set()
            async for note in conn.notifies():
                self._on_payload(note.payload)

    def faults(self) -> tuple[type[Exception], ...]:
        return (psycopg.Error, OSError)


#: nothing is kept, so there is no disk to wait for; the setting ends with the statement's own transaction
_TELL = """
with _ as materialized (select set_config('synchronous_commit', 'off', true) as later)
select pg_notify(%s, p) from _, unnest(%s::text[]) p where later = 'off'
"""


class PostgresLive:
    """What is said to every process over the channel that announces stored events."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._line = Pool(url, min_size=1, max_size=1, kwargs={"autocommit": True})

    async def start(self) -> None:
        await self._line.start()

    async def stop(self) -> None:
        await self._line.close()

    async def publish(self, payloads: list[str]) -> None:
        """Raises ``psycopg.OperationalError`` or ``PoolTimeout`` without a server."""
        async with self._line.connection() as conn:
            await conn.execute(_TELL, (self.name, payloads))


class RedisChannel(_Listening):
    """A subscription to one channel, and a client to publish on it."""

    NAME = "adroom:deltas"

    def __init__(self, url: str, on_payload: Callable[[str], None]) -> None:
        super().__init__()
        from redis.asyncio import Redis  # only those who use Redis load its client

        self._client: Any = cast(Any, Redis).from_url(url, decode_responses=True, socket_connect_timeout=5)
        self._on_payload = on_payload

    async def publish(self, payloads: list[str]) -> None:
        from redis.exceptions import RedisError

        try:
            # runs wait for their words to be out: a server that hangs must not stop them
            async with asyncio.timeout(PUBLISHING):
                pipe = self._client.pipeline(transaction=False)
                for payload in payloads:
                    pipe.publish(self.NAME, payload)
                await pipe.execute()
        except RedisError as error:
            raise OSError(str(error)) from error

    async def stop(self) -> None:
        await super().stop()
        await self._client.aclose()

    async def _listen(self) -> None:
        subscription = self._client.pubsub(ignore_subscribe_messages=False)
        try:
            await subscription.subscribe(self.NAME)
            async for message in subscription.listen():
                if message["type"] == "subscribe":
                    self._up.set()
                elif message["type"] == "message":
                    self._on_payload(message["data"])
        finally:
            await subscription.aclose()

    def faults(self) -> tuple[type[Exception], ...]:
        from redis.exceptions import RedisError

        return (RedisError, OSError)
