"""Runs that wait for people's answers, and what wakes them.

What always holds: the approvals row is the truth, and an answer counts once it is committed there; a run begins to
listen before it asks, so no answer falls between. Whoever is told of an answer in this process hands it over; the event
that tells every process of it lets each look for the answers of its own runs; what nobody told of, because a process
died in between or a connection broke, is found by a sweep. A run that is at work nowhere finds its answer when it comes
to the gate again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import psycopg
from psycopg_pool import PoolTimeout

from knowledge.approvals import queries
from knowledge.approvals.models import Approval
from knowledge.background import end, happens
from knowledge.db import Database
from knowledge.ids import OrgId, RunId

logger = logging.getLogger(__name__)

#: how often to look for answers that no event announced, in seconds
SWEEP = 15.0


def gate_name(gate: str, nth: int) -> str:
    """``canon``, and ``canon#2`` when the same gate is asked again."""
    return gate if nth == 1 else f"{gate}#{nth}"


@dataclass(eq=False)
class Waiting:
    """One execution of a run at one of its gates; ``answer`` becomes the answered row."""

    org_id: OrgId
    run_id: RunId
    gate: str
    answer: asyncio.Future[Approval] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Gates:
    """Everybody in this process who waits for an answer."""

    def __init__(self, db: Database, org_of: Callable[[RunId], OrgId | None], sweep: float = SWEEP) -> None:
        self.db = db
        self._org_of = org_of
        self._sweep = sweep
        self._waiting: set[Waiting] = set()
        self._nudged = asyncio.Event()
        self._where: set[OrgId | None] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever(), name="gates")

    async def stop(self) -> None:
        await end(self._task)

    @contextlib.contextmanager
    def listening(self, org_id: OrgId, run_id: RunId, gate: str) -> Generator[Waiting]:
        """Whatever is told of this gate from here on arrives. Ask inside, then wait."""
        waiting = Waiting(org_id, run_id, gate)
        self._waiting.add(waiting)
        try:
            yield waiting
        finally:
            self._waiting.discard(waiting)

    def hand_over(self, approval: Approval) -> None:
        """This is answered, and committed: whoever waits for it goes on."""
        for waiting in self._waiting:
            if (waiting.run_id, waiting.gate) == (approval.run_id, approval.gate) and not waiting.answer.done():
                waiting.answer.set_result(approval)

    def nudge(self, run_id: RunId) -> None:
        """Something was decided about this run: look soon, and only in its organisation when it is at work here.

        One decision may be the answer to several runs.
        """
        self._where.add(self._org_of(run_id))
        self._nudged.set()

    async def look(self, org_id: OrgId) -> None:
        """Hand over what this organisation has answered."""
        here = [one for one in self._waiting if one.org_id == org_id and not one.answer.done()]
        if here:
            asked = [(one.run_id, one.gate) for one in here]
            for approval in await queries.read_answered(self.db, org_id, asked):
                self.hand_over(approval)

    async def _forever(self) -> None:
        while True:
            await happens(self._nudged, self._sweep)
            where, self._where = self._where, set[OrgId | None]()
            self._nudged.clear()
            everywhere = not where or None in where
            try:
                for org_id in {one.org_id for one in self._waiting if everywhere or one.org_id in where}:
                    await self.look(org_id)
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("answers are looked for again, the database does not answer: %s", error)
                await asyncio.sleep(1)
                self._where.add(None)
                self._nudged.set()
