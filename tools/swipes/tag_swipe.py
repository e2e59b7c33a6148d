"""An ad's tags: vertical, market, style; whatever the team searches by."""

from pydantic import Field

from knowledge.swipes import marking
from tools.spec import Tool, ToolContext, Wire
from tools.swipes.view import SwipeId, SwipeView, get_view


class Input(Wire):
    swipe_id: SwipeId
    tags: list[str] = Field(max_length=100, description="All its tags from now on.")


async def tag_swipe(context: ToolContext, asked: Input) -> SwipeView:
    """Replace an ad's tags for the whole team."""
    async with context.tx() as conn:
        await marking.set_tags(conn, context.caller.org_id, asked.swipe_id, asked.tags)
        return await get_view(conn, asked.swipe_id)


TAG_SWIPE = Tool(
    name="tag_swipe",
    title="Tag an ad",
    input=Input,
    output=SwipeView,
    run=tag_swipe,
    scope="swipes:write",
    changes=True,
    repeatable=True,
)
