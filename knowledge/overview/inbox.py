"""Everything that waits for a decision, as far as a role may make it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from knowledge.db import Connection, Row, fetch_all
from knowledge.ids import ApprovalId, RunId

# One page; ``types``: the documents the role may decide on. A run that asks how to go on asks everybody.
WAITING = """
select p.id as approval_id, p.gate, p.subject_type, p.subject_id, p.subject_version, p.subject_hash, p.requested_at,
  p.run_id, r.title as run_title, r.kind as run_kind, a.type as document_type, a.key as document_key,
  s.title as asset_title, s.format as asset_format, b.scope as budget_scope, b.limit_amount as budget_limit,
  coalesce(a.client_id, s.client_id, r.client_id) as client_id, c.name as client_name, k.name as campaign_name,
  (select round(avg((q.data->>'score')::numeric), 1) from artifacts q
   where q.type = 'qa_report' and q.client_id = s.client_id and q.data->>'assetId' = s.id::text
     and (q.data->>'assetVersion')::int = s.version) as score
from approvals p
left join runs r on r.id = p.run_id
left join artifacts a on p.subject_type = 'artifact' and a.id = p.subject_id
left join assets s on p.subject_type = 'asset' and s.id = p.subject_id
left join budgets b on p.subject_type = 'budget' and b.scope_id = p.subject_id
  and b.scope || ':' || b.period = p.subject_hash
left join clients c on c.id = coalesce(a.client_id, s.client_id, r.client_id)
left join campaigns k on k.id = coalesce(a.campaign_id, s.campaign_id, r.campaign_id)
where p.decision is null and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > now())
  and (p.subject_type in ('run', 'plan') or a.type = any(%(types)s)
    or (p.subject_type = 'asset' and %(assets)s) or (p.subject_type = 'budget' and %(budgets)s))
  and (%(client_id)s::uuid is null or coalesce(a.client_id, s.client_id, r.client_id) = %(client_id)s)
  and (%(after_at)s::timestamptz is null or (p.requested_at, p.id) > (%(after_at)s, %(after_id)s))
order by p.requested_at, p.id limit %(limit)s
"""


class Waits(Row):
    """One question. ``score`` (0–10) is the mean of the reviewers' scores, for a piece that has been reviewed."""

    approval_id: ApprovalId
    gate: str
    subject_type: str
    subject_id: UUID
    subject_version: int
    subject_hash: str
    requested_at: datetime
    run_id: RunId | None
    run_title: str | None
    run_kind: str | None
    document_type: str | None
    document_key: str | None
    asset_title: str | None
    asset_format: str | None
    budget_scope: str | None
    budget_limit: Decimal | None
    client_id: UUID | None
    client_name: str | None
    campaign_name: str | None
    score: Decimal | None


async def list_waiting(
    conn: Connection,
    *,
    types: Iterable[str],
    assets: bool,
    budgets: bool,
    client_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Waits]:
    """Oldest first. ``after`` is (requested_at, approval_id) of the last one already seen."""
    after_at, after_id = after or (None, None)
    values: dict[str, Any] = {"types": list(types), "assets": assets, "budgets": budgets, "client_id": client_id}
    return await fetch_all(conn, Waits, WAITING, {**values, "after_at": after_at, "after_id": after_id, "limit": limit})
