"""Budgets, holds and the ledger as rows. Every amount is a ``Decimal`` of US dollars, never a float."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NewType
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import OrgId, RunId, SessionId, UserId

Scope = Literal["run", "session", "user", "org"]
Period = Literal["total", "day", "month"]
Kind = Literal["model", "web_search", "file_search", "image", "embedding"]
State = Literal["ok", "warn", "reached"]

BudgetId = NewType("BudgetId", UUID)
ReservationId = NewType("ReservationId", UUID)

#: how much of a budget may be used before people are told, unless the budget says otherwise
WARN_AT = Decimal("0.8")


@dataclass(frozen=True)
class ScopeKeys:
    """Whose money a call spends: every budget of these four applies to it."""

    org_id: OrgId
    user_id: UserId | None = None
    session_id: SessionId | None = None
    run_id: RunId | None = None


class Budget(Row):
    """A limit. ``total`` counts from ``period_start``; ``day`` and ``month`` from their own start if that is later."""

    id: BudgetId
    scope: Scope
    scope_id: UUID
    period: Period
    period_start: datetime | None
    limit_amount: Decimal
    warn_at: Decimal
    raised_by: UserId | None


class Standing(Row):
    """How one scope stands in one period; ``limit_amount`` is None where nobody set a limit."""

    scope: Scope
    scope_id: UUID
    period: Period
    since: datetime | None
    limit_amount: Decimal | None
    warn_at: Decimal
    spent: Decimal
    reserved: Decimal

    @property
    def left(self) -> Decimal | None:
        """What is neither spent nor held, never below zero; None without a limit."""
        if self.limit_amount is None:
            return None
        return max(self.limit_amount - self.spent - self.reserved, Decimal(0))

    @property
    def state(self) -> State:
        """``reached`` when nothing is left, ``warn`` from the budget's share on, by what is spent and held."""
        if self.limit_amount is None:
            return "ok"
        used = self.spent + self.reserved
        if used >= self.limit_amount:
            return "reached"
        return "warn" if used >= self.limit_amount * self.warn_at else "ok"


class Share(Row):
    """What one agent, model or kind of call cost, in dollars, and over how many calls."""

    name: str
    cost: Decimal
    calls: int


@dataclass(frozen=True)
class Meter:
    """A standing and where the money went since it began, dearest first."""

    standing: Standing
    by_agent: tuple[Share, ...]
    by_model: tuple[Share, ...]
    by_kind: tuple[Share, ...]


class Reservation(Row):
    """Money held for one call until it is settled, released or expired."""

    id: ReservationId
    call_key: str
    amount: Decimal
    expires_at: datetime


@dataclass(frozen=True)
class LedgerEntry:
    """One paid call as it stands in the ledger for good.

    ``unit_cost`` holds dollars per million tokens (``input``, ``cached``, ``output``) as text;
    ``price_source`` says where they come from, and that the cost is the worst case when usage was never reported.
    """

    model: str
    cost: Decimal
    price_source: str
    kind: Kind = "model"
    agent: str | None = None
    calls: int = 1
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    unit_cost: dict[str, str] | None = None
