"""A customer's words as cards, programs and agents see them."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from knowledge.search.models import Hit
from knowledge.voc.models import Quote, ThemeCount, VocKind
from tools.clipping import clip
from tools.spec import Wire


class SourceView(Wire):
    id: UUID
    name: str


class Matched(Wire):
    """The passage it was found by."""

    part: str
    text: str


class QuoteView(Wire):
    """``text`` is verbatim; whoever quotes it names ``id``. ``startedAt``: seconds into the call."""

    id: UUID
    text: str
    author: str | None
    rating: float | None
    said_on: date | None
    language: str | None
    kind: VocKind
    source: SourceView
    themes: list[str]
    sentiment: Literal["positive", "neutral", "negative"] | None
    speaker: str | None
    started_at: float | None
    matched: Matched | None


class ThemeView(Wire):
    """How often a theme comes up. ``contradictingShare``: the smaller side among the quotes that take one, 0 to 0.5."""

    theme: str
    label: str
    n: int
    positive: int
    negative: int
    neutral: int
    contradicting_share: float
    examples: list[UUID] = Field(description="Quotes that speak of it, by id.")


def quote_views(
    quotes: Sequence[Quote], hits: dict[UUID, Hit] | None = None, longest: int | None = None
) -> list[QuoteView]:
    """``longest``: characters of a quote that are shown; None: all. What is cut says so."""
    return [_view(quote, (hits or {}).get(quote.id), longest) for quote in quotes]


def _view(quote: Quote, hit: Hit | None, longest: int | None) -> QuoteView:
    given = quote.model_dump(exclude={"client_id", "source_id", "source_name", "rating", "text"})
    return QuoteView.model_validate(
        {
            **given,
            "text": quote.text if longest is None else clip(quote.text, longest),
            "rating": None if quote.rating is None else float(quote.rating),
            "source": SourceView(id=quote.source_id, name=quote.source_name),
            "matched": Matched(part=hit.part, text=hit.text) if hit and hit.text != quote.text else None,
        }
    )


def theme_view(one: ThemeCount) -> ThemeView:
    label = one.theme.replace("_", " ")
    return ThemeView.model_validate(
        {
            **one.model_dump(),
            "label": label[:1].upper() + label[1:],
            "contradicting_share": round(one.contradicting_share, 3),
        }
    )
