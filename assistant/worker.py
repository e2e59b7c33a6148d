"""A worker process: the house without API and chat, doing runs until it is asked to stop."""

import asyncio
import signal
from collections.abc import Callable

from assistant.house import House
from assistant.runs.dbos_engine import EngineOptions
from assistant.settings import Settings


def work(settings: Settings, owner_url: str, app_url: str, ready: Callable[[], None]) -> None:
    """Take runs until SIGTERM or SIGINT; ``ready`` is called when it does."""
    asyncio.run(_work(House(settings, owner_url, app_url, EngineOptions(role="worker")), ready))


async def _work(house: House, ready: Callable[[], None]) -> None:
    asked = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wish, asked.set)
    async with house.open():
        ready()
        await asked.wait()
