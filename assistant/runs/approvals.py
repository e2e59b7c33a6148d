"""Answers on their way to the runs that wait for them.

What always holds: the approvals row is the truth; a message to the engine only wakes the run, carries the row's id
and is sent once however often it is sent (its idempotency key is that id). A decision that nobody delivered, because
the process died in between or another process took it, is found here and delivered.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import psycopg
from psycopg_pool import PoolTimeout

from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval
from knowledge.db import Database
from knowledge.ids import ApprovalId, OrgId, RunId
from knowledge.people.queries import list_orgs

logger = logging.getLogger(__name__)

#: how often to look for undelivered decisions that no event announced, in seconds
SWEEP = 15.0


def gate_name(gate: str, nth: int) -> str:
    """``canon``, and ``canon#2`` when the same gate is asked again."""
    return gate if nth == 1 else f"{gate}#{nth}"


class Outbox:
    """Delivers decided approvals: at start, when told of a decision, and in a sweep."""

    def __init__(
        self,
        db: Database,
        owner_url: str,
        send: Callable[[Approval], Awaitable[None]],
        org_of: Callable[[RunId], OrgId | None],
        sweep: float = SWEEP,
    ) -> None:
        self.db = db
        self.owner_url = owner_url
        self._send = send
        self._sweep = sweep
        self._org_of = org_of
        self._nudged = asyncio.Event()
        self._where: set[OrgId | None] = set()
        self._task: asyncio.Task[None] | None = None
        #: on their way already
        self._under_way: dict[ApprovalId, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Deliver what was decided while nobody was there, then go on in the background."""
        await self.deliver_all()
        self._task = asyncio.create_task(self._forever(), name="approvals outbox")

    async def stop(self) -> None:
        tasks = {*self._under_way.values(), *([self._task] if self._task is not None else [])}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def nudge(self, run_id: RunId) -> None:
        """Something was decided: look soon, and only in its organisation when the run is at work here."""
        self._where.add(self._org_of(run_id))
        self._nudged.set()

    def soon(self, approval: Approval) -> None:
        """This was decided here just now, and is committed: deliver it without waiting to be told of it."""
        self._begin(approval)

    async def deliver(self, org_id: OrgId) -> int:
        """Deliver this organisation's decisions; how many there were."""
        waiting = await approvals.read_undelivered(self.db, org_id)
        for approval in waiting:
            await asyncio.shield(self._begin(approval))
        return len(waiting)

    def _begin(self, approval: Approval) -> "asyncio.Task[None]":
        """Its delivery, which is one however often it is begun while it is under way."""
        task = self._under_way.get(approval.id)
        if task is None:
            task = self._under_way[approval.id] = asyncio.create_task(self._hand_over(approval), name="an approval")
            task.add_done_callback(lambda done: self._over(approval, done))
        return task

    async def _hand_over(self, approval: Approval) -> None:
        await self._send(approval)
        await approvals.mark_delivered(self.db, approval.org_id, approval.id)  # forgotten, it would be sent once more

    def _over(self, approval: Approval, done: "asyncio.Task[None]") -> None:
        del self._under_way[approval.id]
        if not done.cancelled() and (error := done.exception()) is not None:
            logger.warning("a decision was not delivered yet: %s", error)
            self._where.add(approval.org_id)  # the next look finds it
            self._nudged.set()

    async def deliver_all(self) -> int:
        return sum([await self.deliver(org_id) for org_id in await list_orgs(self.owner_url)])

    async def _deliver_in(self, where: set[OrgId | None]) -> None:
        """``where``: the organisations that were named; everywhere when one could not be, or none was (a sweep)."""
        known = [org_id for org_id in where if org_id is not None]
        if not known or None in where:
            await self.deliver_all()
            return
        for org_id in known:
            await self.deliver(org_id)

    async def _forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), self._sweep)
            where, self._where = self._where, set[OrgId | None]()
            self._nudged.clear()
            try:
                await self._deliver_in(where)
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("decisions wait to be delivered, the database does not answer: %s", error)
                await asyncio.sleep(1)
                self._where.add(None)
                self._nudged.set()
