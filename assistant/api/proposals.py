"""Proposed edits of a piece, and a piece as a file."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.assets import service as assets
from knowledge.ids import AssetId
from knowledge.publishing.exports import FILE_TYPES, FileKind, export
from tools.assets.view import AssetView
from tools.proposals import dismiss_edits, get_proposal, take_edits
from tools.proposals.view import ProposalView, get_proposal_view
from tools.spec import Wire

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"content": {type.partition(";")[0]: _BYTES for _, type in FILE_TYPES.values()}}


class Taken(Wire):
    hunks: list[str] = Field(min_length=1, max_length=2_000, description="Ids of the changes to take.")


def add_routes(router: APIRouter) -> None:
    one = "/proposals/{proposal_id}"
    router.add_api_route("/assets/{asset_id}/proposal", newest, methods=["GET"], summary="What is proposed for a piece")
    router.add_api_route(one, show, methods=["GET"], summary="Proposed edits")
    router.add_api_route(f"{one}/take", take, methods=["POST"], summary="Take some of the proposed edits")
    router.add_api_route(f"{one}/dismiss", dismiss, methods=["POST"], summary="Let proposed edits go")
    router.add_api_route(
        "/assets/{asset_id}/export",
        file,
        methods=["GET"],
        summary="A piece as a file",
        response_class=Response,
        responses={200: _FILE},
    )


async def newest(desk: AtDesk, asset_id: AssetId) -> get_proposal.Output:
    return await desk.use(get_proposal.GET_PROPOSAL, {"assetId": asset_id})


async def show(desk: AtDesk, proposal_id: UUID) -> ProposalView:
    async with desk.tx("assets:read") as conn:
        return await get_proposal_view(conn, proposal_id)


async def take(desk: AtDesk, proposal_id: UUID, asked: Taken) -> AssetView:
    return await desk.use(take_edits.TAKE_EDITS, {"proposalId": proposal_id, "hunks": asked.hunks})


async def dismiss(desk: AtDesk, proposal_id: UUID) -> AssetView:
    return await desk.use(dismiss_edits.DISMISS_EDITS, {"proposalId": proposal_id})


async def file(desk: AtDesk, asset_id: AssetId, format: Annotated[FileKind, Query()] = "markdown") -> Response:
    async with desk.tx("assets:read") as conn:
        made = await export(conn, await assets.get(conn, asset_id), format)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(made.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(made.content, media_type=made.type, headers=headers)
