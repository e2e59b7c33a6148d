"""What was found on a topic, as it is put to whoever proposes, and what may stay of a proposal.

What always holds: pages go to a model shortened and fenced as data; what a proposal names that was not opened is taken
out, and said so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from assistant.models.offline.compose.language import code_of, detect
from assistant.models.offline.compose.sources import Sources
from knowledge.imports.language import language_of
from knowledge.plain_text import storable_json
from knowledge.research.findings import unique
from knowledge.research.gaps import Asked, asked_by_customers, asked_by_searchers, asked_on_pages, thin, unanswered
from knowledge.research.models import CompetingPage, PageHeading, Proposal, Question, SharedTerm
from knowledge.research.opening import address
from knowledge.research.page_models import WebPage
from knowledge.research.words import parts_words, shared_terms

#: of a page, as many headings, terms and facts are shown, and letters of its text
HEADINGS, TERMS, FACTS, EXCERPT = 40, 25, 10, 1_500
KEPT_HEADINGS, KEPT_TERMS, KEPT_FACTS = 60, 40, 20
MOST_ASKED = 40
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”«»)\]}]+", re.IGNORECASE)


@dataclass(frozen=True)
class FoundOut:
    topic: str
    language: str
    pages: list[WebPage]
    terms: list[SharedTerm]
    asked: list[Asked]
    unanswered: list[str]
    thin: list[str]
    notes: list[str] = field(default_factory=list[str])

    def competing(self) -> list[CompetingPage]:
        return [_competing(page) for page in self.pages]


def language_of_topic(given: str, topic: str, of_client: Sequence[str]) -> str:
    """A code: as asked for, as the topic's letters show, the client's first, English."""
    if given.strip():
        return code_of(given) or given.strip().lower()[:2]
    if not topic.isascii() and (seen := language_of(topic)):
        return seen
    if len(topic.split()) >= 3 and (seen := detect(topic) or language_of(topic)) and (seen != "en" or topic.isascii()):
        return seen
    known = [code for code in map(code_of, of_client) if code]
    return known[0] if known else "en"


def found_for(
    topic: str, language: str, sources: Sources, from_search: Sequence[str], pages: Sequence[WebPage]
) -> FoundOut:
    """All that is computed from what was found; the same pages give the same."""
    fitting = [page for page in pages if page.language in (language, None)]
    notes = _notes(language, pages, fitting)
    compared = fitting or list(pages)
    counted = [[(str(one["term"]), int(one["count"])) for one in page.terms] for page in compared]
    terms = [SharedTerm(term=one.term, weight=one.weight, pages=one.pages) for one in shared_terms(counted, topic)]
    customers = asked_by_customers([(quote.id, quote.text) for quote in sources.voc], topic, language)
    asked = [*customers, *asked_by_searchers(from_search), *asked_on_pages(pages)][:MOST_ASKED]
    left = [one.text for one in unanswered(asked, pages, topic, language)] if pages else []
    return FoundOut(topic, language, list(pages), terms, asked, left, thin(compared, language), notes)


def _notes(language: str, pages: Sequence[WebPage], fitting: Sequence[WebPage]) -> list[str]:
    notes: list[str] = []
    others = len(pages) - len(fitting)
    if others and fitting:
        notes.append(f"{others} of the {len(pages)} opened pages are in another language; terms come from the others.")
    if any(page.text and not parts_words(page.text[:5_000]) for page in pages):
        notes.append("Terms are not computed for scripts that part no words by blanks.")
    return notes


def shown(found: FoundOut) -> dict[str, Any]:
    """As JSON for a model."""
    return {
        "topic": found.topic,
        "language": found.language,
        "terms": [one.model_dump(mode="json") for one in found.terms],
        "questions": [_asked(one) for one in found.asked],
        "unanswered": found.unanswered,
        "thin": found.thin,
        "pages": [_shown(page) for page in found.pages],
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {"text": one.text, "url": one.url, "quoteId": one.quote_id}


def _shown(page: WebPage) -> dict[str, Any]:
    return {
        "url": page.url,
        "title": page.title,
        "description": page.description,
        "words": page.words,
        "outline": [f"{'#' * int(one['level'])} {one['text']}" for one in page.outline[:HEADINGS]],
        "terms": [one["term"] for one in page.terms[:TERMS]],
        "facts": page.facts[:FACTS],
        "excerpt": page.text[:EXCERPT],
    }


def _competing(page: WebPage) -> CompetingPage:
    return CompetingPage(
        url=page.url,
        title=page.title,
        description=page.description,
        language=page.language,
        words=page.words,
        published_on=page.published_on,
        opened_at=page.fetched_at,
        outline=[PageHeading(level=int(one["level"]), text=str(one["text"])) for one in page.outline[:KEPT_HEADINGS]],
        terms=[str(one["term"]) for one in page.terms[:KEPT_TERMS]],
        facts=page.facts[:KEPT_FACTS],
    )


def checked(proposal: Proposal, found: FoundOut, sources: Sources) -> Proposal:
    """The proposal without sources that do not bear it: addresses that were not opened are taken out and named; a
    question keeps its page or its customer only when it stands there word for word."""
    opened = {url for page in found.pages for url in (page.url, page.found_url)}
    removed: dict[str, None] = {}
    words = _mapped(proposal.model_dump(mode="json", exclude={"questions"}), partial(_without, opened, removed))
    questions = [_question(one, found, sources, partial(_without, opened, removed)) for one in proposal.questions]
    kept = [one for one in questions if one.text]
    once = set(unique(one.text for one in kept))
    notes = list(words.pop("notes"))
    if removed:
        notes.append(f"Taken out, because they were not opened: {', '.join(removed)}."[:1_000])
    asked = [one.model_dump() for one in kept if one.text in once]
    return Proposal.model_validate(storable_json({**words, "questions": asked, "notes": notes}))


def _without(opened: set[str], removed: dict[str, None], text: str) -> str:
    """``text`` without addresses that were not opened."""

    def kept(match: re.Match[str]) -> str:
        url = match[0].rstrip(".,;:!?")
        if address(url) in opened:
            return match[0]
        removed.setdefault(url[:200])
        return match[0][len(url) :]

    return " ".join(_URL.sub(kept, text).split()) if _URL.search(text) else text


def _mapped(value: Any, change: partial[str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _mapped(one, change) for name, one in cast("dict[str, Any]", value).items()}
    return value


def _question(one: Question, found: FoundOut, sources: Sources, change: partial[str]) -> Question:
    text = change(one.text)
    page = next((page for page in found.pages if one.url and address(one.url) in (page.url, page.found_url)), None)
    stands = page is not None and _flat(text) in _flat(" ".join([page.text, *page.questions, page.title]))
    quote = next((quote for quote in sources.voc if quote.id == one.quote_id), None)
    said = quote is not None and _flat(text) in _flat(quote.text)
    if one.url and page is None:
        change(one.url)  # named among what was taken out
    return Question(text=text, url=page.url if page and stands else None, quote_id=one.quote_id if said else None)


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
