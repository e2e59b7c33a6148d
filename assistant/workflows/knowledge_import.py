"""A file into the knowledge base: load it, link what says nearly the same, say what came in.

What always holds: progress is written in the transaction of the rows it tells of; a run that was stopped stores
nothing more and keeps what is in; resumed, or taken up after a crash, it goes on at the import's position.
"""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.runs.run_log import Fenced
from assistant.services import Services, services_of
from knowledge.db import Connection
from knowledge.ids import ClientId
from knowledge.imports import near_duplicates, pipeline, queries, service
from knowledge.imports.models import Import, Progress, progress_of
from knowledge.imports.sentence import sentence_of
from knowledge.runs import events
from knowledge.runs import queries as runs
from knowledge.runs.models import ACTIVE, NewEvent

#: seconds between two words on progress
PACE = 0.4
#: a day: files are large, and what is in stays in
LONGEST = 24 * 3600.0


class ImportInput(BaseModel):
    """What ``service.work_of`` gives: the run belongs to the import's client and is named after its file."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")

    import_id: UUID
    client_id: ClientId | None = None
    filename: str = ""


class ImportOutput(BaseModel):
    """What became of the file's rows."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)

    import_id: UUID
    filename: str
    rows: int
    new: int
    changed: int
    unchanged: int
    merged: int
    rejected: int
    near_duplicates: int
    sentence: str


async def knowledge_import(run: Run, given: ImportInput) -> ImportOutput:
    await run.step("load", load, given, timeout=LONGEST)
    await run.step("link near duplicates", link, given, timeout=LONGEST)
    return await run.step("finish", finish, given)


async def load(context: StepContext, given: ImportInput) -> int:
    """Everything that is left of the file; the rows that are dealt with then."""
    services, run = services_of(context), context.run
    async with services.db.org(run.org_id) as conn:
        row = await service.get(conn, given.import_id)
        await service.take_place(conn, row)
        await service.started(conn, row.id, run.id)
    await context.flush()
    teller = Teller(context)
    async with file_of(services, row) as path:
        done = await pipeline.run_import(services.db, run.org_id, row.id, path, teller.tell)
    await teller.last(done)
    return done.position


async def link(context: StepContext, given: ImportInput) -> int:
    """How many of the import's texts have a near double."""
    services, org_id = services_of(context), context.run.org_id
    async with services.db.org(org_id) as conn:
        row = await service.get(conn, given.import_id)
        if row.kind == "document":
            return 0
        kind: near_duplicates.Kind = "swipe" if row.kind == "swipes" else "voc"
        count = await near_duplicates.link(conn, org_id, kind, row.id)
        await queries.set_near_duplicates(conn, row.id, count)
    return count


async def finish(context: StepContext, given: ImportInput) -> ImportOutput:
    services = services_of(context)
    async with services.db.org(context.run.org_id) as conn:
        await queries.finish(conn, given.import_id)
        row = await service.get(conn, given.import_id)
    said = sentence_of(row)
    await context.emit("message", text=said, importId=str(row.id))
    return ImportOutput(
        import_id=row.id,
        filename=row.filename,
        rows=row.position,
        new=row.rows_new,
        changed=row.rows_changed,
        unchanged=row.rows_unchanged,
        merged=row.rows_merged,
        rejected=row.rows_rejected,
        near_duplicates=row.near_duplicates,
        sentence=said,
    )


class Teller:
    """Says how far it is, in the transaction of each batch that is worth a word."""

    def __init__(self, context: StepContext) -> None:
        self.run, self.step = context.run, context.step
        self._db = services_of(context).db
        self._told = 0.0

    async def tell(self, conn: Connection, progress: Progress) -> None:
        """Raises ``Fenced`` when the run has been stopped meanwhile: then this batch is not stored."""
        status = await events.lock(conn, self.run.id)
        if status not in ACTIVE:
            raise Fenced(status)
        now = time.monotonic()
        if now - self._told >= PACE:
            self._told = now
            await self._write(conn, progress)

    async def last(self, row: Import) -> None:
        async with self._db.org(self.run.org_id) as conn:
            await events.lock(conn, self.run.id)
            await self._write(conn, progress_of(row))

    async def _write(self, conn: Connection, progress: Progress) -> None:
        # one for each position, whoever comes past it
        event = NewEvent(
            type="progress", step=self.step, data=progress.data, dedup_key=f"import:{progress.rows}:{progress.total}"
        )
        await events.append(conn, self.run.id, [event], locked="running")
        share = progress.rows * 95 // progress.total if progress.total else None
        await runs.update_progress(conn, self.run.id, progress=share)


@asynccontextmanager
async def file_of(services: Services, row: Import) -> AsyncGenerator[Path]:
    """The file on this machine."""
    async with services.files.of(row.org_id).as_local_file(row.storage_key) as path:
        yield path


WORKFLOW: Workflow[Any] = Workflow(
    kind=service.RUN_KIND,
    title="Import",
    input_model=ImportInput,
    output_model=ImportOutput,
    body=knowledge_import,
    steps=("load", "link near duplicates", "finish"),
)
