"""From a brought file to an import in preview, and from there to a run: what every surface shares."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import anyio.to_thread
from pydantic import ValidationError

from knowledge.artifacts.plain_errors import field_errors
from knowledge.errors import Invalid
from knowledge.files import uploads
from knowledge.files.uploads import Upload
from knowledge.ids import ClientId, RunId
from knowledge.imports import service
from knowledge.imports.detect import Detected, detect
from knowledge.imports.formats import FORMATS
from knowledge.imports.models import Import, ImportKind
from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from tools.clients.chosen import find_session
from tools.imports.view import ImportView, check_format, import_view
from tools.spec import ToolContext


async def open_upload(
    context: ToolContext,
    upload: Upload,
    *,
    kind: ImportKind | None = None,
    format: str | None = None,
    client_id: ClientId | None = None,
    options: dict[str, Any] | None = None,
) -> ImportView:
    """An import in preview. What is not said is found out from the file. Raises Invalid, NotFound."""
    files = context.work.files
    async with files.of(upload.org_id).as_local_file(upload.storage_key) as path:
        found: Detected = await anyio.to_thread.run_sync(detect, path, upload.filename)
        chosen = _chosen(found, kind, format)
        given = read_options(options or {})
        shown = await anyio.to_thread.run_sync(preview, path, chosen, given)
    wanted = FORMATS[chosen].kind
    async with context.tx() as conn:
        if wanted in service.OF_A_CLIENT and client_id is None:
            session = await find_session(conn, context.caller)
            client_id = session.client_id if session else None
        row = await service.open_import(
            conn,
            context.caller,
            client_id=client_id if wanted in service.OF_A_CLIENT else None,
            kind=wanted,
            filename=upload.filename,
            storage_key=upload.storage_key,
            bytes=upload.bytes,
            sha256=upload.sha256,
            format=chosen,
            options=given.stored,
            rows_total=shown.estimated_rows,
        )
    return await import_view(files, row)


async def open_text(context: ToolContext, text: str, filename: str, **more: Any) -> ImportView:
    """The same from text that somebody pasted."""
    if not text.strip():
        raise Invalid(fields={"text": "is empty"})
    stored = await context.work.files.of(context.caller.org_id).put_bytes(text.encode("utf-8", "replace"))
    async with context.tx() as conn:
        upload = await uploads.record(conn, context.caller, filename, stored)
    return await open_upload(context, upload, **more)


async def start(context: ToolContext, import_id: UUID) -> ImportView:
    """Begin to bring it in, once; one that was stopped or has failed goes on where it was.

    Raises Invalid, Conflict, NotFound.
    """
    async with context.tx() as conn:
        row = await service.claim(conn, import_id)
    async with _given_back(context, row):
        run_id = await _begin(context, row)
    async with context.tx() as conn:
        await service.started(conn, import_id, run_id)
        row = await service.get(conn, import_id)
    return await import_view(context.work.files, row)


async def _begin(context: ToolContext, row: Import) -> RunId:
    if row.status == "stopped" and row.run_id is not None:
        await context.work.resume(context.caller, row.run_id)
        return row.run_id
    return await context.work.start(context.caller, service.RUN_KIND, service.work_of(row), service.start_key(row))


@asynccontextmanager
async def _given_back(context: ToolContext, row: Import) -> AsyncGenerator[None]:
    """A run that could not be started leaves the import as it was."""
    try:
        yield
    except Exception:
        async with context.tx() as conn:
            await service.unclaim(conn, row.id)
        raise


async def change(
    context: ToolContext,
    import_id: UUID,
    *,
    kind: ImportKind | None,
    format: str | None,
    client_id: ClientId | None,
    options: dict[str, Any] | None,
) -> ImportView:
    """Correct how a file is read, while it is a preview. Raises Invalid when it cannot be read so, Conflict, NotFound."""
    async with context.tx() as conn:
        row = await service.get(conn, import_id)
    format = format or row.format
    kind = kind or FORMATS[format].kind if format in FORMATS else kind
    check_format(kind or row.kind, format)
    kept = row.options if format == row.format else {}
    given = read_options({**kept, **(options or {})})
    async with context.work.files.of(row.org_id).as_local_file(row.storage_key) as path:
        shown = await anyio.to_thread.run_sync(preview, path, format, given)
    async with context.tx() as conn:
        row = await service.set_mapping(
            conn,
            import_id,
            options=given.stored,
            kind=kind,
            format=format,
            client_id=client_id,
            rows_total=shown.estimated_rows,
        )
    return await import_view(context.work.files, row)


def read_options(given: dict[str, Any]) -> Options:
    """Raises Invalid naming each field."""
    try:
        return Options.of(given)
    except ValidationError as error:
        raise Invalid(fields={f"options.{name}": wrong for name, wrong in field_errors(error).items()}) from error


def _chosen(found: Detected, kind: ImportKind | None, format: str | None) -> str:
    """The format asked for, else the one found; else, for another kind, the likeliest of that kind."""
    if format is not None:
        check_format(kind or (FORMATS[format].kind if format in FORMATS else "file"), format)
        return format
    if kind is None or found.format.kind == kind:
        return found.format.name
    for other in found.alternatives:
        if other.kind == kind:
            return other.name
    what = {"swipes": "ads", "voc": "what customers said", "document": "a document"}[kind]
    raise Invalid(fields={"file": f"does not look like {what}: {found.why}"})
