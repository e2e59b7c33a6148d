"""Series of emails, newest first."""

from pydantic import Field

from knowledge.ids import CampaignId, ClientId
from knowledge.series import queries
from tools.emails.view import SeriesSummary, summaries
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    campaign_id: CampaignId | None = Field(default=None, description="Only this campaign's.")
    limit: Limit = 20
    cursor: Cursor = None


class Output(Wire):
    items: list[SeriesSummary]
    next_cursor: str | None


async def list_series(context: ToolContext, asked: Input) -> Output:
    """List series of emails with how many they have and whether they are scheduled."""
    before = read_cursor(asked.cursor)
    filters = {
        "client_id": asked.client_id,
        "campaign_id": asked.campaign_id,
        "before_at": before and before[0],
        "before_id": before and before[1],
        "limit": asked.limit + 1,
    }
    async with context.tx() as conn:
        page, last = split_page(await queries.list_series(conn, filters), asked.limit)
        items = await summaries(conn, page)
    return Output(items=items, next_cursor=write_cursor(last.created_at, last.id) if last else None)


LIST_SERIES = Tool(
    name="list_series",
    title="List series",
    input=Input,
    output=Output,
    run=list_series,
    scope="assets:read",
)
