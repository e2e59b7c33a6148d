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
#: after these nothing more comes
LAST_TYPES = frozenset({"run_completed", "run_failed"})


async def stream(run: RunRow, watched: AsyncIterator[Event | Delta], ping: float = PING) -> AsyncGenerator[str]:
    """The lines to send. ``run``: as it was when the watching began."""
    yield "retry: 2000\n\n"
    last = run.last_seq if run.status in FINAL else None
    async with aclosing(cast("AsyncGenerator[Event | Delta]", watched)) as events:
        async for item in _with_pings(events, ping):
            if item is None:
                yield ": still here\n\n"
                continue
            yield delta_lines(item) if isinstance(item, Delta) else event_lines(item)
            if isinstance(item, Event) and (item.type in LAST_TYPES or (last is not None and item.seq >= last)):
                return


async def _with_pings(events: AsyncGenerator[Event | Delta], ping: float) -> AsyncGenerator[Event | Delta | None]:
    """The events, and None after each ``ping`` seconds without one."""
    following = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=ping)
            if not done:
                yield None
                continue
            item = following.result()
            if item is None:
                return
            yield item
            following = asyncio.ensure_future(anext(events, None))
    finally:
        following.cancel()
        await asyncio.wait({following})


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
