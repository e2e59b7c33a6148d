"""What every search provider is asked and answers with, and how their answers are read: as data, bounded, once each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from knowledge.json_values import as_list, as_object
from knowledge.research.opening import address
from knowledge.research.page import clean

#: results that are kept, letters of a title and an excerpt, questions
MOST_HITS, LONGEST_TITLE, LONGEST_EXCERPT, MOST_QUESTIONS = 20, 300, 600, 20
LONGEST_QUERY = 380


@dataclass(frozen=True)
class Query:
    """``words``: what to search for. ``language``: a code, empty when it is not known. ``count``: results wanted."""

    words: str
    language: str = ""
    count: int = 10


@dataclass(frozen=True)
class Hit:
    url: str
    title: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Found:
    """``cost`` in US dollars; ``questions``: what people also ask, where the provider says so."""

    hits: list[Hit]
    cost: Decimal
    questions: list[str] = field(default_factory=list[str])
    searches: int = 1
    input_tokens: int = 0
    output_tokens: int = 0


class SearchProvider(Protocol):
    @property
    def name(self) -> str:
        """As it stands in the ledger."""
        ...

    def worst(self, query: Query) -> Decimal:
        """The most that this search may cost, in US dollars."""
        ...

    async def find(self, query: Query) -> Found:
        """Raises Upstream; ``billed`` False among its facts when the provider certainly asks nothing for it."""
        ...


def hits_of(rows: object, *, url: str = "url", title: str = "title", excerpt: str = "content") -> list[Hit]:
    """The results of a provider's JSON; what names no page is left out, the same page comes once."""
    found = map(as_object, as_list(rows))
    return once(
        Hit(one[url], _text(one.get(title)), _text(one.get(excerpt))) for one in found if isinstance(one.get(url), str)
    )


def once(hits: Iterable[Hit]) -> list[Hit]:
    kept: dict[str, Hit] = {}
    for hit in hits:
        url = address(hit.url)
        if url.startswith(("http://", "https://")) and len(url) <= 2_000 and url not in kept:
            kept[url] = Hit(url, clean(hit.title)[:LONGEST_TITLE], clean(hit.excerpt)[:LONGEST_EXCERPT])
    return list(kept.values())[:MOST_HITS]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
