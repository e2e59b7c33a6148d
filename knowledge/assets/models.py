"""A piece that gets published: an article, an email, an ad."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import AssetId, CampaignId, ClientId, OrgId, RunId

AssetStatus = Literal["researching", "draft", "polishing", "qa_passed", "approved", "published", "rejected"]


class Asset(Row):
    """``content`` by format: article {title, slug, metaDescription, sections[], markdown}, email {subject, preheader,
    bodyMarkdown, plainText, callToAction}. ``content_hash`` is what an approval is bound to."""

    id: AssetId
    org_id: OrgId
    client_id: ClientId
    campaign_id: CampaignId | None
    experiment_id: UUID | None
    asset_brief_id: UUID | None
    run_id: RunId | None
    variant_id: str | None
    source_type: str
    status: AssetStatus
    channel: str
    format: str
    title: str
    icp_id: str | None
    funnel_stage_id: str | None
    concept_id: str | None
    angle_type: str | None
    content: dict[str, Any]
    seo: dict[str, Any]
    word_count: int
    version: int
    content_hash: str
    storage_key: str | None
    mime: str | None
    bytes: int | None
    sha256: str | None
    agent: str | None
    model: str | None
    idempotency_key: str | None
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class FlaggedDocument(Row):
    """A document behind a piece whose upstream has moved."""

    type: str
    version: int
    flagged_reason: str | None
