"""What customers said: searched, and counted by theme."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.ids import ClientId
from knowledge.voc.models import VocKind
from tools.call import check_scope
from tools.spec import Wire
from tools.voc import list_themes, search_voc


class Asked(Wire):
    """Filters as the page writes them; empty ones are none."""

    client_id: ClientId
    q: str = Field(default="", max_length=1_000)
    kind: VocKind | None = None
    theme: str | None = Field(default=None, max_length=100)
    language: str | None = Field(default=None, max_length=20)
    rating_from: float | None = None
    rating_to: float | None = None
    from_day: date | None = Field(default=None, alias="from")
    to_day: date | None = Field(default=None, alias="to")
    limit: int = Field(default=12, ge=1, le=96)
    offset: int = Field(default=0, ge=0, le=2_000)


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/voc", index, methods=["GET"], summary="Search or list quotes")
    router.add_api_route("/voc/themes", themes, methods=["GET"], summary="Themes with counts")


async def index(desk: AtDesk, asked: Annotated[Asked, Query()]) -> search_voc.Output:
    check_scope(desk.caller, search_voc.SEARCH_VOC.scope)
    given = search_voc.Input(query=asked.q, **asked.model_dump(exclude={"q"}))
    return await search_voc.heard(desk.context, given, None)


async def themes(desk: AtDesk, client_id: Annotated[ClientId, Query(alias="clientId")]) -> list_themes.Output:
    return await desk.use(list_themes.LIST_THEMES, list_themes.Input(client_id=client_id))
