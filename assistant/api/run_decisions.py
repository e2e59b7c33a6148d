"""Answering a run over the API: approve, reject, accept its plan, end it, its classic signals, remarks on its work."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from assistant.api.artifacts import Remark
from assistant.api.guarded import AtDesk, Desk
from assistant.api.runs import view_of
from knowledge.errors import Conflict
from knowledge.ids import RunId
from knowledge.runs import queries
from knowledge.runs.outputs import outputs_of
from tools.approvals import decide_approval
from tools.call import check_scope
from tools.comments import add_comment, list_comments
from tools.comments.view import CommentView
from tools.runs import decide_run, interrupt_run, signal_run
from tools.runs.signal_run import Item, Signal
from tools.runs.view import RunView, get_run
from tools.spec import Wire


class Approved(Wire):
    """``contentHash``: the run's ``waitingFor.contentHash``. ``edits``: the whole document, edited; that is what gets
    approved. ``gate``: refuses unless the run waits on this one. ``raiseTo``: dollars, for a budget."""

    content_hash: str = Field(default="", max_length=128)
    gate: str | None = Field(default=None, max_length=200)
    notes: str = Field(default="", max_length=20_000)
    edits: dict[str, Any] | None = None
    raise_to: Decimal | None = None


class Refused(Wire):
    """``changes``: true asks for another version that answers ``notes``; false ends it here."""

    content_hash: str = Field(default="", max_length=128)
    gate: str | None = Field(default=None, max_length=200)
    notes: str = Field(default="", max_length=20_000)
    changes: bool = False


class Accepted(Wire):
    content_hash: str = Field(default="", max_length=128)
    notes: str = Field(default="", max_length=20_000)


class Signalled(Wire):
    """``items``: one answer for each document or piece, none for stop."""

    items: list[Item] = Field(default_factory=list[Item], max_length=200)


def add_routes(router: APIRouter) -> None:
    one = "/runs/{run_id}"
    add = router.add_api_route
    add(f"{one}/approve", approve, methods=["POST"], summary="Approve what a run waits on")
    add(f"{one}/reject", reject, methods=["POST"], summary="Reject what a run waits on, or ask for changes")
    add(f"{one}/accept-plan", accept_plan, methods=["POST"], summary="Accept a run's plan: done reviewing")
    add(f"{one}/signals/{{signal}}", signal, methods=["POST"], summary="One of the classic signals")
    add(f"{one}/interrupt", interrupt, methods=["POST"], summary="End a run for good, keeping what it has made")
    add(f"{one}/comments", comments, methods=["GET"], summary="Comments on what a run waits on")
    add(f"{one}/comments", comment, methods=["POST"], status_code=201, summary="Comment on what a run waits on")


async def approve(desk: AtDesk, run_id: RunId, asked: Approved) -> decide_approval.Output:
    given = {"runId": run_id, "decision": "approved", **asked.model_dump(by_alias=True)}
    return await desk.use(decide_run.DECIDE_RUN, given)


async def reject(desk: AtDesk, run_id: RunId, asked: Refused) -> decide_approval.Output:
    decision = "changes_requested" if asked.changes else "rejected"
    given = {"runId": run_id, "decision": decision, **asked.model_dump(by_alias=True, exclude={"changes"})}
    return await desk.use(decide_run.DECIDE_RUN, given)


async def accept_plan(desk: AtDesk, run_id: RunId, asked: Accepted) -> signal_run.Output:
    given = {"runId": run_id, "signal": "approve-plan", "items": [asked.model_dump(by_alias=True)]}
    return await desk.use(signal_run.SIGNAL_RUN, given)


async def signal(desk: AtDesk, run_id: RunId, signal: Signal, asked: Signalled | None = None) -> signal_run.Output:
    items = [item.model_dump(by_alias=True) for item in asked.items] if asked else []
    return await desk.use(signal_run.SIGNAL_RUN, {"runId": run_id, "signal": signal, "items": items})


async def interrupt(desk: AtDesk, run_id: RunId) -> RunView:
    await desk.use(interrupt_run.INTERRUPT_RUN, {"runId": run_id})
    return await view_of(desk, run_id)


async def comments(desk: AtDesk, run_id: RunId) -> list_comments.Output:
    check_scope(desk.caller, "comments:read")
    return await desk.use(list_comments.LIST_COMMENTS, {**await _subject(desk, run_id), "limit": 200})


async def comment(desk: AtDesk, run_id: RunId, asked: Remark) -> CommentView:
    check_scope(desk.caller, "comments:write")
    return await desk.use(add_comment.ADD_COMMENT, {**await _subject(desk, run_id), "body": asked.body})


async def _subject(desk: Desk, run_id: RunId) -> dict[str, UUID]:
    """The document or piece the run waits on, or the last it has made. Raises Conflict when there is none yet."""
    async with desk.context.tx() as conn:
        run = await get_run(conn, run_id)
        waiting = await queries.find_waiting(conn, run.id)
        if waiting is not None and waiting.subject_type in ("artifact", "asset"):
            return {f"{waiting.subject_type}Id": waiting.subject_id}
        made = await outputs_of(conn, run.id, limit=2_000)
    if not made:
        raise Conflict(f"‘{run.title}’ has made nothing yet that could be commented on.")
    return {"artifactId" if made[-1].kind == "document" else "assetId": made[-1].id}
