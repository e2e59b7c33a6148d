"""Many chats that stream at once, as people have them: how late words are, what memory it takes, what goes wrong.

``python -m benchmarks.chats``; ADROOM_BENCH_CHATS says how many (200), ADROOM_BENCH_SECONDS how long (300). The product
as it is started, the model's server, the people and, in the second half, a program that asks the API far too much are
processes of their own on the one machine. With ADROOM_BENCH_WEB=2 the product is two web processes on one Postgres, as
behind a proxy, and each person stays with one of them. A word is late by the time between the moment at which the
model's server was due to write it and the moment at which a person's page has it.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.opening import OpenDatabase
from benchmarks.peers.people import ARRIVING
from benchmarks.processes import (
    ROOT,
    environment,
    free_port,
    product,
    python,
    resident_megabytes,
    stopping,
    wait_until_answers,
)
from benchmarks.stage import postgres

CHATS, SECONDS = 200, 300
#: words a second and in an answer
PER_SECOND, TOKENS = 20, 400
#: requests a second at most of the program that asks too much, one after the other; the default allowance is 20
TOO_MANY = 500
#: late by at most so many seconds, for 99 of 100 words
BAR = 0.150


@dataclass
class Found:
    read: dict[str, Any]
    megabytes: list[float]
    processor: float
    refused: int
    let_in: int
    without_retry: int


def measure(chats: int, seconds: float, web: int = 1) -> Found:
    with tempfile.TemporaryDirectory(prefix="adroom-chats-") as folder:
        Path(folder).chmod(0o755)
        model = free_port()
        settings = {
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{model}/v1",
            "ADROOM_PRICES": '{"paced": {"input": 0.01, "output": 0.01}}',
            "ADROOM_MODEL_MANAGER": "paced",
        }
        with (
            python("-m", "benchmarks.peers.paced", str(model), str(TOKENS), str(PER_SECOND)),
            _served(Path(folder), web, settings) as served,
        ):
            return _with_people(served, chats, seconds)


Served = dict[str, "subprocess.Popen[bytes]"]


@contextmanager
def _served(home: Path, web: int, settings: dict[str, str]) -> Generator[Served]:
    """The product's web processes, by their addresses."""
    with ExitStack() as stack:
        words: list[str] = []
        if web > 1:
            server = stack.enter_context(postgres())
            database = OpenDatabase(server.owner_url, server.app_url, server)
            words, settings = ["web"], settings | {"DATABASE_URL": database.url}
        served: Served = {}
        for _ in range(web):
            port = free_port()
            process = stack.enter_context(product(home, port, *words, **settings))
            served[f"http://127.0.0.1:{port}"] = process
            wait_until_answers(process, f"http://127.0.0.1:{port}/api/health")
        yield served


def _with_people(served: Served, chats: int, seconds: float) -> Found:
    people = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.peers.people", ",".join(served), str(chats), str(seconds), str(TOKENS)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
    )
    with stopping(people):
        done = threading.Event()
        greedy = Greedy(next(iter(served)), begins=seconds / 2, ends=seconds, done=done)
        greedy.start()
        megabytes: list[float] = []
        watching = threading.Thread(target=_watch, args=(served, megabytes, done))
        watching.start()
        before = _processor(served)
        out, _ = people.communicate()
        used = _processor(served) - before
        done.set()
        greedy.join()
        watching.join()
    read = json.loads(out)
    return Found(read, megabytes, used / seconds, greedy.refused, greedy.let_in, greedy.without_retry)


class Greedy(threading.Thread):
    """A program that does not listen: it asks on, whatever it is told."""

    def __init__(self, url: str, begins: float, ends: float, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.begins, self.ends, self.done = url, begins, ends, done
        self.refused = self.let_in = self.without_retry = 0

    def run(self) -> None:
        start = time.monotonic()
        if self.done.wait(self.begins):
            return
        with httpx.Client(base_url=self.url, timeout=60) as client:
            while not self.done.is_set() and time.monotonic() < start + self.ends:
                next_one = time.monotonic() + 1 / TOO_MANY
                answer = client.get("/api/clients")
                self.let_in += answer.status_code == 200
                self.refused += answer.status_code == 429
                self.without_retry += answer.status_code == 429 and "retry-after" not in answer.headers
                time.sleep(max(0.0, next_one - time.monotonic()))


def _watch(served: Served, megabytes: list[float], done: threading.Event) -> None:
    while not done.wait(5.0):
        megabytes.append(sum(map(resident_megabytes, served.values())))


def _processor(served: Served) -> float:
    """Seconds of processor time that they have had."""
    ticks = 0
    for process in served.values():
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def spread(late: list[float]) -> str:
    ordered = sorted(late)
    shares = {"median": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}
    at = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 for name, share in shares.items()}
    return ", ".join(f"{name} {value:.0f} ms" for name, value in at.items())


def main() -> None:
    chats = int(os.environ.get("ADROOM_BENCH_CHATS", CHATS))
    seconds = float(os.environ.get("ADROOM_BENCH_SECONDS", SECONDS))
    web = int(os.environ.get("ADROOM_BENCH_WEB", 1))
    print(
        f"{chats} chats, {PER_SECOND} words a second each, {seconds:.0f} s, {web} web process{'es' * (web > 1)}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )
    found = measure(chats, seconds, web)
    read = found.read
    calm = [late for at, late in zip(read["at"], read["late"], strict=True) if ARRIVING * seconds < at < seconds / 2]
    crowded = [late for at, late in zip(read["at"], read["late"], strict=True) if seconds / 2 < at < seconds]
    print(f"{len(read['late']):,} words in {read['answers']:,} answers, {len(read['errors'])} errors")
    for error in sorted(set(read["errors"]))[:5]:
        print(f"  {error}")
    print(f"late: {spread(calm)}; with a program that asks too much: {spread(crowded)}; the bar is {BAR * 1000:.0f} ms")
    print(f"from a question to its first words: {spread(read['firstWords'])}")
    print(
        f"the program: {found.let_in:,} answered, {found.refused:,} refused, {found.without_retry} without Retry-After"
    )
    memory = {"at first": found.megabytes[0], "at most": max(found.megabytes), "at the end": found.megabytes[-1]}
    print(f"memory: {', '.join(f'{value:.0f} MB {when}' for when, value in memory.items())}")
    print(f"the product's own processor time: {found.processor:.2f} cores")


if __name__ == "__main__":
    main()
