"""A single email: subject, preheader, greeting, the blocks its purpose asks for, one thing to do, the disclaimers.

Limits: subject at most 50 characters, preheader 40 to 90 (mail clients cut longer ones; notes/standards, Email).
"""

import re

from assistant.models.offline.compose.article_plan import Article, open_article
from assistant.models.offline.compose.carried import OnFile
from assistant.models.offline.compose.change_requests import read_requests
from assistant.models.offline.compose.email_blocks import Letter, blocks
from assistant.models.offline.compose.email_changes import carry_out, plain_text
from assistant.models.offline.compose.email_purpose import purpose_of
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import bare, capital, clip, digest, fold

SUBJECT_LEAST, SUBJECT_MOST = 12, 50
PREHEADER_LEAST, PREHEADER_MOST = 40, 90
NOT_CARRIED = "Nothing on file carries"


def write_email(sources: Sources) -> Composed:
    """``data``: subject, preheader, bodyMarkdown, plainText, callToAction {label, url}, quoteIds, subjects, language."""
    article = open_article(sources)
    requests = read_requests(sources.note, sources.open_comments)
    short = any(request.op == "shorten" and request.target in {"", "text"} for request in requests)
    pen = article.pen("email")
    letter = Letter(article, pen, purpose_of(article.brief.text), short)
    call = call_of(letter)
    body = finished_body(letter, call, blocks(letter))
    known, asked = OnFile(sources), _subjects(letter)
    subject, *others = carried = [text for text in asked if not known.lacks("subject", text)] or _plain_subjects(letter)
    data: Document = {
        "subject": subject,
        "preheader": _preheader(letter, subject),
        "bodyMarkdown": body,
        "plainText": plain_text(body),
        "callToAction": {"label": call[0], "url": call[1]},
        "quoteIds": [quote.id for quote in letter.quotes],
        "subjects": others[:1],
        "language": article.language,
    }
    answered, unanswered = carry_out(requests, data, sources.previous or {})
    lacking = [*(text for text in asked if text not in carried), article.brief.text]
    notes = [*_notes(article, letter, call), *_lacking(known, lacking)]
    return Composed(data, answered, unanswered, notes)


def finished_body(letter: Letter, call: tuple[str, str | None], said: list[str]) -> str:
    """``said`` between the greeting and the one thing to do, with the signature and the disclaimers."""
    pen, (label, url) = letter.pen, call
    parts = [
        pen.word("email.hello"),
        *said,
        f"**[{label}]({url})**" if url else f"**{label}**",
        f"{pen.word('email.bye')}  \n{letter.article.material.view.name}".rstrip(),
        *(f"*{line}*" for line in letter.article.material.disclaimers),
    ]
    return "\n\n".join(filter(None, parts))


def call_of(letter: Letter) -> tuple[str, str | None]:
    """Label and address: the brief's, else the booking page or the website on file; ``None`` when there is none."""
    brief, view = letter.article.brief, letter.article.material.view
    url = brief.url or next((link for link in (view.booking_url, view.website) if link.startswith("http")), None)
    key = "email.cta-book" if url and url == view.booking_url else "email.cta" if url else "email.cta-ask"
    own = letter.pen.first(f"email.cta-{letter.purpose}") if key == "email.cta" else ""
    return brief.call_to_action or own or letter.pen.first(key) or letter.pen.word("email.cta-ask"), url


def _subjects(letter: Letter) -> list[str]:
    """The subject, and others to try it against; whole words, 12 to 50 characters: the purpose's own, else what the
    brief is about."""
    article = letter.article
    pen = article.pen("subject")
    offer = next((fact.text for fact in article.material.of("offer") if fact.text in letter.used), "")
    own = _fitting(pen.fill(f"email.subject-{letter.purpose}", X=capital(offer.split(":", 1)[0])), letter)
    if own:
        return own
    about, topic = article.brief.text, article.topic
    facts = [fact for fact in article.material.of("outcome", "strength", "offer") if not fact.foreign]
    named = [bare(fact.text) for fact in sorted(facts, key=lambda fact: -topic.score(fact)) if topic.score(fact) > 0]
    titled = [article.brief.topic] if 0 < len(article.brief.topic) <= SUBJECT_MOST else []
    found = [text for name in named[:2] for text in pen.fill("email.subject", X=capital(name))]
    fitting = _fitting([*titled, *found, *pen.fill("email.subject", X=capital(article.brief.keyphrase))], letter)
    if not fitting:
        last = clip(capital(article.brief.keyphrase), SUBJECT_MOST)
        return _plain_subjects(letter) if _TO_WRITER.match(fold(last)) else [last]
    more = [text for text in fitting if text != capital(article.brief.keyphrase)] or fitting
    return sorted(more, key=lambda text: (-affinity(text, about), -(digest(about, text) % 7)))


def _plain_subjects(letter: Letter) -> list[str]:
    """When nothing that the brief asks for is carried: who writes, which claims nothing."""
    return [clip(text, SUBJECT_MOST) for text in letter.article.pen("subject").fill("email.subject-plain")]


def _lacking(known: OnFile, lines: list[str]) -> list[str]:
    """What the brief would have said, and what would carry it."""
    lacking = list(dict.fromkeys(filter(None, (known.lacks("subject", line) for line in lines))))
    return [
        f"{NOT_CARRIED} “{text.rstrip('.')}”, so the email does not say it. Put the offer with its terms into the "
        "canon, or bring a document that states them."
        for text in lacking[:1]
    ]


#: what a brief tells the writer to do, which is no subject
_TO_WRITER = re.compile(
    r"(?:offer|tell|invite|promote|announce|thank|remind|write|send|ask|inform|draft|let|biete|erinnere|lade|schreibe?|sende|"
    r"informiere|frage?|danke|ofrece|anuncia|invita|recuerda|escribe|manda|informa|agradece|ofereca|anuncie|convide|lembre|"
    r"escreva|envie|informe|agradeca)\b"
)


def _fitting(texts: list[str], letter: Letter) -> list[str]:
    found = [text for text in dict.fromkeys(texts) if SUBJECT_LEAST <= len(text) <= SUBJECT_MOST]
    found = [text for text in found if not _TO_WRITER.match(fold(text))]
    return [text for text in found if letter.quotes or not promises_quote(text)]


def _preheader(letter: Letter, subject: str) -> str:
    """40 to 90 characters that add to the subject: for its purpose, else from the facts that the email uses."""
    article = letter.article
    pen: Pen = article.pen("preheader")
    roles = {"strength", "guarantee", "offer"}
    known = [fact for fact in article.material.facts if fact.role in roles and not fact.foreign]
    native = [fact for fact in known if fact.text in letter.used]
    own = [text for fact in native for text in pen.fill(f"email.preheader-{letter.purpose}", y=bare(fact.text))]
    general = [text for fact in native for text in pen.fill("email.preheader", y=bare(fact.text))]
    found = [*own, *pen.fill(f"email.preheader-{letter.purpose}"), *general, *pen.fill("email.preheader")]
    fitting = [
        text
        for text in found
        if PREHEADER_LEAST <= len(text) <= PREHEADER_MOST
        and fold(subject) not in fold(text)
        and (letter.quotes or not promises_quote(text))
    ]
    return fitting[0] if fitting else pen.word("email.preheader-any")


def promises_quote(text: str) -> bool:
    return bool(
        re.search(
            r"customer's words|by a customer|kundenstimme|kundenworten|voz de cliente|por un cliente|por um cliente",
            fold(text),
        )
    )


def _notes(article: Article, letter: Letter, call: tuple[str, str | None]) -> list[str]:
    found: list[str] = []
    if call[1] is None:
        found.append("No web address is on file, so the call to action has no link.")
    if not letter.quotes:
        found.append("No printable customer quote fits what the email says, so it has none.")
    if not article.material.of("strength"):
        found.append("The sources name nothing the client does differently, so the email makes no case for it.")
    return found
