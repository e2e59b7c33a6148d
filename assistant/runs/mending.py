"""What a crash left behind: runs whose process is gone, and differences between ``runs`` and the engine.

What always holds: whatever nobody was told of is found in time, by any process that is there; a run is put right only
while nobody is between our word about it and the engine's.
"""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

import psycopg
from psycopg_pool import PoolTimeout

from assistant.runs import parts
from knowledge.db import alone
from knowledge.errors import Conflict
from knowledge.ids import OrgId, RunId
from knowledge.people.queries import list_orgs
from knowledge.runs import events, queries
from knowledge.runs.models import ACTIVE, NewEvent

if TYPE_CHECKING:
    from assistant.runs.dbos_engine import DbosEngine

logger = logging.getLogger(__name__)

LOST = "This run was lost by the engine and cannot go on. Everything finished before is kept; start it again."
#: seconds between looks at rows that somebody else is at: the server is still ending what a dead process was in the middle
#: of, or another process recovers the same. Whatever is held for longer is looked at again with everything else
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
#: seconds that a run which somebody is stopping or resuming is waited for, while others are to be put right
BRIEFLY = 0.5
#: states of the engine in which a run is at work or will be taken
_GOES_ON = ("PENDING", "ENQUEUED", "DELAYED")
UNKNOWN = (
    "This run waits: no process knows how to do ‘{kind}’ any more. It goes on when one that does is started "
    "again; everything finished before is kept."
)


class Mending:
    """One for an engine."""

    def __init__(self, engine: "DbosEngine") -> None:
        self.engine = engine

    async def recover(self) -> None:
        """Let the runs of processes that are not there be taken by those that are."""
        for pause in PAUSES:
            freed, left = await self.engine.rows.recover()
            if freed:
                await self.engine.tell_work()
            if not left:
                return
            await asyncio.sleep(pause)

    async def forever(self) -> None:
        """Whatever nobody was told of is found in time."""
        while True:
            await asyncio.sleep(self.engine.options.mend_seconds)
            try:
                await self.recover()
                async with alone(self.engine.owner_url, "mending") as ours:
                    if ours:
                        await self.reconcile()
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("what was left behind waits, the database does not answer: %s", error)

    async def reconcile(self) -> None:
        """Put right what a crash left different between ``runs`` and the engine."""
        for org_id in await list_orgs(self.engine.owner_url):
            async with self.engine.db.org(org_id) as conn:
                active = await queries.active_kinds(conn)
            known = await self.engine.rows.states(list(active))
            for run_id in active:
                if known.get(str(run_id), ("",))[0] not in _GOES_ON:
                    with contextlib.suppress(Conflict):  # somebody is at it for long: it is looked at again
                        async with self.engine.one_at_a_time(run_id, BRIEFLY):
                            await self._put_right(org_id, run_id)
            await self._tell_of_unknown(org_id, active)
            for part, above in await queries.read_stopped_parts(self.engine.db, org_id):
                with contextlib.suppress(Conflict):
                    await parts.tell_of_stop(self.engine, org_id, part, above, BRIEFLY)

    async def _put_right(self, org_id: OrgId, run_id: RunId) -> None:
        """Looked at again, now that nobody is between our word and the engine's."""
        run = await queries.read_run(self.engine.db, org_id, run_id)
        state, version = (await self.engine.rows.states([run_id])).get(str(run_id), (None, None))
        if run is None or run.status not in ACTIVE or run.kind not in self.engine.workflows:
            return
        if state is None:  # died between writing the run and starting it
            await self.engine.begin(run)
        elif state == "CANCELLED":  # died between writing that it goes on and saying so to the engine
            await self.engine.take_up(run)
        elif state == "SUCCESS":  # its end is kept there only: the database died before it had kept ours
            await self.engine.again(run_id, None)
        elif state not in _GOES_ON:
            logger.error("run %s is %s here and %s in the engine (version %s)", run.id, run.status, state, version)
            async with self.engine.db.org(run.org_id) as conn:
                status = await events.lock(conn, run.id)
                if status in ACTIVE:
                    await queries.update_status(conn, run.id, "failed", error=LOST)
                    await events.append(conn, run.id, [NewEvent(type="run_failed", data={"error": LOST})])

    async def _tell_of_unknown(self, org_id: OrgId, active: dict[RunId, str]) -> None:
        """A run of a kind that no process knows (any more) is not lost: it waits, and says so."""
        odd = {run_id: kind for run_id, kind in active.items() if kind not in self.engine.workflows}
        if not odd:
            return
        waiting = set(await self.engine.rows.unknown(list(self.engine.workflows), self.engine.options.unknown_seconds))
        for run_id, kind in odd.items():
            if str(run_id) in waiting:
                await self._tell_unknown(org_id, run_id, kind)

    async def _tell_unknown(self, org_id: OrgId, run_id: RunId, kind: str) -> None:
        sentence = UNKNOWN.format(kind=kind)
        async with self.engine.db.org(org_id) as conn:
            status = await events.lock(conn, run_id)
            if status not in ACTIVE:
                return
            event = NewEvent(type="progress", data={"sentence": sentence, "state": "WAITING"}, dedup_key="unknown kind")
            if await events.append(conn, run_id, [event], locked=status):
                logger.error("run %s waits: nobody knows the kind %s any more", run_id, kind)
                await queries.tell_error(conn, run_id, sentence)
