"""Documents: read, compare, edit, decide, comment."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.approvals.models import Decision
from knowledge.artifacts import queries, store
from knowledge.artifacts.registry import SPECS
from knowledge.ids import ArtifactId, CommentId
from tools.artifacts import compare_artifacts, decide_artifact, list_artifacts
from tools.artifacts.editing import write_edit
from tools.artifacts.view import ArtifactView, get_view, summaries
from tools.comments import add_comment, list_comments, resolve_comment
from tools.comments.view import CommentView
from tools.spec import Wire


class DocumentView(ArtifactView):
    """``schema``: the JSON schema of ``data``, to edit it by."""

    form_schema: dict[str, Any] = Field(alias="schema")


class VersionView(Wire):
    id: ArtifactId
    version: int
    status: str
    created_at: datetime
    created_by: str
    model: str | None


class Versions(Wire):
    """Newest first."""

    items: list[VersionView]


class Against(Wire):
    against: ArtifactId | None = None


class Edit(Wire):
    data: dict[str, Any]
    content_hash: str = Field(max_length=128)


class Decided(Wire):
    """``contentHash`` names what was shown. ``edits``: the whole document, edited; that is what gets approved."""

    decision: Decision
    content_hash: str = Field(max_length=128)
    notes: str = Field(default="", max_length=20_000)
    edits: dict[str, Any] | None = None


class Remark(Wire):
    body: str = Field(max_length=20_000)


def add_routes(router: APIRouter) -> None:
    one = "/artifacts/{artifact_id}"
    router.add_api_route("/artifacts", index, methods=["GET"], summary="List documents")
    router.add_api_route(one, show, methods=["GET"], summary="One document")
    router.add_api_route(one, edit, methods=["PUT"], summary="Write the next version")
    router.add_api_route(f"{one}/versions", versions, methods=["GET"], summary="All versions of a document")
    router.add_api_route(f"{one}/diff", diff, methods=["GET"], summary="What changed between two versions")
    router.add_api_route(f"{one}/decision", decide, methods=["POST"], summary="Approve, reject or send back")
    router.add_api_route(f"{one}/comments", comments, methods=["GET"], summary="Comments on a document")
    router.add_api_route(f"{one}/comments", comment, methods=["POST"], status_code=201, summary="Comment")
    router.add_api_route("/comments/{comment_id}/resolve", resolve, methods=["POST"], summary="Resolve a comment")


async def index(desk: AtDesk, asked: Annotated[list_artifacts.Input, Query()]) -> list_artifacts.Output:
    return await desk.use(list_artifacts.LIST_ARTIFACTS, asked)


async def show(desk: AtDesk, artifact_id: ArtifactId) -> DocumentView:
    async with desk.tx("artifacts:read") as conn:
        return _with_schema(await get_view(conn, desk.caller, artifact_id))


def _with_schema(view: ArtifactView) -> DocumentView:
    schema = SPECS[view.type].schema.model_json_schema(by_alias=True)
    return DocumentView.model_validate({**view.model_dump(), "form_schema": schema})


async def edit(desk: AtDesk, artifact_id: ArtifactId, asked: Edit) -> DocumentView:
    async with desk.tx("artifacts:write") as conn:
        artifact = await store.get(conn, artifact_id)
        written = await write_edit(conn, desk.caller, artifact, asked.data, asked.content_hash)
        return _with_schema(await get_view(conn, desk.caller, written.id))


async def versions(desk: AtDesk, artifact_id: ArtifactId) -> Versions:
    async with desk.tx("artifacts:read") as conn:
        rows = await queries.versions(conn, await store.get(conn, artifact_id))
        views = await summaries(conn, desk.caller, rows)
    return Versions(items=[VersionView.model_validate(view.model_dump(include=_SHOWN)) for view in views])


_SHOWN = set(VersionView.model_fields)


async def diff(desk: AtDesk, artifact_id: ArtifactId, asked: Annotated[Against, Query()]) -> compare_artifacts.Output:
    given = {"artifactId": artifact_id, "against": asked.against}
    return await desk.use(compare_artifacts.COMPARE_ARTIFACTS, given)


async def decide(desk: AtDesk, artifact_id: ArtifactId, asked: Decided) -> DocumentView:
    given = {"artifactId": artifact_id, **asked.model_dump(by_alias=True)}
    return _with_schema(await desk.use(decide_artifact.DECIDE_ARTIFACT, given))


async def comments(desk: AtDesk, artifact_id: ArtifactId) -> list_comments.Output:
    return await desk.use(list_comments.LIST_COMMENTS, {"artifactId": artifact_id, "limit": 200})


async def comment(desk: AtDesk, artifact_id: ArtifactId, asked: Remark) -> CommentView:
    return await desk.use(add_comment.ADD_COMMENT, {"artifactId": artifact_id, "body": asked.body})


async def resolve(desk: AtDesk, comment_id: CommentId) -> CommentView:
    return await desk.use(resolve_comment.RESOLVE_COMMENT, {"commentId": comment_id})
