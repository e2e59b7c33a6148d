"""Runs, newest first."""

from typing import Literal

from pydantic import Field

from knowledge.ids import CampaignId, ClientId, SessionId
from knowledge.runs import queries
from knowledge.runs.models import ACTIVE, RunStatus
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.runs.view import RunSummary, summaries
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    state: RunStatus | Literal["active"] | None = Field(
        default=None, description="Only this status; active: queued, running or waiting."
    )
    kind: str | None = Field(default=None, max_length=100, description="Only this kind.")
    agent: str | None = Field(default=None, max_length=100, description="Only those this agent worked in, by its id.")
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    campaign_id: CampaignId | None = Field(default=None, description="Only this campaign's.")
    session_id: SessionId | None = Field(default=None, description="Only those started in this conversation.")
    limit: Limit = 20
    cursor: Cursor = None


class Output(Wire):
    items: list[RunSummary]
    next_cursor: str | None


async def list_runs(context: ToolContext, asked: Input) -> Output:
    """List runs (work that was started) with status, progress and cost."""
    async with context.tx() as conn:
        rows = await queries.list_runs(
            conn,
            statuses=_statuses(asked),
            kind=asked.kind,
            client_id=asked.client_id,
            campaign_id=asked.campaign_id,
            session_id=asked.session_id,
            agent=asked.agent,
            before=read_cursor(asked.cursor),
            limit=asked.limit + 1,
        )
        page, last = split_page(rows, asked.limit)
        items = await summaries(conn, context.caller, page)
    return Output(items=items, next_cursor=write_cursor(last.created_at, last.id) if last else None)


def _statuses(asked: Input) -> list[str] | None:
    if asked.state == "active":
        return sorted(ACTIVE)
    return [asked.state] if asked.state else None


LIST_RUNS = Tool(
    name="list_runs",
    title="List runs",
    input=Input,
    output=Output,
    run=list_runs,
    scope="runs:read",
)
