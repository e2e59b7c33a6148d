"""What a person sees beside a piece (an asset): whose it is, what its reviewers found, what is asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.approvals.models import Decision
from knowledge.db import Connection, Row, fetch_all
from knowledge.ids import ApprovalId, AssetId, RunId
from knowledge.overview.documents import DECISION_COLUMNS, LAST_DECISION

AROUND_PIECES = f"""
select a.id, c.name as client_name, k.name as campaign_name,
  (select count(*) from comments m where m.asset_id = a.id and m.resolved_at is null) as open_comments,
  waits.id as approval_id, waits.run_id as waiting_run_id, {DECISION_COLUMNS}
from assets a
join clients c on c.id = a.client_id
left join campaigns k on k.id = a.campaign_id
{LAST_DECISION.format(subject="asset")}
where a.id = any(%(ids)s)
"""

# The newest report of each reviewer on the piece's present version.
FINDINGS = """
select distinct on (q.data->>'assetId', q.data->>'reviewer') (q.data->>'assetId')::uuid as asset_id, q.data
from artifacts q join assets a on a.client_id = q.client_id and q.data->>'assetId' = a.id::text
where q.type = 'qa_report' and a.id = any(%(ids)s) and (q.data->>'assetVersion')::int = a.version
order by q.data->>'assetId', q.data->>'reviewer', q.created_at desc, q.version desc
"""


class AroundPiece(Row):
    """``approval_id``: the question that is open about the piece; ``decision``: the last one made on it."""

    id: AssetId
    client_name: str
    campaign_name: str | None
    open_comments: int
    approval_id: ApprovalId | None
    waiting_run_id: RunId | None
    decision: Decision | None
    decided_at: datetime | None
    decision_notes: str | None
    decided_in: str | None
    decided_by_name: str | None


class Finding(Row):
    """One QA report, as stored (camelCase)."""

    asset_id: AssetId
    data: dict[str, Any]


async def around_pieces(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, AroundPiece]:
    rows = await fetch_all(conn, AroundPiece, AROUND_PIECES, {"ids": list(ids)})
    return {row.id: row for row in rows}


async def findings(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Each piece's newest report of every reviewer, on its present version."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await fetch_all(conn, Finding, FINDINGS, {"ids": list(ids)}):
        found.setdefault(row.asset_id, []).append(row.data)
    return found
