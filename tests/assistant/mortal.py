"""The house in a process that is killed: born for tests/assistant/runs/crash.py and for turns, dead at a word.

The one who kills is either a point in the code (crash.py, ``hook_tools``) or the provider: ``Plug`` kills the
process in the middle of a model call, at the moment its request has arrived.
"""

import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from knowledge.ids import OrgId, UserId
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import answer
from tests.model_server import ModelRequest, Reply


@asynccontextmanager
async def open_mortal(
    owner_url: str, app_url: str, org_id: OrgId, user_id: UserId, *, pid_file: str, **options: Any
) -> AsyncGenerator[AtWork]:
    """``open_house``, telling its process' id to whoever wants to kill it."""
    Path(pid_file).write_text(str(os.getpid()))
    async with open_house(owner_url, app_url, org_id, user_id, **options) as at_work:
        yield at_work


class Plug:
    """The honest model; it pulls the plug when ``when(request)`` holds, once for each request."""

    def __init__(self, pid_file: Path, when: Callable[[ModelRequest], bool] = lambda _: True) -> None:
        self.pulled: list[str] = []
        self._pid_file, self._when = pid_file, when

    def __call__(self, request: ModelRequest) -> Reply:
        if request.fingerprint not in self.pulled and self._when(request):
            self.pulled.append(request.fingerprint)
            os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
        return answer(request)
