"""Keeps a campaign, and its client, in view for the rest of the conversation."""

from pydantic import Field

from knowledge.clients import service
from knowledge.errors import NotFound
from knowledge.ids import CampaignId
from knowledge.sessions import queries as sessions
from tools.clients.chosen import get_session_id
from tools.clients.view import CampaignView, ClientView, campaign_view, client_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    campaign_id: CampaignId = Field(description="Id of the campaign, from list_campaigns.")


class Output(Wire):
    client: ClientView
    campaign: CampaignView


async def choose_campaign(context: ToolContext, asked: Input) -> Output:
    """Choose the campaign this conversation is about; its client is chosen with it."""
    session_id = get_session_id(context.caller)
    async with context.tx() as conn:
        campaign = await service.get_campaign(conn, asked.campaign_id)
        client = await service.get_client(conn, campaign.client_id)
        if await sessions.choose_campaign(conn, session_id, campaign.id) is None:
            raise NotFound("This conversation does not exist any more.")
    return Output(client=client_view(client), campaign=campaign_view(campaign))


CHOOSE_CAMPAIGN = Tool(
    name="choose_campaign",
    title="Choose a campaign",
    input=Input,
    output=Output,
    run=choose_campaign,
    scope="clients:read",
    changes=True,
    repeatable=True,
)
