"""A client's intake and what is missing in it."""

from pydantic import Field

from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.intake.view import IntakeView, get_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")


async def get_intake(context: ToolContext, asked: Input) -> IntakeView:
    """Read a client's intake: the answers, what is missing (with its path), errors, warnings and progress."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        return await get_view(conn, context.caller, client_id)


GET_INTAKE = Tool(
    name="get_intake",
    title="Read the intake",
    input=Input,
    output=IntakeView,
    run=get_intake,
    scope="intake:read",
)
