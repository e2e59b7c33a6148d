"""Answers for the intake, as somebody gave them."""

from pydantic import Field

from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.intake.saving import merge_answers
from tools.intake.view import IntakeView, get_view
from tools.spec import Tool, ToolContext, Wire


class Answer(Wire):
    path: str = Field(max_length=100, description='The question, such as "offer.primaryOffers" (see get_intake).')
    value: str | int | float | bool | list[str] | None = Field(description="The answer; null takes one back.")


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    answers: list[Answer] = Field(min_length=1, max_length=100, description="Answers exactly as the person gave them.")


async def fill_intake(context: ToolContext, asked: Input) -> IntakeView:
    """Keep answers in the intake; the others stay. Never invents, never approves. Returns what is still missing."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        await merge_answers(conn, context.caller, client_id, {one.path: one.value for one in asked.answers})
        return await get_view(conn, context.caller, client_id)


FILL_INTAKE = Tool(
    name="fill_intake",
    title="Fill in the intake",
    input=Input,
    output=IntakeView,
    run=fill_intake,
    scope="intake:write",
    changes=True,
)
