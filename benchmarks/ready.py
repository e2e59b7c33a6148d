"""From the start of the process until it answers, when everything is installed, and the memory it then has.

The product answers ``GET /api/health``; the bare stack has started the same embedded Postgres and imported Chainlit,
the agents SDK and the engine. Every start is a second start: the data folder exists. Bars (DESIGN.md): ready within
1.5 × the bare stack, less than 350 MB.
"""

import asyncio
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measure import Comparison, Side, in_turns
from benchmarks.processes import ROOT, environment, free_port, product, resident_megabytes, wait_until_answers
from benchmarks.stage import folder

ROUNDS = 5
OURS, BARE, BESIDE = "ours", "bare stack", "bare stack, side by side"


class Starts:
    """Notes seconds and megabytes of every start."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {OURS: [], BARE: [], BESIDE: []}
        self.memory: dict[str, list[float]] = {OURS: [], BARE: [], BESIDE: []}

    def _note(self, name: str, begun: float, process: "subprocess.Popen[bytes]") -> None:
        self.seconds[name].append(time.perf_counter() - begun)
        self.memory[name].append(resident_megabytes(process))

    def ours(self, home: Path) -> Side:
        async def start() -> None:
            port = free_port()
            begun = time.perf_counter()
            with product(home, port) as process:
                wait_until_answers(process, f"http://127.0.0.1:{port}/api/health")
                self._note(OURS, begun, process)

        return start

    def bare(self, name: str, home: Path, *words: str) -> Side:
        async def start() -> None:
            begun = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.peers.bare_start", str(home), *words],
                env=environment(),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert process.stdout is not None
            assert b"ready" in process.stdout.readline()
            self._note(name, begun, process)
            process.communicate(b"\n", timeout=60)

        return start


def run() -> list[Comparison]:
    starts = Starts()
    with ExitStack() as stack:
        homes = [stack.enter_context(folder()) for _ in range(3)]
        sides = {
            OURS: starts.ours(homes[0]),
            BARE: starts.bare(BARE, homes[1]),
            BESIDE: starts.bare(BESIDE, homes[2], "beside"),
        }
        asyncio.run(in_turns(sides, ROUNDS, warm_up=1))
    counted = {name: taken[1:] for name, taken in starts.seconds.items()}
    memory = {name: taken[1:] for name, taken in starts.memory.items()}
    return [
        Comparison("ready", "start to ready", counted.pop(OURS), counted, {BARE: 1.5}, unit="s"),
        Comparison("ready", "memory", memory.pop(OURS), memory, at_most=350, unit="MB"),
    ]
