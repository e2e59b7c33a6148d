"""Pictures of ads, from this server alone: a person's browser never asks the host that an ad came from.

What always holds: nothing given out here can run; only kinds of pictures that are known are shown in place, anything
else is to be saved.
"""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from assistant.api.guarded import AtDesk, Desk
from knowledge.errors import NotFound
from knowledge.media import service
from knowledge.media.pictures import THUMB_TYPE, shown_type
from knowledge.media.service import Shelf
from knowledge.swipes import queries
from tools.call import check_scope
from tools.swipes.view import MediumView, medium_view

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=86400",
}
_BYTES = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
_PICTURE = {"content": {THUMB_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


def add_routes(router: APIRouter) -> None:
    one = "/swipes/{swipe_id}/media/{media_id}"
    router.add_api_route(
        f"{one}/thumb",
        thumb,
        methods=["GET"],
        summary="An ad's picture, small",
        description="Fetched from its host when it is first asked for.",
        response_class=Response,
        responses={200: _PICTURE},
    )
    router.add_api_route(
        f"{one}/file",
        file,
        methods=["GET"],
        summary="An ad's picture or film, as it was fetched",
        response_class=Response,
        responses={200: _BYTES},
    )
    router.add_api_route(f"{one}/fetch", fetch, methods=["POST"], summary="Fetch an ad's picture or film, or try again")
    router.add_api_route(
        "/swipes/{swipe_id}/media/fetch", fetch_all, methods=["POST"], summary="Fetch all pictures and films of an ad"
    )


async def thumb(desk: AtDesk, swipe_id: UUID, media_id: UUID) -> Response:
    check_scope(desk.caller, "swipes:read")
    return Response(await service.thumb(_shelf(desk), swipe_id, media_id), media_type=THUMB_TYPE, headers=HEADERS)


async def file(desk: AtDesk, swipe_id: UUID, media_id: UUID) -> Response:
    check_scope(desk.caller, "swipes:read")
    shelf = _shelf(desk)
    kept = await service.get(shelf, swipe_id, media_id)
    if kept.storage_key is None:
        raise NotFound(kept.fetch_error or "This has not been fetched yet.")
    size, pieces = await shelf.files.stream(kept.storage_key)
    first = await anext(pieces, b"")
    type = shown_type(first)
    headers = {**HEADERS, "Content-Length": str(size)}
    if type is None:
        headers["Content-Disposition"] = f'attachment; filename="{media_id}"'

    async def body() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return StreamingResponse(body(), media_type=type or "application/octet-stream", headers=headers)


async def fetch(desk: AtDesk, swipe_id: UUID, media_id: UUID) -> MediumView:
    check_scope(desk.caller, "swipes:write")
    await service.fetch(_shelf(desk), swipe_id, media_id, whole=True)
    return next(one for one in await _views(desk, swipe_id) if one.id == media_id)


async def fetch_all(desk: AtDesk, swipe_id: UUID) -> list[MediumView]:
    check_scope(desk.caller, "swipes:write")
    async with desk.context.tx() as conn:
        if await queries.find(conn, swipe_id) is None:
            raise NotFound("That ad does not exist, or not for you.")
    for one in await _views(desk, swipe_id):
        await service.fetch(_shelf(desk), swipe_id, one.id, whole=True)
    return await _views(desk, swipe_id)


async def _views(desk: Desk, swipe_id: UUID) -> list[MediumView]:
    async with desk.context.tx() as conn:
        return [medium_view(swipe_id, one) for one in await queries.media(conn, [swipe_id])]


def _shelf(desk: Desk) -> Shelf:
    work = desk.context.work
    return Shelf(desk.context.tx, work.files.of(desk.caller.org_id), work.web)
