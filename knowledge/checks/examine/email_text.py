"""An email's words: subject, preheader, plain text, merge tags. What spam filters do is not published: a heuristic says so."""

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.checks.examine import Check, DoesNotApply, NotChecked, percent
from knowledge.checks.examine.links import all_links, host
from knowledge.checks.models import Finding, Place
from knowledge.checks.reading import MERGE_TAG, Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.html import visible
from knowledge.checks.words import pattern
from knowledge.emails import merge_problems
from knowledge.search.text import fold, words

_REPLY = re.compile(r"^\s*(?:re|aw|fw|fwd|wg|rv|enc|res)\s*:\s*", re.IGNORECASE)
_MANY_MARKS = re.compile(r"!.*!|[$€£]{2,}|\?{2,}|!{2,}")
_SHORTENERS = frozenset(
    (
        *("bit.ly", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "rb.gy"),
        *("t.ly", "shorturl.at", "tiny.cc", "lnkd.in"),
    )
)
_OPENS, _CLOSES = ("{{", "{%", "*|"), ("}}", "%}", "|*")
_BLOCK = re.compile(
    r"\{%-?\s*(?P<liquid>end)?(?P<name>if|unless|for|case|capture)\b|\{\{\s*(?P<hb>[#/])\s*(?P<hname>\w+)|"
    r"\*\|\s*(?P<mc>END:)?(?P<mname>IF|IFNOT)\b"
)


def subject_missing(reading: Reading, rule: Rule) -> Iterator[Finding]:
    if "subject" not in reading.piece.parts:
        raise NotChecked("there is no subject in what was given")
    if not reading.piece.parts["subject"].strip():
        yield reading.finding(rule, "There is no subject.", fix="Say in one line what the email brings.")


def _subject(reading: Reading) -> str:
    text = reading.piece.parts.get("subject", "")
    if not text.strip():
        raise DoesNotApply
    return text


def shown_length(text: str) -> int:
    """Characters that a reader sees; a merge tag counts as eight."""
    return len(MERGE_TAG.sub("12345678", text).strip())


def subject_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = _subject(reading)
    length = shown_length(text)
    if length > rule.limit("most"):
        yield reading.finding(
            rule,
            "The subject is too long.",
            reading.place("subject", 0, len(text)),
            evidence=f"{length} characters.",
            fix=f"Bring it to {rule.limit('most'):g} characters.",
        )


def preheader_length(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = reading.piece.parts.get("preheader")
    if text is None:
        raise NotChecked("there is no preheader in what was given")
    length = shown_length(text)
    if not rule.limit("least") <= length <= rule.limit("most"):
        way = "missing" if not length else "too short" if length < rule.limit("least") else "too long"
        yield reading.finding(
            rule,
            f"The preheader is {way}.",
            reading.place("preheader", 0, len(text)) if length else None,
            evidence=f"{length} characters.",
            fix=f"Bring it to {rule.limit('least'):g} to {rule.limit('most'):g} characters.",
        )


def preheader_repeats(reading: Reading, rule: Rule) -> Iterator[Finding]:
    subject, preheader = set(words(_subject(reading))), reading.piece.parts.get("preheader", "")
    own = set(words(preheader))
    if not own:
        raise DoesNotApply
    if len(own & subject) / len(own) > 0.7 or (
        len(subject) > 2 and fold(_subject(reading)).strip(" .!?") in fold(preheader)
    ):
        yield reading.finding(
            rule,
            "The preheader repeats the subject.",
            reading.place("preheader", 0, len(preheader)),
            evidence=f"“{preheader}”",
            fix="Say the next thing the reader wants to know.",
        )


def subject_reply(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = _subject(reading)
    if found := _REPLY.match(text):
        yield reading.finding(
            rule,
            "The subject pretends to be an answer.",
            reading.place("subject", *found.span()),
            evidence=f"“{text}”",
            fix=f"Take “{found[0].strip()}” out.",
            replacement="",
        )


def subject_capitals(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = _subject(reading)
    plain = MERGE_TAG.sub(" ", text)
    letters = [letter for letter in plain if letter.isalpha()]
    upper = sum(letter.isupper() for letter in letters)
    if len(letters) >= 8 and upper / len(letters) > 0.6:
        yield reading.finding(
            rule,
            "The subject is set in capitals.",
            reading.place("subject", 0, len(text)),
            evidence=f"{percent(upper / len(letters))} of its letters are capitals.",
            fix="Use normal case.",
        )


def subject_marks(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = _subject(reading)
    if found := _MANY_MARKS.search(text):
        place = reading.place("subject", *found.span())
        yield reading.finding(rule, "The subject shouts.", place, evidence=f"“{text}”", fix="One mark is enough.")


def spam_words(reading: Reading, rule: Rule) -> Iterator[Finding]:
    said = pattern("spam", reading.spoken)
    assert said is not None  # noqa: S101 - every language has the list
    places = reading.matches(said)
    heads = [place for place in places if place.part in ("subject", "preheader")]
    body = [place for place in places if place.part not in ("subject", "preheader")]
    for place in [*heads, *(body if len(body) >= rule.limit("body") else [])]:
        yield reading.finding(
            rule,
            "Spam filters look for such words (a heuristic).",
            place,
            evidence=f"“{place.text}”",
            fix="Say what it is in plain words.",
        )


def plain_text(reading: Reading, rule: Rule) -> Iterator[Finding]:
    parts = reading.piece.parts
    html = parts.get("html", "")
    if not html and "plainText" not in parts:
        raise NotChecked("there is no HTML and no plain text yet")
    plain = parts.get("plainText", "") or (parts.get("body", "") if not html else "")
    if not plain.strip():
        yield reading.finding(rule, "There is no plain-text version.", fix="Write one from the content.")
        return
    shown = set(words(visible(html))) if html else set(words(parts.get("body", "")))
    missing = shown - set(words(plain))
    if shown and len(missing) / len(shown) > rule.limit("share"):
        yield reading.finding(
            rule,
            "The plain-text version leaves out much of the email.",
            reading.place("plainText", 0, min(len(plain), 200)) if "plainText" in parts else None,
            evidence=f"{percent(len(missing) / len(shown))} of the words shown are missing.",
            fix="Write it anew from the content.",
        )


def merge_tags(reading: Reading, rule: Rule) -> Iterator[Finding]:
    if "html" in reading.piece.content and "bodyMarkdown" in reading.piece.content:
        yield from _rendered_tags(reading, rule)
        return
    dialects: dict[str, Place] = {}
    for part, text in reading.piece.parts.items():
        if part == "slug" or not any(mark in text for mark in (*_OPENS, *_CLOSES)):
            continue
        for start, end, what in broken_tags(text):
            place = reading.place(part, start, end)
            yield reading.finding(
                rule, f"A merge tag is {what}.", place, evidence=f"“{place.text}”", fix="Close it, or take it out."
            )
        for name, found in _dialects(text).items():
            dialects.setdefault(name, reading.place(part, *found))
    if len(dialects) > 1:
        named = " and ".join(dialects)
        place = list(dialects.values())[-1]
        yield reading.finding(
            rule,
            f"Merge tags of {named} are mixed.",
            place,
            evidence=f"“{place.text}”",
            fix="Use those of the sending service.",
        )


def _rendered_tags(reading: Reading, rule: Rule) -> Iterator[Finding]:
    """A stored email: every branch of every tag, in the dialect of its sending service (knowledge/emails)."""
    for problem in merge_problems(reading.piece.content):
        if problem.severity in ("critical", "major"):
            text = reading.piece.parts.get(problem.part, "")
            at = text.find(problem.text, max(problem.start, 0)) if problem.text else -1
            place = reading.place(problem.part, at, at + len(problem.text)) if at >= 0 else None
            evidence = f"“{problem.text}”" if problem.text else ""
            found = reading.finding(rule, problem.message, place, evidence=evidence, fix=problem.fix)
            yield replace(found, severity=problem.severity)


def broken_tags(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a tag is not closed, never opened or empty, and blocks without their end."""
    blanked = MERGE_TAG.sub(lambda match: " " * len(match[0]), text)
    for marks, what in ((_OPENS, "not closed"), (_CLOSES, "never opened")):
        for mark in marks:
            at = blanked.find(mark)
            if at >= 0:
                yield at, min(len(text), at + 24), what
    for match in MERGE_TAG.finditer(text):
        if not match[0][2:-2].strip(" -%#/|"):
            yield *match.span(), "empty"
    yield from _unclosed_blocks(text)


def _unclosed_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    open_: list[tuple[str, re.Match[str]]] = []
    for match in _BLOCK.finditer(text):
        name = (match["name"] or match["hname"] or match["mname"]).lower()
        name = "if" if match["mname"] else name
        if match["liquid"] or match["hb"] == "/" or match["mc"]:
            if not open_ or open_.pop()[0] != name:
                yield *match.span(), "never opened"
                return
        else:
            open_.append((name, match))
    for _, match in open_:
        yield *match.span(), "not closed"


def _dialects(text: str) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, mark in (("Liquid", r"\{%"), ("Handlebars", r"\{\{\s*[#/]"), ("Mailchimp", r"\*\|[A-Z]")):
        if match := re.search(mark, text):
            found[name] = match.span()
    return found


def call_to_action(reading: Reading, rule: Rule) -> Iterator[Finding]:
    given = reading.piece.content
    if "callToAction" not in given:
        raise NotChecked("no call to action was given apart from the text")
    text = reading.piece.parts.get("callToAction", "").strip()
    if not text:
        yield reading.finding(rule, "The call to action is empty.", fix="Name the one thing to do.")
    elif (says_nothing := pattern("button_says_nothing")) and says_nothing.fullmatch(text.rstrip(" !.»→>")):
        yield reading.finding(
            rule,
            "The button does not say what happens.",
            reading.place("callToAction", 0, len(reading.piece.parts["callToAction"])),
            evidence=f"“{text}”",
            fix="Name the one thing to do: “Choose a time”, not “Click here”.",
        )
    elif len(text) > rule.limit("most"):
        yield reading.finding(
            rule,
            "The call to action is too long for a button.",
            reading.place("callToAction", 0, len(reading.piece.parts["callToAction"])),
            evidence=f"{len(text)} characters.",
            fix=f"Bring it to {rule.limit('most'):g} characters.",
        )


def shortened_links(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = all_links(reading)
    if not found:
        raise DoesNotApply
    for link in found:
        if host(link.url) in _SHORTENERS:
            yield reading.finding(
                rule,
                "A shortened address hides where it leads.",
                link.place,
                evidence=link.url,
                fix="Use the full address.",
            )


CHECKS: dict[str, Check] = {
    "email.subject_missing": subject_missing,
    "email.subject_length": subject_length,
    "email.preheader_length": preheader_length,
    "email.preheader_repeats": preheader_repeats,
    "email.subject_reply": subject_reply,
    "email.subject_capitals": subject_capitals,
    "email.subject_marks": subject_marks,
    "email.spam_words": spam_words,
    "email.plain_text": plain_text,
    "email.merge_tags": merge_tags,
    "email.call_to_action": call_to_action,
    "email.shortened_links": shortened_links,
}
