"""Research documents, newest first."""

from pydantic import Field

from knowledge.ids import ClientId
from knowledge.research import queries
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.research.view import ResearchSummary, summary_of
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    limit: Limit = 20
    cursor: Cursor = None


class Output(Wire):
    items: list[ResearchSummary]
    next_cursor: str | None


async def list_research(context: ToolContext, asked: Input) -> Output:
    """List research by topic, without contents."""
    before = read_cursor(asked.cursor)
    filters = {
        "client_id": asked.client_id,
        "before_at": before and before[0],
        "before_id": before and before[1],
        "limit": asked.limit + 1,
    }
    async with context.tx() as conn:
        rows = await queries.list_research(conn, filters)
    page, last = split_page(rows, asked.limit)
    cursor = write_cursor(last.created_at, last.id) if last else None
    return Output(items=[summary_of(row) for row in page], next_cursor=cursor)


LIST_RESEARCH = Tool(
    name="list_research",
    title="List research",
    input=Input,
    output=Output,
    run=list_research,
    scope="research:read",
)
