"""What waits for a decision, and deciding it."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.approvals.models import Decision
from knowledge.ids import ApprovalId
from tools.approvals import decide_approval, list_inbox
from tools.spec import Wire


class Decided(Wire):
    """``contentHash`` names what was shown (empty for a run's question). ``raiseTo``: dollars, for a budget."""

    decision: Decision
    content_hash: str = Field(default="", max_length=128)
    notes: str = Field(default="", max_length=20_000)
    edits: dict[str, Any] | None = None
    raise_to: Decimal | None = None


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/inbox", inbox, methods=["GET"], summary="What waits for a decision of mine")
    router.add_api_route("/approvals/{approval_id}/decision", decide, methods=["POST"], summary="Answer a question")


async def inbox(desk: AtDesk, asked: Annotated[list_inbox.Input, Query()]) -> list_inbox.Output:
    return await desk.use(list_inbox.LIST_INBOX, asked)


async def decide(desk: AtDesk, approval_id: ApprovalId, asked: Decided) -> decide_approval.Output:
    given = {"approvalId": approval_id, **asked.model_dump(by_alias=True)}
    return await desk.use(decide_approval.DECIDE_APPROVAL, given)
