"""What was spent, what is held, what is left."""

from dataclasses import replace

from pydantic import Field

from knowledge.approvals.subjects import MAY_RAISE_BUDGETS
from knowledge.ids import RunId, SessionId
from knowledge.money import service
from tools.budget.scopes import check_scope_exists
from tools.budget.view import BudgetView, keys_of, scope_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    run_id: RunId | None = Field(default=None, description="Also the budget of this run.")
    session_id: SessionId | None = Field(default=None, description="Also this conversation's; null: the one at hand.")


async def get_budget(context: ToolContext, asked: Input) -> BudgetView:
    """Show spending against every limit that applies here, by agent, model and kind, in US dollars."""
    caller = context.caller
    async with context.tx() as conn:
        keys = keys_of(caller)
        if asked.run_id is not None:
            await check_scope_exists(conn, caller, "run", asked.run_id)
            keys = replace(keys, run_id=asked.run_id)
        if asked.session_id is not None:
            await check_scope_exists(conn, caller, "session", asked.session_id)
            keys = replace(keys, session_id=asked.session_id)
        meters = await service.meter(conn, keys)
    return BudgetView(scopes=[scope_view(meter) for meter in meters], may_change=caller.role in MAY_RAISE_BUDGETS)


GET_BUDGET = Tool(
    name="get_budget",
    title="Budget",
    input=Input,
    output=BudgetView,
    run=get_budget,
    scope="budget:read",
)
