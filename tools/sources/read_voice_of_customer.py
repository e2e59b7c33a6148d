"""What customers said, word for word."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from knowledge.ids import ClientId
from knowledge.voc.models import VocKind
from knowledge.voc.queries import list_snippets
from tools.clients.chosen import client_meant
from tools.clipping import clip
from tools.paging import Limit
from tools.spec import Tool, ToolContext, Wire

LONGEST_QUOTE = 1_500


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    query: str | None = Field(default=None, max_length=200, description="Only quotes with all of these words.")
    limit: Limit = 40


class Quote(Wire):
    """``text`` is verbatim; whoever quotes it names ``id``."""

    id: UUID
    kind: VocKind
    text: str
    author: str | None
    rating: Decimal | None
    said_on: date | None
    language: str | None
    themes: list[str]


class Output(Wire):
    quotes: list[Quote]
    left_out: int


async def read_voice_of_customer(context: ToolContext, asked: Input) -> Output:
    """Read what the client's customers said. Quote verbatim and name the quote's id; never change their words."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        snippets = await list_snippets(conn, client_id, 1_000)
    words = (asked.query or "").casefold().split()
    found = [one for one in snippets if all(word in one.text.casefold() for word in words)]
    quotes = [
        Quote.model_validate({**one.model_dump(include=set(Quote.model_fields)), "text": clip(one.text, LONGEST_QUOTE)})
        for one in found[: asked.limit]
    ]
    return Output(quotes=quotes, left_out=len(found) - len(quotes))


READ_VOICE_OF_CUSTOMER = Tool(
    name="read_voice_of_customer",
    title="Read the voice of customer",
    input=Input,
    output=Output,
    run=read_voice_of_customer,
    scope="sources:read",
)
