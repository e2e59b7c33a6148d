"""Keeps a client in view for the rest of the conversation."""

from pydantic import Field

from knowledge.clients import queries, service
from knowledge.errors import NotFound
from knowledge.ids import ClientId
from knowledge.sessions import queries as sessions
from tools.clients.chosen import get_session_id
from tools.clients.view import CampaignView, ClientView, campaign_view, client_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId = Field(description="Id of the client, from list_clients.")


class Output(Wire):
    client: ClientView
    campaign: CampaignView | None


async def choose_client(context: ToolContext, asked: Input) -> Output:
    """Choose the client this conversation is about. It stays chosen; a campaign of another client is let go."""
    session_id = get_session_id(context.caller)
    async with context.tx() as conn:
        client = await service.get_client(conn, asked.client_id)
        session = await sessions.choose_client(conn, session_id, client.id)
        if session is None:
            raise NotFound("This conversation does not exist any more.")
        campaign = await queries.get_campaign(conn, session.campaign_id) if session.campaign_id else None
    return Output(client=client_view(client), campaign=campaign_view(campaign) if campaign else None)


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
