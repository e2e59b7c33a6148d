"""Series: kept once, scheduled with exactly what was shown, all or nothing."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest

from knowledge.approvals import service as approvals
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict, Denied, Invalid, NotFound
from knowledge.series import queries, service
from knowledge.series.models import Series
from knowledge.series.service import Place, Plan
from tests.conftest import make_people
from tests.knowledge.desk import Desk, open_desk

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
PLAN = Plan(date(2026, 11, 23), time(9, 30), "Europe/Berlin")


async def make_email(conn: Connection, desk: Desk, number: int) -> Asset:
    content = {
        "subject": f"Email {number}",
        "preheader": "What happens next, and what you can change at any point.",
        "bodyMarkdown": f"Hello,\n\nthis is number {number}.",
        "callToAction": {"label": "Look", "url": "https://bona.example"},
        "language": "en",
        "postalAddress": "1 Sample Street",
    }
    values: dict[str, Any] = {
        "org_id": desk.people.org_id, "client_id": desk.client_id, "campaign_id": None, "run_id": None,
        "channel": "email", "format": "email_html", "title": f"Email {number}", "content": content, "seo": {},
        "agent": "email_marketer", "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    return await assets.create(conn, values)


async def make_series(desk: Desk, number: int = 3, key: str | None = None) -> tuple[Series, dict[UUID, str]]:
    async with desk.db.org(desk.people.org_id) as conn:
        emails = [await make_email(conn, desk, at + 1) for at in range(number)]
        values: dict[str, Any] = {
            "org_id": desk.people.org_id, "client_id": desk.client_id, "campaign_id": None, "run_id": None,
            "title": "Welcome", "goal": "first order", "tone": "warm", "language": "en", "idempotency_key": key,
        }  # fmt: skip
        places = [Place(email.id, day=at * 3, purpose=f"purpose {at}") for at, email in enumerate(emails)]
        return await service.create(conn, values, places), {email.id: email.content_hash for email in emails}


@pytest.fixture
async def desk(db: Any, people: Any) -> Desk:
    async with db.org(people.org_id) as conn:  # the links in the emails are the client's own
        await conn.execute("update clients set website = 'https://bona.example' where id = %s", (people.client_id,))
    return await open_desk(db, people)


async def plan(desk: Desk, series: Series, shown: dict[UUID, str], role: str = "creative", at: Plan = PLAN) -> Series:
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.schedule(conn, desk.caller(role), series.id, at, shown, NOW)


async def statuses(desk: Desk, series: Series) -> list[str]:
    async with desk.db.org(desk.people.org_id) as conn:
        return [email.status for email in await queries.emails(conn, series.id)]


async def test_scheduling_approves_every_email_and_records_the_plan(desk: Desk) -> None:
    series, shown = await make_series(desk)
    scheduled = await plan(desk, series, shown)
    assert scheduled.status == "scheduled"
    assert (scheduled.starts_on, scheduled.send_time, scheduled.timezone) == (
        PLAN.starts_on,
        PLAN.send_time,
        PLAN.timezone,
    )
    assert scheduled.scheduled_by == desk.people["creative"] and scheduled.scheduled_at == NOW
    async with desk.db.org(desk.people.org_id) as conn:
        emails = await queries.emails(conn, series.id)
    assert [(email.status, email.day) for email in emails] == [("approved", 0), ("approved", 3), ("approved", 6)]
    assert all(email.scheduled_hash == email.content_hash for email in emails)


async def test_an_email_changed_since_it_was_shown_stops_the_whole_plan(desk: Desk) -> None:
    series, shown = await make_series(desk)
    changed = next(iter(shown))
    async with desk.db.org(desk.people.org_id) as conn:
        email = await assets.get(conn, changed)
        content = {**email.content, "subject": "Another"}
        await assets.edit(conn, email.id, title="Another", content=content, shown_hash=email.content_hash)
    with pytest.raises(Conflict, match="“Another”"):
        await plan(desk, series, shown)
    assert await statuses(desk, series) == ["draft"] * 3


async def test_one_email_in_the_way_leaves_all_unapproved_and_is_named(desk: Desk) -> None:
    series, shown = await make_series(desk)
    async with desk.db.org(desk.people.org_id) as conn:
        second = (await queries.emails(conn, series.id))[1]
        await approvals.decide_subject(
            conn, caller=desk.caller("creative"), subject_type="asset", subject_id=second.asset_id, gate="asset",
            decision="rejected", shown_hash=second.content_hash, notes="No",
        )  # fmt: skip
    with pytest.raises(Blocked, match="email 2: it was rejected"):
        await plan(desk, series, shown)
    assert await statuses(desk, series) == ["draft", "rejected", "draft"]


async def test_a_moment_that_has_passed_and_an_unknown_time_zone_are_refused(desk: Desk) -> None:
    series, shown = await make_series(desk, 1)
    with pytest.raises(Invalid, match="has passed"):
        await plan(desk, series, shown, at=Plan(date(2026, 11, 21), time(9, 59), "Europe/Berlin"))
    for zone in ("Mars/Olympus", "", "../etc/passwd", "x" * 5_000):
        with pytest.raises(Invalid, match="not known"):
            await plan(desk, series, shown, at=Plan(PLAN.starts_on, PLAN.send_time, zone))
    assert (
        await plan(desk, series, shown, at=Plan(date(2026, 11, 21), time(10, 1), "Europe/Berlin"))
    ).status == "scheduled"


async def test_only_those_who_approve_may_schedule(desk: Desk) -> None:
    series, shown = await make_series(desk, 1)
    with pytest.raises(Denied):
        await plan(desk, series, shown, role="data")


async def test_another_day_takes_the_plan_back_and_another_purpose_does_not(desk: Desk) -> None:
    series, shown = await make_series(desk)
    await plan(desk, series, shown)
    first = next(iter(shown))
    async with desk.db.org(desk.people.org_id) as conn:
        assert (await service.move(conn, first, purpose="say hello")).status == "scheduled"
        assert (await service.move(conn, first, day=30)).status == "draft"
        assert [email.day for email in await queries.emails(conn, series.id)] == [3, 6, 30]
        for day in (-1, 4_000):
            with pytest.raises(Invalid):
                await service.move(conn, first, day=day)
        with pytest.raises(NotFound):
            await service.move(conn, uuid4(), day=1)
    async with desk.db.org(desk.people.org_id) as conn:  # approved as they are: they can be planned again
        again = {email.asset_id: email.content_hash for email in await queries.emails(conn, series.id)}
    assert (await plan(desk, series, again)).status == "scheduled"


async def test_an_edit_after_scheduling_shows(desk: Desk) -> None:
    series, shown = await make_series(desk, 1)
    await plan(desk, series, shown)
    async with desk.db.org(desk.people.org_id) as conn:
        email = await assets.get(conn, next(iter(shown)))
        content = {**email.content, "preheader": "Something else than what was approved for the plan."}
        await assets.edit(conn, email.id, title=email.title, content=content, shown_hash=email.content_hash)
        (kept,) = await queries.emails(conn, series.id)
    assert kept.status == "draft" and kept.scheduled_hash != kept.content_hash


async def test_a_series_is_kept_once_and_has_one_to_thirty_emails(desk: Desk) -> None:
    first, _ = await make_series(desk, 1, key="k")
    again, _ = await make_series(desk, 1, key="k")
    assert first.id == again.id
    for number in (0, 31):
        with pytest.raises(Invalid):
            await make_series(desk, number)


async def test_a_stranger_sees_no_series(desk: Desk) -> None:
    series, shown = await make_series(desk, 1)
    other = await make_people(desk.db, "Other")
    async with desk.db.org(other.org_id) as conn:
        with pytest.raises(NotFound):
            await service.get(conn, series.id)
        with pytest.raises(NotFound):
            await service.move(conn, next(iter(shown)), day=1)


async def test_the_html_and_text_of_an_email_follow_its_words(desk: Desk) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        made = await make_email(conn, desk, 1)
        assert "this is number 1" in made.content["html"] and made.content["plainText"].startswith("Hello,")
        assert made.content["senderName"]
        changed = {**made.content, "bodyMarkdown": "Other words."}
        edited = await assets.edit(conn, made.id, title="a", content=changed, shown_hash=made.content_hash)
        assert "Other words." in edited.content["html"] and edited.content["plainText"].startswith("Other words.")
        own = {**edited.content, "plainText": "My own."}
        mine = await assets.edit(conn, made.id, title="a", content=own, shown_hash=edited.content_hash)
        assert mine.content["plainText"] == "My own."
        kept = {**mine.content, "subject": "Other subject"}
        still = await assets.edit(conn, made.id, title="a", content=kept, shown_hash=mine.content_hash)
        assert still.content["plainText"] == "My own."
        last = {**still.content, "bodyMarkdown": "New."}
        gone = await assets.edit(conn, made.id, title="a", content=last, shown_hash=still.content_hash)
        assert gone.content["plainText"].startswith("New.") and "plainTextOwn" not in gone.content
