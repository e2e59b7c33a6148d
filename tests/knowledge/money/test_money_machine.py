"""Whatever is reserved, settled, released, expired, raised and begun anew, in whatever order: a simple model agrees."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from knowledge.db import Database
from knowledge.errors import BudgetExceeded
from knowledge.ids import RunId, SessionId, UserId
from knowledge.money import service
from knowledge.money.models import LedgerEntry, Reservation, Scope, ScopeKeys
from tests.conftest import TestDatabase, make_people

CENTS = st.integers(0, 60).map(lambda cents: Decimal(cents) / 100)
WHO = st.integers(0, 1)
SCOPES: st.SearchStrategy[Scope] = st.sampled_from(["run", "session", "user", "org"])


@dataclass
class Hold:
    keys: ScopeKeys
    amount: Decimal
    reservation: Reservation


class Money(RuleBasedStateMachine):
    """Two people in one organisation against the real tables; the model is a list of holds and a list of costs."""

    loop: asyncio.AbstractEventLoop
    db: Database

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        people = self.run(make_people(self.db))
        self.org = people.org_id
        users = [people["ops"], people["data"]]
        self.keys = [ScopeKeys(self.org, UserId(u), SessionId(uuid4()), RunId(uuid4())) for u in users]
        self.limits: dict[tuple[Scope, UUID], Decimal] = {}
        self.spent: list[tuple[ScopeKeys, Decimal]] = []
        self.before: dict[tuple[Scope, UUID], Decimal] = {}
        self.open: dict[str, Hold] = {}
        self.lost: list[Hold] = []

    # -- the model

    @staticmethod
    def id_of(keys: ScopeKeys, scope: Scope) -> UUID:
        found = {"run": keys.run_id, "session": keys.session_id, "user": keys.user_id, "org": keys.org_id}[scope]
        assert found is not None
        return found

    def scopes(self, keys: ScopeKeys) -> list[tuple[Scope, UUID]]:
        return [(scope, self.id_of(keys, scope)) for scope in ("run", "session", "user", "org")]

    def used(self, place: tuple[Scope, UUID], without: str | None = None) -> tuple[Decimal, Decimal]:
        spent = sum((cost for keys, cost in self.spent if place in self.scopes(keys)), Decimal(0))
        held = sum(
            (hold.amount for key, hold in self.open.items() if key != without and place in self.scopes(hold.keys)),
            Decimal(0),
        )
        return spent - self.before.get(place, Decimal(0)), held

    def fits(self, keys: ScopeKeys, amount: Decimal, key: str) -> bool:
        return all(
            sum(self.used(place, without=key)) + amount <= self.limits[place]
            for place in self.scopes(keys)
            if place in self.limits
        )

    # -- what can happen

    @rule(who=WHO, scope=SCOPES, amount=CENTS)
    def set_limit(self, who: int, scope: Scope, amount: Decimal) -> None:
        keys = self.keys[who]
        place = (scope, self.id_of(keys, scope))

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                await service.set_limit(conn, keys, *place, amount)

        self.run(work())
        self.limits[place] = amount

    @precondition(lambda self: self.limits)
    @rule(data=st.data(), more=CENTS)
    def raise_limit(self, data: st.DataObject, more: Decimal) -> None:
        place = data.draw(st.sampled_from(list(self.limits)))
        self.limits[place] += more

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                await service.raise_limit(conn, self.keys[0], *place, self.limits[place])

        self.run(work())

    @precondition(lambda self: self.limits)
    @rule(data=st.data())
    def new_period(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(list(self.limits)))
        self.before[place] = sum((cost for keys, cost in self.spent if place in self.scopes(keys)), Decimal(0))

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                await service.new_period(conn, self.keys[0], *place)

        self.run(work())

    @rule(who=WHO, amount=CENTS, name=st.sampled_from(["a", "b", "c", "d"]))
    def reserve(self, who: int, amount: Decimal, name: str) -> None:
        keys, key = self.keys[who], f"{who}{name}"
        fits = self.fits(keys, amount, key)

        async def work() -> Reservation | None:
            try:
                async with self.db.org(self.org) as conn:
                    return await service.reserve(conn, keys, amount, key, 3600)
            except BudgetExceeded:
                return None

        held = self.run(work())
        assert (held is not None) == fits
        if held is not None:
            if key in self.open:
                self.lost.append(self.open[key])
            self.open[key] = Hold(keys, amount, held)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), share=st.integers(0, 100), times=st.integers(1, 2))
    def settle(self, data: st.DataObject, share: int, times: int) -> None:
        hold = self.open.pop(data.draw(st.sampled_from(list(self.open))))
        self._enter(hold, hold.amount * share / 100, times)

    @precondition(lambda self: self.lost)
    @rule(times=st.integers(1, 2))
    def settle_what_was_taken_over_or_expired(self, times: int) -> None:
        hold = self.lost.pop()
        self._enter(hold, hold.amount, times)

    def _enter(self, hold: Hold, cost: Decimal, times: int) -> None:
        entry = LedgerEntry(model="m", cost=cost, price_source="test")

        async def work() -> bool:
            async with self.db.org(self.org) as conn:
                return await service.settle(conn, hold.keys, hold.reservation, entry)

        assert [self.run(work()) for _ in range(times)] == [True, False][:times]
        self.spent.append((hold.keys, cost))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        hold = self.open.pop(data.draw(st.sampled_from(list(self.open))))

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                await service.release(conn, hold.keys, hold.reservation)

        self.run(work())

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        hold = self.open.pop(data.draw(st.sampled_from(list(self.open))))
        self.lost.append(hold)

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                await conn.execute(
                    "update budget_reservations set expires_at = now() - interval '1 second' where id = %s",
                    (hold.reservation.id,),
                )

        self.run(work())

    # -- what always holds

    @invariant()
    def the_meter_agrees(self) -> None:
        if not hasattr(self, "keys"):
            return

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                for keys in self.keys:
                    for standing in await service.standings(conn, keys):
                        place = (standing.scope, standing.scope_id)
                        assert (standing.spent, standing.reserved) == self.used(place)
                        assert standing.limit_amount == self.limits.get(place)

        self.run(work())

    @invariant()
    def the_days_add_up_to_the_ledger(self) -> None:
        if not hasattr(self, "keys"):
            return

        async def work() -> None:
            async with self.db.org(self.org) as conn:
                row = await (
                    await conn.execute(
                        "select coalesce((select sum(cost) from usage_ledger), 0), "
                        "coalesce((select sum(cost) from usage_days where scope = 'org'), 0)"
                    )
                ).fetchone()
                assert row is not None and row[0] == row[1]

        self.run(work())


@pytest.mark.slow
def test_money_agrees_with_a_simple_model(database: TestDatabase) -> None:
    loop = asyncio.new_event_loop()
    db = Database(database.app_url, min_size=1, max_size=1)
    loop.run_until_complete(db.open())

    class Bound(Money):
        pass

    Bound.loop, Bound.db = loop, db
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    try:
        run_state_machine_as_test(
            Bound,
            settings=settings(
                max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=checks, database=None
            ),
        )
    finally:
        loop.run_until_complete(db.close())
        loop.close()
