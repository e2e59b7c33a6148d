"""The real product as a process of its own: ``python app.py`` with a data folder, a free port and no model key."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
#: settings of the machine that runs the tests are not the product's
OURS = ("ADROOM_", "OPENAI_", "DATABASE_URL", "REDIS_URL", "CHAINLIT_")
PATIENCE = 90.0


@dataclass
class Product:
    """Started, killed and started again on the same ``home`` and port; ``log`` is all it has ever said."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    #: as environment variables, beside the data folder and the port
    settings: dict[str, str] = field(default_factory=dict[str, str])
    highest_rss: int = field(default=0)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return (self.home / "said.log").read_text()

    def start(self) -> None:
        own = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment = {**own, **self.settings, "ADROOM_HOME": str(self.home), "ADROOM_PORT": str(self.port)}
        with (self.home / "said.log").open("ab") as log:
            words = [sys.executable, "app.py"]
            self.process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, f"it ended while starting:\n{self.log}"
            assert time.monotonic() < deadline, f"not ready within {PATIENCE:.0f} s:\n{self.log}"
            time.sleep(0.2)

    def kill(self) -> None:
        """As a crash would: no goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """As Ctrl+C or a service manager would; returns the exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/api{path}", timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read())

    def rss(self) -> int:
        """Resident memory of the server now, in bytes; the highest ever, from the kernel, is ``VmHWM``."""
        return self._memory("VmRSS")

    def peak_rss(self) -> int:
        return self._memory("VmHWM")

    def _memory(self, name: str) -> int:
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
        raise AssertionError(name)

    def _answers(self) -> bool:
        try:
            return self.get("/health")["ok"] is True
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
