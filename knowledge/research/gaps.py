"""What people ask and the pages do not answer, and what few of them speak about. By words alone: no meaning is guessed.

What always holds: a customer's question stands word for word in the quote it is named with; a page's on that page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.research.findings import begins_like_a_question, is_question, unique
from knowledge.research.page_models import WebPage
from knowledge.research.words import sentences, stems, terms_of

#: the share of a question's telling words that a page has to have to answer it
ANSWERS = 0.75
#: terms in headings that only one page has; below this many pages nothing counts as rare
MOST_THIN, LEAST_PAGES = 15, 3
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A question and who asks it: a page (``url``), a customer (``quote_id``), or searchers in general (neither)."""

    text: str
    url: str | None = None
    quote_id: str | None = None


def asked_by_customers(quotes: Iterable[tuple[str, str]], topic: str, language: str | None) -> list[Asked]:
    """Questions within customers' quotes, (id, text), that share a word with the topic."""
    about = stems(topic, language)
    found: dict[str, Asked] = {}
    for quote_id, text in quotes:
        for one in sentences(text):
            fits = 10 <= len(one) <= LONGEST and one.endswith(("?", "？", "؟"))
            if fits and stems(one, language) & about:
                found.setdefault(one.casefold(), Asked(one, quote_id=quote_id))
    return list(found.values())


def asked_on_pages(pages: Sequence[WebPage]) -> list[Asked]:
    """The pages' own questions, each once, with the page it stands on first."""
    home: dict[str, str] = {}
    for page in pages:
        for text in page.questions:
            home.setdefault(text, page.url)
    return [Asked(text, url=home[text]) for text in unique(home)]


def asked_by_searchers(questions: Iterable[str]) -> list[Asked]:
    return [Asked(text[:LONGEST]) for text in unique(questions) if is_question(text) or begins_like_a_question(text)]


def unanswered(questions: Sequence[Asked], pages: Sequence[WebPage], topic: str, language: str | None) -> list[Asked]:
    """Those whose telling words, the topic's own left out, no opened page has together. All of them without a page."""
    topical = stems(topic, language)
    said = [stems(page.text, language) for page in pages]
    left: list[Asked] = []
    for one in questions:
        if one.url is not None:
            continue
        telling = stems(one.text, language) - topical
        if not any(_share(telling, page) >= ANSWERS for page in said):
            left.append(one)
    return left


def _share(telling: set[str], page: set[str]) -> float:
    return len(telling & page) / len(telling) if telling else 1.0


def thin(pages: Sequence[WebPage], language: str | None) -> list[str]:
    """Words in the headings of one page, and in its text, that none of the others has at all; empty for fewer than three
    pages."""
    if len(pages) < LEAST_PAGES:
        return []
    said = [stems(page.text, language) for page in pages]
    found: dict[str, None] = {}
    for n, page in enumerate(pages):
        spoken = {str(one["term"]).casefold() for one in page.terms if int(one["count"]) > 1}
        others = set[str]().union(*(one for other, one in enumerate(said) if other != n))
        for heading in page.outline[1:]:
            for term, _ in terms_of(str(heading["text"]), language):
                if " " not in term and term.casefold() in spoken and not stems(term, language) & others:
                    found.setdefault(term)
    return list(found)[:MOST_THIN]
