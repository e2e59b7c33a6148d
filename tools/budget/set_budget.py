"""A limit, set by a person who may."""

from decimal import Decimal
from uuid import UUID

from pydantic import Field

from knowledge.money import service
from knowledge.money.models import WARN_AT, Period, Scope
from tools.budget.scopes import check_scope_exists, keys_for
from tools.budget.view import BudgetView, check_may_change, scope_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    scope: Scope = Field(description="Whose: org, user, session or run.")
    scope_id: UUID = Field(description="Its id.")
    limit: Decimal = Field(ge=0, le=1_000_000, max_digits=12, decimal_places=4, description="US dollars.")
    period: Period = Field(default="total", description="total, day or month (UTC).")
    warn_at: Decimal = Field(default=WARN_AT, gt=0, le=1, decimal_places=4, description="Warn from this share on.")


async def set_budget(context: ToolContext, asked: Input) -> BudgetView:
    """Set or replace a spending limit."""
    check_may_change(context.caller)
    keys = keys_for(context.caller, asked.scope, asked.scope_id)
    async with context.tx() as conn:
        await check_scope_exists(conn, context.caller, asked.scope, asked.scope_id)
        await service.set_limit(
            conn, keys, asked.scope, asked.scope_id, asked.limit, period=asked.period, warn_at=asked.warn_at
        )
        meters = await service.meter(conn, keys)
    return BudgetView(scopes=[scope_view(meter) for meter in meters], may_change=True)


SET_BUDGET = Tool(
    name="set_budget",
    title="Set a budget",
    input=Input,
    output=BudgetView,
    run=set_budget,
    scope="budget:write",
    changes=True,
    people_only=True,
    repeatable=True,
)
