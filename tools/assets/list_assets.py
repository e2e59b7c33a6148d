"""Pieces, newest first."""

from pydantic import Field

from knowledge.assets import queries
from knowledge.assets.models import AssetStatus
from knowledge.ids import CampaignId, ClientId
from tools.assets.view import AssetSummary, summaries
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    status: AssetStatus | None = Field(default=None, description="Only this status.")
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    campaign_id: CampaignId | None = Field(default=None, description="Only this campaign's.")
    limit: Limit = 20
    cursor: Cursor = None


class Output(Wire):
    items: list[AssetSummary]
    next_cursor: str | None


async def list_assets(context: ToolContext, asked: Input) -> Output:
    """List pieces (articles, emails, ads) with their status and score, without contents."""
    before = read_cursor(asked.cursor)
    filters = {
        "status": asked.status,
        "client_id": asked.client_id,
        "campaign_id": asked.campaign_id,
        "before_at": before and before[0],
        "before_id": before and before[1],
        "limit": asked.limit + 1,
    }
    async with context.tx() as conn:
        rows = await queries.list_assets(conn, filters)
        page, last = split_page(rows, asked.limit)
        items = await summaries(conn, context.caller, page)
    return Output(items=items, next_cursor=write_cursor(last.created_at, last.id) if last else None)


LIST_ASSETS = Tool(
    name="list_assets",
    title="List pieces",
    input=Input,
    output=Output,
    run=list_assets,
    scope="assets:read",
)
