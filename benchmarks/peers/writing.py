"""A worker whose runs write at a steady pace: ``python -m benchmarks.peers.writing owner_url app_url home [redis_url]``.

Every word is the moment at which it was written; once a second a run also writes something to its log.
"""

import asyncio
import random
import signal
import sys
from typing import Any

from pydantic import BaseModel

from assistant.collecting import settle
from assistant.house import House
from assistant.runs.dbos_engine import EngineOptions
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.settings import read_settings
from benchmarks.clock import now, stamp


class Writing(BaseModel):
    client_id: None = None
    seconds: float
    per_second: float


class Written(BaseModel):
    words: int


async def write(context: StepContext, given: Writing) -> Written:
    begun, words = now(), int(given.seconds * given.per_second)
    every = int(given.per_second)
    phase = random.randrange(every)  # runs are not in step with each other
    for number in range(words):
        await asyncio.sleep(max(0.0, begun + number / given.per_second - now()))
        context.delta(f"{stamp(now())} ", message="text", agent="planner")
        if number % every == phase:
            await context.emit("progress", progress=100 * number // words, state="WRITING")
    return Written(words=words)


async def body(run: Run, given: Writing) -> Written:
    return await run.step("write", write, given)


WORKFLOWS: dict[str, Workflow[Any]] = {"writing": Workflow("writing", "Writing", Writing, body, ("write",), Written)}


def house_at(owner_url: str, app_url: str, home: str, redis_url: str | None, role: Any) -> House:
    given = {"ADROOM_HOME": home} | ({"REDIS_URL": redis_url} if redis_url else {})
    house = House(read_settings(given), owner_url, app_url, EngineOptions(role=role, take_at_once=200))
    house.engine.workflows = house.runs.workflows = WORKFLOWS
    return house


async def work(owner_url: str, app_url: str, home: str, redis_url: str | None = None) -> None:
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    async with house_at(owner_url, app_url, home, redis_url, "worker").open():
        settle()  # as app.py does
        await asked.wait()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
