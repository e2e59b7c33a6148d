"""Budgets: how they stand, setting them, starting a new period."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.money.models import Period, Scope
from tools.budget import get_budget, new_budget_period, set_budget
from tools.budget.view import BudgetView
from tools.spec import Wire


class Limit(Wire):
    limit: Decimal = Field(ge=0, le=1_000_000, max_digits=12, decimal_places=4)
    period: Period = "total"


class NewPeriod(Wire):
    period: Period = "total"


def add_routes(router: APIRouter) -> None:
    one = "/budgets/{scope}/{scope_id}"
    router.add_api_route("/budgets", index, methods=["GET"], summary="How the budgets stand")
    router.add_api_route(one, put, methods=["PUT"], summary="Set a limit")
    router.add_api_route(f"{one}/new-period", start_period, methods=["POST"], summary="Count from now on")


async def index(desk: AtDesk, asked: Annotated[get_budget.Input, Query()]) -> BudgetView:
    return await desk.use(get_budget.GET_BUDGET, asked)


async def put(desk: AtDesk, scope: Scope, scope_id: UUID, asked: Limit) -> BudgetView:
    given = {"scope": scope, "scopeId": scope_id, **asked.model_dump(by_alias=True)}
    return await desk.use(set_budget.SET_BUDGET, given)


async def start_period(desk: AtDesk, scope: Scope, scope_id: UUID, asked: NewPeriod | None = None) -> BudgetView:
    period = asked.period if asked else "total"
    given = {"scope": scope, "scopeId": scope_id, "period": period}
    return await desk.use(new_budget_period.NEW_BUDGET_PERIOD, given)
