"""SQL over several tables at once, for people to see what belongs together. Nothing here writes."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from knowledge.assets.queries import critics_sql
from knowledge.db import Connection, fetch_all
from knowledge.overview.models import (
    AroundDocument,
    AroundPiece,
    AtWork,
    CampaignSpend,
    Count,
    Finding,
    RunSpend,
    Waits,
)

DECISION_COLUMNS = """said.decision, said.decided_at, said.notes as decision_notes, said.decided_in,
  decider.display_name as decided_by_name"""

LAST_DECISION = """
left join lateral (
  select decision, decided_at, decided_by, notes, decided_in from approvals p
  where p.subject_type = '{subject}' and p.subject_id = a.id and p.decision is not null
    and p.subject_hash = a.content_hash
  order by p.decided_at desc limit 1) said on true
left join users decider on decider.id = said.decided_by
left join lateral (
  select id, run_id from approvals p
  where p.subject_type = '{subject}' and p.subject_id = a.id and p.decision is null and p.withdrawn_at is null
    and (p.expires_at is null or p.expires_at > now())
  order by p.requested_at limit 1) waits on true
"""

AROUND_DOCUMENTS = f"""
select a.id, c.name as client_name, k.name as campaign_name, newest.id as latest_id, newest.version as latest_version,
  coalesce(author.display_name, a.created_by) as created_by_name, approver.display_name as approved_by_name,
  (select count(*) from comments m join artifacts v on v.id = m.artifact_id
   where v.client_id = a.client_id and v.campaign_id is not distinct from a.campaign_id and v.type = a.type
     and v.key = a.key and m.resolved_at is null) as open_comments,
  waits.id as approval_id, waits.run_id as waiting_run_id, {DECISION_COLUMNS},
  exists (select from runs r where r.client_id = a.client_id and r.status in ('queued', 'running', 'waiting')
          and r.campaign_id is not distinct from a.campaign_id
          and r.kind in ('client_onboarding', 'campaign_planning')) as work_under_way,
  exists (select from artifacts d where d.client_id = a.client_id and d.status = 'approved'
          and d.source_versions -> a.type ->> 'id' = a.id::text) as built_upon
from artifacts a
join clients c on c.id = a.client_id
left join campaigns k on k.id = a.campaign_id
left join users approver on approver.id = a.approved_by
left join users author on a.created_by = 'user:' || author.id::text
join lateral (
  select id, version from artifacts v
  where v.client_id = a.client_id and v.campaign_id is not distinct from a.campaign_id and v.type = a.type
    and v.key = a.key order by v.version desc limit 1) newest on true
{LAST_DECISION.format(subject="artifact")}
where a.id = any(%(ids)s)
"""

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

# One page; ``types``: the documents the role may decide on. A run that asks how to go on asks everybody. A piece is scored
# as people see it (knowledge/assets/scores.py), a content score on the scale of ten.
WAITING = f"""
select * from (
select p.id as approval_id, p.gate, p.subject_type, p.subject_id, p.subject_version, p.subject_hash, p.requested_at,
  p.run_id, r.title as run_title, r.kind as run_kind, a.type as document_type, a.key as document_key,
  s.title as asset_title, s.channel as asset_channel, s.format as asset_format, s.status as asset_status,
  (s.seo->'score'->>'total')::int as content_score, b.scope as budget_scope, b.limit_amount as budget_limit,
  coalesce(a.client_id, s.client_id, r.client_id) as client_id, c.name as client_name, k.name as campaign_name,
  {critics_sql("s")} as score
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
  and (%(subject)s::text is null or p.subject_type = %(subject)s)
  and (%(channel)s::text is null or s.channel = %(channel)s)
  and (%(status)s::text is null or s.status = %(status)s)
) waits
where (%(score_from)s::numeric is null or coalesce(content_score / 10.0, score) >= %(score_from)s)
  and (%(score_to)s::numeric is null or coalesce(content_score / 10.0, score) <= %(score_to)s)
order by requested_at, approval_id limit %(limit)s
"""

ASKED = """
select data->>'sentence' from run_events
where run_id = %(run_id)s and type = 'approval_requested' and data->>'approvalId' = %(approval_id)s::text
order by seq desc limit 1
"""

LAST_WORK = """
select distinct on (type) type, coalesce(data->>'artifactId', data->>'assetId') as id from run_events
where run_id = %(run_id)s and type in ('document', 'asset') order by type, seq desc
"""

IN_RUNS = """
select distinct on (e.agent) e.agent, e.data->>'doing' as doing, e.run_id, r.title, r.status = 'failed' as failed
from run_events e join runs r on r.id = e.run_id
where e.type in ('agent_started', 'agent_completed') and e.agent is not null
  and (r.status = 'running' or (r.status = 'failed' and r.finished_at > now() - interval '15 minutes'))
  and e.type = 'agent_started' and not exists (
    select from run_events later where later.run_id = e.run_id and later.agent = e.agent and later.seq > e.seq
      and later.type = 'agent_completed')
order by e.agent, failed, e.at desc
"""

IN_CONVERSATIONS = """
select distinct on (agent) coalesce(t.agent, s.active_agent) as agent, null as doing, null::uuid as run_id,
  null as title, false as failed
from turns t join sessions s on s.id = t.session_id where t.status = 'running' order by agent, t.created_at desc
"""

DOCUMENTS_BY_STATUS = """
select status as name, count(*) as n from (
  select distinct on (client_id, campaign_id, type, key) status from artifacts
  where type <> 'qa_report' order by client_id, campaign_id, type, key, version desc) heads
group by status
"""

ASSETS_BY_STATUS = "select status as name, count(*) as n from assets group by status"

SPEND_OF_CAMPAIGNS = """
select k.id, k.name, k.status, c.name as client_name, coalesce(sum(l.cost), 0) as spend
from campaigns k join clients c on c.id = k.client_id and c.status <> 'archived'
left join runs r on r.campaign_id = k.id
left join usage_ledger l on l.run_id = r.id and l.org_id = k.org_id
where k.status <> 'cancelled'
group by k.id, k.name, k.status, c.name, k.created_at order by k.created_at desc, k.id limit %(limit)s
"""

SPEND_OF_RUNS = """
select run_id as id, sum(cost) as spend from usage_ledger
where org_id = current_org() and run_id = any(%(ids)s) group by run_id
"""


async def around_documents(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, AroundDocument]:
    rows = await fetch_all(conn, AroundDocument, AROUND_DOCUMENTS, {"ids": list(ids)})
    return {row.id: row for row in rows}


async def around_pieces(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, AroundPiece]:
    rows = await fetch_all(conn, AroundPiece, AROUND_PIECES, {"ids": list(ids)})
    return {row.id: row for row in rows}


async def findings(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Each piece's newest report of every reviewer, on its present version."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await fetch_all(conn, Finding, FINDINGS, {"ids": list(ids)}):
        found.setdefault(row.asset_id, []).append(row.data)
    return found


async def list_waiting(
    conn: Connection,
    *,
    types: Iterable[str],
    assets: bool,
    budgets: bool,
    client_id: UUID | None = None,
    subject: str | None = None,
    channel: str | None = None,
    status: str | None = None,
    score_from: float | None = None,
    score_to: float | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Waits]:
    """Oldest first. ``after`` is (requested_at, approval_id) of the last one already seen; ``channel``, ``status`` and the
    scores (0–10, inclusive) are of pieces, so that with one of them only pieces are found."""
    after_at, after_id = after or (None, None)
    values: dict[str, Any] = {"types": list(types), "assets": assets, "budgets": budgets, "client_id": client_id,
                              "subject": subject, "channel": channel, "status": status, "score_from": score_from,
                              "score_to": score_to}  # fmt: skip
    return await fetch_all(conn, Waits, WAITING, {**values, "after_at": after_at, "after_id": after_id, "limit": limit})


async def asked_sentence(conn: Connection, run_id: UUID, approval_id: UUID) -> str | None:
    row = await (await conn.execute(ASKED, {"run_id": run_id, "approval_id": approval_id})).fetchone()
    return str(row[0]) if row and row[0] else None


async def last_work(conn: Connection, run_id: UUID) -> dict[str, str]:
    """``document`` and ``asset`` -> the id of the last one the run wrote."""
    rows = await (await conn.execute(LAST_WORK, {"run_id": run_id})).fetchall()
    return {str(row[0]): str(row[1]) for row in rows if row[1]}


async def at_work(conn: Connection) -> dict[str, AtWork]:
    """By agent; a run goes before a conversation."""
    talking = await fetch_all(conn, AtWork, IN_CONVERSATIONS, {})
    working = await fetch_all(conn, AtWork, IN_RUNS, {})
    return {found.agent: found for found in [*(one for one in working if one.failed), *talking,
                                             *(one for one in working if not one.failed)]}  # fmt: skip


async def documents_by_status(conn: Connection) -> dict[str, int]:
    """Newest versions only; the reviewers' reports are not counted."""
    return {row.name: row.n for row in await fetch_all(conn, Count, DOCUMENTS_BY_STATUS, {})}


async def assets_by_status(conn: Connection) -> dict[str, int]:
    return {row.name: row.n for row in await fetch_all(conn, Count, ASSETS_BY_STATUS, {})}


async def campaigns_with_spend(conn: Connection, limit: int = 50) -> list[CampaignSpend]:
    return await fetch_all(conn, CampaignSpend, SPEND_OF_CAMPAIGNS, {"limit": limit})


async def spend_of_runs(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Dollars paid for each run; one that has cost nothing is left out."""
    rows = await fetch_all(conn, RunSpend, SPEND_OF_RUNS, {"ids": list(ids)})
    return {row.id: row.spend for row in rows}
