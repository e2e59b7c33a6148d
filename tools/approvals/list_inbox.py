"""Everything that waits for a decision of the caller's."""

from pydantic import Field

from knowledge.approvals.subjects import MAY_RAISE_BUDGETS
from knowledge.artifacts.registry import SPECS
from knowledge.assets.service import MAY_DECIDE
from knowledge.ids import ClientId
from knowledge.overview.queries import list_waiting
from tools.approvals.view import InboxItem, inbox_item
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="Only this client's.")
    limit: Limit = 50
    cursor: Cursor = None


class Output(Wire):
    items: list[InboxItem]
    next_cursor: str | None


async def list_inbox(context: ToolContext, asked: Input) -> Output:
    """List what waits for a decision that the person's role may make, oldest first. Only the person decides."""
    role = context.caller.role
    async with context.tx() as conn:
        rows = await list_waiting(
            conn,
            types=[spec.type for spec in SPECS.values() if role in spec.approver_roles],
            assets=role in MAY_DECIDE,
            budgets=role in MAY_RAISE_BUDGETS,
            client_id=asked.client_id,
            after=read_cursor(asked.cursor),
            limit=asked.limit + 1,
        )
    page, last = split_page(rows, asked.limit)
    following = write_cursor(last.requested_at, last.approval_id) if last else None
    return Output(items=[inbox_item(row) for row in page], next_cursor=following)


LIST_INBOX = Tool(
    name="list_inbox",
    title="Inbox",
    input=Input,
    output=Output,
    run=list_inbox,
    scope="approvals:read",
)
