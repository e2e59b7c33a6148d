"""The clients of the house."""

from pydantic import Field

from knowledge.clients import queries
from tools.clients.view import ClientView, client_view
from tools.paging import Cursor, Limit, page_of
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    query: str | None = Field(default=None, max_length=200, description="Words of the name to look for.")
    limit: Limit = 50
    cursor: Cursor = None


class Output(Wire):
    items: list[ClientView]
    next_cursor: str | None


async def list_clients(context: ToolContext, asked: Input) -> Output:
    """List the clients by name, archived ones left out. Give a query to find one by words of its name."""
    async with context.tx() as conn:
        clients = await queries.list_clients(conn)
    words = (asked.query or "").casefold().split()
    found = [client for client in clients if all(word in client.name.casefold() for word in words)]
    page, following = page_of(found, asked.cursor, asked.limit)
    return Output(items=[client_view(client) for client in page], next_cursor=following)


LIST_CLIENTS = Tool(
    name="list_clients",
    title="List clients",
    input=Input,
    output=Output,
    run=list_clients,
    scope="clients:read",
)
