"""An approved piece goes out."""

from pydantic import Field

from knowledge.assets import service
from knowledge.ids import AssetId
from tools.assets.view import AssetView, asset_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The approved piece.")


async def publish_asset(context: ToolContext, asked: Input) -> AssetView:
    """Mark an approved piece as published; a second time changes nothing."""
    async with context.tx() as conn:
        published = await service.publish(conn, asked.asset_id, role=context.caller.role)
        return await asset_view(conn, context.caller, published)


PUBLISH_ASSET = Tool(
    name="publish_asset",
    title="Publish a piece",
    input=Input,
    output=AssetView,
    run=publish_asset,
    scope="assets:decide",
    changes=True,
    people_only=True,
    repeatable=True,
)
