"""What law, platforms and lawyers ask, as far as it can be computed. A passed rule means that nothing was found."""

import re
from collections.abc import Iterator
from functools import partial

from knowledge.checks.examine import Check, DoesNotApply, NotChecked
from knowledge.checks.examine.brand import everywhere
from knowledge.checks.models import Finding, Mend, Place
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.places import QUOTE_ID, is_verbatim, quotations, stands_in
from knowledge.checks.text.stems import content_words, same_word
from knowledge.checks.words import pattern
from knowledge.json_values import as_list, as_object
from knowledge.search.text import words

_QUOTED = re.compile(r"[“\"„«]([^”\"“»]{2,80})[”\"“»]")
#: a red line of so few words is a phrase that may stand in a text; a longer one is a sentence about texts
_PHRASE_WORDS = 5
_NEGATED = re.compile(r"^(?:no|kein\w*|ohne|sin|sem|never|nie|nunca|avoid|do not|don't)\s+", re.IGNORECASE)
_SAY_NO = re.compile(
    r"\b(?:not|no|never|isn't|aren't|doesn't|don't|cannot|without|nicht|kein\w*|nie|ohne|nunca|jamás|sin|não|sem|jamais)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def _strings(value: object) -> list[str]:
    return [item for item in as_list(value) if isinstance(item, str) and item.strip()]


def _constraints(reading: Reading, kind: str) -> dict[str, object]:
    if reading.facts.canon is None:
        raise NotChecked("there is no approved canon to hold it against")
    return as_object(as_object(reading.facts.canon.get("constraints")).get(kind))


def forbidden(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for phrase in _strings(_constraints(reading, "legal").get("forbiddenPhrases")):
        for place in everywhere(reading, phrase):
            yield reading.finding(
                rule,
                f"“{phrase}” is forbidden for this client.",
                place,
                evidence=f"“{place.text}”",
                fix=f"Take “{place.text}” out.",
            )


def disclaimers(reading: Reading) -> list[str]:
    return _strings(
        as_object(as_object((reading.facts.canon or {}).get("constraints")).get("legal")).get("requiredDisclaimers")
    )


def disclaimer(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _constraints(reading, "legal")
    wanted = disclaimers(reading)
    if not wanted:
        raise DoesNotApply
    read = list(reading.plain_parts.values())
    for line in wanted:
        if not stands_in(line, read):
            found = reading.finding(
                rule, "A required disclaimer is missing.", evidence=f"Missing: “{line}”", fix=f"Add: “{line}”"
            )
            yield _appended(reading, found, line)


def _appended(reading: Reading, found: Finding, line: str) -> Finding:
    """The finding with the disclaimer at the end of the body as its certain mend."""
    part = next((name for name in ("body", "primaryText", "introText") if name in reading.piece.parts), None)
    if part is None:
        return found
    text = reading.piece.parts[part]
    end = len(text.rstrip())
    added = f"\n\n*{line}*" if part == "body" else f" {line}"
    return Finding(
        found.rule,
        found.group,
        found.severity,
        found.message,
        None,
        found.evidence,
        found.fix,
        Mend(part, end, end, added),
    )


def red_line(reading: Reading, rule: Rule) -> Iterator[Finding]:
    platform = _constraints(reading, "platform")
    names = {
        "meta": ("metaRedLines",),
        "google_search": ("googleRedLines",),
        "google_display": ("googleRedLines",),
        "tiktok": ("tiktokRedLines",),
    }
    wanted = names.get(reading.piece.kind, ("metaRedLines", "googleRedLines", "tiktokRedLines"))
    lines = [line for name in wanted for line in _strings(platform.get(name))]
    for line in lines:
        for phrase in _phrases_in(line):
            for place in everywhere(reading, phrase):
                yield reading.finding(
                    rule,
                    "It crosses a red line of the platform.",
                    place,
                    evidence=f"“{line}”",
                    fix="Say it differently.",
                )


def _phrases_in(line: str) -> list[str]:
    """What of a red line may stand in a text: what it quotes, or all of it when it is a phrase itself."""
    quoted = [match[1] for match in _QUOTED.finditer(line)]
    if quoted:
        return quoted
    plain = _NEGATED.sub("", line).rstrip(".")
    return [plain] if len(words(plain)) <= _PHRASE_WORDS else []


def past_violation(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for line in _strings(_constraints(reading, "platform").get("pastViolations")):
        for phrase in _phrases_in(line):
            for place in everywhere(reading, phrase):
                yield reading.finding(
                    rule, "A platform refused this before.", place, evidence=f"“{line}”", fix="Say it differently."
                )


def _by_words(reading: Reading, rule: Rule, *, name: str, message: str, fix: str, proof: bool) -> Iterator[Finding]:
    """Places of a word list outside quotations; with ``proof``, only those whose words stand in nothing on file."""
    said = pattern(name, reading.spoken)
    assert said is not None  # noqa: S101 - every language has the list
    known = reading.facts.known_texts or []
    for place in _own(reading, said):
        if not (proof and stands_in(place.text, known)):
            yield reading.finding(rule, message, place, evidence=f"“{place.text}”", fix=fix)


def _own(reading: Reading, said: re.Pattern[str]) -> Iterator[Place]:
    """What the text itself says: not in a quotation, and not denied ("no risk-free …")."""
    quoted = {part: quotations(text) for part, text in reading.piece.parts.items() if part in ("body", "plainText")}
    for place in reading.matches(said):
        inside = any(one.start <= place.start < one.end for one in quoted.get(place.part, ()))
        before = reading.plain_parts[place.part][max(0, place.start - 40) : place.start]
        if not inside and not _SAY_NO.search(before):
            yield place


def regulated(name: str) -> Check:
    def check(reading: Reading, rule: Rule) -> Iterator[Finding]:
        said = pattern(name, reading.spoken)
        assert said is not None  # noqa: S101 - every language has the list
        found = list(_own(reading, said))
        if not found:
            return
        if _covered(reading):
            return
        for place in found:
            yield reading.finding(
                rule,
                f"“{place.text}” is a regulated claim ({name}).",
                place,
                evidence=_lacking(reading),
                fix="Take it out, or have it cleared: the canon's note and the disclaimer belong with it.",
            )

    return check


def _covered(reading: Reading) -> bool:
    """Whether the canon has a note on regulated claims and every disclaimer it asks for is in the text."""
    legal = as_object(as_object((reading.facts.canon or {}).get("constraints")).get("legal"))
    wanted = disclaimers(reading)
    read = list(reading.plain_parts.values())
    return (
        bool(_strings(legal.get("regulatedClaimsNotes")))
        and bool(wanted)
        and all(stands_in(line, read) for line in wanted)
    )


def _lacking(reading: Reading) -> str:
    legal = as_object(as_object((reading.facts.canon or {}).get("constraints")).get("legal"))
    if not _strings(legal.get("regulatedClaimsNotes")):
        return "The canon has no note on regulated claims."
    return (
        "The disclaimer that belongs to it is missing."
        if disclaimers(reading)
        else "The canon has no disclaimer for it."
    )


def topic(reading: Reading, rule: Rule) -> Iterator[Finding]:
    named = reading.facts.topics
    if not named:
        raise DoesNotApply
    wanted = disclaimers(reading)
    if wanted and all(stands_in(line, list(reading.plain_parts.values())) for line in wanted):
        return
    there = frozenset(word for text in reading.plain_parts.values() for word in words(text))
    for claim in named:
        own = [word for word in content_words(claim, reading.language) if len(word) > 2]
        touched = [word for word in own if any(same_word(word, one) for one in there)]
        if own and len(touched) > len(own) / 2:
            yield reading.finding(
                rule,
                f"The text touches “{claim}”, which the client named as regulated.",
                _first(reading, touched),
                evidence=f"“{claim}”",
                fix="Add the disclaimer or have it cleared.",
            )


def _first(reading: Reading, wanted: list[str]) -> Place | None:
    for part, text in reading.plain_parts.items():
        for match in re.finditer(r"[^\W_]{3,}", text):
            if any(same_word(word, one) for word in wanted for one in words(match[0])):
                return reading.place(part, *match.span())
    return None


def testimonial(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = reading.body
    said = [one for one in quotations(text) if one.testimonial]
    if not said:
        raise DoesNotApply
    if reading.facts.quotes is None:
        raise NotChecked("customers' words are not at hand to compare with")
    voices = list(reading.facts.quotes.values())
    for one in said:
        if not is_verbatim(one.text, voices):
            yield reading.finding(
                rule,
                "A testimonial is not a customer's own words.",
                reading.place("body", one.start, one.end),
                evidence=f"“{one.text[:160]}” is not among the customers' words on file.",
                fix="Quote a customer verbatim, or take it out.",
            )


def quote_id(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = [(part, match) for part, text in reading.piece.parts.items() for match in QUOTE_ID.finditer(text)]
    if not found:
        raise DoesNotApply
    if reading.facts.quotes is None:
        raise NotChecked("customers' words are not at hand to compare with")
    for part, match in found:
        if match[1] not in reading.facts.quotes:
            yield reading.finding(
                rule,
                "A quote id names nothing on file.",
                reading.place(part, *match.span(1)),
                evidence=f"“{match[1]}”",
                fix="Use the id of the words that are quoted.",
            )


CHECKS: dict[str, Check] = {
    "compliance.forbidden": forbidden,
    "compliance.disclaimer": disclaimer,
    "compliance.red_line": red_line,
    "compliance.past_violation": past_violation,
    "compliance.personal_attribute": partial(
        _by_words,
        name="personal",
        message="It speaks to a personal attribute of the reader.",
        fix="Speak about the situation instead.",
        proof=False,
    ),
    "compliance.clickbait": partial(
        _by_words, name="clickbait", message="It reads like clickbait.", fix="Say what the reader gets.", proof=False
    ),
    "compliance.superlative": partial(
        _by_words,
        name="superlative",
        message="A superlative without proof on file.",
        fix="Say what is documented instead.",
        proof=True,
    ),
    "compliance.guarantee": partial(
        _by_words,
        name="guarantee",
        message="A promise without proof on file.",
        fix="Say what is documented instead.",
        proof=True,
    ),
    "compliance.study": partial(
        _by_words,
        name="study",
        message="A study or expert without a source.",
        fix="Name the study or take the sentence out.",
        proof=True,
    ),
    "compliance.health": regulated("health"),
    "compliance.finance": regulated("finance"),
    "compliance.environment": regulated("environment"),
    "compliance.topic": topic,
    "compliance.testimonial": testimonial,
    "compliance.quote_id": quote_id,
}
