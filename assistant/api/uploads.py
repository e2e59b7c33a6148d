"""Files from a person's machine into the store: streamed, never held in memory whole."""

from collections.abc import AsyncGenerator
from uuid import UUID

from fastapi import APIRouter, Request
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.api.guarded import AtDesk
from assistant.api.problems import TooLarge
from knowledge.errors import Invalid
from knowledge.files import uploads
from knowledge.files.store import LARGEST, PIECE
from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.spec import Wire

#: what surrounds the file in the body
AROUND = 64_000


class UploadView(Wire):
    upload_id: UUID
    filename: str
    bytes: int


def add_routes(router: APIRouter) -> None:
    router.add_api_route(
        "/uploads",
        upload,
        methods=["POST"],
        status_code=201,
        summary="Bring a file",
        description="multipart/form-data with the part `file` (up to 512 MB) and, if it is a client's, `clientId`.",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "required": ["file"],
                            "properties": {
                                "file": {"type": "string", "format": "binary"},
                                "clientId": {"type": "string", "format": "uuid"},
                            },
                        }
                    }
                },
            }
        },
    )


async def upload(desk: AtDesk, request: Request) -> UploadView:
    async with desk.tx("imports:write"):
        pass  # before anything is read: may they?
    file, client = await _read(request)
    try:
        async with desk.context.tx() as conn:
            client_id = await client_meant(conn, desk.caller, client) if client else None
        stored = await desk.context.work.files.of(desk.caller.org_id).put(_pieces(file))
        async with desk.context.tx() as conn:
            row = await uploads.record(conn, desk.caller, file.filename or "file", stored, client_id)
    finally:
        await file.close()
    return UploadView(upload_id=row.id, filename=row.filename, bytes=row.bytes)


async def _read(request: Request) -> tuple[UploadFile, ClientId | None]:
    """The parts of the form. Raises Invalid, TooLarge."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Invalid(fields={"file": "send it as multipart/form-data, in a part called file"})
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST + AROUND:
        raise TooLarge(f"That is more than {LARGEST // 1_000_000} MB.")
    _limit(request, LARGEST + AROUND)
    try:
        form = await request.form(max_files=1, max_fields=4)
    except (MultipartParseError, HTTPException) as error:
        raise Invalid(fields={"file": "the form is broken; send the file again"}) from error
    file, client = form.get("file"), form.get("clientId")
    if not isinstance(file, UploadFile):
        raise Invalid(fields={"file": "is missing"})
    if not client:
        return file, None
    try:
        return file, ClientId(UUID(str(client)))
    except ValueError:
        raise Invalid(fields={"clientId": "is no id"}) from None


def _limit(request: Request, most: int) -> None:
    """Refuse the body as soon as it is known to be too large, whatever was announced."""
    receive, came = request.receive, 0

    async def counted() -> dict[str, object]:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > most:
            raise TooLarge(f"That is more than {LARGEST // 1_000_000} MB.")
        return dict(message)

    request._receive = counted  # pyright: ignore[reportPrivateUsage]


async def _pieces(file: UploadFile) -> AsyncGenerator[bytes]:
    while piece := await file.read(PIECE):
        yield piece
