"""A client and a campaign as cards, programs and agents see them."""

from datetime import date, datetime
from decimal import Decimal

from knowledge.clients.models import Campaign, CampaignStatus, Client, ClientStatus, Objective
from knowledge.ids import CampaignId, ClientId
from tools.spec import Wire


class ClientView(Wire):
    id: ClientId
    name: str
    industry: str | None
    website: str | None
    primary_markets: list[str]
    primary_languages: list[str]
    timezone: str | None
    status: ClientStatus
    created_at: datetime


class CampaignView(Wire):
    """Amounts are in the client's own currency."""

    id: CampaignId
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


def client_view(client: Client) -> ClientView:
    return ClientView.model_validate(client.model_dump(exclude={"org_id"}))


def campaign_view(campaign: Campaign) -> CampaignView:
    return CampaignView.model_validate(campaign.model_dump(exclude={"org_id"}))
