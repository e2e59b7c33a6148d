"""An approval: a question put to people, bound to the exact content it was put about, answered once."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ApprovalId, OrgId, RunId, UserId

SubjectType = Literal["artifact", "asset", "run", "plan", "budget"]
Decision = Literal["approved", "rejected", "changes_requested"]


class Approval(Row):
    id: ApprovalId
    org_id: OrgId
    run_id: RunId | None
    gate: str
    subject_type: SubjectType
    subject_id: UUID
    subject_version: int
    subject_hash: str
    requested_at: datetime
    expires_at: datetime | None
    decision: Decision | None
    decided_by: UserId | None
    decided_at: datetime | None
    decided_in: str | None
    notes: str | None
    edits: dict[str, Any] | None
    withdrawn_at: datetime | None
    created_at: datetime
