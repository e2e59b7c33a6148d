"""When the database cannot be reached: telling it from every other error, and waiting until it can.

What always holds: only what says that the server is not there (or does not take anybody yet) counts as an outage; what
it answered itself, such as a lock not granted or a mistake of ours, does not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from knowledge.errors import Unavailable

T = TypeVar("T")
logger = logging.getLogger(__name__)

#: what a person reads while it lasts
SENTENCE = Unavailable().message
#: connection exceptions; shut down by an administrator or a crash, or not up yet; too many connections
_STATES = ("08", "57P01", "57P02", "57P03", "53300")


def is_outage(error: BaseException | None) -> bool:
    """Whether ``error``, or what it was raised from, means that the database could not be reached."""
    while error is not None:
        if isinstance(error, PoolTimeout):
            return True
        if isinstance(error, psycopg.OperationalError) and not isinstance(error, PoolClosed):
            return error.sqlstate is None or error.sqlstate.startswith(_STATES)
        error = error.__cause__
    return False


async def through_outages(work: Callable[[], Awaitable[T]], *, longest_pause: float = 5.0) -> T:
    """Do ``work``, again and again while the database cannot be reached; its other errors are its own.

    ``work`` may have been done although it failed (the answer was lost), so it must be safe to repeat.
    """
    pause = 0.1
    while True:
        try:
            return await work()
        except PoolClosed:
            raise
        except (psycopg.OperationalError, PoolTimeout) as error:
            if isinstance(error, psycopg.errors.QueryCanceled):
                raise
            logger.warning("the database does not answer; trying again in %.1f s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest_pause)
