"""SQL over ``artifacts``. The newest version of a document is the one with the highest number."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.artifacts.models import Artifact, Lineage, Note
from knowledge.artifacts.registry import CLIENT_DOCUMENTS, ArtifactType
from knowledge.db import Connection, fetch_all, fetch_one

COLUMNS = """id, org_id, client_id, campaign_id, type, key, version, status, data, notes, content_hash, inputs_hash,
  source_versions, created_by, model, approved_at, approved_by, flagged_reason, created_at"""

GET = f"select {COLUMNS} from artifacts where id = %(id)s"

LATEST = f"""
select {COLUMNS} from artifacts
where client_id = %(client_id)s and campaign_id is not distinct from %(campaign_id)s
  and type = %(type)s and key = %(key)s
order by version desc limit 1
"""

VERSIONS = f"""
select {COLUMNS} from artifacts
where client_id = %(client_id)s and campaign_id is not distinct from %(campaign_id)s
  and type = %(type)s and key = %(key)s
order by version desc
"""

# the newest version of each document of a client, its campaigns' included
HEADS = f"""
select distinct on (campaign_id, type, key) {COLUMNS} from artifacts
where client_id = %(client_id)s and type = any(%(types)s)
order by campaign_id, type, key, version desc
"""

# every version of every document of a client, without what they hold; newest versions first
LINEAGE = """
select id, campaign_id, type, key, version, status, flagged_reason, source_versions, approved_at, created_at
from artifacts where client_id = %(client_id)s order by version desc
"""

LIST_HEADS = f"""
select {COLUMNS} from (
  select distinct on (client_id, campaign_id, type, key) {COLUMNS} from artifacts
  where (%(type)s::text is null or type = %(type)s)
    and (%(client_id)s::uuid is null or client_id = %(client_id)s)
    and (%(campaign_id)s::uuid is null or campaign_id = %(campaign_id)s)
  order by client_id, campaign_id, type, key, version desc
) heads
where (%(before_at)s::timestamptz is null or (created_at, id) < (%(before_at)s, %(before_id)s))
order by created_at desc, id desc limit %(limit)s
"""

LIST_ALL = f"""
select {COLUMNS} from artifacts
where (%(type)s::text is null or type = %(type)s)
  and (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(campaign_id)s::uuid is null or campaign_id = %(campaign_id)s)
  and (%(before_at)s::timestamptz is null or (created_at, id) < (%(before_at)s, %(before_id)s))
order by created_at desc, id desc limit %(limit)s
"""

INSERT = f"""
insert into artifacts (org_id, client_id, campaign_id, type, key, version, status, data, notes, content_hash, inputs_hash,
                       source_versions, created_by, model)
values (%(org_id)s, %(client_id)s, %(campaign_id)s, %(type)s, %(key)s, %(version)s, %(status)s, %(data)s,
        %(notes)s, %(content_hash)s, %(inputs_hash)s, %(source_versions)s, %(created_by)s, %(model)s)
returning {COLUMNS}
"""

APPROVE = f"""
update artifacts set status = 'approved', approved_at = now(), approved_by = %(user_id)s, flagged_reason = null
where id = %(id)s returning {COLUMNS}
"""

ARCHIVE_OLDER = """
update artifacts set status = 'archived', flagged_reason = null
where client_id = %(client_id)s and campaign_id is not distinct from %(campaign_id)s
  and type = %(type)s and key = %(key)s and version < %(version)s and status <> 'archived'
"""

FLAG = "update artifacts set status = 'flagged_for_review', flagged_reason = %(reason)s where id = %(id)s"

ADD_NOTE = "update artifacts set notes = notes || %(note)s where id = %(id)s"

PLACE = """
select exists (select from clients where id = %(client_id)s),
       (select client_id from campaigns where id = %(campaign_id)s)
"""

# one writer at a time for a client's documents: gate, version number and cascade belong together
LOCK_CLIENT = "select pg_advisory_xact_lock(hashtextextended('artifacts:' || %(client_id)s::text, 0))"


async def get(conn: Connection, artifact_id: UUID) -> Artifact | None:
    return await fetch_one(conn, Artifact, GET, {"id": artifact_id})


async def latest(
    conn: Connection, client_id: UUID, type: str, campaign_id: UUID | None = None, key: str = ""
) -> Artifact | None:
    where = {"client_id": client_id, "campaign_id": campaign_id, "type": type, "key": key}
    return await fetch_one(conn, Artifact, LATEST, where)


async def versions(conn: Connection, like: Artifact) -> list[Artifact]:
    return await fetch_all(conn, Artifact, VERSIONS, _document(like))


async def heads(
    conn: Connection, client_id: UUID, types: Collection[ArtifactType] = CLIENT_DOCUMENTS
) -> list[Artifact]:
    """The newest version of each of a client's documents; those of its pieces are as many as the pieces, and left out."""
    return await fetch_all(conn, Artifact, HEADS, {"client_id": client_id, "types": list(types)})


async def lineage(conn: Connection, client_id: UUID) -> list[Lineage]:
    """Every version of a client's documents; of each document the newest comes first."""
    return await fetch_all(conn, Lineage, LINEAGE, {"client_id": client_id})


async def list_artifacts(conn: Connection, only_latest: bool, filters: dict[str, Any]) -> list[Artifact]:
    """``filters``: type, client_id, campaign_id, before_at + before_id (a page's last row), limit."""
    return await fetch_all(conn, Artifact, LIST_HEADS if only_latest else LIST_ALL, filters)


async def insert(conn: Connection, values: dict[str, Any]) -> Artifact:
    jsonb = {name: Jsonb(values[name]) for name in ("data", "notes", "source_versions")}
    row = await fetch_one(conn, Artifact, INSERT, {**values, **jsonb})
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row


async def approve(conn: Connection, artifact: Artifact, user_id: UUID) -> Artifact:
    row = await fetch_one(conn, Artifact, APPROVE, {"id": artifact.id, "user_id": user_id})
    assert row is not None  # noqa: S101 - the row was read in this transaction and rows are never deleted
    await conn.execute(ARCHIVE_OLDER, {**_document(artifact), "version": artifact.version})
    return row


async def flag(conn: Connection, artifact_id: UUID, reason: str) -> None:
    await conn.execute(FLAG, {"id": artifact_id, "reason": reason})


async def add_note(conn: Connection, artifact_id: UUID, note: Note) -> None:
    await conn.execute(ADD_NOTE, {"id": artifact_id, "note": Jsonb([note.model_dump(mode="json")])})


async def lock_client(conn: Connection, client_id: UUID) -> None:
    await conn.execute(LOCK_CLIENT, {"client_id": client_id})


async def find_place(conn: Connection, client_id: UUID, campaign_id: UUID | None) -> tuple[bool, UUID | None]:
    """Whether there is such a client, and whose the campaign is (None: there is none)."""
    row = await (await conn.execute(PLACE, {"client_id": client_id, "campaign_id": campaign_id})).fetchone()
    return (bool(row[0]), row[1]) if row else (False, None)


def _document(like: Artifact) -> dict[str, Any]:
    return {"client_id": like.client_id, "campaign_id": like.campaign_id, "type": like.type, "key": like.key}
