"""The tools as programs call them: POST /tools/{name} for each, and the list of them with their schemas."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel

from tools.call import call
from tools.catalog import CATALOG
from tools.spec import AnyTool, ToolContext, Wire

MakeContext = Callable[[Request], Awaitable[ToolContext]]


class ToolView(Wire):
    """One tool as declared; ``allowed``: the caller's key carries its scope."""

    name: str
    title: str
    description: str
    scope: str
    changes: bool
    people_only: bool
    allowed: bool
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]


class ToolList(Wire):
    items: list[ToolView]


def tool_router(
    make_context: MakeContext,
    catalog: Mapping[str, AnyTool] = CATALOG,
    responses: dict[int | str, dict[str, Any]] | None = None,
    route_class: type[APIRoute] = APIRoute,
) -> APIRouter:
    """Routes under ``/tools``. ``make_context`` authenticates; errors are left to whoever mounts this."""
    router = APIRouter(prefix="/tools", tags=["tools"], route_class=route_class, responses=responses)

    async def list_tools(request: Request) -> ToolList:
        scopes = (await make_context(request)).caller.scopes
        return ToolList(items=[_view(tool, scopes) for tool in catalog.values()])

    router.add_api_route("", list_tools, methods=["GET"], summary="List tools", response_model=ToolList)
    for tool in catalog.values():
        router.add_api_route(
            f"/{tool.name}",
            _endpoint(tool, make_context),
            methods=["POST"],
            summary=tool.title,
            description=tool.description,
            response_model=tool.output,
            operation_id=f"tool_{tool.name}",
        )
    return router


def _view(tool: AnyTool, scopes: frozenset[str]) -> ToolView:
    return ToolView(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        scope=tool.scope,
        changes=tool.changes,
        people_only=tool.people_only,
        allowed="*" in scopes or tool.scope in scopes,
        input_schema=tool.input.model_json_schema(by_alias=True),
        output_schema=tool.output.model_json_schema(by_alias=True, mode="serialization"),
    )


def _endpoint(tool: AnyTool, make_context: MakeContext) -> Callable[..., Awaitable[BaseModel]]:
    async def endpoint(request: Request, asked: BaseModel) -> BaseModel:
        return await call(tool, await make_context(request), asked)

    # FastAPI reads the body's model off the signature: each tool has its own
    endpoint.__annotations__ = {"request": Request, "asked": tool.input, "return": tool.output}
    endpoint.__name__ = tool.name
    return endpoint
