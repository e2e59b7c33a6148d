"""What people remarked on a document or a piece."""

from pydantic import Field

from knowledge.artifacts import store
from knowledge.assets import service as assets
from knowledge.comments import queries
from knowledge.comments.models import Comment
from knowledge.db import Connection
from tools.comments.view import CommentView, Subject, check_one, comment_view
from tools.paging import Cursor, Limit, page_of
from tools.spec import Tool, ToolContext, Wire


class Input(Subject):
    only_open: bool = Field(default=False, description="True: leave out what is resolved.")
    limit: Limit = 50
    cursor: Cursor = None


class Output(Wire):
    items: list[CommentView]
    next_cursor: str | None


async def list_comments(context: ToolContext, asked: Input) -> Output:
    """List the comments on a document (on any of its versions) or on a piece, oldest first."""
    check_one(asked)
    async with context.tx() as conn:
        comments = await _of_subject(conn, asked)
    told = [comment for comment in comments if not (asked.only_open and comment.resolved_at)]
    page, following = page_of(told, asked.cursor, asked.limit)
    return Output(items=[comment_view(comment) for comment in page], next_cursor=following)


async def _of_subject(conn: Connection, asked: Subject) -> list[Comment]:
    if asked.artifact_id is not None:
        return await queries.of_document(conn, (await store.get(conn, asked.artifact_id)).id)
    assert asked.asset_id is not None  # noqa: S101 - check_one
    return await queries.of_asset(conn, (await assets.get(conn, asked.asset_id)).id)


LIST_COMMENTS = Tool(
    name="list_comments",
    title="List comments",
    input=Input,
    output=Output,
    run=list_comments,
    scope="comments:read",
)
