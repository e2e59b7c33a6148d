"""A person's answer to the question that a run waits on, named by the run."""

from decimal import Decimal as Dollars
from typing import Any

from pydantic import Field

from knowledge.approvals import queries as approvals
from knowledge.approvals import service
from knowledge.approvals.models import Approval, Decision
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid
from knowledge.ids import RunId
from knowledge.runs import queries
from knowledge.runs.models import RunRow
from tools.approvals.decide_approval import Output, decided_view
from tools.runs.view import get_run
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="The run that waits.")
    decision: Decision = Field(description="approved, rejected or changes_requested.")
    gate: str | None = Field(default=None, max_length=200, description="The question meant; null: the one it waits on.")
    content_hash: str = Field(default="", max_length=128, description="waitingFor.contentHash: what was shown.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why; needed for changes.")
    edits: dict[str, Any] | None = Field(default=None, description="The whole document, edited: approve this instead.")
    raise_to: Dollars | None = Field(default=None, description="The new limit in dollars, to approve a budget.")


async def decide_run(context: ToolContext, asked: Input) -> Output:
    """Answer the question a run waits on: approve (with edits if need be), reject, or ask for changes."""
    async with context.tx() as conn:
        question = await question_of(conn, await get_run(conn, asked.run_id), asked.gate)
        if question.subject_type in service.BOUND_TO_CONTENT and not asked.content_hash:
            raise Invalid(fields={"contentHash": "say what you were shown: the run's waitingFor.contentHash"})
        decided = await service.decide(
            conn,
            caller=context.caller,
            approval_id=question.id,
            decision=asked.decision,
            shown_hash=asked.content_hash,
            notes=asked.notes,
            edits=asked.edits,
            raise_to=asked.raise_to,
        )
    context.decided(decided.approval)
    return decided_view(decided, asked.decision)


async def question_of(conn: Connection, run: RunRow, gate: str | None) -> Approval:
    """The question of this gate, or the one the run waits on. Raises Conflict saying where the run stands instead."""
    if gate is not None:
        put = await approvals.find_gate(conn, run.id, gate)
        if put is not None:
            return put
    waiting = await queries.find_waiting(conn, run.id)
    if waiting is None:
        raise Conflict(f"‘{run.title}’ waits for nobody: it is {run.status}.", status=run.status)
    if gate is not None:
        raise Conflict(
            f"‘{run.title}’ does not ask for ‘{gate}’ now: it waits for ‘{waiting.gate}’.", gate=waiting.gate
        )
    found = await approvals.get(conn, waiting.approval_id)
    assert found is not None  # noqa: S101 - read in this transaction; questions are never deleted alone
    return found


DECIDE_RUN = Tool(
    name="decide_run",
    title="Answer a run",
    input=Input,
    output=Output,
    run=decide_run,
    scope="approvals:decide",
    changes=True,
    people_only=True,
)
