"""What of a run is at work in this process, and how it is broken off."""

import asyncio
from collections.abc import Awaitable, Callable
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
    stopping: bool = False
    _under_way: set[asyncio.Timeout] = field(default_factory=set[asyncio.Timeout])

    def stop(self) -> None:
        self.stopping = True
        for scope in self._under_way:
            if not scope.expired():  # else it is being cancelled already
                scope.reschedule(asyncio.get_running_loop().time())

    async def interruptible(self, work: Callable[[], Awaitable[T]], limit: float | None = None) -> T:
        """What ``work`` gives, unless the run is stopped or ``limit`` seconds pass: then it is cancelled and waited for.

        Raises ``DBOSWorkflowCancelledError`` or ``TimeoutError``.
        """
        if self.stopping:
            raise stopped()
        # in the caller's own task: one for each step would take as long as all else that is done for it here
        scope = asyncio.timeout(limit)
        self._under_way.add(scope)
        try:
            async with scope:
                value = await work()
            if not scope.expired():
                return value
        except Exception:
            if not scope.expired():  # what goes wrong while it is broken off is not its own fault
                raise
        finally:
            self._under_way.discard(scope)
        if self.stopping:
            raise stopped()
        raise TimeoutError


def stopped() -> DBOSWorkflowCancelledError:
    """What ends a body here without ending the run: the engine keeps nothing of the step under way."""
    return DBOSWorkflowCancelledError("the run was stopped")
