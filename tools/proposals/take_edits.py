"""A person takes some of the proposed edits."""

from uuid import UUID

from pydantic import Field

from knowledge.proposals import service
from tools.assets.read_again import read_again
from tools.assets.view import AssetView, asset_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    proposal_id: UUID = Field(description="Id of the proposal.")
    hunks: list[str] = Field(min_length=1, max_length=2_000, description="Ids of the changes to take.")


async def take_edits(context: ToolContext, asked: Input) -> AssetView:
    """Put the chosen changes into the piece. Makes its next version, a draft."""
    async with context.tx() as conn:
        asset = await service.take(conn, asked.proposal_id, asked.hunks, context.caller.user_id)
        return await asset_view(conn, context.caller, asset)


TAKE_EDITS = Tool(
    name="take_edits",
    title="Take proposed edits",
    input=Input,
    output=AssetView,
    run=take_edits,
    scope="assets:write",
    changes=True,
    people_only=True,
    after=read_again,
)
