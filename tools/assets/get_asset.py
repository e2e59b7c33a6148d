"""One piece, to read or to work from."""

from pydantic import Field

from knowledge.ids import AssetId
from tools.assets.view import AssetView, get_view
from tools.clipping import clip
from tools.spec import Tool, ToolContext, Wire

#: a long article fits
MOST_CHARACTERS = 60_000


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the piece, from list_assets.")
    with_content: bool = Field(default=False, description="True: also its parts as stored.")


async def get_asset(context: ToolContext, asked: Input) -> AssetView:
    """Read one piece: its text, status, score, what the reviewers found, whether something waits."""
    async with context.tx() as conn:
        view = await get_view(conn, context.caller, asked.asset_id)
    content = view.content if asked.with_content else None
    return view.model_copy(update={"content": content, "markdown": clip(view.markdown, MOST_CHARACTERS)})


GET_ASSET = Tool(
    name="get_asset",
    title="Read a piece",
    input=Input,
    output=AssetView,
    run=get_asset,
    scope="assets:read",
)
