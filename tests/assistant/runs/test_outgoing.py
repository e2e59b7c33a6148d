"""Text on its way out: who waits for it goes on when it is out, and many who wait share the way."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import psycopg
import pytest

from assistant.runs.outgoing import Outgoing
from knowledge.ids import RunId

#: what one batch takes on its way, in seconds
WAY = 0.02


class Wire:
    """Takes a while for each batch; ``cut`` ones go wrong."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.cut = False

    async def publish(self, payloads: list[str]) -> None:
        await asyncio.sleep(WAY)
        if self.cut:
            raise psycopg.OperationalError("the server is away")
        self.batches.append(payloads)

    def text_of(self, run_id: RunId) -> str:
        pieces = [piece for batch in self.batches for payload in batch for piece in json.loads(payload)["d"]]
        return "".join(piece["x"] for piece in pieces if piece["r"] == str(run_id))


@asynccontextmanager
async def going_out(wire: Wire) -> AsyncGenerator[Outgoing]:
    outgoing = Outgoing(wire.publish)
    yield outgoing
    await outgoing.flush()
    outgoing.stop()


async def test_a_hundred_runs_that_end_together_share_the_way_of_their_last_words() -> None:
    wire, runs = Wire(), [RunId(uuid4()) for _ in range(100)]
    async with going_out(wire) as outgoing:

        async def end(run_id: RunId) -> None:
            outgoing.add(run_id, "the end", "m", None, None)
            await outgoing.flush(run_id)
            assert wire.text_of(run_id) == "the end"

        await asyncio.gather(*map(end, runs))
    assert len(wire.batches) <= 3


async def test_who_waits_while_a_batch_is_on_its_way_waits_for_the_next() -> None:
    wire, run_id = Wire(), RunId(uuid4())
    async with going_out(wire) as outgoing:
        for n in range(20):
            outgoing.add(run_id, f"{n} ", "m", None, None)
            await asyncio.sleep(WAY / 3)
            if n % 4 == 3:
                await outgoing.flush(run_id)
                assert wire.text_of(run_id) == "".join(f"{m} " for m in range(n + 1))


async def test_nobody_waits_where_nothing_is_on_its_way() -> None:
    async with going_out(Wire()) as outgoing:
        async with asyncio.timeout(WAY / 4):
            await outgoing.flush(RunId(uuid4()))


@pytest.mark.parametrize("all_of_them", [True, False])
async def test_text_that_cannot_be_sent_keeps_nobody_waiting(all_of_them: bool) -> None:
    wire, run_id = Wire(), RunId(uuid4())
    async with going_out(wire) as outgoing:
        wire.cut = True
        outgoing.add(run_id, "lost", "m", None, None)
        await outgoing.flush(None if all_of_them else run_id)
        wire.cut = False
        outgoing.add(run_id, " found", "m", None, None)
        await outgoing.flush(run_id)
    assert wire.text_of(run_id) == " found"


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    wire, stopped, other = Wire(), RunId(uuid4()), RunId(uuid4())
    async with going_out(wire) as outgoing:
        outgoing.add(stopped, "a", "m", None, None)
        outgoing.add(other, "b", "m", None, None)
        waiting = [asyncio.create_task(outgoing.flush(run_id)) for run_id in (stopped, other)]
        await asyncio.sleep(WAY / 4)
        waiting[0].cancel()
        await waiting[1]
    assert wire.text_of(other) == "b"
