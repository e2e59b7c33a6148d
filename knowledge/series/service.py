"""Series: kept, changed, approved and scheduled as one.

What always holds: a series is scheduled with exactly the emails that were shown, all approved or none; whatever
changes its days puts it back to draft. Scheduling records the plan: sending to a list is the sending service's work.
Lock order: the series, then each piece (see knowledge/assets/service.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.approvals import service as approvals
from knowledge.assets.service import MAY_DECIDE
from knowledge.db import Connection
from knowledge.errors import AdroomError, Blocked, Conflict, Denied, Invalid, NotFound
from knowledge.people.models import Caller
from knowledge.plain_text import storable
from knowledge.series import queries
from knowledge.series.models import LAST_DAY, MOST, Series, SeriesEmail


@dataclass(frozen=True)
class Place:
    """A piece's place in a new series."""

    asset_id: UUID
    day: int
    purpose: str


@dataclass(frozen=True)
class Plan:
    """When a series is sent."""

    starts_on: date
    send_time: time
    timezone: str


async def get(conn: Connection, series_id: UUID) -> Series:
    found = await queries.get(conn, series_id)
    if found is None:
        raise NotFound("That series does not exist, or not for you.")
    return found


async def create(conn: Connection, values: dict[str, Any], places: list[Place]) -> Series:
    """Keep a series of pieces that are there; the same ``idempotency_key`` gives the series that is there.

    ``values``: org_id, client_id, campaign_id, run_id, title, goal, tone, language, idempotency_key.
    """
    if not 1 <= len(places) <= MOST:
        raise Invalid(f"A series has 1 to {MOST} emails.")
    words = {name: storable(str(values[name])) for name in ("title", "goal", "tone", "language")}
    made = await queries.insert(conn, {**values, **words})
    if made is None:
        found = await queries.find_by_key(conn, values["idempotency_key"])
        assert found is not None  # noqa: S101 - a conflict is only possible with the row that is there
        return found
    for position, place in enumerate(places, start=1):
        row = {"asset_id": place.asset_id, "day": place.day, "purpose": storable(place.purpose), "position": position}
        await queries.insert_email(conn, {"org_id": values["org_id"], "series_id": made.id, **row})
    return made


async def move(conn: Connection, asset_id: UUID, day: int | None = None, purpose: str | None = None) -> Series:
    """Another day or purpose for one email; a plan that was approved with the old day is a draft again."""
    if day is not None and not 0 <= day <= LAST_DAY:
        raise Invalid(fields={"day": f"is a number from 0 to {LAST_DAY}"})
    found = await queries.of_asset(conn, asset_id)
    if found is None:
        raise NotFound("That email is part of no series, or not for you.")
    series = await _lock(conn, found.id)
    email = next(email for email in await queries.emails(conn, series.id) if email.asset_id == asset_id)
    new_day = email.day if day is None else day
    words = email.purpose if purpose is None else " ".join(storable(purpose).split())
    await queries.place(conn, asset_id, new_day, words)
    if series.status == "scheduled" and new_day != email.day:
        return await queries.unschedule(conn, series.id)
    return series


async def schedule(
    conn: Connection, caller: Caller, series_id: UUID, plan: Plan, shown: Mapping[UUID, str], now: datetime
) -> Series:
    """Approve every email as it was shown, and record when each goes out: all or nothing.

    ``shown``: the content hash of each email. Raises Denied (role), Conflict (something changed since), Invalid (a
    moment that has passed, an unknown time zone), Blocked with everything that stands in the way, by email.
    """
    if caller.role not in MAY_DECIDE:
        raise Denied(f"Your role ({caller.role}) may not approve; these may: {', '.join(sorted(MAY_DECIDE))}.")
    series = await _lock(conn, series_id)
    _check_moment(plan, now)
    emails = await queries.emails(conn, series_id)
    _check_shown(emails, shown)
    reasons: list[str] = []
    for email in emails:
        reasons += await _approve(conn, caller, email)
    if reasons:
        raise Blocked(f"The series cannot be scheduled yet: {'; '.join(reasons)}", reasons=reasons)
    moment = {"starts_on": plan.starts_on, "send_time": plan.send_time, "timezone": plan.timezone}
    return await queries.schedule(conn, {"id": series.id, **moment, "by": caller.user_id, "at": now})


async def unschedule(conn: Connection, caller: Caller, series_id: UUID) -> Series:
    """Take the plan back; the emails stay approved."""
    if caller.role not in MAY_DECIDE:
        raise Denied(f"Your role ({caller.role}) may not do this; these may: {', '.join(sorted(MAY_DECIDE))}.")
    series = await _lock(conn, series_id)
    if series.status != "scheduled":
        raise Conflict("This series is not scheduled.")
    return await queries.unschedule(conn, series_id)


def zone_of(name: str) -> ZoneInfo:
    """Raises Invalid for a time zone that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = "such as Europe/Berlin or America/New_York"
        raise Invalid(fields={"timezone": f"“{name[:60]}” is not known; give a place, {known}"}) from None


def _check_moment(plan: Plan, now: datetime) -> None:
    first = datetime.combine(plan.starts_on, plan.send_time, tzinfo=zone_of(plan.timezone))
    if first <= now:
        raise Invalid(fields={"startsOn": "has passed; choose a later day or time"})


def _check_shown(emails: list[SeriesEmail], shown: Mapping[UUID, str]) -> None:
    given = {UUID(str(asset_id)): content_hash for asset_id, content_hash in shown.items()}
    if set(given) != {email.asset_id for email in emails}:
        raise Conflict("The emails of this series are not those you were shown; look at it again.")
    changed = [email for email in emails if given[email.asset_id] != email.content_hash]
    if changed:
        named = ", ".join(f"“{email.title}”" for email in changed)
        raise Conflict(f"Changed since you were shown the series: {named}. Look again, then decide.")


async def _approve(conn: Connection, caller: Caller, email: SeriesEmail) -> list[str]:
    """Why this email cannot be approved; nothing when it is."""
    if email.status in ("approved", "published"):
        return []
    if email.status == "rejected":
        return [f"email {email.position}: it was rejected; edit it first"]
    try:
        async with conn.transaction():
            await approvals.decide_subject(
                conn,
                caller=caller,
                subject_type="asset",
                subject_id=email.asset_id,
                gate="asset",
                decision="approved",
                shown_hash=email.content_hash,
            )
    except Blocked as blocked:
        return [f"email {email.position}: {reason}" for reason in blocked.reasons or [blocked.message]]
    except AdroomError as error:
        return [f"email {email.position}: {error.message}"]
    return []


async def _lock(conn: Connection, series_id: UUID) -> Series:
    found = await queries.lock(conn, series_id)
    if found is None:
        raise NotFound("That series does not exist, or not for you.")
    return found
