"""How budgets stand, as the meter, programs and agents see them. Amounts are US dollars, as text."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from knowledge.approvals.subjects import MAY_RAISE_BUDGETS
from knowledge.errors import Denied
from knowledge.money.models import Meter, Period, Scope, ScopeKeys, Share, State
from knowledge.money.service import SCOPE_WORDS
from knowledge.people.models import Caller
from tools.spec import Wire


class ShareView(Wire):
    name: str
    cost: Decimal
    calls: int


class ScopeView(Wire):
    """``limit`` and ``left`` are null where nobody set a limit; ``warnAt`` is a share of the limit."""

    scope: Scope
    scope_id: UUID
    name: str
    period: Period
    since: datetime | None = Field(description="Where counting begins; null: from the start.")
    limit: Decimal | None
    spent: Decimal
    reserved: Decimal
    left: Decimal | None
    warn_at: Decimal
    state: State
    by_agent: list[ShareView]
    by_model: list[ShareView]
    by_kind: list[ShareView]


class BudgetView(Wire):
    scopes: list[ScopeView]
    may_change: bool


def keys_of(caller: Caller) -> ScopeKeys:
    return ScopeKeys(caller.org_id, caller.user_id, caller.session_id, caller.run_id)


def check_may_change(caller: Caller) -> None:
    """Raises Denied unless the role may set budgets."""
    if caller.role not in MAY_RAISE_BUDGETS:
        raise Denied(
            f"Your role ({caller.role}) may not change budgets; these may: {', '.join(sorted(MAY_RAISE_BUDGETS))}."
        )


def scope_view(meter: Meter) -> ScopeView:
    standing = meter.standing
    return ScopeView(
        scope=standing.scope,
        scope_id=standing.scope_id,
        name=SCOPE_WORDS[standing.scope].capitalize(),
        period=standing.period,
        since=standing.since,
        limit=standing.limit_amount,
        spent=standing.spent,
        reserved=standing.reserved,
        left=standing.left,
        warn_at=standing.warn_at,
        state=standing.state,
        by_agent=_shares(meter.by_agent),
        by_model=_shares(meter.by_model),
        by_kind=_shares(meter.by_kind),
    )


def _shares(shares: tuple[Share, ...]) -> list[ShareView]:
    return [ShareView(name=share.name, cost=share.cost, calls=share.calls) for share in shares]
