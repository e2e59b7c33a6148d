"""A new client."""

from pydantic import Field

from knowledge.artifacts.plain_values import web_address
from knowledge.clients import service
from knowledge.errors import Invalid
from knowledge.sessions import queries as sessions
from tools.clients.view import ClientView, client_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    name: str = Field(max_length=20_000, description="Name of the client, as its customers know it.")
    industry: str | None = Field(default=None, max_length=200, description="Industry, if known.")
    website: str | None = Field(default=None, max_length=2_000, description="Full web address, if known.")


class Output(Wire):
    client: ClientView
    chosen: bool


async def create_client(context: ToolContext, asked: Input) -> Output:
    """Create a client; in a conversation it becomes the chosen one. Look with list_clients first: names are unique."""
    if asked.website and web_address(asked.website) is None:
        raise Invalid(fields={"website": "must be a full web address such as https://example.com"})
    async with context.tx() as conn:
        client = await service.create_client(conn, context.caller.org_id, asked.name, asked.industry, asked.website)
        session_id = context.caller.session_id
        chosen = bool(session_id and await sessions.choose_client(conn, session_id, client.id))
    return Output(client=client_view(client), chosen=chosen)


CREATE_CLIENT = Tool(
    name="create_client",
    title="Create a client",
    input=Input,
    output=Output,
    run=create_client,
    scope="clients:write",
    changes=True,
)
