"""A run's events as server-sent events: every stored one once and in order, with its number as the id.

What always holds: a browser that reconnects with the last id it saw misses nothing and sees nothing twice; text that
is being written comes without an id and is never sent again; the stream ends when the run has ended and all was sent.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

from assistant.runs.bus import Delta
from knowledge.runs.models import FINAL, Event, RunRow

#: seconds of silence after which a comment keeps proxies from closing the line
PING = 15.0
#: events read before the browser has taken the ones before them
MOST_AHEAD = 100
#: after these nothing more comes
LAST_TYPES = frozenset({"run_completed", "run_failed", "run_interrupted"})


async def stream(run: RunRow, watched: AsyncIterator[Event | Delta], ping: float = PING) -> AsyncGenerator[str]:
    """The lines to send. ``run``: as it was when the watching began."""
    yield "retry: 2000\n\n"
    last = run.last_seq if run.status in FINAL else None
    async with aclosing(_with_pings(cast("AsyncGenerator[Event | Delta]", watched), ping)) as ready:
        async for items in ready:
            lines: list[str] = []
            for item in items:
                lines.append(delta_lines(item) if isinstance(item, Delta) else event_lines(item))
                if isinstance(item, Event) and (item.type in LAST_TYPES or (last is not None and item.seq >= last)):
                    yield "".join(lines)
                    return
            yield "".join(lines) or ": still here\n\n"


async def _with_pings(events: AsyncGenerator[Event | Delta], ping: float) -> AsyncGenerator[list[Event | Delta]]:
    """The events, those that are ready at one time together, and none after each ``ping`` seconds without one.

    A task of its own reads them and closes what it reads from: a browser that goes away in the middle of a read
    cancels whoever writes to it again and again, which leaves no time to close anything here.
    """
    ahead: asyncio.Queue[Event | Delta | Exception | None] = asyncio.Queue(MOST_AHEAD)
    reading = asyncio.create_task(_read(events, ahead))
    try:
        while True:
            items: list[Event | Delta] = []
            try:
                async with asyncio.timeout(ping):
                    item = await ahead.get()
            except TimeoutError:
                yield items
                continue
            while isinstance(item, Event | Delta):
                items.append(item)
                if ahead.empty():
                    break
                item = ahead.get_nowait()
            if items:
                yield items
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
    finally:
        reading.cancel()


async def _read(events: AsyncGenerator[Event | Delta], ahead: asyncio.Queue[Event | Delta | Exception | None]) -> None:
    """Put every event into ``ahead``, then None, or the error that ended it."""
    try:
        async with aclosing(events):
            async for event in events:
                await ahead.put(event)
    except Exception as error:  # noqa: BLE001 - raised by whoever takes it out
        await ahead.put(error)
    else:
        await ahead.put(None)


def event_view(event: Event) -> dict[str, Any]:
    """An event as the stream and the timeline show it."""
    return {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "type": event.type,
        "agent": event.agent,
        "step": event.step,
        "iteration": event.iteration,
        "data": event.data,
    }


def event_lines(event: Event) -> str:
    return f"id: {event.seq}\nevent: {event.type}\ndata: {_json(event_view(event))}\n\n"


def delta_lines(delta: Delta) -> str:
    shown = {
        "text": delta.text,
        "offset": delta.offset,
        "message": delta.message,
        "agent": delta.agent,
        "step": delta.step,
    }
    return f"event: delta\ndata: {_json(shown)}\n\n"


def _json(value: Any) -> str:
    # on one line whatever is in it: a line break would end the event
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
