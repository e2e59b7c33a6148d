"""The outline of an article: a pattern, its sections, and which facts and quotes each may use.

A fact and a quote are given to one section only, so that nothing is said twice. Sections that would be empty are left
out: thin sources give a short article.
"""

import re
from dataclasses import dataclass

from assistant.models.offline.compose.brief_reading import Brief, read_brief
from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import Fact, Material, Quote, gather, names_any
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity, by_relevance, closest
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import capital, clip, digest, fold, overlap, slug
from knowledge.errors import Invalid

#: purpose: (roles of its points, most points, moods of its quotes, most quotes)
_PARTS: dict[str, tuple[tuple[str, ...], int, tuple[str, ...], int]] = {
    "answer": ((), 0, ("worry", "gain"), 1),
    "problem": (("pain",), 2, ("worry", "question"), 2),
    "before": (("pain",), 4, ("worry", "question"), 2),
    "cost": (("pain",), 3, ("worry",), 1),
    "mistakes": (("pain",), 4, ("worry",), 2),
    "criteria": (("outcome",), 4, ("question", "gain"), 1),
    "after": (("outcome",), 3, ("gain",), 2),
    "solution": (("strength",), 4, ("gain",), 2),
    "bridge": (("strength",), 4, ("gain",), 2),
    "steps": (("strength",), 3, ("gain",), 1),
    "table": (("pain",), 4, (), 0),
    "fit": (("audience", "offer"), 5, ("gain",), 1),
    "proof": (("proof",), 3, ("gain",), 3),
    "objections": (("objection",), 4, ("question", "gain"), 2),
    "next": (("offer", "price", "guarantee"), 5, (), 0),
}
_ORDER = {
    "problem-agitate-solve": ["answer", "problem", "cost", "solution", "proof", "objections", "next"],
    "before-after-bridge": ["answer", "before", "after", "bridge", "objections", "proof", "next"],
    "how-to": ["answer", "criteria", "steps", "mistakes", "proof", "objections", "next"],
    "comparison": ["answer", "criteria", "table", "fit", "objections", "proof", "next"],
}
TITLE_MOST, TITLE_BEST = 60, 50
META_LEAST, META_MOST = 120, 156


@dataclass
class _Stock:
    """What has not been given away yet."""

    facts: list[Fact]
    quotes: list[Quote]
    common: frozenset[str]
    subject: str

    def take_facts(self, role: str, most: int) -> list[Fact]:
        chosen = [fact for fact in self.facts if fact.role == role][:most]
        self.facts = [fact for fact in self.facts if fact not in chosen or role == "offer"]
        return chosen

    def take_quotes(self, moods: tuple[str, ...], most: int, about: str) -> list[Quote]:
        """Quotes nearest to what they are to be about first, then any of the moods; native ones before foreign ones."""
        fitting = [quote for quote in self.quotes if quote.mood in moods]
        native = [quote for quote in fitting if not quote.foreign] or fitting
        ranked = sorted(native, key=lambda quote: (-affinity(quote.text, about, self.common), moods.index(quote.mood)))
        chosen = ranked[:most]
        self.quotes = [quote for quote in self.quotes if quote not in chosen]
        return chosen


@dataclass(frozen=True)
class Article:
    """What every step of writing one article starts from."""

    sources: Sources
    language: str
    brief: Brief
    material: Material

    def pen(self, part: str = "") -> Pen:
        client = self.material.view.name or capital(self.brief.keyphrase)
        values = {
            "kp": self.brief.keyphrase,
            "Kp": capital(self.brief.keyphrase),
            "kpa": self.brief.phrase_in_sentence,
            "Topic": self.brief.topic,
            "client": client,
        }
        forbidden = (*self.material.forbidden, *self.brief.avoid)
        return Pen(self.language, f"{self.sources.client.id}|{self.brief.text}|{part}", values, forbidden)


def open_article(sources: Sources) -> Article:
    """Read language, brief and material.

    Raises ``Invalid`` for a language that cannot be written, and when there is nothing to write from.
    """
    language = language_of(sources)
    brief = read_brief(sources, language)
    material = gather(sources, language)
    if not (brief.text or material.facts or material.quotes):
        raise Invalid("There is nothing to write from: no brief, no canon and no customer voices.")
    facts = [fact for fact in material.facts if not names_any(fact.text, brief.avoid)]
    about = f"{brief.text} {brief.keyphrase} {brief.audience} {' '.join(brief.include)}"
    ranked = _varied(by_relevance(facts, about), about)
    quotes = by_relevance(material.quotes, about)
    return Article(
        sources,
        language,
        brief,
        Material(language, material.view, ranked, quotes, material.forbidden, material.disclaimers),
    )


def _varied(facts: list[Fact], about: str) -> list[Fact]:
    """Within equal relevance the order follows the brief, so that two briefs do not walk through the list alike."""
    return sorted(facts, key=lambda fact: (-affinity(fact.text, about), digest(about, fact.text)))


def outline_article(sources: Sources) -> Composed:
    """Title, slug, metaDescription, keyphrase, pattern, language and sections of the article that the brief asks for."""
    article = open_article(sources)
    requests = read_requests(sources.note, sources.open_comments)
    pen = article.pen("outline")
    sections = _sections(article, pen, _wishes(requests))
    title = _title(article, pen)
    data: Document = {
        "title": title,
        "slug": slug(article.brief.keyphrase),
        "metaDescription": _meta(pen),
        "keyphrase": article.brief.keyphrase,
        "pattern": article.brief.pattern,
        "language": article.language,
        "sections": sections,
    }
    answered, unanswered = _account(requests, data, article)
    return Composed(data, answered, unanswered, _notes(article, sections))


@dataclass(frozen=True)
class _Wishes:
    shorter: bool = False
    more_quotes: bool = False


def _wishes(requests: list[Request]) -> _Wishes:
    return _Wishes(
        any(request.op == "shorten" and request.target in {"", "text"} for request in requests),
        any(request.op == "add" and request.target == "quote" for request in requests),
    )


def _sections(article: Article, pen: Pen, wishes: _Wishes) -> list[Document]:
    material = article.material
    native = [fact for role in {fact.role for fact in material.facts} for fact in material.of(role)]
    stock = _Stock(
        [fact for fact in material.facts if fact in native], list(material.quotes), material.common, article.brief.text
    )
    if article.brief.pattern == "comparison":
        stock.facts = [fact for fact in stock.facts if fact.role != "strength"]
    kept_back = {"objections": _answers_to_objections(stock)}
    kept_back["proof"] = _kept_for_proof(stock)
    sections: list[Document] = []
    for purpose in _ORDER[article.brief.pattern]:
        section = _section(purpose, stock, kept_back, len(sections), pen, wishes)
        if section:
            sections.append(section)
    return sections


def _answers_to_objections(stock: _Stock) -> list[Quote]:
    """Praise that answers an objection is kept for that section."""
    gains = [quote for quote in stock.quotes if quote.mood == "gain" and not quote.foreign]
    kept: list[Quote] = []
    for objection in [fact for fact in stock.facts if fact.role == "objection"]:
        quote = closest(objection.text, [quote for quote in gains if quote not in kept], stock.common, 1.0)
        if quote:
            kept.append(quote)
    stock.quotes = [quote for quote in stock.quotes if quote not in kept[:2]]
    return kept[:2]


def _kept_for_proof(stock: _Stock) -> list[Quote]:
    """Up to two pieces of praise, of which the sections before would otherwise leave none; never more than half."""
    gains = [quote for quote in stock.quotes if quote.mood == "gain"]
    kept = gains[len(gains) - min(2, len(gains) // 2) :]
    stock.quotes = [quote for quote in stock.quotes if quote not in kept]
    return kept


def _section(
    purpose: str, stock: _Stock, kept_back: dict[str, list[Quote]], place: int, pen: Pen, wishes: _Wishes
) -> Document | None:
    roles, most, moods, most_quotes = _PARTS[purpose]
    if wishes.shorter:
        most, most_quotes = max(1, most - 2), min(1, most_quotes)
    if wishes.more_quotes and moods:
        most_quotes += 1
    points: list[Fact] = []
    for role in roles:
        points += stock.take_facts(role, max(1, most - len(points)) if role == roles[0] else 2)
    about = " ".join(point.text for point in points) or stock.subject
    quotes = kept_back.get(purpose, [])
    quotes = [*quotes, *stock.take_quotes(moods, max(0, most_quotes - len(quotes)), about)] if moods else []
    if not points and not quotes and purpose not in {"answer", "next"}:
        return None
    with_phrase = place % 2 == 1
    keys = [f"heading.{purpose}.with", f"heading.{purpose}.without"]
    heading = pen.say(keys[not with_phrase]) or pen.say(keys[with_phrase]) or pen.word("marks.section")
    return {
        "heading": heading,
        "purpose": purpose,
        "points": [point.text for point in points],
        "quoteIds": [quote.id for quote in quotes],
    }


def _title(article: Article, pen: Pen) -> str:
    """A title with the keyphrase, 50 to 60 characters when any variant comes to that, never longer."""
    if article.brief.title:
        return article.brief.title
    variants = pen.fill(f"title.{article.brief.pattern}")
    phrase = fold(article.brief.keyphrase)
    fitting = [title for title in variants if len(title) <= TITLE_MOST and phrase in fold(title)]
    fitting = fitting or [title for title in variants if len(title) <= TITLE_MOST]
    good = [title for title in fitting if len(title) >= TITLE_BEST]
    return (good or sorted(fitting, key=len, reverse=True) or [clip(capital(article.brief.keyphrase), TITLE_MOST)])[0]


def _meta(pen: Pen) -> str:
    """A description of 120 to 156 characters when the variants allow it; whole sentences only."""
    longest = ""
    for base in pen.fill("meta.base"):
        for first in ["", *pen.fill("meta.tail")]:
            for second in ["", *pen.fill("meta.tail")]:
                text = " ".join(part for part in (base, first, second if second != first else "") if part)
                if META_LEAST <= len(text) <= META_MOST:
                    return text
                if len(text) <= META_MOST and len(text) > len(longest):
                    longest = text
    return longest or pen.first("title.how-to")


def _account(requests: list[Request], data: Document, article: Article) -> tuple[list[str], list[str]]:
    answered: list[str] = []
    unanswered: list[str] = []
    previous = article.sources.previous or {}
    for request in requests:
        if request.op == "shorten" and request.target in {"", "text"}:
            answered.append("Shortened the article: fewer points and quotes in each section.")
        elif request.op == "add" and request.target == "quote":
            counts = [sum(len(s.get("quoteIds", [])) for s in doc.get("sections", [])) for doc in (data, previous)]
            (answered if counts[0] > counts[1] else unanswered).append(f"More quotes: there are {counts[0]} now.")
        elif request.target == "title" and request.new and len(request.new) <= TITLE_MOST:
            data["title"] = request.new
            answered.append(f"Set the title to “{request.new}”.")
        elif request.op == "remove" and request.value and _drop_section(data, request.value):
            answered.append(f"Took out what names “{request.value}”.")
        elif data["pattern"] != previous.get("pattern") and data["pattern"] in _named_pattern(request.text):
            answered.append(f"The article now follows the pattern {data['pattern']}.")
        elif request.op == "add" and request.value and _add_supported(data, request.value, article.material):
            answered.append(f"Added what the sources say about “{request.value}”.")
        else:
            unanswered.append(f"Not done: “{request.text}”.")
    return answered, unanswered


def _named_pattern(text: str) -> str:
    plain = fold(text)
    stems = {"comparison": r"compar|vergleich", "how-to": r"how.to|anleitung|guia|paso|passo|schritt",
             "problem-agitate-solve": r"problem", "before-after-bridge": r"before|vorher|antes"}  # fmt: skip
    return next((name for name, stem in stems.items() if re.search(stem, plain)), "")


def _drop_section(data: Document, value: str) -> bool:
    plain = fold(value)
    before = len(data["sections"]), sum(len(section["points"]) for section in data["sections"])
    data["sections"] = [s for s in data["sections"] if plain not in fold(s["heading"]) or len(data["sections"]) == 1]
    for section in data["sections"]:
        section["points"] = [point for point in section["points"] if plain not in fold(point)]
    return (len(data["sections"]), sum(len(section["points"]) for section in data["sections"])) != before


def _add_supported(data: Document, value: str, material: Material) -> bool:
    """Put a fact that the note names into the section before the last, if the sources hold one and it is missing."""
    used = {point for section in data["sections"] for point in section["points"]}
    for fact in material.facts:
        if overlap(fact.text, value) >= 0.5 and fact.text not in used:
            data["sections"][-2 if len(data["sections"]) > 1 else -1]["points"].append(fact.text)
            return True
    return False


def _notes(article: Article, sections: list[Document]) -> list[str]:
    found: list[str] = []
    material = article.material
    missing = [wish for wish in article.brief.include if not any(overlap(f.text, wish) >= 0.5 for f in material.facts)]
    found += [f"The brief asks for “{wish}”; no source says anything about it, so it was left out." for wish in missing]
    if len(sections) < 5:
        found.append(
            "The sources are thin, so the article is short. More offers, pains and customer voices would help."
        )
    if not article.pen().allows(article.brief.keyphrase):
        found.append(f"The keyphrase “{article.brief.keyphrase}” holds a word that this client forbids.")
    if not material.quotes:
        found.append("There are no printable customer quotes; the article has none.")
    foreign = sum(fact.foreign for fact in material.facts)
    if foreign:
        found.append(
            f"{foreign} statements of the client are in another language; the offline writer does not translate: they were "
            "left out, or stand in quotation marks as they are."
        )
    return found
