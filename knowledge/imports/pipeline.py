"""Bringing a file in: a batch is read and prepared in a thread while the one before it goes over to the server, into
tables of its own transaction, and the one before that is stored.

What always holds: a batch's rows, passages, rejects, counts and the import's position are one transaction, so an
import that died goes on where it was, with nothing lost and nothing twice; who lost its place (stopped, or somebody
else is at it) stores nothing more. A batch does not wait for the disk: should the machine go down before anything else
is committed, the import goes on from the batch before.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

import psycopg

from knowledge.background import end
from knowledge.db import Connection, Database
from knowledge.errors import Conflict
from knowledge.ids import OrgId
from knowledge.imports import queries, reading, service
from knowledge.imports.document_rows import Documents
from knowledge.imports.models import REJECTS_KEPT, Import, Progress, progress_of
from knowledge.imports.options import Options
from knowledge.imports.preparing import Batch, Identified, batches, overview
from knowledge.imports.staging import Prepared, Stale
from knowledge.imports.swipe_rows import Ads
from knowledge.imports.voc_rows import Quotes
from knowledge.search.chunks import Drafts
from knowledge.search.runs import Runs, ask

T = TypeVar("T")
#: told in the transaction of each batch; what it raises undoes the batch
OnProgress = Callable[[Connection, Progress], Awaitable[None]]
#: a batch that met other writers is prepared and stored anew so many times
ATTEMPTS = 5


class Target(Identified, Protocol):
    """Where records of one kind go. ``runs``: what is remembered of their words, in the thread that prepares."""

    runs: Runs

    async def known(self, conn: Connection, batch: Batch, /) -> Any:
        """What the database has of these records already."""
        ...

    def prepare(self, batch: Batch, known: Any, /) -> Prepared:
        """Everything that can be made without the database; in a thread."""
        ...

    async def stage(self, conn: Connection, prepared: Any, /) -> None:
        """Bring it to the server, where nobody sees it yet; the batch before it may be under way still."""
        ...

    async def write(self, conn: Connection, prepared: Any, /) -> None:
        """Store what is staged, in the same transaction. Raises ``Stale``."""
        ...


@dataclass(frozen=True)
class Ready:
    batch: Batch
    prepared: Prepared


def target_of(row: Import) -> Target:
    """Raises ``Invalid`` when the import lacks what its kind needs."""
    match row.kind:
        case "swipes":
            return Ads(row)
        case "voc":
            return Quotes(row)
        case "document":
            return Documents(row)


async def run_import(
    db: Database,
    org_id: OrgId,
    import_id: UUID,
    path: Path,
    on_progress: OnProgress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Import:
    """Bring in what is left of the file; the import as it stands then (its status is still ``running``).

    Ends early, between two batches, when ``should_stop``; cancelled, it undoes the batch under way and ends.
    Raises ``Conflict`` when somebody else is at the same import.
    """
    for _ in range(ATTEMPTS):
        async with db.org(org_id) as conn:
            row = await service.get(conn, import_id)
        try:
            await _load(_Loader(db, row, path), on_progress, should_stop)
        except _Moved:
            continue  # the last word of a process that has died came after we looked
        async with db.org(org_id) as conn:
            return await service.get(conn, import_id)
    raise Conflict("This import is being done by somebody else, or was stopped.")


async def _load(loader: "_Loader", on_progress: OnProgress | None, should_stop: Callable[[], bool] | None) -> None:
    storing = list[asyncio.Task[None]]()
    try:
        async with aclosing(loader.ready()) as ready:
            async for batch in ready:
                turn = asyncio.Event()
                storing.append(asyncio.create_task(loader.store(batch, turn, on_progress)))
                if len(storing) > 1:
                    await storing[0]
                    del storing[0]
                    if should_stop is not None and should_stop():
                        return
                turn.set()
        for each in storing:
            await each
    finally:
        for each in storing:
            each.cancel()
        await asyncio.gather(*storing, return_exceptions=True)
        loader.close()


class _Moved(Exception):
    """The import is not where it was when this process began."""


class _Loader:
    """One import on its way in, in this process."""

    def __init__(self, db: Database, row: Import, path: Path) -> None:
        self.db, self.row = db, row
        self.target = target_of(row)
        self.path, self.options = path, Options.of(row.options)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._closed = False

    async def ready(self) -> AsyncGenerator[Ready]:
        """Batches prepared, one ahead of the one that was taken last."""
        making = self._make()
        coming = asyncio.create_task(_next(making))
        try:
            while (each := await coming) is not None:
                coming = asyncio.create_task(_next(making))
                yield each
        finally:
            self._closed = True
            await end(coming)
            await making.aclose()

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _make(self) -> AsyncGenerator[Ready]:
        seen = await self._apart(partial(overview, self._read, self.target))
        async with self.db.org(self.row.org_id) as conn:
            await queries.set_total(conn, self.row.id, seen.rows)
        reading = batches(self._read, self.target, seen, self.row.position)
        while (batch := await self._apart(lambda: next(reading, None))) is not None:
            yield await self._prepared(batch)

    def _read(self) -> Iterator[Any]:
        """The file from its beginning; it ends early when nobody waits for it any more."""
        for item in reading.read(self.path, self.row.format, self.options):
            if self._closed:
                return
            yield item

    async def _prepared(self, batch: Batch) -> Ready:
        async with self.db.org(self.row.org_id) as conn:
            known = await self.target.known(conn, batch)
        prepared, drafts = await self._apart(partial(self._prepare, batch, known))
        for config, runs in drafts.unknown.items():
            if not runs:
                continue
            async with self.db.org(self.row.org_id) as conn:
                found = await ask(conn, config, runs)
            await self._apart(partial(self.target.runs.keep, config, found))
        prepared.chunk_data = await self._apart(drafts.data)
        return Ready(batch, prepared)

    def _prepare(self, batch: Batch, known: Any) -> tuple[Prepared, Drafts]:
        prepared = self.target.prepare(batch, known)
        drafts, prepared.drafts = Drafts(prepared.drafts, self.target.runs), []
        return prepared, drafts

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def store(self, ready: Ready, turn: asyncio.Event, on_progress: OnProgress | None) -> None:
        """One batch and the new position, in one transaction; prepared anew when others wrote the same rows. Nothing is
        written before it is its ``turn``."""
        for attempt in range(ATTEMPTS):
            try:
                async with self.db.org(self.row.org_id, at_once=False) as conn:
                    await self.target.stage(conn, ready.prepared)
                    await turn.wait()
                    return await self._store(conn, ready, on_progress)
            except (Stale, psycopg.errors.DeadlockDetected):
                if attempt == ATTEMPTS - 1:
                    raise
            ready = await self._prepared(ready.batch)
        raise AssertionError

    async def _store(self, conn: Connection, ready: Ready, on_progress: OnProgress | None) -> None:
        batch: Batch = ready.batch
        counts = replace(ready.prepared.counts, merged=batch.merged, rejected=batch.rejected)
        await self.target.write(conn, ready.prepared)
        await self._keep_rejects(conn, batch)
        if not await queries.advance(conn, self.row.id, batch.came_from, batch.to, counts):
            raise _Moved
        if on_progress is not None:
            await on_progress(conn, progress_of(await service.get(conn, self.row.id)))

    async def _keep_rejects(self, conn: Connection, batch: Batch) -> None:
        if not batch.rejects:
            return
        left = REJECTS_KEPT - await queries.count_rejects(conn, self.row.id)
        await queries.insert_rejects(conn, self.row.org_id, self.row.id, batch.rejects[: max(0, left)])


async def _next(making: AsyncGenerator[Ready]) -> Ready | None:
    return await anext(making, None)
