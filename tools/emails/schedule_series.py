"""A person's approval of a whole series, with the days on which it goes out."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from pydantic import Field

from knowledge.ids import AssetId
from knowledge.series import service
from knowledge.series.models import MOST
from knowledge.series.service import Plan
from tools.emails.view import SeriesView, series_view
from tools.spec import Tool, ToolContext, Wire


class Shown(Wire):
    asset_id: AssetId
    content_hash: str = Field(max_length=128)


class Input(Wire):
    series_id: UUID = Field(description="The series that was shown.")
    starts_on: date = Field(description="Day 0, as 2026-12-01.")
    send_time: time = Field(default=time(9), description="Time of day at which each email goes out.")
    timezone: str = Field(default="UTC", max_length=64, description="Of that time, such as Europe/Berlin.")
    emails: list[Shown] = Field(min_length=1, max_length=MOST, description="Each email, with what was shown of it.")


async def schedule_series(context: ToolContext, asked: Input) -> SeriesView:
    """Approve every email of a series as it was shown, and record when each goes out: all of it or nothing."""
    plan = Plan(asked.starts_on, asked.send_time.replace(tzinfo=None), asked.timezone)
    shown: dict[UUID, str] = {email.asset_id: email.content_hash for email in asked.emails}
    async with context.tx() as conn:
        series = await service.schedule(conn, context.caller, asked.series_id, plan, shown, datetime.now(UTC))
        return await series_view(conn, context.caller, series)


SCHEDULE_SERIES = Tool(
    name="schedule_series",
    title="Approve and schedule a series",
    input=Input,
    output=SeriesView,
    run=schedule_series,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
