"""What customers said, by meaning and words."""

from datetime import date
from typing import Literal

from pydantic import Field

from knowledge.errors import Invalid
from knowledge.ids import ClientId
from knowledge.voc.listening import Heard, listen
from knowledge.voc.models import VocKind, Wanted
from tools.clients.chosen import client_meant
from tools.meaning import meaning_of
from tools.paging import Limit, Offset
from tools.spec import Tool, ToolContext, Wire
from tools.voc.view import QuoteView, quote_views

#: characters of a quote in a list for an agent
LONGEST_QUOTE = 1_500


class Input(Wire):
    query: str = Field(default="", max_length=1_000, description="In words: what do they say about the price?")
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    kind: VocKind | None = Field(default=None, description="Where it was said.")
    theme: str | None = Field(
        default=None, max_length=100, description="Only quotes with this theme (see list_themes)."
    )
    language: str | None = Field(default=None, max_length=20, description="ISO 639-1: en, de, pt …")
    rating_from: float | None = Field(default=None, description="Rated so, or better.")
    rating_to: float | None = Field(default=None, description="Rated so, or worse.")
    from_day: date | None = Field(default=None, description="Said on this day or later.")
    to_day: date | None = Field(default=None, description="Said on this day or earlier.")
    limit: Limit = 20
    offset: Offset = 0


class Output(Wire):
    """``mode``: how it was searched; ``total``: null for a search. ``items`` are verbatim quotes with their ids."""

    mode: Literal["hybrid", "vector", "lexical", "list"]
    model: str | None
    note: str | None
    corrected: dict[str, str]
    total: int | None
    items: list[QuoteView]


async def search_voc(context: ToolContext, asked: Input) -> Output:
    """Search what the client's customers said, by meaning and words. Quote verbatim and name the quote's id."""
    return await heard(context, asked, LONGEST_QUOTE)


async def heard(context: ToolContext, asked: Input, longest: int | None) -> Output:
    """``longest``: characters of a quote; None: all."""
    vector, why = await meaning_of(context.work.library, context.caller, asked.query)
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        wanted = _wanted(asked, client_id)
        found = await listen(
            conn, words=asked.query, vector=vector, wanted=wanted, limit=asked.limit, offset=asked.offset
        )
    return _output(found, why, longest)


def _wanted(asked: Input, client_id: ClientId) -> Wanted:
    if asked.from_day and asked.to_day and asked.from_day > asked.to_day:
        raise Invalid(fields={"toDay": "is before the first day"})
    return Wanted(
        client_id=client_id,
        kinds=(asked.kind,) if asked.kind else (),
        themes=(asked.theme,) if asked.theme else (),
        languages=(asked.language,) if asked.language else (),
        rating_from=asked.rating_from,
        rating_to=asked.rating_to,
        day_from=asked.from_day,
        day_to=asked.to_day,
    )


def _output(heard: Heard, why: str | None, longest: int | None) -> Output:
    found = heard.found
    return Output(
        mode=found.mode if found else "list",
        model=found.model if found else None,
        note=why or (found.note if found else None),
        corrected=found.corrected if found else {},
        total=heard.total,
        items=quote_views(heard.quotes, heard.hits, longest),
    )


SEARCH_VOC = Tool(
    name="search_voc",
    title="Search the voice of customer",
    input=Input,
    output=Output,
    run=search_voc,
    scope="voc:read",
)
