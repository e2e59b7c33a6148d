"""Text being written, on its way out of this process: gathered, and sent a few times a second.

What always holds: a message's text goes out in order, in pieces that NOTIFY can carry; the first of a message within
TICK, what follows at most once in GATHER, so that many messages take turns instead of going out all at once. One batch
is on its way at a time, and whatever is asked for meanwhile goes with the next. Nothing here waits for the network but
``flush``, and text that cannot be sent is lost: the finished message is stored.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from knowledge.ids import RunId

logger = logging.getLogger(__name__)

#: seconds between two looks at what is to be sent, and between two pieces of one message
TICK, GATHER = 0.02, 0.08
#: messages whose length sent so far is remembered
MESSAGES = 10_000
#: the longest piece of text in one delta, in characters: 6 bytes each at worst, and NOTIFY takes 8,000 bytes
PIECE = 1000
LARGEST_PAYLOAD = 7400

_Key = tuple[RunId, str, str | None]
Publish = Callable[[list[str]], Awaitable[None]]


@dataclass
class _Message:
    """Text of one message that was not sent yet; ``sent`` characters of it were, the next are due at ``due``."""

    run_id: RunId
    message: str
    agent: str | None
    step: str | None
    text: list[str] = field(default_factory=list[str])
    sent: int = 0
    due: float = 0.0

    def take(self) -> list[dict[str, Any]]:
        # half a surrogate pair (a cut stream) cannot be sent
        text = "".join(self.text).encode("utf-8", "replace").decode()
        self.text.clear()
        pieces: list[dict[str, Any]] = []
        for start in range(0, len(text), PIECE):
            piece = text[start : start + PIECE]
            at = {"r": str(self.run_id), "x": piece, "o": self.sent + start, "m": self.message}
            pieces.append(at | {k: v for k, v in (("a", self.agent), ("p", self.step)) if v})
        self.sent += len(text)
        return pieces


class Outgoing:
    """One for the process; ``publish`` sends payloads to every process and raises when it cannot."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._messages: dict[_Key, _Message] = {}
        self._waiting: dict[_Key, _Message] = {}
        self._tick: asyncio.TimerHandle | None = None
        self._sending: asyncio.Task[None] | None = None
        #: of those who wait until the next batch is out
        self._asked: list[asyncio.Future[None]] = []

    def add(self, run_id: RunId, text: str, message: str, agent: str | None, step: str | None) -> None:
        key = (run_id, message, step)
        if key not in self._messages:
            self._messages[key] = _Message(run_id, message, agent, step)
            if len(self._messages) > MESSAGES:  # the oldest is long finished
                oldest = next(iter(self._messages))
                del self._messages[oldest]
                self._waiting.pop(oldest, None)
        waiting = self._waiting[key] = self._messages[key]
        waiting.text.append(text)
        if self._tick is None:
            self._tick = asyncio.get_running_loop().call_later(TICK, self._look)

    def forget(self, run_id: RunId) -> None:
        for key in [key for key in self._messages if key[0] == run_id]:
            del self._messages[key]
            self._waiting.pop(key, None)

    async def flush(self, run_id: RunId | None = None) -> None:
        """Send what waits of this run, or of all, and return when it is out."""
        mine = [message for key, message in self._waiting.items() if run_id in (None, key[0])]
        if not mine and self._sending is None:
            return
        for message in mine:
            message.due = 0.0
        out = asyncio.get_running_loop().create_future()
        self._asked.append(out)
        self._send_due()
        await out

    def stop(self) -> None:
        if self._tick is not None:
            self._tick.cancel()

    def _look(self) -> None:
        self._send_due()
        waits = bool(self._waiting)
        self._tick = asyncio.get_running_loop().call_later(TICK, self._look) if waits else None

    def _send_due(self) -> None:
        if self._sending is None and (self._asked or self._due()):  # else the last ones are still going out
            self._sending = asyncio.create_task(self._go(), name="deltas")

    def _due(self) -> list[_Key]:
        now = asyncio.get_running_loop().time()
        return [key for key, message in self._waiting.items() if message.due <= now]

    async def _go(self) -> None:
        """What is due, then again as long as somebody has asked meanwhile."""
        asked: list[asyncio.Future[None]] = []
        try:
            while True:
                asked, self._asked = self._asked, []
                if pieces := self._take_due():
                    await self._publish_or_lose(_packed(pieces))
                _let_go_on(asked)
                if not self._asked:
                    return
        finally:
            self._sending = None
            _let_go_on(asked + self._asked)
            self._asked = []

    def _take_due(self) -> list[dict[str, Any]]:
        again = asyncio.get_running_loop().time() + GATHER
        pieces: list[dict[str, Any]] = []
        for message in map(self._waiting.pop, self._due()):
            message.due = again
            pieces += message.take()
        return pieces

    async def _publish_or_lose(self, payloads: list[str]) -> None:
        try:
            await self._publish(payloads)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.debug("text deltas lost, the finished message will be stored: %s", error)


def _let_go_on(asked: list[asyncio.Future[None]]) -> None:
    for one in asked:
        if not one.done():  # whoever waited may have been stopped
            one.set_result(None)


def _packed(pieces: list[dict[str, Any]]) -> list[str]:
    """As few payloads as hold all pieces, each within what NOTIFY takes."""
    payloads: list[str] = []
    batch: list[str] = []
    size = 0
    for piece in pieces:
        text = json.dumps(piece, ensure_ascii=False, separators=(",", ":"))
        length = len(text.encode("utf-8", "replace")) + 1
        if batch and size + length > LARGEST_PAYLOAD - 8:
            payloads.append('{"d":[' + ",".join(batch) + "]}")
            batch, size = [], 0
        batch.append(text)
        size += length
    payloads.append('{"d":[' + ",".join(batch) + "]}")
    return payloads
