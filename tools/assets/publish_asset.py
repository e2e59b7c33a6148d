"""An approved piece goes out."""

from pydantic import Field

from knowledge.ids import AssetId
from knowledge.publishing import service
from tools.assets.view import AssetView, get_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="The approved piece.")


async def publish_asset(context: ToolContext, asked: Input) -> AssetView:
    """Publish an approved piece: articles and landing pages go to WordPress when it is set up, anything else is marked as
    published. A second time changes nothing."""
    await service.publish(context.db, context.caller, asked.asset_id, context.work.publisher)
    async with context.tx() as conn:
        return await get_view(conn, context.caller, asked.asset_id)


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
