"""An email and a series as cards, programs and agents see them: one shape, built once."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from knowledge.assets.models import Asset, AssetStatus
from knowledge.assets.service import MAY_DECIDE
from knowledge.clients import queries as clients
from knowledge.db import Connection
from knowledge.emails.merge_tags import Dialect
from knowledge.emails.models import EmailProblem
from knowledge.emails.personal import sample_people
from knowledge.emails.rendering import dialect_of
from knowledge.errors import Invalid
from knowledge.ids import AssetId, CampaignId, ClientId, RunId
from knowledge.json_values import as_list, as_object
from knowledge.people.models import Caller
from knowledge.series import queries
from knowledge.series.models import Series, SeriesEmail, SeriesStatus
from tools.spec import Wire


class ProblemView(Wire):
    """``text`` stands at ``start`` of ``part``; -1 where it stands at no one place."""

    rule: str
    severity: Literal["info", "minor", "major", "critical"]
    message: str
    part: str
    text: str
    start: int
    fix: str


class SeriesEmailView(Wire):
    """``sendAt``: the moment, once a start is known. ``changedSince``: edited after the plan was approved."""

    asset_id: AssetId
    position: int
    day: int
    purpose: str
    subject: str
    subjects: list[str] = Field(description="Other subjects, to try against the first.")
    preheader: str
    body: str = Field(description="Markdown.")
    call_to_action: str
    status: AssetStatus
    version: int
    content_hash: str
    word_count: int
    send_at: str | None
    changed_since: bool


class SeriesSummary(Wire):
    """``emails``: how many; ``lastDay``: the day of the last one."""

    id: UUID
    title: str
    goal: str
    status: SeriesStatus
    client_id: ClientId
    campaign_id: CampaignId | None
    emails: int
    last_day: int
    starts_on: date | None
    created_at: datetime


class SeriesView(Wire):
    id: UUID
    title: str
    goal: str
    tone: str
    language: str
    dialect: Dialect
    status: SeriesStatus
    client_id: ClientId
    client_name: str
    campaign_id: CampaignId | None
    run_id: RunId | None
    starts_on: date | None
    send_time: time | None
    timezone: str | None
    scheduled_at: datetime | None
    may_decide: bool
    emails: list[SeriesEmailView]


async def series_view(conn: Connection, caller: Caller, series: Series) -> SeriesView:
    emails = await queries.emails(conn, series.id)
    client = await clients.get_client(conn, series.client_id)
    return SeriesView(
        **series.model_dump(include=_COPIED),
        dialect=dialect_of(emails[0].content) if emails else "liquid",
        client_name=client.name if client else "",
        may_decide=caller.role in MAY_DECIDE,
        emails=[_email(series, email) for email in emails],
    )


_COPIED = {"id", "title", "goal", "tone", "language", "status", "client_id", "campaign_id", "run_id", "starts_on",
           "send_time", "timezone", "scheduled_at"}  # fmt: skip


async def summaries(conn: Connection, rows: Sequence[Series]) -> list[SeriesSummary]:
    counts = await queries.counts(conn, [row.id for row in rows])
    shared = {"id", "title", "goal", "status", "client_id", "campaign_id", "starts_on", "created_at"}
    found: list[SeriesSummary] = []
    for row in rows:
        number, last = counts.get(row.id, (0, 0))
        found.append(SeriesSummary(**row.model_dump(include=shared), emails=number, last_day=last))
    return found


def _email(series: Series, email: SeriesEmail) -> SeriesEmailView:
    content = email.content
    scheduled = series.status == "scheduled"
    return SeriesEmailView(
        asset_id=email.asset_id,
        position=email.position,
        day=email.day,
        purpose=email.purpose,
        subject=str(content.get("subject") or email.title),
        subjects=[str(one) for one in as_list(content.get("subjects"))],
        preheader=str(content.get("preheader") or ""),
        body=str(content.get("bodyMarkdown") or ""),
        call_to_action=label_of(content),
        status=email.status,
        version=email.version,
        content_hash=email.content_hash,
        word_count=email.word_count,
        send_at=_moment(series, email.day),
        changed_since=scheduled and email.scheduled_hash != email.content_hash,
    )


def _moment(series: Series, day: int) -> str | None:
    if series.status != "scheduled" or series.starts_on is None or series.send_time is None:
        return None
    on = date.fromordinal(series.starts_on.toordinal() + day)
    return f"{on.isoformat()} {series.send_time:%H:%M} {series.timezone}"


def label_of(content: dict[str, Any]) -> str:
    action = content.get("callToAction")
    return action if isinstance(action, str) else str(as_object(action).get("label") or "")


def problem_views(problems: Sequence[EmailProblem]) -> list[ProblemView]:
    names = ("rule", "severity", "message", "part", "text", "start", "fix")
    return [ProblemView(**{name: getattr(problem, name) for name in names}) for problem in problems]


def email_content(asset: Asset) -> dict[str, Any]:
    """Raises Invalid for a piece that is no email with HTML."""
    if asset.format != "email_html":
        raise Invalid(f"“{asset.title}” is no email.")
    return asset.content


def person_of(content: dict[str, Any], number: int) -> dict[str, Any]:
    """The sample person of this number, from 0; raises Invalid when there are not so many."""
    people = sample_people(content)
    if not 0 <= number < len(people):
        raise Invalid(fields={"person": f"is a number from 0 to {len(people) - 1}"})
    return dict(people[number][1])
