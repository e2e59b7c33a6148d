"""Opening, correcting, starting and looking at imports: what tools and workflows call.

What always holds: one file goes to one place once at a time; an import is corrected only while it is a preview;
starting it twice gives the same run.
"""

from typing import Any
from uuid import UUID

import psycopg

from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.ids import ClientId, RunId
from knowledge.imports import queries
from knowledge.imports.models import Import, ImportKind, Reject
from knowledge.people.models import Caller

GONE = "That import does not exist, or not for you."
EXPIRED = "This file was not imported within a week, so it is kept no longer. Drop it again to bring it in."
#: the kind of run that brings a file in
RUN_KIND = "knowledge_import"
#: kinds that belong to a client and to nobody else
OF_A_CLIENT: tuple[ImportKind, ...] = ("voc", "document")


async def open_import(
    conn: Connection,
    caller: Caller,
    *,
    client_id: UUID | None,
    kind: ImportKind,
    filename: str,
    storage_key: str,
    bytes: int,
    sha256: str,
    format: str,
    options: dict[str, Any],
    rows_total: int | None = None,
) -> Import:
    """A new import in preview. Swipes go to the organisation's library, or to it and the client when one is named.

    ``rows_total`` is the preview's estimate. Raises ``NotFound`` for a client that is not of this organisation.
    """
    values = {
        "org_id": caller.org_id,
        "client_id": client_id,
        "session_id": caller.session_id,
        "kind": kind,
        "filename": filename[:300],
        "storage_key": storage_key,
        "bytes": bytes,
        "sha256": sha256,
        "format": format,
        "options": options,
        "rows_total": rows_total,
        "created_by": caller.user_id,
    }
    await _check_client(conn, client_id)
    return await get(conn, await queries.insert(conn, values))


async def set_mapping(
    conn: Connection,
    import_id: UUID,
    *,
    options: dict[str, Any] | None = None,
    kind: ImportKind | None = None,
    format: str | None = None,
    client_id: UUID | None = None,
    rows_total: int | None = None,
) -> Import:
    """Correct how the file is read; None keeps what is there. Raises ``Conflict`` once it has started or expired."""
    row = await get(conn, import_id)
    _require_file(row)
    await _check_client(conn, client_id)
    values = {"options": options, "kind": kind, "format": format, "client_id": client_id, "rows_total": rows_total}
    if not await queries.set_mapping(conn, import_id, values):
        raise Conflict(f"‘{row.filename}’ has started to come in; how it is read can no longer be changed.")
    return await get(conn, import_id)


async def get(conn: Connection, import_id: UUID) -> Import:
    """Raises ``NotFound``."""
    found = await queries.find(conn, import_id)
    if found is None:
        raise NotFound(GONE)
    return found


async def list_recent(conn: Connection, client_id: UUID | None = None, limit: int = 50) -> list[Import]:
    """Newest first; of one client, or of everybody."""
    return await queries.list_recent(conn, client_id, max(1, min(limit, 200)))


async def rejects(conn: Connection, import_id: UUID, limit: int = 100, offset: int = 0) -> list[Reject]:
    """The rows that could not be used, in the file's order (the first 10,000 are kept)."""
    await get(conn, import_id)
    return await queries.list_rejects(conn, import_id, max(1, min(limit, 10_000)), max(0, offset))


# ---------------------------------------------------------------- start


async def claim(conn: Connection, import_id: UUID) -> Import:
    """Take the one place this file has. Then start ``RUN_KIND`` with ``work_of`` under ``start_key``, and tell
    ``started`` which run it is.

    Claiming again what is claimed changes nothing. Raises ``Invalid`` when a client is missing, ``Conflict`` when
    the import is over or expired, or the same file is on its way to the same place.
    """
    row = await queries.lock(conn, import_id)
    if row is None:
        raise NotFound(GONE)
    if row.status == "completed":
        raise Conflict(f"‘{row.filename}’ has been imported already.")
    _require_file(row)
    if row.kind in OF_A_CLIENT and row.client_id is None:
        raise Invalid(fields={"clientId": "say which client this belongs to"})
    await take_place(conn, row)
    return await get(conn, import_id)


async def take_place(conn: Connection, row: Import) -> None:
    """Be the running import of this file. Raises ``Conflict`` naming the one that is."""
    for rival in await queries.list_rivals(conn, row):
        if rival.status == "running":
            raise _taken(rival)
        await queries.set_status(conn, rival.id, rival.status, rival.error)  # its run is over: the row says so now
    try:
        async with conn.transaction():
            await queries.set_status(conn, row.id, "running")
    except psycopg.errors.UniqueViolation:
        raise _taken(row) from None


async def expire(conn: Connection) -> int:
    """Give up what was looked at and never started within a week; how many imports that were."""
    return await queries.expire(conn, EXPIRED)


def _require_file(row: Import) -> None:
    if row.status == "expired":
        raise Conflict(EXPIRED)


async def unclaim(conn: Connection, import_id: UUID) -> None:
    """Give the place back: no run could be started. An import that a run is at is left alone."""
    row = await queries.lock(conn, import_id)
    if row is not None and row.status == "running" and row.run_id is None:
        await queries.set_status(conn, import_id, "preview")


def start_key(row: Import) -> str:
    """The idempotency key of the import's run: a second start gives the same run, a failed one can be followed."""
    after = f":{row.run_id}" if row.run_id is not None and row.status == "failed" else ""
    return f"import:{row.id}{after}"


def work_of(row: Import) -> dict[str, Any]:
    """What its run is started with."""
    client = {"clientId": str(row.client_id)} if row.client_id else {}
    return {"importId": str(row.id), "filename": row.filename, **client}


async def started(conn: Connection, import_id: UUID, run_id: RunId) -> None:
    """Remember the run that brings it in."""
    await queries.set_run(conn, import_id, run_id)


def _taken(rival: Import) -> Conflict:
    where = f"for {rival.client_name}" if rival.client_name else "into the library"
    return Conflict(f"This very file is being imported {where} already (‘{rival.filename}’).", import_id=rival.id)


async def _check_client(conn: Connection, client_id: UUID | None) -> None:
    if client_id is None:
        return
    found = await conn.execute("select 1 from clients where id = %s", (ClientId(client_id),))
    if await found.fetchone() is None:
        raise NotFound("That client does not exist, or not for you.")
