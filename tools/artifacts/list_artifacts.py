"""Documents, newest first."""

from pydantic import Field

from knowledge.artifacts import queries
from knowledge.artifacts.registry import ArtifactType
from knowledge.ids import CampaignId, ClientId
from tools.artifacts.view import ArtifactSummary, summaries
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    type: ArtifactType | None = Field(default=None, description="Only this type.")
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    campaign_id: CampaignId | None = Field(default=None, description="Only this campaign's.")
    latest: bool = Field(default=True, description="False: every version, not only the newest of each document.")
    limit: Limit = 20
    cursor: Cursor = None


class Output(Wire):
    items: list[ArtifactSummary]
    next_cursor: str | None


async def list_artifacts(context: ToolContext, asked: Input) -> Output:
    """List documents (intake, canon, metric schema, strategy …) with their version and status, without contents."""
    before = read_cursor(asked.cursor)
    filters = {
        "type": asked.type,
        "client_id": asked.client_id,
        "campaign_id": asked.campaign_id,
        "before_at": before and before[0],
        "before_id": before and before[1],
        "limit": asked.limit + 1,
    }
    async with context.tx() as conn:
        rows = await queries.list_artifacts(conn, asked.latest, filters)
        page, last = split_page(rows, asked.limit)
        items = await summaries(conn, context.caller, page)
    return Output(items=items, next_cursor=write_cursor(last.created_at, last.id) if last else None)


LIST_ARTIFACTS = Tool(
    name="list_artifacts",
    title="List documents",
    input=Input,
    output=Output,
    run=list_artifacts,
    scope="artifacts:read",
)
