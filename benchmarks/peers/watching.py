"""Watchers of many runs: ``python -m benchmarks.peers.watching url run…`` reads each run's events until it has ended.

What was read goes to the standard output as one JSON object: how late every word was, and what was missing, doubled
or out of order. Every fourth watcher goes away in the middle and asks for the rest from where it was.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.clock import STAMP, ago, now

ENDED = {"run_completed", "run_failed", "run_cancelled"}


@dataclass
class Seen:
    begun: float
    at: list[float] = field(default_factory=list[float])
    late: list[float] = field(default_factory=list[float])
    events: int = 0
    wrong: list[str] = field(default_factory=list[str])


async def watch(http: httpx.AsyncClient, run: str, seen: Seen, *, leaves: bool) -> None:
    last, ended = 0, False
    while not ended:
        left, words = False, 0
        async with http.stream("GET", f"/api/runs/{run}/events", headers={"Last-Event-ID": str(last)}) as answer:
            if answer.status_code != 200:
                seen.wrong.append(f"status {answer.status_code}")
                return
            async for line in answer.aiter_lines():
                at = now()
                if line.startswith("id: "):
                    number = int(line[4:])
                    if number != last + 1:
                        seen.wrong.append(f"event {number} after {last}")
                    last, seen.events = number, seen.events + 1
                elif line.startswith("data: "):
                    data: dict[str, Any] = json.loads(line[6:])
                    stamped = STAMP.findall(data.get("text") or "")
                    words += len(stamped)
                    seen.late.extend(ago(one, at) for one in stamped)
                    seen.at.extend(at - seen.begun for _ in stamped)
                    ended = ended or data.get("type") in ENDED
                if ended or (leaves and words > 100):
                    left = not ended
                    break
        leaves = leaves and not left
        if not (ended or left):
            seen.wrong.append(f"the stream ended after event {last}")
            return


async def main(url: str, runs: list[str]) -> None:
    seen = Seen(now())
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
        await asyncio.gather(*(watch(http, run, seen, leaves=number % 4 == 0) for number, run in enumerate(runs)))
    json.dump({"at": seen.at, "late": seen.late, "events": seen.events, "wrong": seen.wrong}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
