"""The HTTP API: routers by idea, all under /api, all behind the same guard."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from assistant.api import (
    approvals,
    artifacts,
    assets,
    budgets,
    claims,
    clients,
    dashboard,
    emails,
    imports,
    intake,
    media,
    proposals,
    research,
    run_decisions,
    runs,
    sessions,
    swipes,
    talking,
    uploads,
    voc,
)
from assistant.api.guarded import guarded_route, tool_context_of
from assistant.api.openapi import describe_api
from assistant.api.ports import ApiParts
from assistant.api.problems import not_found, responses
from tools.surfaces.http import tool_router

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_IDEAS = (
    proposals,
    clients,
    intake,
    artifacts,
    claims,
    assets,
    emails,
    runs,
    run_decisions,
    sessions,
    approvals,
    budgets,
    dashboard,
    swipes,
    media,
    voc,
    research,
    imports,
)


def create_api(parts: ApiParts) -> APIRouter:
    """Everything under ``/api``. Mount it before anything that answers to all addresses."""
    api = APIRouter(prefix="/api")
    public = APIRouter(route_class=guarded_route(parts, public=True))
    dashboard.add_public_routes(public, parts)
    guarded = guarded_route(parts)
    problems = responses(400, 401, 402, 403, 404, 409, 413, 421, 422, 429, 500, 502, 503)
    private = APIRouter(route_class=guarded, responses=problems)
    for idea in _IDEAS:
        idea.add_routes(private)
    talking.add_looking_routes(private)
    keeping = APIRouter(route_class=guarded_route(parts, keeps=True), responses=problems)
    talking.add_routes(keeping)
    streamed = APIRouter(route_class=guarded_route(parts, streamed=True), responses=problems)
    uploads.add_routes(streamed)
    private.include_router(tool_router(tool_context_of, responses=problems, route_class=guarded))
    private.add_api_route("/openapi.json", _description(api), methods=["GET"], summary="This API described")
    api.include_router(public)
    api.include_router(private)
    api.include_router(keeping)
    api.include_router(streamed)
    api.include_router(_rest(api, guarded))
    return api


def _description(api: APIRouter) -> Callable[[], Awaitable[JSONResponse]]:
    made: list[dict[str, Any]] = []

    async def describe() -> JSONResponse:
        if not made:
            made.append(describe_api(api.routes))
        return JSONResponse(made[0])

    return describe


def _rest(api: APIRouter, guarded: type[APIRoute]) -> APIRouter:
    """Whatever is not there is a problem document too, and says which methods an address knows."""
    rest = APIRouter(route_class=guarded)
    known = list(api.routes)

    async def nothing_here(request: Request) -> None:
        allowed = [method for method in METHODS if _knows(known, request, method)]
        if allowed:
            raise HTTPException(405, "This address does not do that.", {"Allow": ", ".join(allowed)})
        raise not_found()

    rest.add_api_route(
        "/{path:path}",
        nothing_here,
        methods=list(METHODS),
        include_in_schema=False,
    )
    return rest


def _knows(known: Sequence[BaseRoute], request: Request, method: str) -> bool:
    return any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in known)


__all__ = ["ApiParts", "create_api"]
