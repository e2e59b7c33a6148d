"""The SQL of money. What always holds: spent is a sum over the ledger (added up by day in ``usage_days``), reserved a
sum over open, unexpired holds.

Every statement that decides takes its figures in a statement of its own, after the locks: under READ COMMITTED
each statement sees what was committed before it began, so figures read after the lock are true until it is let go.
"""

from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, Row, fetch_all, fetch_one
from knowledge.ids import OrgId, UserId
from knowledge.money.models import (
    Budget,
    LedgerEntry,
    Period,
    Reservation,
    ReservationId,
    Scope,
    ScopeKeys,
    Share,
    Standing,
)

# The budgets of a call; an absent scope is null and matches nothing.
_APPLIES = """
b.org_id = %(org_id)s and (b.scope, b.scope_id) in (('run', %(run_id)s::uuid), ('session', %(session_id)s::uuid),
                                                    ('user', %(user_id)s::uuid), ('org', %(org_id)s::uuid))
"""

# Calendar periods are UTC whatever the server's time zone; a new period that somebody began today cuts the day short.
_SINCE = """
greatest(b.period_start, case b.period
  when 'day' then date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC'
  when 'month' then date_trunc('month', clock_timestamp() at time zone 'UTC') at time zone 'UTC'
  else '-infinity'::timestamptz end)
"""

# usage_days holds whole days: of the day that a period was begun on, what came before is taken off again.
_FIGURES = """
coalesce((select sum(d.cost) from usage_days d
  where d.org_id = %(org_id)s and d.scope = a.scope and d.scope_id = a.scope_id
    and d.day >= (a.since at time zone 'UTC')::date), 0) - a.spent_before as spent,
coalesce((select sum(r.amount) from budget_reservations r
  where r.org_id = %(org_id)s and r.settled_at is null and r.expires_at > clock_timestamp()
    and r.call_key is distinct from %(call_key)s
    and a.scope_id = case a.scope when 'run' then r.run_id when 'session' then r.session_id
                                  when 'user' then r.user_id else r.org_id end), 0) as reserved
"""

_LIMITED = (
    """
with applicable as (
  select b.scope, b.scope_id, b.period, """
    + _SINCE
    + """ as since, b.limit_amount, b.warn_at,
    case when b.period_start = """
    + _SINCE
    + """ then b.spent_before else 0 end as spent_before
  from budgets b where """
    + _APPLIES
    + """),
standings as (
  select a.scope, a.scope_id, a.period, a.since, a.limit_amount, a.warn_at, """
    + _FIGURES
    + " from applicable a)"
)

_ALL = (
    """
with wanted (scope, scope_id) as (
  select * from (values ('run', %(run_id)s::uuid), ('session', %(session_id)s::uuid),
                        ('user', %(user_id)s::uuid), ('org', %(org_id)s::uuid)) v (scope, scope_id)
  where scope_id is not null),
applicable as (
  select w.scope, w.scope_id, coalesce(b.period, 'total') as period, coalesce("""
    + _SINCE
    + """, '-infinity') as since, b.limit_amount, coalesce(b.warn_at, 0.8) as warn_at,
    case when b.period_start = """
    + _SINCE
    + """ then b.spent_before else 0 end as spent_before
  from wanted w left join budgets b on b.org_id = %(org_id)s and b.scope = w.scope and b.scope_id = w.scope_id),
standings as (
  select a.scope, a.scope_id, a.period, a.since, a.limit_amount, a.warn_at, """
    + _FIGURES
    + " from applicable a)"
)

_STANDING_COLUMNS = """
select scope, scope_id, period, nullif(since, '-infinity') as since, limit_amount, warn_at, spent, reserved
from standings
order by array_position(array['run', 'session', 'user', 'org'], scope),
         array_position(array['total', 'month', 'day'], period)
"""

LOCK_BUDGETS = "select b.id from budgets b where " + _APPLIES + " order by b.id for update"

# The same call again (after a crash) takes over its own hold under a new id, so that whoever held it before
# can still enter what he really paid.
HOLD = (
    _LIMITED
    + """
insert into budget_reservations (org_id, user_id, session_id, run_id, amount, call_key, made_at, expires_at)
select %(org_id)s, %(user_id)s, %(session_id)s, %(run_id)s, %(amount)s, %(call_key)s, clock_timestamp(),
       clock_timestamp() + make_interval(secs => %(ttl)s)
where not exists (select from standings where spent + reserved + %(amount)s > limit_amount)
on conflict (org_id, call_key) where settled_at is null do update
  set id = new_id(), amount = excluded.amount, made_at = excluded.made_at, expires_at = excluded.expires_at,
      user_id = excluded.user_id, session_id = excluded.session_id, run_id = excluded.run_id
returning id, call_key, amount, expires_at
"""
)

LIMITED_STANDINGS = _LIMITED + _STANDING_COLUMNS
ALL_STANDINGS = _ALL + _STANDING_COLUMNS

SETTLE = """
with closed as (
  update budget_reservations set settled_at = clock_timestamp()
  where org_id = %(org_id)s and id = %(reservation_id)s and settled_at is null)
insert into usage_ledger (org_id, user_id, session_id, run_id, agent, kind, model, calls, input_tokens, cached_tokens,
                          output_tokens, unit_cost, cost, price_source, call_key, at)
values (%(org_id)s, %(user_id)s, %(session_id)s, %(run_id)s, %(agent)s, %(kind)s, %(model)s, %(calls)s,
        %(input_tokens)s, %(cached_tokens)s, %(output_tokens)s, %(unit_cost)s, %(cost)s, %(price_source)s,
        %(entry_key)s, clock_timestamp())
on conflict (org_id, call_key) do nothing
"""

RELEASE = """
update budget_reservations set settled_at = clock_timestamp()
where org_id = %(org_id)s and id = %(reservation_id)s and settled_at is null
"""

FORGET_EXPIRED = """
delete from budget_reservations
where org_id = %(org_id)s and settled_at is null and expires_at < clock_timestamp() - interval '1 day'
"""

_BUDGET = """
id, scope, scope_id, period, nullif(period_start, '-infinity') as period_start, limit_amount, warn_at, raised_by
"""

SET_LIMIT = (
    """
insert into budgets (org_id, scope, scope_id, period, limit_amount, warn_at, raised_by)
values (%(org_id)s, %(scope)s, %(scope_id)s, %(period)s, %(amount)s, %(warn_at)s, %(user_id)s)
on conflict (org_id, scope, scope_id, period) do update
  set limit_amount = excluded.limit_amount, warn_at = excluded.warn_at, raised_by = excluded.raised_by
returning """
    + _BUDGET
)

ENSURE_LIMIT = """
insert into budgets (org_id, scope, scope_id, period, limit_amount, warn_at)
values (%(org_id)s, %(scope)s, %(scope_id)s, %(period)s, %(amount)s, %(warn_at)s)
on conflict (org_id, scope, scope_id, period) do nothing
"""

RAISE_LIMIT = (
    """
update budgets set limit_amount = %(amount)s, raised_by = %(user_id)s
where org_id = %(org_id)s and scope = %(scope)s and scope_id = %(scope_id)s and period = %(period)s
  and limit_amount <= %(amount)s
returning """
    + _BUDGET
)

NEW_PERIOD = (
    """
update budgets set period_start = moment.at, spent_before = coalesce((
  select d.cost from usage_days d where d.org_id = %(org_id)s and d.scope = %(scope)s and d.scope_id = %(scope_id)s
    and d.day = (moment.at at time zone 'UTC')::date), 0)
from (select clock_timestamp() as at) moment
where org_id = %(org_id)s and scope = %(scope)s and scope_id = %(scope_id)s and period = %(period)s
returning """
    + _BUDGET
)

FIND_BUDGET = (
    "select "
    + _BUDGET
    + " from budgets where org_id = %(org_id)s and scope = %(scope)s and scope_id = %(scope_id)s "
    + "and period = %(period)s"
)

_BREAKDOWN = """
select case when grouping(agent) = 0 then 'agent' when grouping(model) = 0 then 'model' else 'kind' end as grouped,
       coalesce(case when grouping(agent) = 0 then agent when grouping(model) = 0 then model else kind end,
                'unnamed') as name,
       sum(cost) as cost, sum(calls)::bigint as calls
from usage_ledger
where org_id = %(org_id)s and at >= coalesce(%(since)s, '-infinity'::timestamptz) {scope}
group by grouping sets ((agent), (model), (kind))
order by cost desc, name
"""
BREAKDOWN: dict[Scope, LiteralString] = {
    "org": _BREAKDOWN.replace("{scope}", ""),
    "user": _BREAKDOWN.replace("{scope}", "and user_id = %(scope_id)s"),
    "session": _BREAKDOWN.replace("{scope}", "and session_id = %(scope_id)s"),
    "run": _BREAKDOWN.replace("{scope}", "and run_id = %(scope_id)s"),
}


def scope_params(keys: ScopeKeys) -> dict[str, Any]:
    return {
        "org_id": keys.org_id,
        "user_id": keys.user_id,
        "session_id": keys.session_id,
        "run_id": keys.run_id,
    }


async def lock_and_hold(
    conn: Connection, keys: ScopeKeys, amount: Decimal, call_key: str, ttl: float
) -> Reservation | None:
    """Hold ``amount`` for ``ttl`` seconds; None when some budget does not cover it. One round trip, two statements."""
    params = {**scope_params(keys), "amount": amount, "call_key": call_key, "ttl": ttl}
    async with conn.pipeline():
        await conn.execute(LOCK_BUDGETS, params)
        return await fetch_one(conn, Reservation, HOLD, params)


async def limited_standings(conn: Connection, keys: ScopeKeys, call_key: str | None) -> list[Standing]:
    """Every budget that applies, leaving out what ``call_key`` itself holds."""
    return await fetch_all(conn, Standing, LIMITED_STANDINGS, {**scope_params(keys), "call_key": call_key})


async def all_standings(conn: Connection, keys: ScopeKeys) -> list[Standing]:
    """Every scope of ``keys``, also those without a limit."""
    return await fetch_all(conn, Standing, ALL_STANDINGS, {**scope_params(keys), "call_key": None})


async def breakdown(conn: Connection, keys: ScopeKeys, standing: Standing) -> dict[str, list[Share]]:
    """Cost by ``agent``, ``model`` and ``kind`` since the standing's period began."""
    params = {"org_id": keys.org_id, "scope_id": standing.scope_id, "since": standing.since}
    rows = await fetch_all(conn, _Grouped, BREAKDOWN[standing.scope], params)
    found: dict[str, list[Share]] = {"agent": [], "model": [], "kind": []}
    for row in rows:
        found[row.grouped].append(Share(name=row.name, cost=row.cost, calls=row.calls))
    return found


async def insert_entry(
    conn: Connection, keys: ScopeKeys, entry: LedgerEntry, entry_key: str, reservation_id: ReservationId | None
) -> bool:
    """Write the ledger row and close the hold in one statement; False when it was already written."""
    params = {
        **scope_params(keys),
        "agent": entry.agent,
        "kind": entry.kind,
        "model": entry.model,
        "calls": entry.calls,
        "input_tokens": entry.input_tokens,
        "cached_tokens": entry.cached_tokens,
        "output_tokens": entry.output_tokens,
        "unit_cost": Jsonb(entry.unit_cost or {}),
        "cost": entry.cost,
        "price_source": entry.price_source,
        "entry_key": entry_key,
        "reservation_id": reservation_id,
    }
    return (await conn.execute(SETTLE, params)).rowcount == 1


async def close_hold(conn: Connection, keys: ScopeKeys, reservation_id: ReservationId) -> None:
    await conn.execute(RELEASE, {"org_id": keys.org_id, "reservation_id": reservation_id})


async def forget_expired(conn: Connection, org_id: OrgId) -> int:
    """Delete holds that expired a day ago or more; they have not counted since. Returns how many."""
    return (await conn.execute(FORGET_EXPIRED, {"org_id": org_id})).rowcount


async def put_limit(
    conn: Connection,
    keys: ScopeKeys,
    scope: Scope,
    scope_id: UUID,
    period: Period,
    amount: Decimal,
    warn_at: Decimal,
) -> Budget | None:
    params = {
        **_budget_params(keys, scope, scope_id, period, keys.user_id),
        "amount": amount,
        "warn_at": warn_at,
    }
    return await fetch_one(conn, Budget, SET_LIMIT, params)


async def insert_limit_once(
    conn: Connection,
    keys: ScopeKeys,
    scope: Scope,
    scope_id: UUID,
    period: Period,
    amount: Decimal,
    warn_at: Decimal,
) -> None:
    params = {**_budget_params(keys, scope, scope_id, period, None), "amount": amount, "warn_at": warn_at}
    await conn.execute(ENSURE_LIMIT, params)


async def lift_limit(
    conn: Connection, keys: ScopeKeys, scope: Scope, scope_id: UUID, period: Period, amount: Decimal
) -> Budget | None:
    """None when there is no such budget, or its limit is already higher."""
    params = {**_budget_params(keys, scope, scope_id, period, keys.user_id), "amount": amount}
    return await fetch_one(conn, Budget, RAISE_LIMIT, params)


async def begin_period(
    conn: Connection, keys: ScopeKeys, scope: Scope, scope_id: UUID, period: Period
) -> Budget | None:
    return await fetch_one(conn, Budget, NEW_PERIOD, _budget_params(keys, scope, scope_id, period, None))


async def find_budget(conn: Connection, keys: ScopeKeys, scope: Scope, scope_id: UUID, period: Period) -> Budget | None:
    return await fetch_one(conn, Budget, FIND_BUDGET, _budget_params(keys, scope, scope_id, period, None))


class _Grouped(Row):
    grouped: str
    name: str
    cost: Decimal
    calls: int


def _budget_params(
    keys: ScopeKeys, scope: Scope, scope_id: UUID, period: Period, user_id: UserId | None
) -> dict[str, Any]:
    return {
        "org_id": keys.org_id,
        "scope": scope,
        "scope_id": scope_id,
        "period": period,
        "user_id": user_id,
    }
