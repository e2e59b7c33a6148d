"""One allowance over several processes, in a real Redis; without an answer from it each process has its own."""

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from assistant.api.limits import GATHERED_SECONDS, Admission, Limiter
from assistant.api.problems import TooMany
from assistant.api.shared_limits import SharedAllowances
from tests.assistant.api.test_limits import asking


@asynccontextmanager
async def redis_in(folder: Path) -> AsyncGenerator["subprocess.Popen[bytes]"]:
    where = folder / "redis.sock"
    words = ["redis-server", "--port", "0", "--unixsocket", str(where), "--save", ""]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with asyncio.timeout(10):
            while not _answers(where):
                await asyncio.sleep(0.02)
        yield server
    finally:
        server.kill()
        server.wait()


def _answers(where: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        return door.connect_ex(str(where)) == 0


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[list[Limiter]]:
    """The limiters of two processes."""
    made = [Limiter(1, shared=SharedAllowances(f"unix://{tmp_path}/redis.sock")) for _ in range(2)]
    yield made
    for one in made:
        assert one.shared is not None
        await one.shared.close()


async def let_in(limiter: Limiter, who: str = "a", tries: int = 3 * GATHERED_SECONDS, peer: str = "10.0.0.1") -> int:
    count = 0
    for _ in range(tries):
        try:
            admission = await limiter.enter(asking(who, peer=peer))
        except TooMany as refused:
            assert refused.facts["retry_after"] >= 1
            continue
        admission.good()
        admission.release()
        count += 1
    return count


async def test_what_one_process_lets_in_counts_in_the_other(two: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        first, second = two
        began = time.monotonic()
        assert await let_in(first, tries=6) == 6
        had = 6 + await let_in(second) + await let_in(first)
        assert GATHERED_SECONDS <= had <= GATHERED_SECONDS + time.monotonic() - began, "and what came back meanwhile"
        assert await let_in(second, "another", tries=8, peer="10.0.0.2") == 8, "others are not slowed"
        await let_in(first)
        await asyncio.sleep(1.1)
        assert await let_in(first, tries=1) + await let_in(second, tries=1) >= 1, "one a second comes back, for both"


async def test_many_at_once_are_let_in_no_more_often(two: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        began = time.monotonic()
        counts = await asyncio.gather(*(let_in(limiter, tries=2) for limiter in two for _ in range(10)))
        assert GATHERED_SECONDS <= sum(counts) <= GATHERED_SECONDS + time.monotonic() - began


async def test_while_redis_is_away_each_process_goes_by_its_own(two: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        assert await let_in(two[0], tries=GATHERED_SECONDS) == GATHERED_SECONDS
    began = time.monotonic()
    assert GATHERED_SECONDS <= await let_in(two[1]) <= GATHERED_SECONDS + time.monotonic() - began
    assert time.monotonic() - began < 3, "nobody waits for it again and again"


# ---------------------------------------------------------------- what is open


async def hold(limiter: Limiter) -> Admission | None:
    """A stream that is being sent; None when it is refused for what is open."""
    try:
        admission = await limiter.enter(asking())
    except TooMany as refused:
        assert "2 requests of yours are open already" in str(refused)
        return None
    admission.good()
    return admission


async def until_let_in(limiter: Limiter, within: float) -> Admission:
    async with asyncio.timeout(within):
        while (admission := await hold(limiter)) is None:
            await asyncio.sleep(0.05)
    return admission


@pytest.fixture
async def narrow(tmp_path: Path) -> AsyncIterator[list[Limiter]]:
    """The limiters of two processes, where a caller may have two streams open; leases are short."""
    made = [
        Limiter(50, most_open=2, shared=SharedAllowances(f"unix://{tmp_path}/redis.sock", lease=0.9)) for _ in range(2)
    ]
    yield made
    for one in made:
        assert one.shared is not None
        await one.shared.close()


async def test_what_is_open_in_one_process_counts_in_the_other(narrow: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        first, second = narrow
        held = [await hold(first), await hold(second)]
        assert await hold(first) is None and await hold(second) is None
        assert (await second.enter(asking("another"))).who != "a", "others are not slowed"
        await asyncio.sleep(2)
        assert await hold(second) is None, "what is open for long stays counted"
        assert held[0] is not None
        held[0].release()
        await until_let_in(second, within=0.6)
        assert await hold(first) is None


async def test_what_a_killed_process_had_open_is_forgotten(narrow: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        killed, living = narrow
        assert await hold(killed) and await hold(killed)
        assert await hold(living) is None
        assert killed.shared is not None and killed.shared.telling is not None
        killed.shared.telling.cancel()  # it says nothing any more
        await until_let_in(living, within=3)


async def test_a_process_that_goes_takes_its_count_along(narrow: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        going, staying = narrow
        assert await hold(going) and await hold(going)
        assert going.shared is not None
        await going.shared.close()
        assert await hold(staying) and await hold(staying)


async def test_nothing_is_told_while_nothing_is_open(narrow: list[Limiter], tmp_path: Path) -> None:
    async with redis_in(tmp_path):
        admission = await hold(narrow[0])
        assert admission is not None
        admission.release()
        assert narrow[0].shared is not None and narrow[0].shared.telling is not None
        await asyncio.wait_for(narrow[0].shared.telling, 3)
