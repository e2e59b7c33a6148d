"""One email of a planned series: its own point, said with the client's and a customer's words, and what to do next."""

from typing import Any

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.email_blocks import Letter
from assistant.models.offline.compose.email_blocks import blocks as single_blocks
from assistant.models.offline.compose.email_draft import call_of, finished_body
from assistant.models.offline.compose.email_purpose import Purpose
from assistant.models.offline.compose.material import Fact
from assistant.models.offline.compose.pairing import answer_to
from assistant.models.offline.compose.relevance import affinity, closest
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import fold
from knowledge.json_values import as_list, as_object

#: kinds that are written like a single email for the same purpose
_SINGLE: dict[str, Purpose] = {
    "welcome": "welcome",
    "cart": "cart",
    "winback": "winback",
    "launch": "launch",
    "tip": "tip",
}


def write_series_email(sources: Sources, plan: Document, number: int) -> Composed:
    """``plan``: as planned, ``number`` from 1. ``data`` is an email's (see email_draft.py), with its two subjects."""
    emails = [as_object(one) for one in as_list(plan.get("emails"))]
    slot = emails[number - 1]
    article = open_article(sources)
    kind = str(slot.get("kind") or "answer")
    letter = Letter(article, article.pen(f"series email {number}"), _SINGLE.get(kind, "general"), short=False)
    others = {str(one.get("focus") or "") for one in emails} - {str(slot.get("focus") or "")}
    letter.used += [text for text in others if text]
    call = call_of(letter)
    body = finished_body(letter, call, _blocks(letter, kind, slot))
    data: Document = {
        "subject": slot["subject"],
        "preheader": slot["preheader"],
        "bodyMarkdown": body,
        "plainText": "",
        "callToAction": {"label": call[0], "url": call[1]},
        "quoteIds": [quote.id for quote in letter.quotes],
        "subjects": [slot["subjectB"]],
        "language": article.language,
    }
    return Composed(data)


def _blocks(letter: Letter, kind: str, slot: dict[str, Any]) -> list[str]:
    focus = _fact(letter.article, str(slot.get("focus") or ""))
    written = {
        "problem": _problem, "answer": _answer, "doubt": _doubt, "terms": _terms, "offer": _offer,
    }.get(kind)  # fmt: skip
    if kind == "proof":
        found = _proof(letter, str(slot.get("quoteId") or ""))
    elif written is None:
        found = single_blocks(letter)
    else:
        found = written(letter, focus)
    said = [block for block in found if block]
    return said or [block for block in single_blocks(letter) if block]


def _fact(article: Article, text: str) -> Fact | None:
    return next((fact for fact in article.material.facts if fact.text == text), None)


def _problem(letter: Letter, focus: Fact | None) -> list[str]:
    about = focus.text if focus else letter.article.topic.text
    outcome = closest(about, letter.article.material.of("outcome"), letter.article.material.common)
    return [
        letter.pen.say("email.open-pain", x=letter.x(focus)),
        letter.pen.say("email.turn", x=letter.x(outcome)),
        *letter.listed("email.answer", _near(letter, about, 2)),
        *letter.praise([focus] if focus else []),
    ]


def _answer(letter: Letter, focus: Fact | None) -> list[str]:
    about = focus.text if focus else letter.article.topic.text
    return [
        letter.pen.say("email.answer"),
        f"**{letter.line(focus)}**" if focus else "",
        *letter.listed("email.count", _near(letter, about, 2)),
        *letter.praise([focus] if focus else []),
    ]


def _doubt(letter: Letter, focus: Fact | None) -> list[str]:
    answer = answer_to(focus, letter.article.material, []) if focus else None
    if focus is None or answer is None:
        return _answer(letter, None)
    letter.used.append(answer.text)
    return [
        letter.pen.say("email.doubt", q=letter.doubt(focus), x=letter.x(answer)),
        *letter.praise([answer]),
        letter.terms(),
    ]


def _terms(letter: Letter, focus: Fact | None) -> list[str]:
    safe = letter.facts("guarantee", most=2)
    return [
        letter.pen.say("email.price", x=letter.x(focus)),
        *(letter.listed("email.count", safe) if safe else []),
        *letter.praise([*([focus] if focus else []), *safe]),
    ]


def _offer(letter: Letter, focus: Fact | None) -> list[str]:
    offer = letter.facts("offer", most=1)
    facts = letter.facts("strength", "guarantee", most=3)
    return [
        letter.pen.say("email.launch") if offer else "",
        f"**{letter.line(offer[0])}**" if offer else "",
        *letter.listed("email.count", facts),
        letter.terms(),
    ]


def _proof(letter: Letter, quote_id: str) -> list[str]:
    quote = next((one for one in letter.article.material.quotes if one.id == quote_id), None)
    if quote is None:
        return _answer(letter, None)
    return [*letter.printed(quote, "email.proof"), *letter.listed("email.answer", _near(letter, quote.about, 2))]


def _near(letter: Letter, about: str, most: int) -> list[Fact]:
    """What the client does that has most to do with it, and that no other email is about."""
    material = letter.article.material
    free = [fact for fact in material.of("strength", "guarantee") if fact.text not in letter.used]
    free = [fact for fact in free if fold(fact.text) != fold(about)]
    ranked = sorted(free, key=lambda fact: -affinity(fact.text, about, material.common))[:most]
    letter.used += [fact.text for fact in ranked]
    return ranked
