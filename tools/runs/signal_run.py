"""The classic gates by their names: an answer for a run's canon, its experiments or its pieces, each where it is one.

What always holds: what is answered is one of the documents or pieces of the run's own client and campaign, in the
version that was shown; each is decided in a transaction of its own and told apart in the answer, so that one refusal
takes nothing from the others.
"""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from knowledge.approvals import service
from knowledge.approvals.models import Decision
from knowledge.artifacts import store
from knowledge.assets import service as assets
from knowledge.db import Connection
from knowledge.errors import AdroomError, Conflict, Invalid
from knowledge.ids import ApprovalId, AssetId, RunId
from knowledge.runs import queries
from knowledge.runs.models import RunRow
from knowledge.runs.outputs import Made, outputs_of
from knowledge.runs.tokens import check_token
from tools.call import check_scope
from tools.runs.decide_run import question_of
from tools.runs.view import get_run
from tools.spec import Tool, ToolContext, Wire

Signal = Literal[
    "approve-canon",
    "approve-metric-schema",
    "approve-strategy-sheet",
    "approve-experiments",
    "approve-assets",
    "approve-plan",
    "stop",
]
#: what each signal answers for; a plan is whatever stands behind the gate of that name
DOCUMENTS: dict[Signal, str] = {
    "approve-canon": "client_canon",
    "approve-metric-schema": "metric_schema",
    "approve-strategy-sheet": "strategy_sheet",
    "approve-experiments": "experiment_spec",
}
#: outputs looked through for the one that is meant
MOST = 500


class Item(Wire):
    """One answer. ``id``: the document's version or the piece; null when there is only one it can be."""

    id: UUID | None = Field(default=None, description="The document or piece; null: the only one there is.")
    decision: Decision = Field(default="approved", description="approved, rejected or changes_requested.")
    content_hash: str = Field(default="", max_length=128, description="contentHash of what was shown.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why.")
    edits: dict[str, Any] | None = Field(default=None, description="The whole document, edited: approve this instead.")


class Input(Wire):
    run_id: RunId = Field(description="The run the signal is for.")
    signal: Signal = Field(description="Which gate; stop: at the next safe point.")
    items: list[Item] = Field(default_factory=list[Item], max_length=200, description="One answer for each subject.")


class Answered(Wire):
    """``decision`` is null where it was refused; ``problem`` then says why."""

    id: UUID | None
    decision: Decision | None
    approval_id: ApprovalId | None = None
    version: int | None = None
    content_hash: str | None = None
    code: str | None = None
    problem: str | None = None


class Output(Wire):
    run_id: RunId
    signal: Signal
    items: list[Answered]
    sentence: str


async def signal_run(context: ToolContext, asked: Input) -> Output:
    """Send a run one of the classic signals: approve-canon, approve-experiments and so on, or stop."""
    async with context.tx() as conn:
        run = await get_run(conn, asked.run_id)
    if asked.signal == "stop":
        check_scope(context.caller, "runs:write")
        sentence = await context.work.stop(context.caller, run.id)
        return Output(run_id=run.id, signal=asked.signal, items=[], sentence=sentence)
    given = asked.items or [Item()]
    if len(given) == 1:
        answered = [await _answer(context, run, asked.signal, given[0])]
    else:
        answered = [await _told(context, run, asked.signal, item) for item in given]
    done = sum(one.decision is not None for one in answered)
    return Output(
        run_id=run.id, signal=asked.signal, items=answered, sentence=f"{done} of {len(answered)} answers were taken."
    )


async def _told(context: ToolContext, run: RunRow, signal: Signal, item: Item) -> Answered:
    try:
        return await _answer(context, run, signal, item)
    except AdroomError as refused:
        return Answered(id=item.id, decision=None, code=refused.code, problem=refused.message)


async def _answer(context: ToolContext, run: RunRow, signal: Signal, item: Item) -> Answered:
    async with context.tx() as conn:
        await check_token(conn, context.caller, run.id)
        if signal == "approve-plan":
            decided = await _answer_plan(conn, context, run, item)
        else:
            decided = await _answer_subject(conn, context, run, signal, item)
    approval = decided.approval
    context.decided(approval)
    return Answered(
        id=approval.subject_id,
        decision=item.decision,
        approval_id=approval.id,
        version=approval.subject_version,
        content_hash=approval.subject_hash,
    )


async def _answer_plan(conn: Connection, context: ToolContext, run: RunRow, item: Item) -> service.Decided:
    question = await question_of(conn, run, None)
    if question.gate.partition("#")[0] != "plan":
        raise Conflict(f"‘{run.title}’ has no plan to accept now: it waits for ‘{question.gate}’.", gate=question.gate)
    if question.subject_type in service.BOUND_TO_CONTENT and not item.content_hash:
        raise Invalid(fields={"contentHash": "say which version you were shown"})
    return await service.decide(
        conn,
        caller=context.caller,
        approval_id=question.id,
        decision=item.decision,
        shown_hash=item.content_hash,
        notes=item.notes,
        edits=item.edits,
    )


async def _answer_subject(
    conn: Connection, context: ToolContext, run: RunRow, signal: Signal, item: Item
) -> service.Decided:
    subject_id = item.id or await _only_one(conn, run, signal)
    if not item.content_hash:
        raise Invalid(fields={"contentHash": "say which version you were shown"})
    kind = "asset" if signal == "approve-assets" else "artifact"
    await _check_of_run(conn, run, signal, subject_id)
    return await service.decide_subject(
        conn,
        caller=context.caller,
        subject_type=kind,
        subject_id=subject_id,
        gate=DOCUMENTS.get(signal, "asset"),
        decision=item.decision,
        shown_hash=item.content_hash,
        notes=item.notes,
        edits=item.edits,
    )


async def _only_one(conn: Connection, run: RunRow, signal: Signal) -> UUID:
    """What the run waits on if it is of that kind, or the one it has made. Raises Conflict (none yet), Invalid (many)."""
    made = await _made(conn, run, signal)
    waiting = await queries.find_waiting(conn, run.id)
    if waiting is not None and waiting.subject_id in {one.id for one in made}:
        return waiting.subject_id
    newest = {one.title if signal != "approve-assets" else str(one.id): one.id for one in made}
    if not newest:
        raise Conflict(f"‘{run.title}’ has nothing for {signal} yet.")
    if len(newest) > 1:
        raise Invalid(fields={"items": f"there are {len(newest)}: name each by its id"})
    return next(iter(newest.values()))


async def _made(conn: Connection, run: RunRow, signal: Signal) -> list[Made]:
    if signal == "approve-assets":
        return await outputs_of(conn, run.id, kind="asset", limit=MOST)
    return await outputs_of(conn, run.id, kind="document", type=DOCUMENTS[signal], limit=MOST)


async def _check_of_run(conn: Connection, run: RunRow, signal: Signal, subject_id: UUID) -> None:
    """Raises NotFound, or Invalid for something that is not this run's to ask about."""
    if signal == "approve-assets":
        asset = await assets.get(conn, AssetId(subject_id))
        fits, owner = True, (asset.client_id, asset.campaign_id)
    else:
        document = await store.get(conn, subject_id)
        fits, owner = document.type == DOCUMENTS[signal], (document.client_id, document.campaign_id)
    if not fits or owner[0] != run.client_id or owner[1] not in (None, run.campaign_id):
        raise Invalid(fields={"id": f"is nothing that {signal} of this run is about"})


SIGNAL_RUN = Tool(
    name="signal_run",
    title="Signal a run",
    input=Input,
    output=Output,
    run=signal_run,
    scope="approvals:decide",
    changes=True,
    people_only=True,
)
