"""What a person sees beside a document: whose it is, whether it is the newest, what was decided, what is asked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from knowledge.approvals.models import Decision
from knowledge.db import Connection, Row, fetch_all
from knowledge.ids import ApprovalId, ArtifactId, RunId

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


class AroundDocument(Row):
    """``approval_id``: the question that is open about this very version; ``decision``: the last one made on it.

    ``work_under_way``: an onboarding or planning run is at work there, so the next step needs no button.
    ``built_upon``: an approved document was made from this very version already.
    """

    id: ArtifactId
    client_name: str
    campaign_name: str | None
    latest_id: ArtifactId
    latest_version: int
    created_by_name: str
    approved_by_name: str | None
    open_comments: int
    approval_id: ApprovalId | None
    waiting_run_id: RunId | None
    decision: Decision | None
    decided_at: datetime | None
    decision_notes: str | None
    decided_in: str | None
    decided_by_name: str | None
    work_under_way: bool
    built_upon: bool


async def around_documents(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, AroundDocument]:
    rows = await fetch_all(conn, AroundDocument, AROUND_DOCUMENTS, {"ids": list(ids)})
    return {row.id: row for row in rows}
