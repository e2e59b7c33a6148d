"""A comment that has been answered."""

from pydantic import Field

from knowledge.comments import queries
from knowledge.errors import NotFound
from knowledge.ids import CommentId
from tools.comments.view import CommentView, comment_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    comment_id: CommentId = Field(description="Id of the comment, from list_comments.")


async def resolve_comment(context: ToolContext, asked: Input) -> CommentView:
    """Mark a comment as resolved, once it has been answered; doing it again changes nothing."""
    async with context.tx() as conn:
        resolved = await queries.resolve(conn, asked.comment_id)
    if resolved is None:
        raise NotFound("That comment does not exist, or not for you.")
    return comment_view(resolved)


RESOLVE_COMMENT = Tool(
    name="resolve_comment",
    title="Resolve a comment",
    input=Input,
    output=CommentView,
    run=resolve_comment,
    scope="comments:write",
    changes=True,
    repeatable=True,
)
