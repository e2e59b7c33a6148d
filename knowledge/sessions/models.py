"""A conversation: who, about which client and campaign, with which agent speaking."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from knowledge.db import Row
from knowledge.ids import CampaignId, ClientId, OrgId, SessionId, TurnId, UserId


class Session(Row):
    id: SessionId
    org_id: OrgId
    user_id: UserId
    client_id: ClientId | None
    campaign_id: CampaignId | None
    channel: str
    external_thread: str
    active_agent: str
    budget_limit: Decimal | None
    created_at: datetime
    updated_at: datetime


class Turn(Row):
    """One message of a person and what came of it."""

    id: TurnId
    org_id: OrgId
    session_id: SessionId
    user_id: UserId
    input: str
    command: str | None
    context: dict[str, Any]
    status: str
    agent: str | None
    answer: str | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class Item(Row):
    """One thing said or done in a conversation, as the models are told of it."""

    seq: int
    item: dict[str, Any]
    created_at: datetime
