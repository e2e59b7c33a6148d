"""What nobody needs any more goes, once an hour: kept answers, holds and keys would grow for ever otherwise.

What always holds: one process at a time (an advisory lock); an answer that was paid for is kept as long as the step or
turn that asked can be taken up again, and a day at the least; a file that was brought goes only when nothing was made
of it within a week; an import that was looked at and never started says so then.
"""

import asyncio
import logging
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from assistant.runs.protocol import step_key
from assistant.workflows.ask import journal_of
from knowledge.background import end
from knowledge.db import Connection, Database, alone
from knowledge.errors import Upstream
from knowledge.files import uploads
from knowledge.files.store import Files
from knowledge.idempotency import queries as keys
from knowledge.ids import OrgId
from knowledge.imports import service as imports
from knowledge.journal import queries as journal
from knowledge.money import queries as money
from knowledge.people.queries import list_orgs
from knowledge.runs import queries as runs
from knowledge.sessions import queries as sessions

logger = logging.getLogger(__name__)

#: seconds before the first time, when a start has settled, and between two times
FIRST = 60.0
EVERY = 3600.0


class Housekeeping:
    """One for the process. ``owner_url`` sees every organisation; what is deleted is deleted inside each."""

    def __init__(self, db: Database, owner_url: str, files: Files, first: float = FIRST, every: float = EVERY) -> None:
        self.db = db
        self.owner_url = owner_url
        self.files = files
        self._first = first
        self._every = every
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever(), name="housekeeping")

    async def stop(self) -> None:
        await end(self._task)

    async def tidy(self) -> int | None:
        """How many rows went or were given up; None when another process is at it."""
        async with alone(self.owner_url, "housekeeping") as ours:
            if not ours:
                return None
            return sum([await self._tidy(org_id) for org_id in await list_orgs(self.owner_url)])

    async def _tidy(self, org_id: OrgId) -> int:
        async with self.db.org(org_id) as conn:
            gone = await keys.forget_old(conn) + await money.forget_expired(conn, org_id)
            gone += await journal.forget(conn, org_id, *await _done(conn, org_id))
            gone += await imports.expire(conn)
            abandoned = await uploads.abandoned(conn)
        return gone + await self._forget_files(org_id, abandoned)

    async def _forget_files(self, org_id: OrgId, abandoned: dict[UUID, str]) -> int:
        """The file first: cut off in between, the next time finds its row and goes on."""
        if not abandoned:
            return 0
        kept = self.files.of(org_id)
        try:
            for key in abandoned.values():
                await kept.delete(key)
        except Upstream as error:
            logger.warning("files that nobody needs stay for the next time: %s", error)
            return 0
        async with self.db.org(org_id) as conn:
            return await uploads.forget(conn, list(abandoned))

    async def _forever(self) -> None:
        await asyncio.sleep(self._first)
        while True:
            try:
                await self.tidy()
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("housekeeping waits for the next time, the database does not answer: %s", error)
            except psycopg.Error:  # a mistake of ours; whatever else the process does goes on
                logger.exception("housekeeping failed")
            await asyncio.sleep(self._every)


async def _done(conn: Connection, org_id: OrgId) -> list[UUID]:
    """The scopes of the journal that nothing will ask for again."""
    old = await journal.old_scopes(conn, org_id)
    turns = {turn.id for turn in await sessions.unfinished_turns(conn)}
    steps = {journal_of(step_key(run_id, label)) for run_id, label in await runs.unfinished_steps(conn)}
    return sorted(old - turns - steps)
