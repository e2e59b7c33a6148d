"""In which words a run asked its question, and what it has written: read from its events."""

from uuid import UUID

from knowledge.db import Connection

ASKED = """
select data->>'sentence' from run_events
where run_id = %(run_id)s and type = 'approval_requested' and data->>'approvalId' = %(approval_id)s::text
order by seq desc limit 1
"""
LAST_WORK = """
select distinct on (type) type, coalesce(data->>'artifactId', data->>'assetId') as id from run_events
where run_id = %(run_id)s and type in ('document', 'asset') order by type, seq desc
"""


async def asked_sentence(conn: Connection, run_id: UUID, approval_id: UUID) -> str | None:
    row = await (await conn.execute(ASKED, {"run_id": run_id, "approval_id": approval_id})).fetchone()
    return str(row[0]) if row and row[0] else None


async def last_work(conn: Connection, run_id: UUID) -> dict[str, str]:
    """``document`` and ``asset`` -> the id of the last one the run wrote."""
    rows = await (await conn.execute(LAST_WORK, {"run_id": run_id})).fetchall()
    return {str(row[0]): str(row[1]) for row in rows if row[1]}
