"""A series of emails, and each email's place in it."""

from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from knowledge.assets.models import AssetStatus
from knowledge.db import Row
from knowledge.ids import AssetId, CampaignId, ClientId, OrgId, RunId

SeriesStatus = Literal["draft", "scheduled"]
#: emails a series may have (the issue's own limit)
FEWEST, MOST = 1, 30
LAST_DAY = 3_650


class Series(Row):
    """Scheduled: day 0 is ``starts_on``, every email goes out at ``send_time`` in ``timezone``."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    campaign_id: CampaignId | None
    run_id: RunId | None
    title: str
    goal: str
    tone: str
    language: str
    status: SeriesStatus
    starts_on: date | None
    send_time: time | None
    timezone: str | None
    scheduled_by: UUID | None
    scheduled_at: datetime | None
    idempotency_key: str | None
    created_at: datetime
    updated_at: datetime


class SeriesEmail(Row):
    """One email of a series with its piece. ``scheduled_hash``: the content that was approved for the plan."""

    id: UUID
    series_id: UUID
    asset_id: AssetId
    position: int
    day: int
    purpose: str
    scheduled_hash: str | None
    title: str
    status: AssetStatus
    version: int
    word_count: int
    content: dict[str, Any]
    content_hash: str
