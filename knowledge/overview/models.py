"""Rows of what stands around a document, a piece, a run."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from knowledge.approvals.models import Decision
from knowledge.db import Row
from knowledge.ids import ApprovalId, ArtifactId, AssetId, CampaignId, RunId


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


class Waits(Row):
    """One question. ``score`` (0–10) is the critics' mean, for a piece that has been reviewed; ``content_score`` (0–100) is
    an article's; knowledge/assets/scores.py says which is shown."""

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
    asset_channel: str | None
    asset_format: str | None
    asset_status: str | None
    content_score: int | None
    budget_scope: str | None
    budget_limit: Decimal | None
    client_id: UUID | None
    client_name: str | None
    campaign_name: str | None
    score: Decimal | None


class AtWork(Row):
    """An agent at work, or one whose run failed in the last quarter of an hour."""

    agent: str
    doing: str | None
    run_id: UUID | None
    title: str | None
    failed: bool


class Count(Row):
    name: str
    n: int


class CampaignSpend(Row):
    """``spend``: dollars paid for the campaign's runs."""

    id: CampaignId
    name: str
    status: str
    client_name: str
    spend: Decimal


class RunSpend(Row):
    id: UUID
    spend: Decimal
