"""Requests that still wait follow what they are about: an edit takes the place of what was shown.

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


async def repoint(
    conn: Connection, subject_type: SubjectType, old_id: UUID, new_id: UUID, version: int, content_hash: str
) -> None:
    """``old_id`` and ``new_id`` differ for a document (a row a version) and are the same for an asset."""
    values = {"type": subject_type, "old_id": old_id, "new_id": new_id, "version": version, "hash": content_hash}
    await conn.execute(REPOINT, values)
