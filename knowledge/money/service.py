"""Budgets kept: reserve before a paid call, settle after it, and say how every scope stands.

What always holds: spent plus held never exceeds a limit through ``reserve``, however many ask at once; a hold that
expired counts no more, so a killed process leaks nothing; the same call asked for again takes over its hold instead
of holding twice; an entry is written once. A cost above its hold (a provider that broke its own limit) is entered
in full: the ledger tells the truth even when the truth is over the limit.
Every function runs in the caller's transaction, which must be READ COMMITTED (Postgres' default).
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from uuid import UUID

from knowledge.db import Connection
from knowledge.errors import BudgetExceeded, Conflict, Invalid, NotFound
from knowledge.money import queries
from knowledge.money.models import (
    WARN_AT,
    Budget,
    LedgerEntry,
    Meter,
    Period,
    Reservation,
    Scope,
    ScopeKeys,
    Standing,
)

#: how a person reads whose budget it is
SCOPE_WORDS: dict[Scope, str] = {
    "run": "this run",
    "session": "this conversation",
    "user": "you",
    "org": "your organisation",
}
_PERIOD_WORDS: dict[Period, str] = {"total": "", "day": " today", "month": " this month"}


async def reserve(conn: Connection, keys: ScopeKeys, amount: Decimal, call_key: str, ttl: float) -> Reservation:
    """Hold ``amount`` dollars for at most ``ttl`` seconds against every budget that applies to ``keys``.

    ``call_key`` names the call over all its attempts. Raises ``BudgetExceeded`` with the tightest budget; then
    nothing is held. Keep the transaction short: it locks those budgets until it ends.
    """
    if amount < 0 or ttl <= 0:
        raise ValueError("a hold needs an amount of zero or more and a time to live")
    held = await queries.lock_and_hold(conn, keys, amount, call_key, ttl)
    if held is None:
        raise _refusal(amount, await queries.limited_standings(conn, keys, call_key))
    return held


async def settle(conn: Connection, keys: ScopeKeys, held: Reservation, entry: LedgerEntry) -> bool:
    """Enter what the call really cost and let go of its hold, atomically. False when that was already done."""
    return await queries.insert_entry(conn, keys, entry, f"{held.call_key}/{held.id}", held.id)


async def enter(conn: Connection, keys: ScopeKeys, entry: LedgerEntry, entry_key: str) -> bool:
    """Enter a call that needed no hold because it costs nothing. False when ``entry_key`` was already entered."""
    return await queries.insert_entry(conn, keys, entry, entry_key, None)


async def release(conn: Connection, keys: ScopeKeys, held: Reservation) -> None:
    """Let go of a hold whose call was never paid for. Safe to repeat."""
    await queries.close_hold(conn, keys, held.id)


async def standings(conn: Connection, keys: ScopeKeys) -> list[Standing]:
    """How each scope of ``keys`` stands in each of its periods; a scope without a budget once, without a limit."""
    return await queries.all_standings(conn, keys)


async def meter(conn: Connection, keys: ScopeKeys) -> list[Meter]:
    """``standings`` with the spending of each split by agent, model and kind."""
    meters: list[Meter] = []
    for standing in await queries.all_standings(conn, keys):
        parts = await queries.breakdown(conn, keys, standing)
        by_agent, by_model, by_kind = (tuple(parts[part]) for part in ("agent", "model", "kind"))
        meters.append(Meter(standing, by_agent, by_model, by_kind))
    return meters


async def set_limit(
    conn: Connection,
    keys: ScopeKeys,
    scope: Scope,
    scope_id: UUID,
    amount: Decimal,
    *,
    period: Period = "total",
    warn_at: Decimal = WARN_AT,
) -> Budget:
    """Set or replace a limit in dollars; ``keys.user_id`` is who did it. Raises ``Invalid`` for impossible figures."""
    _require_possible(amount, warn_at)
    budget = await queries.put_limit(conn, keys, scope, scope_id, period, amount, warn_at)
    if budget is None:
        raise RuntimeError("an upsert returned no row")
    return budget


async def ensure_limit(
    conn: Connection,
    keys: ScopeKeys,
    scope: Scope,
    scope_id: UUID,
    amount: Decimal,
    *,
    period: Period = "total",
    warn_at: Decimal = WARN_AT,
) -> None:
    """Give a new session or run its default limit; one that somebody has set stays."""
    _require_possible(amount, warn_at)
    await queries.insert_limit_once(conn, keys, scope, scope_id, period, amount, warn_at)


async def raise_limit(
    conn: Connection,
    keys: ScopeKeys,
    scope: Scope,
    scope_id: UUID,
    to: Decimal,
    *,
    period: Period = "total",
) -> Budget:
    """Raise an existing limit to ``to`` dollars (repeating it is harmless). Never lowers: that is ``set_limit``.

    Raises ``NotFound`` without such a budget, ``Conflict`` when it is already higher.
    """
    _require_possible(to, WARN_AT)
    raised = await queries.lift_limit(conn, keys, scope, scope_id, period, to)
    if raised is not None:
        return raised
    budget = await _get_budget(conn, keys, scope, scope_id, period)
    raise Conflict(f"The limit is already {dollars(budget.limit_amount)}, which is more than {dollars(to)}.")


async def new_period(
    conn: Connection, keys: ScopeKeys, scope: Scope, scope_id: UUID, *, period: Period = "total"
) -> Budget:
    """Start counting this budget from now; the ledger keeps everything. Raises ``NotFound`` without such a budget."""
    budget = await queries.begin_period(conn, keys, scope, scope_id, period)
    return budget if budget is not None else await _get_budget(conn, keys, scope, scope_id, period)


async def _get_budget(conn: Connection, keys: ScopeKeys, scope: Scope, scope_id: UUID, period: Period) -> Budget:
    budget = await queries.find_budget(conn, keys, scope, scope_id, period)
    if budget is None:
        raise NotFound("There is no such budget yet; set a limit first.")
    return budget


def dollars(amount: Decimal, rounding: str = ROUND_CEILING) -> str:
    """``$1,234.50``; below a cent with the two digits that matter, such as ``$0.0042``."""
    places = Decimal("0.01")
    if 0 < amount < places:
        places = Decimal(1).scaleb(max(amount.adjusted() - 1, -8))
    return f"${amount.quantize(places, rounding=rounding):,f}"


def _refusal(amount: Decimal, applicable: list[Standing]) -> BudgetExceeded:
    too_tight = [s for s in applicable if s.left is not None and s.left < amount]
    if not too_tight:
        # somebody settled or raised between the refusal and this look: asking again can succeed
        return BudgetExceeded(
            "The budget was just used up by other work; please try again.", would_cost=amount, retryable=True
        )
    tightest = min(too_tight, key=lambda standing: standing.left or Decimal(0))
    limit, left = tightest.limit_amount or Decimal(0), tightest.left or Decimal(0)
    whose = f"{SCOPE_WORDS[tightest.scope]}{_PERIOD_WORDS[tightest.period]}"
    rest = (
        "nothing is left"
        if left == 0
        else f"only {dollars(left, ROUND_FLOOR)} is left"
        if tightest.reserved == 0
        else f"only {dollars(left, ROUND_FLOOR)} is free while other work is running"
    )
    return BudgetExceeded(
        f"This would cost up to {dollars(amount)}, but {rest} of the {dollars(limit)} for {whose}.",
        would_cost=amount,
        limit=limit,
        left=left,
        spent=tightest.spent,
        reserved=tightest.reserved,
        scope=tightest.scope,
        scope_id=tightest.scope_id,
        period=tightest.period,
    )


def _require_possible(amount: Decimal, warn_at: Decimal) -> None:
    wrong: dict[str, str] = {}
    if not amount.is_finite() or amount < 0:
        wrong["limit"] = "must be an amount of zero or more"
    if not warn_at.is_finite() or not 0 < warn_at <= 1:
        wrong["warnAt"] = "must be a share above 0 and at most 1"
    if wrong:
        raise Invalid(fields=wrong)
