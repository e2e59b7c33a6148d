"""The texts a client brought along: briefs, brand books, transcripts."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from knowledge.documents import queries
from knowledge.documents.models import DocumentKind
from knowledge.errors import NotFound
from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.spec import Tool, ToolContext, Wire

#: about five thousand tokens at a time
PAGE = 20_000


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    document_id: UUID | None = Field(default=None, description="The text to read; null: only list what is there.")
    offset: int = Field(default=0, ge=0, description="Character to go on from.")


class Title(Wire):
    id: UUID
    kind: DocumentKind
    title: str
    characters: int
    created_at: datetime


class Output(Wire):
    """``nextOffset``: where to go on; null at the end."""

    documents: list[Title]
    title: str | None
    text: str | None
    next_offset: int | None


async def read_document(context: ToolContext, asked: Input) -> Output:
    """List the texts a client brought along, or read one of them piece by piece."""
    async with context.tx() as conn:
        if asked.document_id is None:
            client_id = await client_meant(conn, context.caller, asked.client_id)
            titles = [Title.model_validate(one.model_dump()) for one in await queries.list_titles(conn, client_id)]
            return Output(documents=titles, title=None, text=None, next_offset=None)
        document = await queries.get(conn, asked.document_id)
    if document is None:
        raise NotFound("That text does not exist, or not for you.")
    end = asked.offset + PAGE
    following = end if end < len(document.text) else None
    return Output(documents=[], title=document.title, text=document.text[asked.offset : end], next_offset=following)


READ_DOCUMENT = Tool(
    name="read_document",
    title="Read a text",
    input=Input,
    output=Output,
    run=read_document,
    scope="sources:read",
)
