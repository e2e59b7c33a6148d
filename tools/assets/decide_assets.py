"""One decision on several pieces, answered piece by piece."""

from typing import Any, Literal, cast

from pydantic import Field

from knowledge.approvals import service as approvals
from knowledge.approvals.models import Approval, Decision
from knowledge.assets import service
from knowledge.db import Connection
from knowledge.errors import AdroomError, Invalid
from knowledge.ids import AssetId
from tools.spec import Tool, ToolContext, Wire

MOST = 50


class Piece(Wire):
    asset_id: AssetId = Field(description="The piece that was shown.")
    content_hash: str = Field(max_length=128, description="contentHash of what was shown.")


class Input(Wire):
    pieces: list[Piece] = Field(min_length=1, max_length=MOST, description="Each piece as it was shown, once.")
    decision: Decision = Field(description="approved, rejected or changes_requested.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why; needed for changes.")


class Answered(Wire):
    """``problem`` and ``reasons``: why this one was not decided on; the others stand as they were decided."""

    asset_id: AssetId
    title: str
    done: bool
    status: str | None
    problem: str | None = None
    code: Literal["not_found", "conflict", "denied", "invalid", "blocked", "error"] | None = None
    reasons: list[str] = []


class Output(Wire):
    """In the order they were given."""

    items: list[Answered]
    done: int
    failed: int


async def decide_assets(context: ToolContext, asked: Input) -> Output:
    """Approve, reject or send back several pieces at once, each bound to the content that was shown. One that cannot be
    decided on (it changed, a claim in it lacks evidence) says why and holds nothing else up."""
    ids = [piece.asset_id for piece in asked.pieces]
    if len(set(ids)) != len(ids):
        raise Invalid(fields={"pieces": "names a piece twice"})
    answered = {piece.asset_id: await _one(context, asked, piece) for piece in sorted(asked.pieces, key=_order)}
    items = [answered[id] for id in ids]
    done = sum(item.done for item in items)
    return Output(items=items, done=done, failed=len(items) - done)


def _order(piece: Piece) -> str:
    """Two people who decide on the same pieces take them in the same order, so that neither waits for the other."""
    return str(piece.asset_id)


async def _one(context: ToolContext, asked: Input, piece: Piece) -> Answered:
    title = ""
    try:
        async with context.tx() as conn:
            title = (await service.get(conn, piece.asset_id)).title
            status, approval = await _decide(conn, context, asked, piece)
    except AdroomError as error:
        reasons = list(map(str, cast("list[Any]", error.facts.get("reasons") or [])))
        return Answered(asset_id=piece.asset_id, title=title, done=False, status=None, problem=error.message,
                        code=_CODES.get(error.code, "error"), reasons=reasons)  # fmt: skip
    context.decided(approval)
    return Answered(asset_id=piece.asset_id, title=title, done=True, status=status)


_CODES: dict[str, Literal["not_found", "conflict", "denied", "invalid", "blocked"]] = {
    "not_found": "not_found", "conflict": "conflict", "denied": "denied", "invalid": "invalid", "blocked": "blocked",
}  # fmt: skip


async def _decide(conn: Connection, context: ToolContext, asked: Input, piece: Piece) -> tuple[str, Approval]:
    decided = await approvals.decide_subject(
        conn,
        caller=context.caller,
        subject_type="asset",
        subject_id=piece.asset_id,
        gate="asset",
        decision=asked.decision,
        shown_hash=piece.content_hash,
        notes=asked.notes,
    )
    return (await service.get(conn, piece.asset_id)).status, decided.approval


DECIDE_ASSETS = Tool(
    name="decide_assets",
    title="Decide on several pieces",
    input=Input,
    output=Output,
    run=decide_assets,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
