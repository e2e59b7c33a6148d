"""The command centre in one answer, and who I am, and how the product is."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from assistant.api.guarded import AtDesk, Desk
from assistant.api.ports import ApiParts
from knowledge.overview import queries as overview
from knowledge.overview.models import AtWork
from knowledge.people.queries import get_user
from tools.approvals import list_inbox
from tools.budget import get_budget
from tools.budget.view import ScopeView
from tools.runs import list_runs
from tools.runs.view import RunSummary
from tools.spec import Wire


class AgentView(Wire):
    id: str
    name: str
    state: Literal["ready", "busy", "error"]
    doing: str | None
    run_id: UUID | None


class Agents(Wire):
    items: list[AgentView]


class CampaignRow(Wire):
    id: UUID
    name: str
    client_name: str
    status: str
    spend: Decimal


class Dashboard(Wire):
    """``waiting``: how many decisions of the caller's role; 200 stands for 200 and more. ``budget``: the house's."""

    agents: list[AgentView]
    campaigns: list[CampaignRow]
    artifacts_by_status: dict[str, int]
    assets_by_status: dict[str, int]
    runs: list[RunSummary]
    waiting: int
    budget: ScopeView | None


class Me(Wire):
    id: UUID
    name: str
    email: str
    role: str
    org_id: UUID
    scopes: list[str]


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/me", me, methods=["GET"], summary="Who I am")
    router.add_api_route("/agents", agents, methods=["GET"], summary="The team, and what each is doing")
    router.add_api_route("/dashboard", dashboard, methods=["GET"], summary="The command centre")


def add_public_routes(router: APIRouter, parts: ApiParts) -> None:
    async def health() -> JSONResponse:
        found = await parts.health()
        return JSONResponse(found, 200 if found.get("ok") else 503)

    router.add_api_route(
        "/health", health, methods=["GET"], summary="How the product is", response_model=dict[str, Any]
    )


async def me(desk: AtDesk) -> Me:
    caller = desk.caller
    async with desk.context.tx() as conn:
        user = await get_user(conn, caller.user_id)
    return Me(
        id=caller.user_id,
        name=user.display_name if user else "",
        email=user.email if user else "",
        role=caller.role,
        org_id=caller.org_id,
        scopes=sorted(caller.scopes),
    )


async def agents(desk: AtDesk) -> Agents:
    async with desk.tx("dashboard:read") as conn:
        busy = await overview.at_work(conn)
    return Agents(items=[_agent(member.id, member.name, busy.get(member.id)) for member in desk.parts.team])


async def dashboard(desk: AtDesk) -> Dashboard:
    async with desk.tx("dashboard:read") as conn:
        busy = await overview.at_work(conn)
        documents = await overview.documents_by_status(conn)
        assets = await overview.assets_by_status(conn)
        campaigns = await overview.campaigns_with_spend(conn)
    runs = await desk.use(list_runs.LIST_RUNS, {"limit": 10})
    inbox = await desk.use(list_inbox.LIST_INBOX, {"limit": 200})
    return Dashboard(
        agents=[_agent(member.id, member.name, busy.get(member.id)) for member in desk.parts.team],
        campaigns=[CampaignRow.model_validate(row.model_dump()) for row in campaigns],
        artifacts_by_status=documents,
        assets_by_status=assets,
        runs=runs.items,
        waiting=len(inbox.items),
        budget=await _house_budget(desk),
    )


def _agent(id: str, name: str, found: AtWork | None) -> AgentView:
    if found is None:
        return AgentView(id=id, name=name, state="ready", doing=None, run_id=None)
    doing = found.doing or found.title or "answering in the chat"
    if found.failed:
        return AgentView(id=id, name=name, state="error", doing=f"could not finish {doing}", run_id=found.run_id)
    return AgentView(id=id, name=name, state="busy", doing=doing, run_id=found.run_id)


async def _house_budget(desk: Desk) -> ScopeView | None:
    scopes = (await desk.use(get_budget.GET_BUDGET, {})).scopes
    house = [scope for scope in scopes if scope.scope == "org"]
    return next((scope for scope in house if scope.limit is not None), house[0] if house else None)
