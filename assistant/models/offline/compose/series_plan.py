"""A series before it is written: how many emails on which days, what each is for, its subjects and its one fact.

Every email has a point of its own for as long as the sources have one; what is used in one is left to it. When they run
out, the plan says from which email on it repeats itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.email_draft import promises_quote
from assistant.models.offline.compose.email_purpose import Purpose, purpose_of
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, capital, clip, fold, inline

SUBJECT_LEAST, SUBJECT_MOST = 12, 50
PREHEADER_LEAST, PREHEADER_MOST = 40, 90
#: days between one email and the next, by what the series is for; the last one is kept for all that follow
_GAPS: dict[Purpose, tuple[int, ...]] = {
    "welcome": (1, 2, 2, 3, 4),
    "cart": (1, 2, 3),
    "winback": (4, 5, 7),
    "launch": (2, 2, 3),
    "tip": (7,),
    "general": (2, 3),
}
_OPENERS: dict[Purpose, str] = {"welcome": "welcome", "cart": "cart", "winback": "winback", "launch": "launch"}
#: what an email of each kind is about: the role of its one fact; "" needs none
_ROLES = {"problem": "pain", "answer": "strength", "doubt": "objection", "terms": "price", "launch": "offer"}
_MIDDLE = ("problem", "answer", "proof", "doubt", "tip", "answer", "terms")


@dataclass
class _Planning:
    """``free``: what no email has taken yet, by role; ``quotes``: how many pieces of praise are left."""

    article: Article
    pen: Pen
    free: dict[str, list[str]]
    quotes: list[str]
    said: set[str] = field(default_factory=set[str])
    repeats_from: int = 0


def plan_series(sources: Sources, count: int) -> Composed:
    """``data``: title, language, emails [{day, purpose, kind, focus, quoteId, subject, subjectB, preheader}]."""
    article = open_article(sources)
    planning = _open(article)
    purpose = purpose_of(article.brief.text)
    emails: list[Document] = []
    for number, (day, kind) in enumerate(zip(_days(purpose, count), _kinds(purpose, count, planning), strict=True)):
        emails.append(_email(planning, kind, day, number + 1))
    client = article.material.view.name
    data: Document = {
        "title": planning.pen.first("series.title", client=client, count=str(count)) or f"{count} emails",
        "language": article.language,
        "emails": emails,
    }
    notes: list[str] = []
    if planning.repeats_from:
        notes.append(
            f"The sources have a point of their own for {planning.repeats_from - 1} emails; the others repeat some."
        )
    return Composed(data, [], [], notes)


def _open(article: Article) -> _Planning:
    roles = sorted(set(_ROLES.values()))
    free = {role: [fact.text for fact in article.material.of(role)] for role in roles}
    quotes = [quote.id for quote in article.material.quotes if quote.mood == "gain" and not quote.foreign]
    return _Planning(article, article.pen("series"), free, quotes)


def _days(purpose: Purpose, count: int) -> Iterator[int]:
    day, gaps = 0, _GAPS[purpose]
    for number in range(count):
        yield day
        day += gaps[min(number, len(gaps) - 1)]


def _kinds(purpose: Purpose, count: int, planning: _Planning) -> list[str]:
    """An opening, as many points as there is room for, and the request for a decision at the end."""
    opener = _OPENERS.get(purpose, "problem" if planning.free["pain"] else "answer")
    if count == 1:
        return [opener]
    free = {kind: len(planning.free[role]) for kind, role in _ROLES.items()}
    free |= {"proof": len(planning.quotes), "tip": 1}
    free[opener] = free.get(opener, 1) - 1
    middle: list[str] = []
    for kind in cycle(_MIDDLE):
        if len(middle) >= count - 2:
            break
        if not any(free[one] > 0 for one in _MIDDLE):
            planning.repeats_from = planning.repeats_from or len(middle) + 2
            free = {one: 1 for one in _MIDDLE if _has_matter(one, planning)} or {"answer": 1}
            free = {**dict.fromkeys(_MIDDLE, 0), **free}
        if free[kind] > 0:
            free[kind] -= 1
            middle.append(kind)
    return [opener, *middle, "offer"]


def _has_matter(kind: str, planning: _Planning) -> bool:
    if kind == "proof":
        return bool(planning.quotes)
    return kind == "tip" or bool(planning.article.material.of(_ROLES[kind]))


def _email(planning: _Planning, kind: str, day: int, number: int) -> Document:
    focus = _next(planning, kind)
    values = {"x": inline(bare(focus), planning.article.language), "X": capital(bare(focus))} if focus else {}
    subject, other = _subjects(planning, kind, values, number)
    quote_id = planning.quotes.pop(0) if kind == "proof" and planning.quotes else ""
    purpose = planning.pen.first(f"series.purpose-{kind}", **values) or kind
    return {
        "day": day,
        "purpose": clip(purpose, 180),
        "kind": kind,
        "focus": focus,
        "quoteId": quote_id,
        "subject": subject,
        "subjectB": other,
        "preheader": _preheader(planning, kind, focus, subject),
    }


def _next(planning: _Planning, kind: str) -> str:
    role = _ROLES.get(kind)
    if role is None:
        return ""
    free = planning.free[role]
    if not free:
        free.extend(fact.text for fact in planning.article.material.of(role))
    return free.pop(0) if free else ""


def _subjects(planning: _Planning, kind: str, values: dict[str, str], number: int) -> tuple[str, str]:
    """Two subjects of 12 to 50 characters that no other email of the series has."""
    named = planning.pen.fill(f"series.subject-{kind}", **values)
    spare = planning.pen.fill("series.subject-more", n=str(number))
    found = [text for text in dict.fromkeys([*named, *spare]) if SUBJECT_LEAST <= len(text) <= SUBJECT_MOST]
    fresh = [text for text in found if fold(text) not in planning.said]
    client = planning.article.material.view.name
    fresh += [clip(f"{number}. {client}", SUBJECT_MOST), clip(f"{client} ({number})", SUBJECT_MOST)]
    chosen = (fresh[0], fresh[1])
    planning.said.update(map(fold, chosen))
    return chosen


def _preheader(planning: _Planning, kind: str, focus: str, subject: str) -> str:
    """40 to 90 characters that add to the subject, and that no other email of the series has while there is a choice."""
    known = [fact.text for fact in planning.article.material.of("strength", "guarantee", "offer")]
    facts = [focus, *known] if kind in ("answer", "launch") else known
    own = [text for fact in facts for text in planning.pen.fill(f"email.preheader-{kind}", y=bare(fact))]
    general = [text for fact in facts for text in planning.pen.fill("email.preheader", y=bare(fact))]
    found = [*own, *planning.pen.fill(f"email.preheader-{kind}"), *general, *planning.pen.fill("email.preheader")]
    kept = [text for text in found if kind == "proof" or not promises_quote(text)]
    fitting = [
        text for text in kept if PREHEADER_LEAST <= len(text) <= PREHEADER_MOST and fold(subject) not in fold(text)
    ]
    fresh = [text for text in fitting if fold(text) not in planning.said]
    chosen = next(iter([*fresh, *fitting]), planning.pen.word("email.preheader-any"))
    planning.said.add(fold(chosen))
    return chosen
