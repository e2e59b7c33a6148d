"""A file on its way in as cards, programs and agents see it: one shape, built once."""

from datetime import datetime
from typing import Any
from uuid import UUID

import anyio.to_thread
from pydantic import Field

from knowledge.errors import Invalid
from knowledge.files.store import Files
from knowledge.ids import ClientId, RunId
from knowledge.imports.formats import FORMATS, alternatives
from knowledge.imports.models import Import, ImportKind, ImportStatus
from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from tools.spec import Wire


class Counts(Wire):
    """What became of the rows so far; ``nearDuplicates``: pairs of nearly the same text, kept and linked."""

    new: int
    changed: int
    unchanged: int
    merged: int
    rejected: int
    near_duplicates: int


class Other(Wire):
    kind: ImportKind
    format: str
    title: str


class ColumnView(Wire):
    """``confidence`` (0–1) of the guess; 1 once a person has said it."""

    column: str
    field: str | None
    confidence: float
    sample: str


class FieldView(Wire):
    name: str
    label: str
    required: bool


class ProblemView(Wire):
    """``row`` counts from 1 as in the file; null: the file as a whole."""

    row: int | None
    field: str | None
    reason: str


class PreviewView(Wire):
    """What would come in. ``estimatedRows``: null when nobody can tell before it is read."""

    columns: list[str]
    mapping: list[ColumnView]
    fields: list[FieldView]
    samples: list[dict[str, Any]]
    problems: list[ProblemView]
    estimated_rows: int | None


class ImportView(Wire):
    """One file; ``preview`` while nothing has come in. ``position`` rows of about ``total`` are dealt with."""

    id: UUID
    kind: ImportKind
    format: str
    format_title: str
    filename: str
    bytes: int
    status: ImportStatus
    client_id: ClientId | None
    client_name: str | None
    run_id: RunId | None
    position: int
    total: int | None
    counts: Counts
    options: dict[str, Any]
    preview: PreviewView | None
    alternatives: list[Other]
    error: str | None
    created_at: datetime
    finished_at: datetime | None = Field(description="When the last row was in.")


def summary(row: Import) -> ImportView:
    """Without a preview."""
    known = FORMATS[row.format]
    return ImportView.model_validate(
        {
            **row.model_dump(include=_COPIED),
            "format_title": known.title,
            "total": row.rows_total,
            "counts": Counts(
                new=row.rows_new,
                changed=row.rows_changed,
                unchanged=row.rows_unchanged,
                merged=row.rows_merged,
                rejected=row.rows_rejected,
                near_duplicates=row.near_duplicates,
            ),
            "preview": None,
            "alternatives": [
                Other(kind=one.kind, format=one.name, title=one.title) for one in alternatives(row.format)
            ],
        }
    )


async def import_view(files: Files, row: Import) -> ImportView:
    """With a preview as long as nothing has come in; the file is read outside of the event loop."""
    view = summary(row)
    if row.status != "preview":
        return view
    return view.model_copy(update={"preview": await preview_of(files, row)})


async def preview_of(files: Files, row: Import) -> PreviewView:
    """Raises Invalid when the file cannot be read so."""
    async with files.of(row.org_id).as_local_file(row.storage_key) as path:
        made = await anyio.to_thread.run_sync(preview, path, row.format, Options.of(row.options))
    return PreviewView.model_validate(made.wire())


def check_format(kind: str, format: str) -> None:
    """Raises Invalid."""
    known = FORMATS.get(format)
    if known is None or known.kind != kind:
        raise Invalid(fields={"format": f"‘{format[:40]}’ is not a way to read {kind}"})


_COPIED = {"id", "kind", "format", "filename", "bytes", "status", "client_id", "client_name", "run_id", "position",
           "options", "error", "created_at", "finished_at"}  # fmt: skip
