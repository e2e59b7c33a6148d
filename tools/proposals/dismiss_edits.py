"""A person lets proposed edits go."""

from uuid import UUID

from pydantic import Field

from knowledge.proposals import service
from tools.assets.view import AssetView, asset_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    proposal_id: UUID = Field(description="Id of the proposal.")


async def dismiss_edits(context: ToolContext, asked: Input) -> AssetView:
    """Let proposed changes go; the piece stays as it is."""
    async with context.tx() as conn:
        asset = await service.dismiss(conn, asked.proposal_id, context.caller.user_id)
        return await asset_view(conn, context.caller, asset)


DISMISS_EDITS = Tool(
    name="dismiss_edits",
    title="Let proposed edits go",
    input=Input,
    output=AssetView,
    run=dismiss_edits,
    scope="assets:write",
    changes=True,
    people_only=True,
)
