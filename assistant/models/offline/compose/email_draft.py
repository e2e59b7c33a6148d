"""A single email: problem or customer's sentence first, then the answer, a proof, the terms and one thing to do.

Limits: subject at most 50 characters, preheader 40 to 90 (mail clients cut longer ones; notes/standards, Email).
"""

import re
from dataclasses import dataclass

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.material import Fact, Quote
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity, closest
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, capital, clip, digest, fold, inline, words

SUBJECT_MOST = 50
PREHEADER_LEAST, PREHEADER_MOST = 40, 90


@dataclass(frozen=True)
class _Pick:
    """What the email is about: one pain, one result, a few strengths, up to two quotes, and the terms."""

    pain: Fact | None
    outcome: Fact | None
    strengths: list[Fact]
    opening: Quote | None
    proof: Quote | None
    doubt: tuple[Fact, Fact] | None
    price: Fact | None
    guarantee: Fact | None


def write_email(sources: Sources) -> Composed:
    """``data``: subject, preheader, bodyMarkdown, plainText, callToAction {label, url}, quoteIds, language."""
    article = open_article(sources)
    requests = read_requests(sources.note, sources.open_comments)
    short = any(request.op == "shorten" and request.target in {"", "text"} for request in requests)
    pen = article.pen("email")
    pick = _pick(article, short)
    call = _call(article, pen)
    body = _body(article, pen, pick, call, short)
    subject = _subject(article, pick)
    data: Document = {
        "subject": subject,
        "preheader": _preheader(article, pick, subject),
        "bodyMarkdown": body,
        "plainText": plain_text(body),
        "callToAction": {"label": call[0], "url": call[1]},
        "quoteIds": [quote.id for quote in (pick.opening, pick.proof) if quote],
        "language": article.language,
    }
    answered, unanswered = _account(requests, data, sources.previous or {}, pen)
    return Composed(data, answered, unanswered, _notes(article, pick, call))


def _pick(article: Article, short: bool) -> _Pick:
    material, subject = article.material, article.brief.text
    pains, outcomes = material.of("pain"), material.of("outcome")
    pain = pains[0] if pains else None
    about = f"{subject} {pain.text if pain else ''}"
    outcome = closest(about, outcomes, material.common) or (outcomes[0] if outcomes else None)
    strengths = material.of("strength")[: 2 if short else 3]
    worries = [quote for quote in material.quotes if quote.mood == "worry"]
    gains = [quote for quote in material.quotes if quote.mood == "gain"]
    opening = closest(about, worries, material.common) if digest(subject) % 2 or not pain else None
    proof = max(gains, key=lambda quote: affinity(quote.text, about, material.common), default=None)
    return _Pick(
        pain,
        outcome,
        strengths,
        opening,
        proof,
        None if short else _doubt(article, strengths),
        next(iter(material.of("price")), None),
        next(iter(material.of("guarantee")), None),
    )


def _doubt(article: Article, used: list[Fact]) -> tuple[Fact, Fact] | None:
    """An objection with a fact that answers it and is not used elsewhere in the email."""
    material = article.material
    free = [fact for fact in material.of("strength") if fact not in used]
    for objection in material.of("objection"):
        answer = closest(objection.text, free, material.common)
        if answer:
            return objection, answer
    return None


def _x(fact: Fact, article: Article, pen: Pen) -> str:
    return _marked(fact.text, pen) if fact.foreign else inline(fact.text, article.language)


def _marked(text: str, pen: Pen) -> str:
    return f"{pen.word('marks.open')}{text}{pen.word('marks.close')}"


def _quote(quote: Quote, pen: Pen) -> str:
    return f"> {_marked(quote.text, pen)}" + (f"\n>\n> — {quote.author}" if quote.author else "")


def _body(article: Article, pen: Pen, pick: _Pick, call: tuple[str, str | None], short: bool) -> str:
    said = {
        name: _x(fact, article, pen) if fact else ""
        for name, fact in (
            ("pain", pick.pain),
            ("outcome", pick.outcome),
            ("price", pick.price),
            ("safe", pick.guarantee),
        )
    }
    opening = (
        [pen.say("email.open-quote"), _quote(pick.opening, pen)]
        if pick.opening
        else [pen.say("email.open-pain", x=said["pain"])]
    )
    theme = pick.opening.theme if pick.opening else pick.pain.theme if pick.pain else "general"
    thought = "" if short or not (pick.pain or pick.opening) else pen.say(f"worry.{theme}") or pen.say("worry.general")
    lines = "\n".join(f"- {capital(_x(fact, article, pen))}" for fact in pick.strengths)
    proof = [pen.say("email.proof"), _quote(pick.proof, pen)] if pick.proof else []
    doubt = (
        pen.say("email.doubt", q=_sentence(_marked(pick.doubt[0].text, pen)), x=_x(pick.doubt[1], article, pen))
        if pick.doubt
        else ""
    )
    terms = [pen.say("email.price", x=said["price"]), pen.say("email.safety", x=said["safe"])]
    label, url = call
    button = f"**[{label}]({url})**" if url else f"**{label}**"
    blocks = [
        pen.word("email.hello"),
        *opening,
        thought,
        pen.say("email.turn", x=said["outcome"]),
        pen.say("email.answer") if lines else "",
        lines,
        *proof,
        doubt,
        " ".join(filter(None, terms)),
        pen.say("email.ask"),
        button,
        f"{pen.word('email.bye')}  \n{article.material.view.name}".rstrip(),
        *(f"*{line}*" for line in article.material.disclaimers),
    ]
    return "\n\n".join(filter(None, blocks))


def _sentence(text: str) -> str:
    return text if text[-2:-1] in "?!." else f"{text}."


def _call(article: Article, pen: Pen) -> tuple[str, str | None]:
    """Label and address: the brief's, else the booking page or the website on file; ``None`` when there is none."""
    brief, view = article.brief, article.material.view
    url = brief.url or next((link for link in (view.booking_url, view.website) if link.startswith("http")), None)
    key = "email.cta-book" if url and url == view.booking_url else "email.cta" if url else "email.cta-ask"
    return brief.call_to_action or pen.first(key) or pen.word("email.cta-ask"), url


def _subject(article: Article, pick: _Pick) -> str:
    """At most 50 characters, whole words: the result, the keyphrase or the problem, whichever fits and is longest."""
    pen = article.pen("subject")
    named = [fact.text for fact in (pick.outcome, *pick.strengths[:1]) if fact and not fact.foreign]
    found = [text for name in named for text in pen.fill("email.subject", X=capital(name))]
    found += pen.fill("email.subject", X=capital(article.brief.keyphrase))
    quoted = bool(pick.opening or pick.proof)
    fitting = [
        text
        for text in dict.fromkeys(found)
        if 12 <= len(text) <= SUBJECT_MOST and (quoted or not _promises_quote(text))
    ]
    if not fitting:
        return clip(capital(article.brief.keyphrase), SUBJECT_MOST)
    about = f"{article.brief.text}"
    return max(fitting, key=lambda text: (affinity(text, about), digest(about, text) % 7))


def _preheader(article: Article, pick: _Pick, subject: str) -> str:
    pen = article.pen("preheader")
    native = [fact for fact in (*pick.strengths, pick.guarantee, pick.outcome) if fact and not fact.foreign]
    values = [{"y": inline(fact.text, article.language), "Y": capital(fact.text)} for fact in native]
    found = [text for value in values for text in pen.fill("email.preheader", **value)] + pen.fill("email.preheader")
    quotes = bool(pick.opening or pick.proof)
    fitting = [
        text
        for text in found
        if PREHEADER_LEAST <= len(text) <= PREHEADER_MOST
        and fold(subject) not in fold(text)
        and (quotes or not _promises_quote(text))
    ]
    return fitting[0] if fitting else pen.word("email.preheader-any")


def _promises_quote(text: str) -> bool:
    return bool(
        re.search(
            r"customer's words|by a customer|kundenstimme|kundenworten|voz de cliente|por un cliente|por um cliente",
            fold(text),
        )
    )


def plain_text(markdown: str) -> str:
    """The text part of an email: no markup, links written out after their label."""
    text = re.sub(r"\*\*\[([^\]]+)\]\(([^)]+)\)\*\*", r"\1: \2", markdown)
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"\1: \2", text)
    text = re.sub(r"(?m)^>\s?", "", text)
    text = re.sub(r"\*{1,2}([^*\n]+)\*{1,2}", r"\1", text)
    text = re.sub(r"(?m)^#+\s*", "", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip()


def _account(requests: list[Request], data: Document, previous: Document, pen: Pen) -> tuple[list[str], list[str]]:
    answered: list[str] = []
    unanswered: list[str] = []
    for request in requests:
        if request.op == "shorten" and request.target in {"", "text"}:
            old = len(words(str(previous.get("bodyMarkdown", ""))))
            new = len(words(data["bodyMarkdown"]))
            (answered if not old or new < old else unanswered).append(f"Shortened the email: it has {new} words now.")
        elif request.op == "replace" and request.target == "subject" and 0 < len(request.new) <= SUBJECT_MOST:
            data["subject"] = request.new
            answered.append(f"Set the subject to “{request.new}”.")
        elif request.op == "shorten" and request.target == "subject":
            data["subject"] = clip(re.split(r"[:,]\s", data["subject"])[0], 35)
            answered.append(f"Shortened the subject to “{data['subject']}”.")
        elif request.op == "replace" and request.target == "cta" and request.new:
            old_label = data["callToAction"]["label"]
            for part in ("bodyMarkdown", "plainText"):
                data[part] = data[part].replace(old_label, request.new)
            data["callToAction"]["label"] = request.new
            answered.append(f"The call to action now reads “{request.new}”.")
        elif request.op in {"remove", "forbid"} and request.value and _drop_block(data, request.value):
            answered.append(f"Took out what mentions “{request.value}”.")
        else:
            unanswered.append(f"Not done: “{request.text}”.")
    return answered, unanswered


def _drop_block(data: Document, value: str) -> bool:
    """Take out the paragraphs and list lines that mention the value; quotes go with the sentence that leads to them."""
    plain = fold(bare(value))
    blocks = [
        "\n".join(line for line in block.split("\n") if plain not in fold(line))
        for block in data["bodyMarkdown"].split("\n\n")
    ]
    body = "\n\n".join(block for block in blocks if block.strip())
    if body == data["bodyMarkdown"] or plain in fold(data["subject"] + data["preheader"]):
        return False
    data["bodyMarkdown"], data["plainText"] = body, plain_text(body)
    return True


def _notes(article: Article, pick: _Pick, call: tuple[str, str | None]) -> list[str]:
    found: list[str] = []
    if call[1] is None:
        found.append("No web address is on file, so the call to action has no link.")
    if not pick.opening and not pick.proof:
        found.append("There are no printable customer quotes; the email has none.")
    if not pick.strengths:
        found.append("The sources name nothing the client does differently, so the email makes no case for it.")
    return found
