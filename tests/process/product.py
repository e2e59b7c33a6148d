"""The product as a person starts it: ``python app.py`` in a process of its own, with an environment of its own."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx

CHECKOUT = Path(__file__).parents[2]
#: a loaded machine with two cores may take this long, in seconds, to do what usually takes three
PATIENCE = 90.0


def environment(home: Path, **settings: str) -> dict[str, str]:
    """Nothing of the tests' own environment but what a shell needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "ADROOM_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_to_its_end(home: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Start something that ends by itself: a refused start, the demo."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=CHECKOUT,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Product:
    """One start. ``said`` is all it has printed so far, both streams in order."""

    def __init__(self, home: Path, port: int | None = None, before: tuple[str, ...] = (), **settings: str) -> None:
        self.home, self.port, self.said = home, port or free_port(), ""
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [*before, sys.executable, "app.py"],
            cwd=CHECKOUT,
            env=environment(home, ADROOM_PORT=str(self.port), **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def until(self, words: str) -> str:
        """The line with ``words`` in it, once it is printed."""
        deadline = time.monotonic() + PATIENCE
        while True:
            line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.01))
            assert line is not None, f"it ended without {words!r}:\n{self.said}"
            self.said += line
            if words in line:
                return line

    def ready(self) -> "Product":
        self.until("Adroom is ready")
        return self

    def end(self, with_signal: signal.Signals, within: float = PATIENCE) -> int:
        """Send the signal and wait; the status it ended with."""
        self.process.send_signal(with_signal)
        status = self.process.wait(within)
        while (line := self._lines.get(timeout=5)) is not None:
            self.said += line
        return status

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = httpx.request(
            method, f"http://127.0.0.1:{self.port}/api{path}", json=body, timeout=30, headers=HEADERS
        )
        assert answer.status_code == status, answer.text
        return answer.json()


#: what a browser on this machine would send
HEADERS = {"Sec-Fetch-Site": "same-origin"}


@contextlib.contextmanager
def started(home: Path, **settings: Any) -> Generator[Product]:
    """A product that is ready; whatever happens, it is gone afterwards."""
    product = Product(home, **settings)
    try:
        yield product.ready()
    finally:
        if product.process.poll() is None:
            product.end(signal.SIGTERM)


def postmaster(home: Path) -> int | None:
    """The process of the database in the data folder, if it runs."""
    try:
        pid = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return pid
    return None
