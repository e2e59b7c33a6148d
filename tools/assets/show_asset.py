"""Puts a piece before the person, as a card with its buttons."""

from pydantic import Field

from knowledge.assets import service
from knowledge.ids import AssetId
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the piece, from list_assets.")


class Output(Wire):
    """The card reads everything else itself."""

    asset_id: AssetId
    title: str


async def show_asset(context: ToolContext, asked: Input) -> Output:
    """Show the person an article or email as a card, with its findings. To read it yourself, use get_asset."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
    return Output(asset_id=asset.id, title=asset.title)


SHOW_ASSET = Tool(
    name="show_asset",
    title="Show a piece",
    input=Input,
    output=Output,
    run=show_asset,
    scope="assets:read",
)
