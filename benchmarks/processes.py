"""Starting the product and its peers as processes of their own, and stopping exactly those again."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_START = 120.0
_NOT_OURS = ("ADROOM_", "OPENAI_", "DATABASE_URL", "REDIS_URL", "CHAINLIT_")


def free_port() -> int:
    with socket.socket() as given:
        given.bind(("127.0.0.1", 0))
        return int(given.getsockname()[1])


def environment(**extra: str) -> dict[str, str]:
    """As on a machine where nothing is set for us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), **extra}


@contextmanager
def product(home: Path, port: int, *words: str, **settings: str) -> Generator["subprocess.Popen[bytes]"]:
    """Started with ``words`` (none: all of it in one process)."""
    given = environment(ADROOM_HOME=str(home), ADROOM_PORT=str(port), **settings)
    with python(str(ROOT / "app.py"), *words, env=given, cwd=home) as process:
        yield process


@contextmanager
def python(*words: str, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Generator["subprocess.Popen[bytes]"]:
    """A process of Python that ends with the block."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *words], env=env or environment(), cwd=cwd, stdout=quiet, stderr=quiet)
    with stopping(process):
        yield process


@contextmanager
def stopping(process: "subprocess.Popen[bytes]") -> Generator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_answers(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Returns with the first 200 of ``url``; raises RuntimeError when the process ends, or after LONGEST_START s."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} while starting")
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"{url} did not answer within {LONGEST_START:.0f} s")


def resident_megabytes(process: "subprocess.Popen[bytes]") -> float:
    """What the Python process has in memory now (its database server is a process of its own)."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
