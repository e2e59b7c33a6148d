"""What customers speak of, how often, and how far they agree."""

from pydantic import Field

from knowledge.ids import ClientId
from knowledge.voc import queries
from tools.clients.chosen import client_meant
from tools.paging import Limit
from tools.spec import Tool, ToolContext, Wire
from tools.voc.view import ThemeView, theme_view


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    limit: Limit = 40


class Output(Wire):
    items: list[ThemeView]


async def list_themes(context: ToolContext, asked: Input) -> Output:
    """List the themes of the client's customers with counts, praise and complaint, and ids of example quotes."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        return Output(items=[theme_view(one) for one in await queries.themes(conn, client_id, asked.limit)])


LIST_THEMES = Tool(
    name="list_themes",
    title="List themes",
    input=Input,
    output=Output,
    run=list_themes,
    scope="voc:read",
)
