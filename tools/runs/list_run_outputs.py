"""What a run has made so far: documents and pieces, in the order of making."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from knowledge.ids import RunId
from knowledge.runs.outputs import Made, outputs_of
from tools.artifacts.view import type_title
from tools.assets.scores import ShownScore, shown_score
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.runs.view import get_run
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId = Field(description="Id of the run, from list_runs.")
    kind: Literal["document", "asset"] | None = Field(default=None, description="Only documents, or only pieces.")
    limit: Limit = 50
    cursor: Cursor = None


class OutputView(Wire):
    """``type``: of a document its type, of a piece its format. ``score``: the critics' mean, 0 to 10."""

    id: UUID
    kind: Literal["document", "asset"]
    type: str
    title: str
    version: int
    status: str
    content_hash: str
    created_at: datetime
    agent: str | None
    words: int | None
    score: float | None
    shown_score: ShownScore | None
    run_id: RunId


class Output(Wire):
    items: list[OutputView]
    next_cursor: str | None


async def list_run_outputs(context: ToolContext, asked: Input) -> Output:
    """List what a run, and the runs it started, have made: documents and pieces with status and score."""
    async with context.tx() as conn:
        await get_run(conn, asked.run_id)
        rows = await outputs_of(
            conn, asked.run_id, kind=asked.kind, after=read_cursor(asked.cursor), limit=asked.limit + 1
        )
    page, last = split_page(rows, asked.limit)
    following = write_cursor(last.created_at, last.id) if last else None
    return Output(items=[_view(made) for made in page], next_cursor=following)


def _view(made: Made) -> OutputView:
    titled = made.title
    if made.kind == "document":
        named = type_title(made.type)
        titled = f"{named}: {made.title}" if made.title else named
    agent = (made.agent or "").removeprefix("agent:") or None
    score = None if made.score is None else float(made.score)
    own = {"title": titled, "agent": agent, "score": score, "shown_score": shown_score(made.content_score, score)}
    return OutputView.model_validate({**made.model_dump(exclude={"content_score"}), **own})


LIST_RUN_OUTPUTS = Tool(
    name="list_run_outputs",
    title="What a run has made",
    input=Input,
    output=Output,
    run=list_run_outputs,
    scope="runs:read",
)
