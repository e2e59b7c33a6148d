"""The outline of an article: title, description, a pattern, its sections, and which facts and quotes each may use."""

import re
from dataclasses import dataclass, replace

from assistant.models.offline.compose.article_account import account, remarks
from assistant.models.offline.compose.article_parts import PARTS, SECTIONS, Stock
from assistant.models.offline.compose.article_research import follow, read_findings
from assistant.models.offline.compose.aspects import aspect_of
from assistant.models.offline.compose.brief_reading import Brief, read_brief
from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import Fact, Material, gather, names_any
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import Topic
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import capital, clip, digest, fold, slug, words
from knowledge.errors import Invalid

TITLE_MOST, TITLE_BEST = 60, 50
META_LEAST, META_MOST = 120, 156
#: steps named in the first sentence and in the description
STEPS_NAMED = 3


@dataclass(frozen=True)
class Article:
    """What every step of writing one article starts from; facts and quotes are sorted by what they have to do with it."""

    sources: Sources
    language: str
    brief: Brief
    material: Material
    topic: Topic

    def pen(self, part: str = "") -> Pen:
        phrase = self.brief.phrase
        values = {
            "kp": phrase.text,
            "Kp": capital(phrase.text),
            "kpa": phrase.noun,
            "Topic": self.brief.topic,
            "client": self.material.view.name or capital(phrase.text),
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
    topic = _topic(brief, material)
    facts = [fact for fact in material.facts if not names_any(fact.text, brief.avoid)]
    facts.sort(key=lambda fact: (-topic.score(fact), digest(brief.text, fact.text)))
    quotes = [quote for quote in material.quotes if not names_any(quote.text, brief.avoid)]
    quotes.sort(key=lambda quote: -topic.score(quote))
    return Article(sources, language, brief, replace(material, facts=facts, quotes=quotes), topic)


def _topic(brief: Brief, material: Material) -> Topic:
    """The brief's subject; a problem or an offer that it plainly names belongs to it with all its words."""
    offers = [fact.text for fact in material.of("offer")]
    about = " ".join([brief.topic, brief.keyphrase, brief.audience, *brief.include])
    topic = Topic(about, material.common, offers, brief.keyphrase)
    named = [
        max(near, key=topic.score)
        for role in ("pain", "offer")
        if (near := [fact for fact in material.of(role) if topic.score(fact) >= 2])
    ]
    return Topic(" ".join([about, *(fact.text for fact in named)]), material.common, offers, brief.keyphrase)


def outline_article(sources: Sources) -> Composed:
    """Title, slug, metaDescription, keyphrase, pattern, language and sections of the article that the brief asks for."""
    article = open_article(sources)
    requests = read_requests(sources.note, sources.open_comments)
    pen = article.pen("outline")
    found = read_findings(sources, article.language, pen)
    sections = follow(found, _sections(article, pen, requests))
    data: Document = {
        "title": _title(article, pen),
        "slug": slug(article.brief.keyphrase),
        "metaDescription": _meta(pen, sections),
        "keyphrase": article.brief.keyphrase,
        "pattern": article.brief.pattern,
        "language": article.language,
        "sections": sections,
    }
    answered, unanswered = account(requests, data, sources.previous or {}, article.material)
    return Composed(data, answered, unanswered, remarks(article.brief, article.material, sections, pen))


def _sections(article: Article, pen: Pen, requests: list[Request]) -> list[Document]:
    shorter = any(request.op == "shorten" and request.target in {"", "text"} for request in requests)
    more_quotes = any(request.op == "add" and request.target == "quote" for request in requests)
    stock = Stock(article.material, article.topic, list(article.material.quotes))
    found: list[Document] = []
    for purpose in SECTIONS[article.brief.pattern]:
        part = PARTS[purpose]
        points = stock.points(purpose, max(1, part.most - 2) if shorter else part.most)
        most = min(1, part.quotes) if shorter else part.quotes + (part.quotes > 0 and more_quotes)
        # a guide quotes within its steps, where the quote belongs to a point
        quotes = stock.take_quotes(purpose, points, 0 if purpose == "answer" and _guide(article) else most)
        if not points and not quotes and purpose not in {"answer", "next"}:
            continue
        found.append({
            "heading": _heading(purpose, len(found) % 2 == 0, pen),
            "purpose": purpose,
            "points": [point.text for point in points],
            "quoteIds": [quote.id for quote in quotes],
        })  # fmt: skip
    return found


def _guide(article: Article) -> bool:
    return article.brief.pattern in {"how-to", "comparison"}


def _heading(purpose: str, with_phrase: bool, pen: Pen) -> str:
    """Every second heading holds the keyphrase."""
    keys = [f"heading.{purpose}.with", f"heading.{purpose}.without"]
    return pen.say(keys[not with_phrase]) or pen.say(keys[with_phrase]) or pen.word("marks.section")


def _title(article: Article, pen: Pen) -> str:
    """A title with the keyphrase, 50 to 60 characters when any variant comes to that, never longer.

    A topic that is a title already, with a colon, a question or seven words, stays as the brief has it.
    """
    brief = article.brief
    whole = re.search(r"[:?]", brief.topic) or (brief.pattern != "how-to" and len(words(brief.topic)) >= 7)
    if brief.title or (30 <= len(brief.topic) <= TITLE_MOST and whole):
        return brief.title or brief.topic
    variants = [title for title in pen.fill(f"title.{brief.pattern}") if len(title) <= TITLE_MOST]
    fitting = [title for title in variants if fold(brief.keyphrase) in fold(title)] or variants
    own = [title for title in fitting if fold(brief.topic) in fold(title)] or fitting
    good = [title for title in own if len(title) >= TITLE_BEST]
    return (good or sorted(own, key=len, reverse=True) or [clip(capital(brief.keyphrase), TITLE_MOST)])[0]


def _meta(pen: Pen, sections: list[Document]) -> str:
    """A description of 120 to 156 characters when the variants allow it; whole sentences only."""
    texts = [str(text) for section in sections if section["purpose"] == "steps" for text in section["points"]]
    facts = [Fact("strength", text, "outline") for text in texts]
    steps = [named_steps(facts, pen, most) for most in range(STEPS_NAMED, 0, -1)] if facts else []
    bases = [base for named in steps for base in pen.fill("meta.steps", steps=named)] + pen.fill("meta.base")
    tails = ["", *pen.fill("meta.tail")]
    longest = ""
    for base in bases:
        for first in tails:
            for second in tails:
                text = " ".join(part for part in (base, first, second if second != first else "") if part)
                if META_LEAST <= len(text) <= META_MOST:
                    return text
                if len(text) <= META_MOST and len(text) > len(longest):
                    longest = text
    return longest or pen.first("title.how-to")


def named_steps(points: list[Fact], pen: Pen, most: int = STEPS_NAMED) -> str:
    """The first steps that the points amount to, inside a sentence."""
    titles = [pen.first(f"aspect.{aspect}.step") for point in points if (aspect := aspect_of(point.text))]
    return pen.listed(list(dict.fromkeys(filter(None, titles)))[:most])
