"""A new campaign of a client."""

from pydantic import Field

from knowledge.clients import service
from knowledge.clients.models import Objective
from knowledge.ids import ClientId
from knowledge.sessions import queries as sessions
from tools.clients.chosen import client_meant
from tools.clients.view import CampaignView, campaign_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    name: str = Field(max_length=20_000, description="Name of the campaign, unique for the client.")
    goal_description: str | None = Field(
        default=None, max_length=4_000, description="What must come of it, in plain words."
    )
    objective_type: Objective | None = Field(default=None, description="The kind of goal, if it is clear.")


class Output(Wire):
    campaign: CampaignView
    chosen: bool


async def create_campaign(context: ToolContext, asked: Input) -> Output:
    """Create a campaign for a client; in a conversation it becomes the chosen one."""
    caller = context.caller
    async with context.tx() as conn:
        client_id = await client_meant(conn, caller, asked.client_id)
        campaign = await service.create_campaign(
            conn, caller.org_id, client_id, asked.name, asked.goal_description, asked.objective_type
        )
        session_id = caller.session_id
        chosen = bool(session_id and await sessions.choose_campaign(conn, session_id, campaign.id))
    return Output(campaign=campaign_view(campaign), chosen=chosen)


CREATE_CAMPAIGN = Tool(
    name="create_campaign",
    title="Create a campaign",
    input=Input,
    output=Output,
    run=create_campaign,
    scope="clients:write",
    changes=True,
)
