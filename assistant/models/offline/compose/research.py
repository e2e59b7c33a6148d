"""What a research document proposes: intent, questions, groups of terms, the gap, an outline and an angle.

Everything is chosen from what was found (pages that were opened, customers' words, the client's own material); only
headings and connecting sentences are patterns. A question names where it stands.
"""

import re
from dataclasses import dataclass
from typing import Any

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import bare, capital, distinct, fold, stems
from knowledge.errors import Invalid
from knowledge.json_values import as_list, as_object

MOST_QUESTIONS, MOST_GROUPS, MOST_TERMS, MOST_SECTIONS, MOST_OURS = 24, 6, 12, 5, 4
#: terms that a group needs, words of a heading's term
LEAST_TERMS = 2
_INTENTS = (
    ("transactional", r"buy|order|book|hire|coupon|discount|cheap|kauf\w*|bestell\w*|buch\w*|günstig\w*|rabatt|angebot\w*|"
     r"comprar|pedir|reservar|contratar|barat[oa]s?|descuento|desconto|encomendar"),
    ("commercial", r"best|top|vs|versus|compare\w*|comparison|review\w*|alternative\w*|price\w*|cost\w*|beste\w*|vergleich\w*|"
     r"test|erfahrung\w*|preis\w*|kosten|mejor(?:es)?|comparativa|opiniones|precio\w*|cuesta\w*|melhor(?:es)?|comparação|"
     r"opiniões|preço\w*|custa\w*"),
    ("navigational", r"login|sign in|anmelden|contact|kontakt|contacto|contato|address|adresse|telefon\w*|öffnungszeiten"),
)  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """What was found, as the order has it."""

    topic: str
    pages: list[Document]
    terms: list[str]
    questions: list[Document]
    unanswered: list[str]
    thin: list[str]


def propose_research(sources: Sources, found: Document) -> Document:
    """The proposal (knowledge/research/models.py:Proposal); in a language that cannot be written here, what was found
    as it is."""
    given = _read(found)
    try:
        article = open_article(sources)
    except Invalid as no:
        return _as_found(given, no.message)
    pen = article.pen("research")
    ours = _ours(article, given)
    questions = _questions(given, pen)
    pages = str(len(given.pages))
    return {
        "intent": _intent(given, pen),
        "questions": questions,
        "keywordGroups": _groups(given, pen, article.language),
        "gap": {"missing": given.unanswered[:10], "thin": given.thin[:10], "ours": ours},
        "outline": _outline(given, pen, questions, ours),
        "angle": _angle(given, pen, ours, pages),
        "notes": _notes(given, pen, questions),
    }


def _as_found(found: _Found, why: str) -> Document:
    questions = [
        {key: one.get(key) for key in ("text", "url", "quoteId")} for one in found.questions if one.get("text")
    ]
    return {
        "intent": {"kind": _kind(found.topic), "why": ""},
        "questions": questions[:MOST_QUESTIONS],
        "gap": {"missing": found.unanswered[:10], "thin": found.thin[:10]},
        "notes": [why],
    }


def _read(found: Document) -> _Found:
    terms = [str(as_object(one).get("term") or "") for one in as_list(found.get("terms"))]
    return _Found(
        topic=str(found.get("topic") or ""),
        pages=[as_object(page) for page in as_list(found.get("pages"))],
        terms=[term for term in terms if term],
        questions=[as_object(one) for one in as_list(found.get("questions"))],
        unanswered=distinct(map(str, as_list(found.get("unanswered")))),
        thin=distinct(map(str, as_list(found.get("thin")))),
    )


def _intent(found: _Found, pen: Pen) -> Document:
    kind = _kind(found.topic)
    why = pen.first(f"research.why.{kind}")
    return {"kind": kind, "why": why if found.pages or kind != "informational" else pen.first("research.why.bare")}


def _kind(words: str) -> str:
    for kind, pattern in _INTENTS:
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words, re.IGNORECASE):
            return kind
    return "informational"


def _questions(found: _Found, pen: Pen) -> list[Document]:
    """Those that were found, customers' first; where there are hardly any, those that follow from the topic."""
    rank = {"quoteId": 0, "url": 1}
    named = sorted(found.questions, key=lambda one: min((rank[key] for key in rank if one.get(key)), default=2))
    kept = [{key: one.get(key) for key in ("text", "url", "quoteId")} for one in named if one.get("text")]
    if len(kept) < 3:
        kept += [{"text": text, "url": None, "quoteId": None} for text in pen.fill("research.ask.topic")]
    seen: set[str] = set()
    once = [one for one in kept if not (fold(str(one["text"])) in seen or seen.add(fold(str(one["text"]))))]
    return once[:MOST_QUESTIONS]


def _groups(found: _Found, pen: Pen, language: str) -> list[Document]:
    """Terms by the word they share; each is named after its first, which says most."""
    topical = stems(found.topic)
    rest = list(found.terms)
    groups: list[Document] = []
    own = [term for term in rest if stems(term) and stems(term) <= topical]
    if own:
        groups.append(
            {"name": pen.first("research.group.core"), "intent": _kind(found.topic), "terms": own[:MOST_TERMS]}
        )
        rest = [term for term in rest if term not in own]
    for word in _heads(rest, topical):
        inside = [term for term in rest if word in stems(term)]
        if len(inside) >= LEAST_TERMS and len(groups) < MOST_GROUPS:
            groups.append({"name": inside[0], "intent": _kind(" ".join(inside)), "terms": inside[:MOST_TERMS]})
            rest = [term for term in rest if term not in inside]
    if rest:
        intent = _kind(" ".join(rest))
        groups.append({"name": pen.first("research.group.rest"), "intent": intent, "terms": rest[:MOST_TERMS]})
    return groups


def _heads(terms: list[str], topical: frozenset[str]) -> list[str]:
    """The words that most terms share, the topic's own left out."""
    counts: dict[str, int] = {}
    for term in terms:
        for word in sorted(stems(term) - topical):
            counts[word] = counts.get(word, 0) + 1
    return sorted((word for word in counts if counts[word] >= LEAST_TERMS), key=lambda word: -counts[word])


def _ours(article: Article, found: _Found) -> list[str]:
    """What the client can say about the topic and no opened page says."""
    facts = [fact for fact in article.material.of("proof", "strength", "guarantee") if not fact.foreign]
    said = stems(" ".join(str(page.get("excerpt") or "") for page in found.pages))
    near = [fact for fact in facts if article.topic.score(fact) > 0] or facts
    return distinct(bare(fact.text) for fact in near if len(stems(fact.text) & said) <= len(stems(fact.text)) / 2)[
        :MOST_OURS
    ]


def _outline(found: _Found, pen: Pen, questions: list[Document], ours: list[str]) -> list[Document]:
    asked = [str(one["text"]) for one in questions]
    used: set[str] = set()

    def section(key: str, points: list[str] | None = None, wanted: list[str] | None = None, **values: str) -> Document:
        mine = [text for text in wanted or [] if text not in used]
        used.update(mine)
        heading = pen.say(f"research.heading.{key}", **values) or pen.first(f"research.heading.{key}", **values)
        purpose = pen.first(f"research.purpose.{key}", **values)
        return {"heading": heading[:200], "purpose": purpose, "points": points or [], "questions": mine[:6]}

    sections = [section("answer", wanted=asked[:1])]
    for subject, terms in _subjects(found):
        near = [text for text in asked if stems(text) & stems(subject)]
        sections.append(section("part", terms, near[:3], x=subject, X=capital(subject)))
    if found.unanswered and found.pages:
        sections.append(section("missing", wanted=found.unanswered[:4]))
    if ours:
        sections.append(section("ours", ours))
    left = [text for text in asked if text not in used]
    if len(left) > 1:
        sections.append(section("faq", wanted=left[:6]))
    sections.append(section("next"))
    return [one for one in sections if one["heading"]]


def _subjects(found: _Found) -> list[tuple[str, list[str]]]:
    """What most pages speak about beside the topic itself: a term with the terms that go with it."""
    topical = stems(found.topic)
    chosen: list[tuple[str, list[str]]] = []
    seen: set[str] = set()
    for term in found.terms:
        own = stems(term) - topical
        if not own or own & seen:
            continue
        near = [other for other in found.terms if other != term and stems(other) & own]
        seen |= own
        chosen.append((term, near[:5]))
        if len(chosen) == MOST_SECTIONS:
            break
    return chosen


def _angle(found: _Found, pen: Pen, ours: list[str], pages: str) -> Document:
    if found.pages and found.unanswered:
        return _said(pen, "missing", "why_missing", x=found.unanswered[0], pages=pages)
    if found.pages and ours:
        return _said(pen, "ours", "why_ours", x=ours[0], pages=pages)
    return _said(pen, "plain", "why_alike" if found.pages else "why_plain", pages=pages)


def _said(pen: Pen, sentence: str, why: str, **values: str) -> Document:
    said = pen.first(f"research.angle.{sentence}", **values) or pen.first("research.angle.plain")
    return {"sentence": said[:500], "why": pen.first(f"research.angle.{why}", **values)}


def _notes(found: _Found, pen: Pen, questions: list[Document]) -> list[str]:
    notes: list[str] = []
    if not found.pages:
        notes.append(pen.first("research.note.no_pages"))
    elif len(found.terms) < 5:
        notes.append(pen.first("research.note.few_terms"))
    known: set[Any] = {one.get("text") for one in found.questions}
    if any(one["text"] not in known for one in questions):
        notes.append(pen.first("research.note.follows"))
    return [note for note in notes if note]
