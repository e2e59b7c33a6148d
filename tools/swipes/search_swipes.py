"""Ads of the library, by what they say and by what they are."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from knowledge.errors import Invalid
from knowledge.ids import ClientId
from knowledge.swipes import library
from knowledge.swipes.models import Wanted
from tools.clients.chosen import client_meant
from tools.meaning import meaning_of
from tools.paging import Limit, Offset
from tools.spec import Tool, ToolContext, Wire
from tools.swipes.view import SwipeView, page_views

#: characters of an ad's body in a list; get_swipe gives all of it
LONGEST_BODY = 1_200


class Input(Wire):
    query: str = Field(
        default="", max_length=1_000, description="In words: an angle, a promise, a brand, an ad's number."
    )
    client_id: ClientId | None = Field(default=None, description="Only this client's examples and own ads.")
    only_client: bool = Field(
        default=False, description="Only examples of the client, when none is named: the chosen one."
    )
    marked: Literal["good", "bad"] | None = Field(default=None, description="Only the client's good, or bad examples.")
    platform: str | None = Field(default=None, max_length=100, description="FACEBOOK, INSTAGRAM, TIKTOK …")
    format: str | None = Field(default=None, max_length=100, description="VIDEO, IMAGE, CAROUSEL, DCO …")
    language: str | None = Field(default=None, max_length=20, description="ISO 639-1: en, de, pt …")
    brand_id: UUID | None = Field(default=None, description="Only this brand's.")
    tag: str | None = Field(default=None, max_length=100, description="Only with this tag.")
    from_day: date | None = Field(default=None, description="Started on this day or later.")
    to_day: date | None = Field(default=None, description="Started on this day or earlier.")
    score_from: float | None = Field(default=None, description="Winning score, at least.")
    saved: bool = Field(default=False, description="Only what was saved.")
    favorite: bool = Field(default=False, description="Only favourites.")
    limit: Limit = 8
    offset: Offset = 0


class Output(Wire):
    """``mode``: how it was searched; ``corrected``: names read for mistyped words; ``total``: null for a search."""

    mode: Literal["hybrid", "vector", "lexical", "list"]
    model: str | None
    note: str | None
    corrected: dict[str, str]
    total: int | None
    items: list[SwipeView]


async def search_swipes(context: ToolContext, asked: Input) -> Output:
    """Search the library of ads by meaning and words, or list it. Learn from structure; never copy an ad's words."""
    vector, why = await meaning_of(context.work.library, context.caller, asked.query)
    async with context.tx() as conn:
        client_id = asked.client_id
        if client_id or asked.only_client or asked.marked:
            client_id = await client_meant(conn, context.caller, client_id)
        wanted = wanted_of(asked, client_id)
        page = await library.look(
            conn, words=asked.query, vector=vector, wanted=wanted, limit=asked.limit, offset=asked.offset
        )
        items = await page_views(conn, page, longest=LONGEST_BODY)
    return output_of(page, items, why)


def wanted_of(asked: Input, client_id: ClientId | None) -> Wanted:
    """Raises Invalid for days the wrong way round."""
    if asked.from_day and asked.to_day and asked.from_day > asked.to_day:
        raise Invalid(fields={"toDay": "is before the first day"})
    return Wanted(
        client_id=client_id,
        platforms=(asked.platform,) if asked.platform else (),
        formats=(asked.format,) if asked.format else (),
        languages=(asked.language,) if asked.language else (),
        brand_ids=(asked.brand_id,) if asked.brand_id else (),
        tags=(asked.tag,) if asked.tag else (),
        day_from=asked.from_day,
        day_to=asked.to_day,
        score_from=asked.score_from,
        saved=asked.saved,
        favorite=asked.favorite,
        good=asked.marked == "good",
        bad=asked.marked == "bad",
    )


def output_of(page: library.Page, items: list[SwipeView], why: str | None) -> Output:
    found = page.found
    return Output(
        mode=found.mode if found else "list",
        model=found.model if found else None,
        note=why or (found.note if found else None),
        corrected=found.corrected if found else {},
        total=page.total,
        items=items,
    )


SEARCH_SWIPES = Tool(
    name="search_swipes",
    title="Search the swipe library",
    input=Input,
    output=Output,
    run=search_swipes,
    scope="swipes:read",
)
