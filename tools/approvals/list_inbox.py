"""Everything that waits for a decision of the caller's."""

from typing import Literal

from pydantic import Field

from knowledge.approvals.subjects import MAY_RAISE_BUDGETS
from knowledge.artifacts.registry import SPECS
from knowledge.assets.models import AssetStatus
from knowledge.assets.service import MAY_DECIDE
from knowledge.claims import blocking
from knowledge.ids import ClientId
from knowledge.overview.queries import list_waiting
from tools.approvals.view import InboxItem, inbox_item
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    kind: Literal["asset", "artifact", "run", "budget", "plan"] | None = Field(
        default=None, description="Only questions about pieces (asset), documents (artifact), runs, budgets or plans."
    )
    channel: str | None = Field(default=None, max_length=60, description="Only pieces for this channel: blog, email …")
    status: AssetStatus | None = Field(default=None, description="Only pieces of this status.")
    score_from: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description="Only pieces scored at least this, of ten; a content score counts a tenth.",
    )
    score_to: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description="Only pieces scored at most this, of ten; a content score counts a tenth.",
    )
    limit: Limit = 50
    cursor: Cursor = None


class Output(Wire):
    items: list[InboxItem]
    next_cursor: str | None


async def list_inbox(context: ToolContext, asked: Input) -> Output:
    """List what waits for a decision that the person's role may make, oldest first, with the scores of pieces and what
    holds their approval up. Only the person decides."""
    role = context.caller.role
    async with context.tx() as conn:
        rows = await list_waiting(
            conn,
            types=[spec.type for spec in SPECS.values() if role in spec.approver_roles],
            assets=role in MAY_DECIDE,
            budgets=role in MAY_RAISE_BUDGETS,
            client_id=asked.client_id,
            subject=asked.kind,
            channel=asked.channel,
            status=asked.status,
            score_from=asked.score_from,
            score_to=asked.score_to,
            after=read_cursor(asked.cursor),
            limit=asked.limit + 1,
        )
        page, last = split_page(rows, asked.limit)
        pieces = [row.subject_id for row in page if row.subject_type == "asset"]
        unproved, critical = await blocking.counts(conn, pieces), await blocking.critical_counts(conn, pieces)
    following = write_cursor(last.requested_at, last.approval_id) if last else None
    items = [inbox_item(row, unproved.get(row.subject_id, 0), critical.get(row.subject_id, 0)) for row in page]
    return Output(items=items, next_cursor=following)


LIST_INBOX = Tool(
    name="list_inbox",
    title="Inbox",
    input=Input,
    output=Output,
    run=list_inbox,
    scope="approvals:read",
)
