"""Pieces: read, edit, decide, publish, comment."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.artifacts import Remark
from assistant.api.guarded import AtDesk
from knowledge.approvals.models import Decision
from knowledge.ids import AssetId
from tools.assets import decide_asset, list_assets, publish_asset
from tools.assets.view import AssetView, get_view
from tools.comments import add_comment, list_comments
from tools.comments.view import CommentView
from tools.spec import Wire


class Decided(Wire):
    """``contentHash`` names what was shown."""

    decision: Decision
    content_hash: str = Field(max_length=128)
    notes: str = Field(default="", max_length=20_000)


def add_routes(router: APIRouter) -> None:
    one = "/assets/{asset_id}"
    router.add_api_route("/assets", index, methods=["GET"], summary="List pieces")
    router.add_api_route(one, show, methods=["GET"], summary="One piece")
    router.add_api_route(f"{one}/decision", decide, methods=["POST"], summary="Approve, reject or send back")
    router.add_api_route(f"{one}/publish", publish, methods=["POST"], summary="Publish an approved piece")
    router.add_api_route(f"{one}/comments", comments, methods=["GET"], summary="Comments on a piece")
    router.add_api_route(f"{one}/comments", comment, methods=["POST"], status_code=201, summary="Comment")


async def index(desk: AtDesk, asked: Annotated[list_assets.Input, Query()]) -> list_assets.Output:
    return await desk.use(list_assets.LIST_ASSETS, asked)


async def show(desk: AtDesk, asset_id: AssetId) -> AssetView:
    async with desk.tx("assets:read") as conn:
        return await get_view(conn, desk.caller, asset_id)


async def decide(desk: AtDesk, asset_id: AssetId, asked: Decided) -> AssetView:
    return await desk.use(decide_asset.DECIDE_ASSET, {"assetId": asset_id, **asked.model_dump(by_alias=True)})


async def publish(desk: AtDesk, asset_id: AssetId) -> AssetView:
    return await desk.use(publish_asset.PUBLISH_ASSET, {"assetId": asset_id})


async def comments(desk: AtDesk, asset_id: AssetId) -> list_comments.Output:
    return await desk.use(list_comments.LIST_COMMENTS, {"assetId": asset_id, "limit": 200})


async def comment(desk: AtDesk, asset_id: AssetId, asked: Remark) -> CommentView:
    return await desk.use(add_comment.ADD_COMMENT, {"assetId": asset_id, "body": asked.body})
