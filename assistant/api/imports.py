"""Files on their way into the knowledge base: opened, corrected, started, watched, and what was left out of them."""

import csv
import io
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.errors import Invalid
from knowledge.fetching.web import LONGEST_URL
from knowledge.ids import ClientId
from knowledge.imports import service
from knowledge.imports.models import ImportKind, Reject
from tools.call import check_scope
from tools.clients.chosen import client_meant
from tools.imports import opening
from tools.imports.asked import Brought, bring
from tools.imports.pages import open_page
from tools.imports.view import ImportView, import_view, summary
from tools.spec import Wire


class New(Brought):
    """A file brought before, text, or a page of the web (public addresses only). What is not said is found out from it."""

    url: str | None = Field(default=None, max_length=LONGEST_URL, description="Or a public page to keep as a document.")

    client_id: ClientId | None = None
    kind: ImportKind | None = None


class Change(Wire):
    """What is left out stays as it is; ``options`` are those of the import, such as ``mapping``."""

    kind: ImportKind | None = None
    format: str | None = Field(default=None, max_length=40)
    client_id: ClientId | None = None
    options: dict[str, Any] | None = None


class RejectView(Wire):
    """``row`` counts from 1 as in the file; ``field`` null: the whole row."""

    row: int
    field: str | None
    reason: str
    excerpt: str


class Imports(Wire):
    items: list[ImportView]


class Rejects(Wire):
    items: list[RejectView]


def add_routes(router: APIRouter) -> None:
    one = "/imports/{import_id}"
    router.add_api_route("/imports", index, methods=["GET"], summary="Imports, newest first")
    router.add_api_route("/imports", create, methods=["POST"], status_code=201, summary="Open a file for import")
    router.add_api_route(one, show, methods=["GET"], summary="One import")
    router.add_api_route(one, change, methods=["PUT"], summary="Correct how a file is read")
    router.add_api_route(f"{one}/start", start, methods=["POST"], summary="Bring it in")
    router.add_api_route(f"{one}/rejects", rejects, methods=["GET"], summary="Rows that were left out, and why")
    router.add_api_route(
        f"{one}/rejects.csv", rejects_csv, methods=["GET"], summary="The same as a table", response_class=Response
    )


async def index(
    desk: AtDesk,
    client_id: Annotated[ClientId | None, Query(alias="clientId")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Imports:
    async with desk.tx("imports:read") as conn:
        rows = await service.list_recent(conn, client_id, limit)
    return Imports(items=[summary(row) for row in rows])


async def create(desk: AtDesk, asked: New) -> ImportView:
    check_scope(desk.caller, "imports:write")
    client_id = asked.client_id
    if client_id is not None:
        async with desk.context.tx() as conn:
            client_id = await client_meant(conn, desk.caller, client_id)
    if asked.url is None:
        return await bring(desk.context, asked, asked.kind, client_id)
    if asked.upload_id is not None or asked.text is not None:
        raise Invalid(fields={"url": "give a page, a file that was brought, or text: one of them"})
    return await open_page(desk.context, asked.url, kind=asked.kind, format=asked.format, client_id=client_id)


async def show(desk: AtDesk, import_id: UUID) -> ImportView:
    async with desk.tx("imports:read") as conn:
        row = await service.get(conn, import_id)
    return await import_view(desk.context.work.files, row)


async def change(desk: AtDesk, import_id: UUID, asked: Change) -> ImportView:
    check_scope(desk.caller, "imports:write")
    given = {name: getattr(asked, name) for name in Change.model_fields}
    return await opening.change(desk.context, import_id, **given)


async def start(desk: AtDesk, import_id: UUID) -> ImportView:
    check_scope(desk.caller, "imports:write")
    return await opening.start(desk.context, import_id)


async def rejects(
    desk: AtDesk,
    import_id: UUID,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Rejects:
    async with desk.tx("imports:read") as conn:
        found = await service.rejects(conn, import_id, limit, offset)
    return Rejects(
        items=[RejectView(row=one.row, field=one.field, reason=one.reason, excerpt=one.excerpt) for one in found]
    )


async def rejects_csv(desk: AtDesk, import_id: UUID) -> Response:
    async with desk.tx("imports:read") as conn:
        row = await service.get(conn, import_id)
        found = await service.rejects(conn, import_id, 10_000)
    name = f"left-out-{row.id}.csv"
    return Response(
        _table(found),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _table(found: list[Reject]) -> str:
    """With a mark that tells spreadsheets it is UTF-8, and no cell that they would take for a formula."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["row", "field", "reason", "excerpt"])
    for one in found:
        table.writerow([one.row, _plain(one.field or ""), _plain(one.reason), _plain(one.excerpt)])
    return "\ufeff" + out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
