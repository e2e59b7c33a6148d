"""One ad, whole."""

from tools.spec import Tool, ToolContext, Wire
from tools.swipes.view import SwipeId, SwipeView, get_view


class Input(Wire):
    swipe_id: SwipeId


async def get_swipe(context: ToolContext, asked: Input) -> SwipeView:
    """Read one ad with every word of it, how long it ran, and which clients it is an example for."""
    async with context.tx() as conn:
        return await get_view(conn, asked.swipe_id)


GET_SWIPE = Tool(
    name="get_swipe",
    title="Read an ad",
    input=Input,
    output=SwipeView,
    run=get_swipe,
    scope="swipes:read",
)
