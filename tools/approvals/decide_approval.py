"""A person's answer to a question, wherever it was put."""

from decimal import Decimal as Dollars
from typing import Any
from uuid import UUID

from pydantic import Field

from knowledge.approvals import service
from knowledge.approvals.models import Decision
from knowledge.ids import ApprovalId, RunId
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    approval_id: ApprovalId = Field(description="The question, from list_inbox.")
    decision: Decision = Field(description="approved, rejected or changes_requested.")
    content_hash: str = Field(default="", max_length=128, description="contentHash of what was shown, if it had one.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why; needed for changes.")
    edits: dict[str, Any] | None = Field(default=None, description="The whole document, edited: approve this instead.")
    raise_to: Dollars | None = Field(default=None, description="The new limit in dollars, to approve a budget.")


class Output(Wire):
    """What was decided, and on what in the end: an edited document is a newer version."""

    approval_id: ApprovalId
    gate: str
    decision: Decision
    subject_type: str
    subject_id: UUID
    version: int
    content_hash: str
    run_id: RunId | None


async def decide_approval(context: ToolContext, asked: Input) -> Output:
    """Answer a question: approve, reject, or ask for changes. The first answer counts."""
    async with context.tx() as conn:
        decided = await service.decide(
            conn,
            caller=context.caller,
            approval_id=asked.approval_id,
            decision=asked.decision,
            shown_hash=asked.content_hash,
            notes=asked.notes,
            edits=asked.edits,
            raise_to=asked.raise_to,
        )
    context.decided(decided.approval)
    return decided_view(decided, asked.decision)


def decided_view(decided: service.Decided, decision: Decision) -> Output:
    approval = decided.approval
    return Output(
        approval_id=approval.id,
        gate=approval.gate,
        decision=decision,
        subject_type=approval.subject_type,
        subject_id=approval.subject_id,
        version=approval.subject_version,
        content_hash=approval.subject_hash,
        run_id=approval.run_id,
    )


DECIDE_APPROVAL = Tool(
    name="decide_approval",
    title="Answer a question",
    input=Input,
    output=Output,
    run=decide_approval,
    scope="approvals:decide",
    changes=True,
    people_only=True,
)
