"""Clients, their offers and their campaigns."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from knowledge.db import Row
from knowledge.ids import CampaignId, ClientId, OrgId

ClientStatus = Literal["active", "paused", "archived"]
CampaignStatus = Literal["draft", "planning", "running", "completed", "cancelled"]
Objective = Literal["awareness", "leads", "sales", "hiring", "partnerships", "retention"]


class Client(Row):
    id: ClientId
    org_id: OrgId
    name: str
    industry: str | None
    website: str | None
    primary_markets: list[str]
    primary_languages: list[str]
    timezone: str | None
    status: ClientStatus
    created_at: datetime


class Campaign(Row):
    id: CampaignId
    org_id: OrgId
    client_id: ClientId
    name: str
    status: CampaignStatus
    goal_description: str | None
    objective_type: Objective | None
    numeric_target: Decimal | None
    baseline: Decimal | None
    timeframe_days: int | None
    budget_min: Decimal | None
    budget_max: Decimal | None
    starts_on: date | None
    ends_on: date | None
    created_at: datetime
