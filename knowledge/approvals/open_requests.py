"""Requests that still wait follow their document: an edit takes the place of what was shown.

A click from before the edit is refused because it names the old content; the run that waits is answered for the
newest version.
"""

from knowledge.artifacts.models import Artifact
from knowledge.db import Connection

REPOINT = """
update approvals set subject_id = %(new_id)s, subject_version = %(version)s, subject_hash = %(hash)s
where subject_type = 'artifact' and subject_id = %(old_id)s and decision is null and withdrawn_at is null
"""


async def repoint(conn: Connection, old: Artifact, new: Artifact) -> None:
    values = {"old_id": old.id, "new_id": new.id, "version": new.version, "hash": new.content_hash}
    await conn.execute(REPOINT, values)
