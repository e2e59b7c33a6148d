"""What customers said, from a file or pasted, into a client's voice of customer."""

from pydantic import Field

from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.imports.asked import Brought, bring
from tools.imports.view import ImportView
from tools.spec import Tool, ToolContext


class Input(Brought):
    client_id: ClientId | None = Field(default=None, description="Whose customers; null: the chosen client's.")


async def import_voc(context: ToolContext, asked: Input) -> ImportView:
    """Open reviews, answers, a call or pasted quotes for import. Shows a preview; a person starts it."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
    return await bring(context, asked, "voc", client_id)


IMPORT_VOC = Tool(
    name="import_voc",
    title="Import customers' words",
    input=Input,
    output=ImportView,
    run=import_voc,
    scope="imports:write",
    changes=True,
)
