"""Emails and series: previews and pictures, files, series with their schedule."""

from datetime import date, time
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from assistant.api.guarded import AtDesk
from assistant.pictures import Pictures, View, find_chromium
from knowledge.emails.merge_tags import Dialect
from knowledge.ids import AssetId
from tools.assets.view import AssetView
from tools.call import check_scope
from tools.emails import (
    check_email,
    convert_email,
    edit_email,
    export_email,
    get_series,
    list_series,
    preview_email,
    schedule_series,
    send_test_email,
    unschedule_series,
)
from tools.emails.view import ProblemView, SeriesView
from tools.spec import Wire

_PICTURE = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
_FILE = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
#: nothing given out here can run or load anything
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "Cache-Control": "private, no-store",
}
Person = Annotated[int, Query(ge=0, le=20, description="Which sample person.")]


class PreviewView(preview_email.Output):
    """``pictures``: whether this machine draws them. ``mail``: whether tests can be sent."""

    pictures: bool
    mail: bool
    bytes: int
    problems: list[ProblemView]


class Edited(Wire):
    """What is left out stays as it is; see ``edit_email``."""

    content_hash: str = Field(max_length=128)
    subject: str | None = Field(default=None, max_length=300)
    subjects: list[str] | None = Field(default=None, max_length=5)
    preheader: str | None = Field(default=None, max_length=500)
    body_markdown: str | None = Field(default=None, max_length=200_000)
    plain_text: str | None = Field(default=None, max_length=200_000)
    call_to_action: str | None = Field(default=None, max_length=300)
    link: str | None = Field(default=None, max_length=2_000)
    sender_name: str | None = Field(default=None, max_length=200)
    postal_address: str | None = Field(default=None, max_length=500)
    unsubscribe_url: str | None = Field(default=None, max_length=2_000)
    day: int | None = Field(default=None, ge=0, le=3_650)
    purpose: str | None = Field(default=None, max_length=200)


class Tried(Wire):
    to: str = Field(max_length=320)
    person: int = Field(default=0, ge=0, le=20)


class Converted(Wire):
    content_hash: str = Field(max_length=128)
    dialect: Dialect


def add_routes(router: APIRouter) -> None:
    one, series = "/assets/{asset_id}/email", "/series/{series_id}"
    router.add_api_route(one, preview, methods=["GET"], summary="An email as a sample person gets it")
    router.add_api_route(one, edit, methods=["PATCH"], summary="Edit an email")
    router.add_api_route(f"{one}/dialect", convert, methods=["POST"], summary="Write for another sending service")
    router.add_api_route(f"{one}/test", try_out, methods=["POST"], summary="Send one test to a named address")
    router.add_api_route(
        f"{one}/picture",
        picture,
        methods=["GET"],
        summary="An email as a picture",
        response_class=Response,
        responses={200: _PICTURE},
    )
    router.add_api_route(
        f"{one}/file",
        file,
        methods=["GET"],
        summary="An email as HTML, message, text or MJML",
        response_class=Response,
        responses={200: _FILE},
    )
    router.add_api_route("/series", index, methods=["GET"], summary="List series of emails")
    router.add_api_route(series, show, methods=["GET"], summary="One series")
    router.add_api_route(f"{series}/schedule", schedule, methods=["POST"], summary="Approve and schedule a series")
    router.add_api_route(f"{series}/schedule", unschedule, methods=["DELETE"], summary="Take the plan back")


_pictures = Pictures(find_chromium())


async def preview(desk: AtDesk, asset_id: AssetId, person: Person = 0) -> PreviewView:
    seen = await desk.use(preview_email.PREVIEW_EMAIL, {"assetId": asset_id, "person": person})
    checked = await desk.use(check_email.CHECK_EMAIL, {"assetId": asset_id})
    more: dict[str, Any] = {
        "pictures": _pictures.chromium is not None,
        "mail": desk.parts.work.mail is not None,
        "bytes": checked.bytes,
        "problems": checked.problems,
    }
    return PreviewView.model_validate({**seen.model_dump(), **more})


async def picture(desk: AtDesk, asset_id: AssetId, view: View = "desktop", person: Person = 0) -> Response:
    check_scope(desk.caller, "assets:read")
    seen = await desk.use(preview_email.PREVIEW_EMAIL, {"assetId": asset_id, "person": person})
    return Response(await _pictures.draw(seen.html, view), media_type="image/png", headers=HEADERS)


async def file(desk: AtDesk, asset_id: AssetId, format: export_email.Format = "html") -> Response:
    made = await desk.use(export_email.EXPORT_EMAIL, {"assetId": asset_id, "format": format})
    plain = made.filename.encode("ascii", "ignore").decode() or f"email.{format}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{_percent(made.filename)}"
    headers = {**HEADERS, "Content-Disposition": name}
    return Response(made.content.encode(), media_type=made.media_type, headers=headers)


async def edit(desk: AtDesk, asset_id: AssetId, asked: Edited) -> AssetView:
    given = asked.model_dump(by_alias=True, exclude_none=True)
    return await desk.use(edit_email.EDIT_EMAIL, {"assetId": asset_id, **given})


async def convert(desk: AtDesk, asset_id: AssetId, asked: Converted) -> AssetView:
    return await desk.use(convert_email.CONVERT_EMAIL, {"assetId": asset_id, **asked.model_dump(by_alias=True)})


async def try_out(desk: AtDesk, asset_id: AssetId, asked: Tried) -> send_test_email.Output:
    return await desk.use(send_test_email.SEND_TEST_EMAIL, {"assetId": asset_id, **asked.model_dump(by_alias=True)})


async def index(desk: AtDesk, asked: Annotated[list_series.Input, Query()]) -> list_series.Output:
    return await desk.use(list_series.LIST_SERIES, asked)


async def show(desk: AtDesk, series_id: UUID) -> SeriesView:
    return await desk.use(get_series.GET_SERIES, {"seriesId": series_id})


class Scheduled(Wire):
    """When, and what was shown of each email."""

    starts_on: date
    send_time: time = time(9)
    timezone: str = Field(default="UTC", max_length=64)
    emails: list[schedule_series.Shown] = Field(min_length=1, max_length=30)


async def schedule(desk: AtDesk, series_id: UUID, asked: Scheduled) -> SeriesView:
    given = asked.model_dump(by_alias=True, mode="json")
    return await desk.use(schedule_series.SCHEDULE_SERIES, {"seriesId": series_id, **given})


async def unschedule(desk: AtDesk, series_id: UUID) -> SeriesView:
    return await desk.use(unschedule_series.UNSCHEDULE_SERIES, {"seriesId": series_id})


def _percent(name: str) -> str:
    return quote(name, safe="")
