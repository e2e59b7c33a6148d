"""A cancellation is not lost, whatever happens in the same moment."""

import asyncio

import pytest

from knowledge.background import end, happens

#: turns of the loop from the event to the cancellation; what is waited for is through after a few
TURNS = range(6)


@pytest.mark.parametrize("turns", TURNS)
async def test_who_waits_for_an_event_and_is_cancelled_as_it_comes_is_cancelled(turns: int) -> None:
    event, rounds = asyncio.Event(), 0

    async def forever() -> None:
        nonlocal rounds
        while True:
            await happens(event, 60)
            event.clear()
            rounds += 1

    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    event.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled()
    assert rounds <= 1


@pytest.mark.parametrize("turns", TURNS)
async def test_who_is_cancelled_as_the_time_is_over_is_cancelled(turns: int) -> None:
    event = asyncio.Event()

    async def forever() -> None:
        while True:
            await happens(event, 0.02)

    task = asyncio.create_task(forever())
    await asyncio.sleep(0.02)
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled()


async def test_an_event_that_comes_in_time_happens_and_one_that_does_not_did_not() -> None:
    event = asyncio.Event()
    assert not await happens(event, 0.01)
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await happens(event, 60)
    assert await happens(event, 0), "it is set already"


async def test_what_misses_its_cancellation_is_cancelled_again_until_it_ends() -> None:
    missed = 0

    async def careless() -> None:
        nonlocal missed
        while missed < 2:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                missed += 1
        await asyncio.sleep(60)

    task = asyncio.create_task(careless())
    await asyncio.sleep(0)
    await end(task, patience=0.01)
    assert task.cancelled() and missed == 2


async def test_what_has_ended_or_never_was_needs_no_ending_and_one_that_fails_holds_up_nobody() -> None:
    async def failing() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            raise ValueError("of its own")

    over, fails = asyncio.create_task(asyncio.sleep(0)), asyncio.create_task(failing())
    await asyncio.sleep(0)
    await end(None, over, fails)
    assert over.done()
    assert isinstance(fails.exception(), ValueError)
    await end()
