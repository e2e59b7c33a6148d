"""Requests that still wait: put without a run where a document or a piece waits for people, and kept up to date.

An edit takes the place of what was shown.

A click from before the edit is refused because it names the old content; the run that waits is answered for the
newest version. Whoever calls this holds the subject (the client's documents, the asset's row).
"""

from uuid import UUID

from knowledge.approvals.models import SubjectType
from knowledge.db import Connection

REPOINT = """
update approvals set subject_id = %(new_id)s, subject_version = %(version)s, subject_hash = %(hash)s
where subject_type = %(type)s and subject_id = %(old_id)s and decision is null and withdrawn_at is null
"""


# without a run nobody else puts the question: it is put once, however often it is called for
ASK_DOCUMENT = """
insert into approvals (org_id, gate, subject_type, subject_id, subject_version, subject_hash)
select a.org_id, a.type, 'artifact', a.id, a.version, a.content_hash from artifacts a
where a.id = %(id)s and not exists (
  select from approvals p where p.subject_type = 'artifact' and p.subject_id = a.id and p.decision is null
    and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > now()))
"""
ASK_ASSET = """
insert into approvals (org_id, gate, subject_type, subject_id, subject_version, subject_hash)
select a.org_id, 'asset', 'asset', a.id, a.version, a.content_hash from assets a
where a.id = %(id)s and not exists (
  select from approvals p where p.subject_type = 'asset' and p.subject_id = a.id and p.decision is null
    and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > now()))
"""


async def ask_for_document(conn: Connection, artifact_id: UUID) -> None:
    """Let this version wait in the inbox of those who may decide on it."""
    await conn.execute(ASK_DOCUMENT, {"id": artifact_id})


async def ask_for_asset(conn: Connection, asset_id: UUID) -> None:
    """Let this piece wait in the inbox of those who may decide on it."""
    await conn.execute(ASK_ASSET, {"id": asset_id})


async def repoint(
    conn: Connection, subject_type: SubjectType, old_id: UUID, new_id: UUID, version: int, content_hash: str
) -> None:
    """``old_id`` and ``new_id`` differ for a document (a row a version) and are the same for an asset."""
    values = {"type": subject_type, "old_id": old_id, "new_id": new_id, "version": version, "hash": content_hash}
    await conn.execute(REPOINT, values)
