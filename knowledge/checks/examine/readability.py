"""How a text reads: sentence length, passive, transitions, repeated beginnings, the language's formula."""

from collections.abc import Iterator

from knowledge.checks.examine import Check, DoesNotApply, NotChecked, percent
from knowledge.checks.models import Finding, Place
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.passive import is_passive
from knowledge.checks.text.readability import FORMULAS, count, reading_ease, wiener_sachtextformel
from knowledge.checks.text.sentences import Sentence
from knowledge.checks.words import one_of
from knowledge.search.text import fold

#: as many places as a person mends in one go
MOST_PLACES = 5


def long_sentences(reading: Reading, rule: Rule) -> Iterator[Finding]:
    said = _said(reading)
    long = [one for one in said if len(one.words) > rule.limit("words")]
    if len(long) / len(said) > rule.limit("share"):
        over = f"{len(long)} of {len(said)} sentences ({percent(len(long) / len(said))}) have more than 20 words."
        for one in sorted(long, key=lambda sentence: -len(sentence.words))[:MOST_PLACES]:
            yield reading.finding(
                rule, "Too many sentences are long.", _at(reading, one), evidence=over, fix="Split the sentence."
            )


def passive(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _need_lists(reading)
    said = _said(reading)
    found = [one for one in said if is_passive(one.words, reading.language)]
    if len(found) > 1 and len(found) / len(said) > rule.limit("share"):
        over = f"{len(found)} of {len(said)} sentences ({percent(len(found) / len(said))}) are in the passive voice."
        for one in found[:MOST_PLACES]:
            yield reading.finding(
                rule, "Too much is in the passive voice.", _at(reading, one), evidence=over, fix="Say who does it."
            )


def transitions(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _need_lists(reading)
    said = _said(reading)
    if len(said) < rule.limit("sentences"):
        raise DoesNotApply
    words = one_of(reading.language, "transitions")
    having = sum(1 for one in said if words and words.search(one.text))
    share = having / len(said)
    if share < rule.limit("share"):
        yield reading.finding(
            rule,
            "Too few sentences are joined to what comes before.",
            evidence=f"{having} of {len(said)} sentences ({percent(share)}) have a transition word.",
            fix="Join sentences where one follows from the other (“because”, “so”, “for example”).",
        )


def same_start(reading: Reading, rule: Rule) -> Iterator[Finding]:
    row: list[Sentence] = []
    most = int(rule.limit("row"))
    for one in _said(reading):
        if row and fold(one.words[0]) == fold(row[-1].words[0]):
            row.append(one)
        else:
            row = [one]
        if len(row) == most:
            first = row[0]
            yield reading.finding(
                rule,
                f"{most} sentences in a row begin with “{one.words[0]}”.",
                _at(reading, one),
                evidence=f"“{first.text}”",
                fix="Begin one of them otherwise.",
            )


def reading_ease_check(reading: Reading, rule: Rule) -> Iterator[Finding]:
    _need_lists(reading)
    counts = count([one.words for one in _said(reading)], reading.language)
    if counts.words < rule.limit("words"):
        raise DoesNotApply
    ease = reading_ease(counts, reading.language)
    year = wiener_sachtextformel(counts) if reading.language == "de" else None
    hard_year = year is not None and year > rule.limit("wiener_most")
    if ease is not None and (ease < rule.limit("least") or hard_year):
        told = f"{FORMULAS[reading.language]}: {ease:.0f} of 100"
        told += f"; Wiener Sachtextformel: school year {year:.1f}" if year is not None else ""
        yield reading.finding(
            rule,
            "The text is hard to read.",
            evidence=f"{told}. Aim at {rule.limit('least'):g} or more.",
            fix="Use shorter sentences and shorter words.",
        )


def _said(reading: Reading) -> list[Sentence]:
    if not reading.sentences:
        raise DoesNotApply
    return reading.sentences


def _need_lists(reading: Reading) -> None:
    if not reading.spoken:
        raise NotChecked(no_lists(reading))


def no_lists(reading: Reading) -> str:
    """Why a rule that needs word lists was not looked at."""
    if not reading.language:
        return "the language of the text does not show"
    return f"there are word lists for English, German, Spanish and Portuguese, none for “{reading.language}”"


def _at(reading: Reading, sentence: Sentence) -> Place:
    return reading.place("body", sentence.start, sentence.end)


CHECKS: dict[str, Check] = {
    "seo.long_sentences": long_sentences,
    "seo.passive": passive,
    "seo.transitions": transitions,
    "seo.same_start": same_start,
    "seo.reading_ease": reading_ease_check,
}
