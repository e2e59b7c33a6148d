"""Many runs that write text at once, each watched over the API: how late a word is, and whether an event is missing.

``python -m benchmarks.live_events``; ADROOM_BENCH_RUNS says how many (200), ADROOM_BENCH_SECONDS how long each writes
(60). A worker process writes 20 words a second into each run, this process serves the API as the web process does, a
third one watches. Once with Postgres alone, once with Redis beside it, if there is one on this machine.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.collecting import settle
from benchmarks.chats import spread
from benchmarks.durable_turn import our_app, served
from benchmarks.peers.writing import house_at
from benchmarks.processes import ROOT, environment, stopping
from benchmarks.stage import postgres, somebody

RUNS, SECONDS, PER_SECOND = 200, 60, 20
#: seconds after the first word in which all runs begin at once, and before the last in which they end
SETTLING = 5
#: late by at most so many seconds, for 99 of 100 words
BAR = 0.150


@contextmanager
def _redis() -> Generator[str]:
    with tempfile.TemporaryDirectory(prefix="adroom-redis-") as folder:
        socket = Path(folder, "redis.sock")
        words = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--logfile", "/dev/null"]
        with stopping(subprocess.Popen(words)):
            while not socket.exists():
                time.sleep(0.01)
            yield f"unix://{socket}"


async def _measure(server: Any, runs: int, seconds: float, redis_url: str | None) -> dict[str, Any]:
    places = [server.owner_url, server.app_url, str(server.folder), *([redis_url] if redis_url else [])]
    worker = subprocess.Popen([sys.executable, "-m", "benchmarks.peers.writing", *places], cwd=ROOT, env=environment())
    house = house_at(server.owner_url, server.app_url, str(server.folder), redis_url, "web")
    with stopping(worker):
        async with house.open():
            caller = await somebody(house.db)
            async with served(our_app(house, caller)) as http:
                settle()  # as app.py does
                given = {"seconds": seconds, "per_second": PER_SECOND}
                made = [str((await house.runs.start(caller, "writing", given)).id) for _ in range(runs)]
                watching = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "benchmarks.peers.watching", str(http.base_url), *made),
                    cwd=ROOT,
                    env=environment(),
                    stdout=subprocess.PIPE,
                )
                out, _ = await watching.communicate()
    return json.loads(out)


def _tell(name: str, runs: int, seconds: float, seen: dict[str, Any]) -> None:
    expected = int(runs * seconds * PER_SECOND)
    timed = list(zip(seen["at"], seen["late"], strict=True))
    begun, ends = min(seen["at"]) + SETTLING, max(seen["at"]) - SETTLING
    rest = [late for at, late in timed if begun < at < ends]
    first, last = [late for at, late in timed if at <= begun], [late for at, late in timed if at >= ends]
    print(f"{name}: {len(timed):,} of {expected:,} words, {seen['events']:,} events; late: {spread(rest)}")
    print(
        f"  in the first {SETTLING} s, while all begin at once: {spread(first)}; in the last, while all end: {spread(last)}"
    )
    print(f"  all of it: {spread([late for _, late in timed])}")
    print(f"  missing, doubled or out of order: {len(seen['wrong'])}; the bar is {BAR * 1000:.0f} ms at p99")
    for wrong in sorted(set(seen["wrong"]))[:5]:
        print(f"  {wrong}")


def main() -> None:
    runs = int(os.environ.get("ADROOM_BENCH_RUNS", RUNS))
    seconds = float(os.environ.get("ADROOM_BENCH_SECONDS", SECONDS))
    print(f"{runs} runs, {PER_SECOND} words a second each, {seconds:.0f} s, load {os.getloadavg()[0]:.1f} at the start")
    with postgres() as server:
        _tell("Postgres", runs, seconds, asyncio.run(_measure(server, runs, seconds, None)))
    if shutil.which("redis-server") is None:
        print("Redis: skipped, there is no redis-server on this machine")
        return
    with postgres() as server, _redis() as url:
        _tell("Redis", runs, seconds, asyncio.run(_measure(server, runs, seconds, url)))


if __name__ == "__main__":
    main()
