"""Counting from now on."""

from uuid import UUID

from pydantic import Field

from knowledge.money import service
from knowledge.money.models import Period, Scope
from tools.budget.scopes import check_scope_exists, keys_for
from tools.budget.view import BudgetView, check_may_change, scope_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    scope: Scope = Field(description="Whose: org, user, session or run.")
    scope_id: UUID = Field(description="Its id.")
    period: Period = Field(default="total", description="total, day or month (UTC).")


async def new_budget_period(context: ToolContext, asked: Input) -> BudgetView:
    """Start counting a budget from now; the ledger keeps everything."""
    check_may_change(context.caller)
    keys = keys_for(context.caller, asked.scope, asked.scope_id)
    async with context.tx() as conn:
        await check_scope_exists(conn, context.caller, asked.scope, asked.scope_id)
        await service.new_period(conn, keys, asked.scope, asked.scope_id, period=asked.period)
        meters = await service.meter(conn, keys)
    return BudgetView(scopes=[scope_view(meter) for meter in meters], may_change=True)


NEW_BUDGET_PERIOD = Tool(
    name="new_budget_period",
    title="Start a new budget period",
    input=Input,
    output=BudgetView,
    run=new_budget_period,
    scope="budget:write",
    changes=True,
    people_only=True,
)
