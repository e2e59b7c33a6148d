"""Puts research before the person, as a card."""

from uuid import UUID

from pydantic import Field

from knowledge.research import service
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    research_id: UUID = Field(description="Id of the research, from list_research.")


class Output(Wire):
    """The card reads everything else itself."""

    research_id: UUID
    topic: str


async def show_research(context: ToolContext, asked: Input) -> Output:
    """Show the person research as a card. To read it yourself, use get_research."""
    async with context.tx() as conn:
        found = await service.get(conn, asked.research_id)
    return Output(research_id=found.id, topic=found.topic)


SHOW_RESEARCH = Tool(
    name="show_research",
    title="Show research",
    input=Input,
    output=Output,
    run=show_research,
    scope="research:read",
)
