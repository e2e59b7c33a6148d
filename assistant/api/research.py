"""Research documents and the client's own pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from assistant.api.guarded import AtDesk
from knowledge.research import service
from tools.research import list_research, read_site_map
from tools.research.view import ResearchView, view_of


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/research", index, methods=["GET"], summary="List research")
    router.add_api_route("/research/{research_id}", show, methods=["GET"], summary="One research document")
    router.add_api_route("/site-map", site_map, methods=["POST"], summary="Read a client's site map, or name its pages")


async def index(desk: AtDesk, asked: Annotated[list_research.Input, Query()]) -> list_research.Output:
    return await desk.use(list_research.LIST_RESEARCH, asked)


async def show(desk: AtDesk, research_id: UUID) -> ResearchView:
    async with desk.tx("research:read") as conn:
        return await view_of(conn, await service.get(conn, research_id))


async def site_map(desk: AtDesk, asked: read_site_map.Input) -> read_site_map.Output:
    return await desk.use(read_site_map.READ_SITE_MAP, asked)
