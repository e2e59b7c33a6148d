"""One series with its emails."""

from uuid import UUID

from pydantic import Field

from knowledge.series import service
from tools.emails.view import SeriesView, series_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    series_id: UUID = Field(description="Id of the series, from list_series.")


async def get_series(context: ToolContext, asked: Input) -> SeriesView:
    """Read a series of emails: the days, purposes, subjects, preheaders and bodies, and its schedule."""
    async with context.tx() as conn:
        return await series_view(conn, context.caller, await service.get(conn, asked.series_id))


GET_SERIES = Tool(
    name="get_series",
    title="Read a series",
    input=Input,
    output=SeriesView,
    run=get_series,
    scope="assets:read",
)
