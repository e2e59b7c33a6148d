"""What of a run is at work in this process, and how it is broken off."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dbos._error import DBOSWorkflowCancelledError

from assistant.runs.run_log import RunLog
from knowledge.ids import OrgId

T = TypeVar("T")


@dataclass
class Execution:
    """What of a run is at work in this process."""

    task: asyncio.Task[Any]
    org_id: OrgId
    #: the engine's token: what another execution has taken over is not this one's to end
    owner: str | None = None
    #: its pen, once it writes
    log: RunLog | None = None
    stopping: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def stop(self) -> None:
        if not self.stopping.done():
            self.stopping.set_result(None)

    async def interruptible(self, work: Coroutine[Any, Any, T], limit: float | None = None) -> T:
        """``work``, unless the run is stopped or ``limit`` seconds pass: then it is cancelled and waited for.

        Raises ``DBOSWorkflowCancelledError`` or ``TimeoutError``.
        """
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task, self.stopping}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
            if not task.cancelled():
                task.exception()  # looked at, so that nobody reports it as forgotten
        if self.stopping.done():
            raise stopped()
        raise TimeoutError


def stopped() -> DBOSWorkflowCancelledError:
    """What ends a body here without ending the run: the engine keeps nothing of the step under way."""
    return DBOSWorkflowCancelledError("the run was stopped")
