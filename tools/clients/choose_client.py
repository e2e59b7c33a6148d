"""Keeps a client in view for the rest of the conversation."""

from pydantic import Field

from knowledge.clients import queries, service
from knowledge.clients.models import Campaign
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import ClientId
from knowledge.sessions import queries as sessions
from tools.clients.chosen import get_session_id
from tools.clients.view import CampaignView, ClientView, campaign_view, client_view
from tools.spec import Tool, ToolContext, Wire

#: a campaign that nothing is done for any more
OVER = ("completed", "cancelled")


class Input(Wire):
    client_id: ClientId = Field(description="Id of the client, from list_clients.")


class Output(Wire):
    client: ClientView
    campaign: CampaignView | None


async def choose_client(context: ToolContext, asked: Input) -> Output:
    """Choose the client this conversation is about. It stays chosen; a campaign of another client is let go, and the
    only one that is not over comes with it."""
    session_id = get_session_id(context.caller)
    async with context.tx() as conn:
        client = await service.get_client(conn, asked.client_id)
        session = await sessions.choose_client(conn, session_id, client.id)
        if session is None:
            raise NotFound("This conversation does not exist any more.")
        if session.campaign_id:
            campaign = await queries.get_campaign(conn, session.campaign_id)
        elif campaign := await _only_one(conn, client.id):
            await sessions.choose_campaign(conn, session_id, campaign.id)
    return Output(client=client_view(client), campaign=campaign_view(campaign) if campaign else None)


async def _only_one(conn: Connection, client_id: ClientId) -> Campaign | None:
    """What is meant anyway where there is no choice."""
    under_way = [one for one in await queries.list_campaigns(conn, client_id) if one.status not in OVER]
    return under_way[0] if len(under_way) == 1 else None


CHOOSE_CLIENT = Tool(
    name="choose_client",
    title="Choose a client",
    input=Input,
    output=Output,
    run=choose_client,
    scope="clients:read",
    changes=True,
    repeatable=True,
)
