"""Text being written, on its way out of this process: gathered, and sent a few times a second.

What always holds: a message's text goes out in order, in pieces that NOTIFY can carry; the first of a message within
TICK, what follows at most once in GATHER, so that many messages take turns instead of going out all at once. Nothing
here waits for the network but ``flush``, and text that cannot be sent is lost: the finished message is stored.
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
            self._tick = asyncio.get_running_loop().call_later(TICK, self._send_due)

    def forget(self, run_id: RunId) -> None:
        for key in [key for key in self._messages if key[0] == run_id]:
            del self._messages[key]
            self._waiting.pop(key, None)

    async def flush(self, run_id: RunId | None = None) -> None:
        """Send what waits of this run, or of all, and return when it is out."""
        while self._sending is not None:
            await asyncio.shield(self._sending)
        self._send([key for key in self._waiting if run_id in (None, key[0])])
        if self._sending is not None:
            await asyncio.shield(self._sending)

    def stop(self) -> None:
        if self._tick is not None:
            self._tick.cancel()

    def _send_due(self) -> None:
        loop = asyncio.get_running_loop()
        if self._sending is None:  # else the last ones are still going out: gather on
            now = loop.time()
            self._send([key for key, message in self._waiting.items() if message.due <= now])
        self._tick = loop.call_later(TICK, self._send_due) if self._waiting else None

    def _send(self, keys: list[_Key]) -> None:
        due = asyncio.get_running_loop().time() + GATHER
        pieces: list[dict[str, Any]] = []
        for message in map(self._waiting.pop, keys):
            message.due = due
            pieces += message.take()
        if pieces:
            self._sending = asyncio.create_task(self._go(_packed(pieces)), name="deltas")

    async def _go(self, payloads: list[str]) -> None:
        try:
            await self._publish(payloads)
        except (psycopg.Error, PoolTimeout, OSError) as error:
            logger.debug("text deltas lost, the finished message will be stored: %s", error)
        finally:
            self._sending = None


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
