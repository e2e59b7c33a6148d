"""A question that waits for a person, in words."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from knowledge.approvals.subjects import MAY_RAISE_BUDGETS
from knowledge.artifacts.registry import SPECS
from knowledge.assets.service import MAY_DECIDE
from knowledge.ids import ApprovalId, ClientId, RunId
from knowledge.money.service import dollars
from knowledge.overview.models import Waits
from tools.artifacts.view import type_title
from tools.assets.scores import ShownScore, shown_score
from tools.spec import Wire


class InboxItem(Wire):
    """One question. ``contentHash`` names what is asked about; a decision carries it back.

    Of a piece: ``score`` (0–10) is the critics' mean, ``contentScore`` (0–100) an article's, ``shownScore`` the one that
    people see; ``openClaims`` are those that
    nothing on file carries and nobody answers for, ``criticalFindings`` those of the preflight: both hold approval up.
    """

    approval_id: ApprovalId
    gate: str
    subject_type: str
    subject_id: UUID
    title: str
    version: int
    content_hash: str = Field(description="Empty for questions about a run or a budget.")
    requested_at: datetime
    client_id: ClientId | None
    client_name: str | None
    campaign_name: str | None
    run_id: RunId | None
    run_title: str | None
    score: float | None
    shown_score: ShownScore | None
    channel: str | None
    format: str | None
    status: str | None
    content_score: int | None
    open_claims: int
    critical_findings: int


def inbox_item(waits: Waits, open_claims: int = 0, critical_findings: int = 0) -> InboxItem:
    score = None if waits.score is None else float(waits.score)
    return InboxItem(
        approval_id=waits.approval_id,
        gate=waits.gate,
        subject_type=waits.subject_type,
        subject_id=waits.subject_id,
        title=_title(waits),
        version=waits.subject_version,
        content_hash=waits.subject_hash,
        requested_at=waits.requested_at,
        client_id=ClientId(waits.client_id) if waits.client_id else None,
        client_name=waits.client_name,
        campaign_name=waits.campaign_name,
        run_id=waits.run_id,
        run_title=waits.run_title,
        score=score,
        shown_score=shown_score(waits.content_score, score),
        channel=waits.asset_channel,
        format=waits.asset_format,
        status=waits.asset_status,
        content_score=waits.content_score,
        open_claims=open_claims,
        critical_findings=critical_findings,
    )


def _title(waits: Waits) -> str:
    run = waits.run_title or "A run"
    match waits.subject_type:
        case "artifact":
            named = type_title(waits.document_type or waits.gate)
            return f"{named}: {waits.document_key}" if waits.document_key else named
        case "asset":
            return waits.asset_title or "A piece"
        case "budget":
            limit = f" (limit {dollars(waits.budget_limit)})" if waits.budget_limit is not None else ""
            return f"{run} has used up its budget{limit}"
        case _:
            return f"{run} asks how to go on"


def roles_that_may(subject_type: str, document_type: str | None) -> frozenset[str] | None:
    """Which roles may decide; None: everybody."""
    match subject_type:
        case "artifact":
            found = (spec.approver_roles for name, spec in SPECS.items() if name == document_type)
            return next(found, frozenset[str]())
        case "asset":
            return MAY_DECIDE
        case "budget":
            return MAY_RAISE_BUDGETS
        case _:
            return None
