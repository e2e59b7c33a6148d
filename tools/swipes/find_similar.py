"""What is like an ad."""

from pydantic import Field

from knowledge.errors import NotFound
from knowledge.swipes import library, queries
from knowledge.swipes.marking import GONE
from tools.spec import Tool, ToolContext, Wire
from tools.swipes.search_swipes import LONGEST_BODY, Output, output_of
from tools.swipes.view import SwipeId, page_views


class Input(Wire):
    swipe_id: SwipeId
    limit: int = Field(default=6, ge=1, le=50, description="How many at most, 1 to 50.")


async def find_similar(context: ToolContext, asked: Input) -> Output:
    """Find ads of the library that are like this one, by meaning where there is an embedding model."""
    async with context.tx() as conn:
        if await queries.find(conn, asked.swipe_id) is None:
            raise NotFound(GONE)
        page = await library.similar(conn, asked.swipe_id, asked.limit)
        items = await page_views(conn, page, longest=LONGEST_BODY)
    return output_of(page, items, None)


FIND_SIMILAR = Tool(
    name="find_similar",
    title="Find similar ads",
    input=Input,
    output=Output,
    run=find_similar,
    scope="swipes:read",
)
