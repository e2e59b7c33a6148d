"""A person takes the plan of a series back."""

from uuid import UUID

from pydantic import Field

from knowledge.series import service
from tools.emails.view import SeriesView, series_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    series_id: UUID = Field(description="The series.")


async def unschedule_series(context: ToolContext, asked: Input) -> SeriesView:
    """Take the plan of a scheduled series back. Its emails stay approved."""
    async with context.tx() as conn:
        series = await service.unschedule(conn, context.caller, asked.series_id)
        return await series_view(conn, context.caller, series)


UNSCHEDULE_SERIES = Tool(
    name="unschedule_series",
    title="Take a plan back",
    input=Input,
    output=SeriesView,
    run=unschedule_series,
    scope="assets:decide",
    changes=True,
    people_only=True,
)
