"""The campaigns of a client."""

from pydantic import Field

from knowledge.clients import queries
from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.clients.view import CampaignView, campaign_view
from tools.paging import Cursor, Limit, page_of
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    limit: Limit = 50
    cursor: Cursor = None


class Output(Wire):
    items: list[CampaignView]
    next_cursor: str | None


async def list_campaigns(context: ToolContext, asked: Input) -> Output:
    """List the campaigns of a client, newest first."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        campaigns = await queries.list_campaigns(conn, client_id)
    page, following = page_of(campaigns, asked.cursor, asked.limit)
    return Output(items=[campaign_view(campaign) for campaign in page], next_cursor=following)


LIST_CAMPAIGNS = Tool(
    name="list_campaigns",
    title="List campaigns",
    input=Input,
    output=Output,
    run=list_campaigns,
    scope="clients:read",
)
