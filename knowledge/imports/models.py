"""An import as its row has it, the rows that could not be used, and where a file under way stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId, OrgId, RunId, SessionId, UserId

ImportKind = Literal["swipes", "voc", "document"]
ImportStatus = Literal["preview", "running", "completed", "stopped", "failed", "expired"]

#: so many rejected rows are kept with their reason; all are counted
REJECTS_KEPT = 10_000


class Import(Row):
    """One file on its way in. ``position`` rows of it are dealt with; ``rows_total`` is an estimate until the end.

    ``status`` is what is true now: an import whose run was stopped or has failed says so, whatever its row says;
    ``expired``: it was never started, and its file (``storage_key`` is empty then) is kept no longer.
    """

    id: UUID
    org_id: OrgId
    client_id: ClientId | None
    session_id: SessionId | None
    run_id: RunId | None
    kind: ImportKind
    filename: str
    storage_key: str
    bytes: int
    sha256: str
    format: str
    options: dict[str, Any]
    status: ImportStatus
    position: int
    rows_total: int | None
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_merged: int
    rows_rejected: int
    near_duplicates: int
    error: str | None
    created_by: UserId | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    updated_at: datetime
    client_name: str | None


class Reject(Row):
    """A row that could not be used: ``row`` counts from 1 as in the file, ``excerpt`` is what stood there."""

    row: int
    ordinal: int
    field: str | None
    reason: str
    excerpt: str


@dataclass
class Counts:
    """What became of rows. ``merged``: a later row of the file said it again, and that one counts."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0


@dataclass(frozen=True)
class Progress:
    """Where an import stands: the data of a ``progress`` event, with the names that go over the wire."""

    import_id: UUID
    rows: int
    total: int | None
    new: int
    changed: int
    unchanged: int
    merged: int
    rejected: int

    @property
    def data(self) -> dict[str, Any]:
        return {
            "importId": str(self.import_id),
            "rows": self.rows,
            "total": self.total,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "merged": self.merged,
            "rejected": self.rejected,
        }


def progress_of(row: Import) -> Progress:
    return Progress(
        row.id, row.position, row.rows_total, row.rows_new, row.rows_changed, row.rows_unchanged, row.rows_merged,
        row.rows_rejected,
    )  # fmt: skip
