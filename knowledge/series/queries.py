"""SQL over ``email_series``, ``email_series_emails`` and ``email_tests``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.series.models import Series, SeriesEmail

COLUMNS = """id, org_id, client_id, campaign_id, run_id, title, goal, tone, language, status, starts_on, send_time,
  timezone, scheduled_by, scheduled_at, idempotency_key, created_at, updated_at"""

GET = f"select {COLUMNS} from email_series where id = %(id)s"
LOCK = f"{GET} for update"
FIND_BY_KEY = f"select {COLUMNS} from email_series where idempotency_key = %(key)s"
OF_ASSET = f"""
select {COLUMNS} from email_series where id = (select series_id from email_series_emails where asset_id = %(asset_id)s)
"""

INSERT = f"""
insert into email_series (org_id, client_id, campaign_id, run_id, title, goal, tone, language, idempotency_key)
values (%(org_id)s, %(client_id)s, %(campaign_id)s, %(run_id)s, %(title)s, %(goal)s, %(tone)s, %(language)s,
        %(idempotency_key)s)
on conflict (org_id, idempotency_key) do nothing
returning {COLUMNS}
"""

INSERT_EMAIL = """
insert into email_series_emails (org_id, series_id, asset_id, position, day, purpose)
values (%(org_id)s, %(series_id)s, %(asset_id)s, %(position)s, %(day)s, %(purpose)s)
"""

EMAILS = """
select e.id, e.series_id, e.asset_id, e.position, e.day, e.purpose, e.scheduled_hash, a.title, a.status, a.version,
  a.word_count, a.content, a.content_hash
from email_series_emails e join assets a on a.id = e.asset_id
where e.series_id = %(series_id)s order by e.day, e.position
"""

LIST = f"""
select {COLUMNS} from email_series
where (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(campaign_id)s::uuid is null or campaign_id = %(campaign_id)s)
  and (%(before_at)s::timestamptz is null or (created_at, id) < (%(before_at)s, %(before_id)s))
order by created_at desc, id desc limit %(limit)s
"""

COUNTS = """
select series_id, count(*)::int, max(day) from email_series_emails where series_id = any(%(ids)s) group by series_id
"""

PLACE = "update email_series_emails set day = %(day)s, purpose = %(purpose)s where asset_id = %(asset_id)s"

SCHEDULE = f"""
update email_series set status = 'scheduled', starts_on = %(starts_on)s, send_time = %(send_time)s,
  timezone = %(timezone)s, scheduled_by = %(by)s, scheduled_at = %(at)s, updated_at = now()
where id = %(id)s returning {COLUMNS}
"""
MARK_SCHEDULED = """
update email_series_emails e set scheduled_hash = a.content_hash from assets a
where a.id = e.asset_id and e.series_id = %(series_id)s
"""
UNSCHEDULE = f"""
update email_series set status = 'draft', scheduled_by = null, scheduled_at = null, updated_at = now()
where id = %(id)s returning {COLUMNS}
"""

BEGIN_TEST = """
insert into email_tests (org_id, asset_id, asset_version, recipient, sent_by, idempotency_key)
values (%(org_id)s, %(asset_id)s, %(asset_version)s, %(recipient)s, %(sent_by)s, %(idempotency_key)s)
on conflict (org_id, idempotency_key) do nothing returning id
"""
END_TEST = "update email_tests set status = %(status)s, problem = %(problem)s where id = %(id)s"
TESTS_SINCE = "select count(*)::int from email_tests where created_at > %(since)s and status <> 'failed'"


async def get(conn: Connection, series_id: UUID) -> Series | None:
    return await fetch_one(conn, Series, GET, {"id": series_id})


async def lock(conn: Connection, series_id: UUID) -> Series | None:
    return await fetch_one(conn, Series, LOCK, {"id": series_id})


async def find_by_key(conn: Connection, key: str) -> Series | None:
    return await fetch_one(conn, Series, FIND_BY_KEY, {"key": key})


async def of_asset(conn: Connection, asset_id: UUID) -> Series | None:
    """The series that a piece is part of."""
    return await fetch_one(conn, Series, OF_ASSET, {"asset_id": asset_id})


async def insert(conn: Connection, values: dict[str, Any]) -> Series | None:
    """None when a series with this idempotency key is there already."""
    return await fetch_one(conn, Series, INSERT, values)


async def insert_email(conn: Connection, values: dict[str, Any]) -> None:
    await conn.execute(INSERT_EMAIL, values)


async def emails(conn: Connection, series_id: UUID) -> list[SeriesEmail]:
    """In the order in which they are sent."""
    return await fetch_all(conn, SeriesEmail, EMAILS, {"series_id": series_id})


async def list_series(conn: Connection, filters: dict[str, Any]) -> list[Series]:
    """``filters``: client_id, campaign_id, before_at + before_id (a page's last row), limit."""
    return await fetch_all(conn, Series, LIST, filters)


async def counts(conn: Connection, ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each series: its emails, and the last day."""
    rows = await (await conn.execute(COUNTS, {"ids": ids})).fetchall()
    return {series_id: (number, day) for series_id, number, day in rows}


async def place(conn: Connection, asset_id: UUID, day: int, purpose: str) -> None:
    await conn.execute(PLACE, {"asset_id": asset_id, "day": day, "purpose": purpose})


async def schedule(conn: Connection, values: dict[str, Any]) -> Series:
    """``values``: id, starts_on, send_time, timezone, by, at. Each email's content is noted with it."""
    await conn.execute(MARK_SCHEDULED, {"series_id": values["id"]})
    row = await fetch_one(conn, Series, SCHEDULE, values)
    assert row is not None  # noqa: S101 - locked by the caller in this transaction
    return row


async def unschedule(conn: Connection, series_id: UUID) -> Series:
    row = await fetch_one(conn, Series, UNSCHEDULE, {"id": series_id})
    assert row is not None  # noqa: S101 - locked by the caller in this transaction
    return row


async def begin_test(conn: Connection, values: dict[str, Any]) -> UUID | None:
    """None when this test was begun before."""
    row = await (await conn.execute(BEGIN_TEST, values)).fetchone()
    return row[0] if row else None


async def end_test(conn: Connection, test_id: UUID, problem: str | None) -> None:
    await conn.execute(END_TEST, {"id": test_id, "status": "failed" if problem else "sent", "problem": problem})


async def tests_since(conn: Connection, since: datetime) -> int:
    row = await (await conn.execute(TESTS_SINCE, {"since": since})).fetchone()
    return int(row[0]) if row else 0
