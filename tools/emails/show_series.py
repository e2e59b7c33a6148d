"""Puts a series before the person, as a card with its buttons."""

from uuid import UUID

from pydantic import Field

from knowledge.series import service
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    series_id: UUID = Field(description="Id of the series, from list_series.")


class Output(Wire):
    """The card reads everything else itself."""

    series_id: UUID
    title: str


async def show_series(context: ToolContext, asked: Input) -> Output:
    """Show the person a series of emails as a card, with what can be decided on it. To read it yourself: get_series."""
    async with context.tx() as conn:
        series = await service.get(conn, asked.series_id)
    return Output(series_id=series.id, title=series.title)


SHOW_SERIES = Tool(
    name="show_series",
    title="Show a series",
    input=Input,
    output=Output,
    run=show_series,
    scope="assets:read",
)
