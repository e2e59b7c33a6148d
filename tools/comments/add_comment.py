"""A remark on a document or a piece."""

from pydantic import Field

from knowledge.artifacts import store
from knowledge.assets import service as assets
from knowledge.comments import queries
from knowledge.errors import Invalid
from tools.comments.view import LONGEST, CommentView, Subject, check_one, comment_view
from tools.spec import Tool, ToolContext


class Input(Subject):
    body: str = Field(max_length=LONGEST, description="The remark.")


async def add_comment(context: ToolContext, asked: Input) -> CommentView:
    """Comment on a document's version or on a piece, in the person's name. The next revision reads open comments."""
    check_one(asked)
    body = asked.body.replace("\x00", "").strip()
    if not body:
        raise Invalid(fields={"body": "is empty"})
    async with context.tx() as conn:
        if asked.artifact_id is not None:
            await store.get(conn, asked.artifact_id)
        elif asked.asset_id is not None:
            await assets.get(conn, asked.asset_id)
        values = {"artifact_id": asked.artifact_id, "asset_id": asked.asset_id, "body": body}
        caller = context.caller
        made = await queries.insert(conn, {**values, "org_id": caller.org_id, "author": caller.user_id})
    return comment_view(made)


ADD_COMMENT = Tool(
    name="add_comment",
    title="Comment",
    input=Input,
    output=CommentView,
    run=add_comment,
    scope="comments:write",
    changes=True,
)
