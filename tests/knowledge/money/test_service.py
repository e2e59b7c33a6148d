"""Budgets, holds and the ledger, by what a person would see of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from knowledge.db import Database
from knowledge.errors import BudgetExceeded, Conflict, Invalid, NotFound
from knowledge.ids import RunId, SessionId
from knowledge.money import queries, service
from knowledge.money.models import LedgerEntry, Meter, Reservation, ScopeKeys
from tests.conftest import People, make_people


class Purse:
    """The four scopes of one person, each call a transaction of its own."""

    def __init__(self, db: Database, people: People) -> None:
        self.db, self.people = db, people
        self.keys = ScopeKeys(people.org_id, people["ops"], SessionId(uuid4()), RunId(uuid4()))
        self.ids: dict[str, UUID] = {
            "org": people.org_id,
            "user": people["ops"],
            "session": self.keys.session_id or uuid4(),
            "run": self.keys.run_id or uuid4(),
        }

    async def limit(self, scope: Any, amount: str, **more: Any) -> None:
        async with self.db.org(self.keys.org_id) as conn:
            await service.set_limit(conn, self.keys, scope, self.ids[scope], Decimal(amount), **more)

    async def reserve(self, amount: str, key: str | None = None, ttl: float = 60) -> Reservation:
        async with self.db.org(self.keys.org_id) as conn:
            return await service.reserve(conn, self.keys, Decimal(amount), key or str(uuid4()), ttl)

    async def settle(self, held: Reservation, cost: str, **more: Any) -> bool:
        entry = LedgerEntry(model="m", cost=Decimal(cost), price_source="test", **more)
        async with self.db.org(self.keys.org_id) as conn:
            return await service.settle(conn, self.keys, held, entry)

    async def spend(self, cost: str, **more: Any) -> None:
        await self.settle(await self.reserve(cost), cost, **more)

    async def meters(self) -> list[Meter]:
        async with self.db.org(self.keys.org_id) as conn:
            return await service.meter(conn, self.keys)

    async def meter(self, scope: str, period: str = "total") -> Meter:
        found = [m for m in await self.meters() if (m.standing.scope, m.standing.period) == (scope, period)]
        assert len(found) == 1
        return found[0]

    async def execute(self, statement: str, *values: Any) -> None:
        async with self.db.org(self.keys.org_id) as conn:
            await conn.execute(statement, values)  # type: ignore[arg-type]


@pytest.fixture
def purse(db: Database, people: People) -> Purse:
    return Purse(db, people)


async def test_what_is_held_counts_until_it_is_settled_and_then_only_what_it_cost(purse: Purse) -> None:
    await purse.limit("session", "1")
    held = await purse.reserve("0.7")
    standing = (await purse.meter("session")).standing
    assert (standing.spent, standing.reserved, standing.left) == (0, Decimal("0.7"), Decimal("0.3"))
    with pytest.raises(BudgetExceeded, match="free while other work is running"):
        await purse.reserve("0.4")
    await purse.settle(held, "0.2")
    standing = (await purse.meter("session")).standing
    assert (standing.spent, standing.reserved, standing.left) == (Decimal("0.2"), 0, Decimal("0.8"))


async def test_exactly_what_is_left_can_be_spent(purse: Purse) -> None:
    await purse.limit("org", "0.3")
    for _ in range(3):
        await purse.spend("0.1")
    with pytest.raises(BudgetExceeded, match="nothing is left"):
        await purse.reserve("0.000001")


async def test_the_tightest_budget_is_named(purse: Purse) -> None:
    for scope, amount in (("org", "10"), ("user", "0.5"), ("session", "0.8"), ("run", "5")):
        await purse.limit(scope, amount)
    with pytest.raises(BudgetExceeded) as refused:
        await purse.reserve("1")
    assert refused.value.facts["scope"] == "user"
    assert str(refused.value) == "This would cost up to $1.00, but only $0.50 is left of the $0.50 for you."


async def test_settling_twice_enters_once(purse: Purse) -> None:
    held = await purse.reserve("1")
    assert await purse.settle(held, "0.4") is True
    assert await purse.settle(held, "0.4") is False
    assert (await purse.meter("org")).standing.spent == Decimal("0.4")


async def test_a_repeated_call_takes_over_its_own_hold(purse: Purse) -> None:
    await purse.limit("run", "1")
    await purse.reserve("0.9", key="step")
    again = await purse.reserve("0.9", key="step")
    assert (await purse.meter("run")).standing.reserved == Decimal("0.9")
    await purse.settle(again, "0.1")
    assert (await purse.meter("run")).standing.reserved == 0


async def test_whoever_lost_his_hold_to_a_repetition_still_enters_what_he_paid(purse: Purse) -> None:
    first = await purse.reserve("0.5", key="step")
    second = await purse.reserve("0.5", key="step")
    await purse.settle(first, "0.3")
    standing = (await purse.meter("run")).standing
    assert (standing.spent, standing.reserved) == (Decimal("0.3"), Decimal("0.5"))
    await purse.settle(second, "0.3")
    assert (await purse.meter("run")).standing.spent == Decimal("0.6")


async def test_a_hold_whose_process_died_counts_no_more_once_it_has_expired(purse: Purse) -> None:
    await purse.limit("user", "1")
    held = await purse.reserve("1", ttl=2)
    with pytest.raises(BudgetExceeded):
        await purse.reserve("1")
    await asyncio.sleep(2.01)
    assert (await purse.meter("user")).standing.reserved == 0
    await purse.settle(await purse.reserve("0.6"), "0.6")
    # it was not dead after all: what it paid is entered, though nothing was left for it
    await purse.settle(held, "0.5")
    standing = (await purse.meter("user")).standing
    assert (standing.spent, standing.left, standing.state) == (Decimal("1.1"), 0, "reached")


async def test_a_released_hold_leaves_no_trace(purse: Purse) -> None:
    held = await purse.reserve("1")
    async with purse.db.org(purse.keys.org_id) as conn:
        await service.release(conn, purse.keys, held)
        await service.release(conn, purse.keys, held)
    standing = (await purse.meter("org")).standing
    assert (standing.spent, standing.reserved) == (0, 0)


async def test_holds_long_expired_are_forgotten_and_open_ones_kept(purse: Purse) -> None:
    await purse.reserve("1", key="old")
    await purse.reserve("1", key="new")
    await purse.execute("update budget_reservations set expires_at = now() - interval '2 days' where call_key = 'old'")
    async with purse.db.org(purse.keys.org_id) as conn:
        assert await queries.forget_expired(conn, purse.keys.org_id) == 1
    assert (await purse.meter("org")).standing.reserved == 1


async def test_two_hundred_at_once_take_what_ten_can_pay_in_every_scope_at_once(purse: Purse) -> None:
    for scope in ("org", "user", "session", "run"):
        await purse.limit(scope, "1")
    outcomes = await asyncio.gather(*(purse.reserve("0.1") for _ in range(200)), return_exceptions=True)
    assert sum(isinstance(outcome, Reservation) for outcome in outcomes) == 10
    assert all(isinstance(outcome, (Reservation, BudgetExceeded)) for outcome in outcomes)


async def test_calls_with_budgets_in_different_orders_never_wait_for_each_other_for_ever(
    db: Database, people: People
) -> None:
    purses = [Purse(db, people) for _ in range(6)]
    for index, purse in enumerate(purses):
        scopes = ["run", "session", "user", "org"]
        for scope in scopes if index % 2 else reversed(scopes):
            await purse.limit(scope, "100")

    async def work(purse: Purse) -> None:
        for _ in range(10):
            await purse.spend("0.01")

    await asyncio.wait_for(asyncio.gather(*map(work, purses)), 30)
    assert (await purses[0].meter("org")).standing.spent == Decimal("0.60")


async def test_a_person_is_warned_at_the_budgets_share_and_told_at_the_limit(purse: Purse) -> None:
    await purse.limit("session", "1")
    await purse.spend("0.79")
    assert (await purse.meter("session")).standing.state == "ok"
    await purse.spend("0.01")
    assert (await purse.meter("session")).standing.state == "warn"
    await purse.reserve("0.2")
    assert (await purse.meter("session")).standing.state == "reached"
    await purse.limit("session", "10", warn_at=Decimal("0.05"))
    assert (await purse.meter("session")).standing.state == "warn"


async def test_a_scope_without_a_budget_is_metered_without_a_limit(purse: Purse) -> None:
    await purse.spend("3")
    meters = await purse.meters()
    assert [m.standing.scope for m in meters] == ["run", "session", "user", "org"]
    assert {m.standing.spent for m in meters} == {Decimal(3)}
    assert all(m.standing.limit_amount is None and m.standing.left is None for m in meters)


async def test_a_raise_only_raises(purse: Purse) -> None:
    async with purse.db.org(purse.keys.org_id) as conn:
        with pytest.raises(NotFound):
            await service.raise_limit(conn, purse.keys, "run", purse.ids["run"], Decimal(3))
    await purse.limit("run", "2")
    async with purse.db.org(purse.keys.org_id) as conn:
        for _ in range(2):
            raised = await service.raise_limit(conn, purse.keys, "run", purse.ids["run"], Decimal(3))
            assert raised.limit_amount == 3 and raised.raised_by == purse.people["ops"]
        with pytest.raises(Conflict, match=r"already \$3.00"):
            await service.raise_limit(conn, purse.keys, "run", purse.ids["run"], Decimal("2.5"))


async def test_a_default_limit_does_not_replace_one_that_somebody_set(purse: Purse) -> None:
    await purse.limit("session", "7")
    async with purse.db.org(purse.keys.org_id) as conn:
        await service.ensure_limit(conn, purse.keys, "session", purse.ids["session"], Decimal(2))
        await service.ensure_limit(conn, purse.keys, "run", purse.ids["run"], Decimal(2))
    assert (await purse.meter("session")).standing.limit_amount == 7
    assert (await purse.meter("run")).standing.limit_amount == 2


@pytest.mark.parametrize("wrong", ["-1", "NaN", "Infinity"])
async def test_an_impossible_limit_is_refused(purse: Purse, wrong: str) -> None:
    with pytest.raises(Invalid, match="limit"):
        await purse.limit("org", wrong)


@pytest.mark.parametrize("period", ["total", "day", "month"])
async def test_a_new_period_starts_from_nothing_and_the_ledger_keeps_everything(purse: Purse, period: Any) -> None:
    await purse.limit("user", "1", period=period)
    await purse.spend("1")
    held = None
    with pytest.raises(BudgetExceeded):
        await purse.reserve("0.5")
    async with purse.db.org(purse.keys.org_id) as conn:
        budget = await service.new_period(conn, purse.keys, "user", purse.ids["user"], period=period)
    assert budget.period_start is not None
    held = await purse.reserve("0.5")
    await purse.settle(held, "0.5")
    meter = await purse.meter("user", period)
    assert meter.standing.spent == sum(share.cost for share in meter.by_model) == Decimal("0.5")
    assert (await purse.meter("org")).standing.spent == Decimal("1.5")


async def test_days_and_months_are_utc_and_count_only_their_own(purse: Purse) -> None:
    for period, amount in (("day", "1"), ("month", "2"), ("total", "10")):
        await purse.limit("org", amount, period=period)
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight.replace(day=1)
    at = [now, midnight, midnight - timedelta(microseconds=1), first, first - timedelta(microseconds=1)]
    for number, moment in enumerate(at):
        await purse.execute(
            "insert into usage_ledger (org_id, kind, model, cost, price_source, call_key, at) "
            "values (%s, 'model', 'm', %s, 'test', %s, %s)",
            purse.keys.org_id,
            Decimal(10) ** -number,
            str(number),
            moment,
        )

    def spent_since(start: datetime) -> Decimal:
        return sum((Decimal(10) ** -n for n, moment in enumerate(at) if moment >= start), Decimal(0))

    assert (await purse.meter("org", "day")).standing.spent == spent_since(midnight)
    assert (await purse.meter("org", "month")).standing.spent == spent_since(first)
    assert (await purse.meter("org", "total")).standing.spent == Decimal("1.1111")
    with pytest.raises(BudgetExceeded, match="for your organisation today"):
        await purse.reserve("0.5")


async def test_the_meter_says_where_the_money_went(purse: Purse) -> None:
    await purse.spend("0.3", agent="seo_writer")
    await purse.spend("0.1", agent="seo_writer")
    await purse.spend("0.2", agent="cmo", kind="embedding")
    meter = await purse.meter("run")
    assert [(s.name, s.cost, s.calls) for s in meter.by_agent] == [
        ("seo_writer", Decimal("0.4"), 2),
        ("cmo", Decimal("0.2"), 1),
    ]
    assert [(s.name, s.cost) for s in meter.by_kind] == [("model", Decimal("0.4")), ("embedding", Decimal("0.2"))]


async def test_another_organisation_neither_pays_nor_sees(db: Database, purse: Purse) -> None:
    await purse.limit("org", "1")
    await purse.spend("1")
    other = Purse(db, await make_people(db, "Other"))
    await other.spend("5")
    assert (await other.meter("org")).standing.spent == 5
    assert (await purse.meter("org")).standing.spent == 1


async def test_the_days_cannot_be_written_past_the_ledger(purse: Purse) -> None:
    await purse.spend("1")
    from psycopg.errors import InsufficientPrivilege

    with pytest.raises(InsufficientPrivilege):
        await purse.execute("update usage_days set cost = 0")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "$0.00"),
        ("0.005", "$0.0050"),
        ("0.00423", "$0.0043"),
        ("0.011", "$0.02"),
        ("1234.5", "$1,234.50"),
        ("0.00000000001", "$0.00000001"),
    ],
)
def test_amounts_read_like_money(amount: str, words: str) -> None:
    assert service.dollars(Decimal(amount)) == words
