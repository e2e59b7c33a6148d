"""Work that goes on in the background: waiting for what may not happen, and ending it.

What always holds: a cancellation is not lost. ``asyncio.wait_for`` of Python 3.11 gives what it waited for to a caller
who was cancelled in the same moment and thereby forgets that (mended in 3.12, python/cpython gh-96764); a loop that
waits with it goes on for ever, and so does whoever waits for its end. So nothing here waits with it (ruff sees to
that), and whatever is ended is cancelled again when it does not end: a library may wait with it.
"""

import asyncio
from typing import Any

#: seconds that a cancelled task is given to put its things away before it is cancelled again
PATIENCE = 5.0


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether ``event`` is set ``within`` so many seconds; returns as soon as it is."""
    try:
        async with asyncio.timeout(within):
            return await event.wait()
    except TimeoutError:
        return False


async def end(*tasks: asyncio.Task[Any] | None, patience: float = PATIENCE) -> None:
    """Cancel the tasks that there are and return when every one has ended, whatever it ended with."""
    left = {task for task in tasks if task is not None}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=patience)


__all__ = ["PATIENCE", "end", "happens"]
