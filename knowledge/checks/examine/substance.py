"""What a text says: does it answer first, cover the subject, use the facts, say things once and in its own words."""

import re
from collections.abc import Iterator, Sequence

from knowledge.checks.examine import Check, DoesNotApply, NotChecked, percent
from knowledge.checks.examine.keyphrase import first_paragraph, share_of
from knowledge.checks.models import Finding, Place
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.places import quotations, words_of
from knowledge.checks.text.sentences import sentence_spans, words_in
from knowledge.checks.text.stems import content_words, same_word
from knowledge.checks.words import pattern
from knowledge.originality.runs import Words
from knowledge.search.text import fold

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
#: a fact is told when so many of its words are there, and all its figures
_TOLD = 0.6
_LINKED = re.compile(r"\]\(https?://")
#: words up to which a quotation is one, rather than a copy in quotation marks
LONGEST_QUOTATION = 60
#: as many passages as a person rewrites in one go
MOST_PLACES = 8


def answer_first(reading: Reading, rule: Rule) -> Iterator[Finding]:
    first = first_paragraph(reading)
    if first is None:
        raise DoesNotApply
    place = reading.place("body", first.start, first.end)
    said = [first.plain[start:end] for start, end in sentence_spans(first.plain, reading.language)]
    stated = [one for one in said if not one.rstrip('"”»)').endswith(("?", "？")) and len(words_in(one)) >= 5]
    if not stated:
        yield reading.finding(
            rule,
            "The text opens without an answer.",
            place,
            evidence=f"“{place.text[:160]}”",
            fix="State the answer first.",
        )
        return
    phrase = reading.facts.keyphrase
    opening = " ".join(words_in(" ".join(said))[: int(rule.limit("within"))])
    if phrase and share_of(opening, phrase, reading.language) < 0.5:
        yield reading.finding(
            rule,
            "The opening does not name the subject.",
            place,
            evidence=f"“{phrase}” is not in the first {rule.limit('within'):g} words.",
            fix="Say in the first paragraph what the reader came for.",
        )


def filler(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = pattern("filler", reading.spoken)
    for place in reading.matches(found) if found else ():
        yield reading.finding(
            rule, "An opener says nothing.", place, evidence=f"“{place.text}”", fix="Begin with the answer instead."
        )


def copied(reading: Reading, rule: Rule) -> Iterator[Finding]:
    others = [*(reading.facts.competitor_texts or []), *(reading.facts.swipes or [])]
    if not others:
        raise NotChecked("no pages were read and no ads are there to compare with")
    found, share = shared_runs(_own_words(reading), others, int(rule.limit("run")))
    for start, end in found[:MOST_PLACES]:
        place = reading.place("body", start, end)
        yield reading.finding(
            rule,
            "A passage stands word for word on a page that was read.",
            place,
            evidence=f"“{place.text}”; {percent(share)} of the text stands elsewhere.",
            fix="Say it in your own words, or quote it and name the source.",
        )


def _own_words(reading: Reading) -> str:
    """The body without short quotations in a paragraph that links to a page, for those are quoted and name the source."""
    plain = reading.plain_parts.get("body", "")
    for quoted in quotations(reading.body):
        end = quoted.start + len(quoted.text)
        paragraph = (
            reading.body[: quoted.start].rpartition("\n\n")[2] + reading.body[quoted.start :].partition("\n\n")[0]
        )
        if _LINKED.search(paragraph) and len(words_in(quoted.text)) <= LONGEST_QUOTATION:
            plain = plain[: quoted.start] + re.sub(r"\S", " ", plain[quoted.start : end]) + plain[end:]
    return plain


def shared_runs(text: str, others: Sequence[str], run: int) -> tuple[list[tuple[int, int]], float]:
    """Where runs of ``run`` words or more also stand in one of ``others``, and the share of words within such runs."""
    mine = words_of(text)
    theirs = {gram for other in others for gram in _grams(words_of(other), run)}
    hit = [False] * len(mine.folded)
    for at, gram in enumerate(_grams(mine, run)):
        if gram in theirs:
            hit[at : at + run] = [True] * run
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    for at, inside in enumerate([*hit, False]):
        if inside and begun is None:
            begun = at
        elif not inside and begun is not None:
            spans.append((mine.spans[begun][0], mine.spans[at - 1][1]))
            begun = None
    return spans, sum(hit) / len(hit) if hit else 0.0


def _grams(said: Words, run: int) -> Iterator[tuple[str, ...]]:
    for at in range(len(said.folded) - run + 1):
        yield said.folded[at : at + run]


def repeated(reading: Reading, rule: Rule) -> Iterator[Finding]:
    seen: dict[str, Place] = {}
    for one in reading.sentences:
        if len(one.words) < rule.limit("words"):
            continue
        key = fold(" ".join(one.words))
        place = reading.place("body", one.start, one.end)
        if key in seen:
            yield reading.finding(
                rule,
                "A sentence stands there twice.",
                place,
                evidence=f"“{one.text}”",
                fix="Take one of them out.",
            )
        seen.setdefault(key, place)


def terms(reading: Reading, rule: Rule) -> Iterator[Finding]:
    wanted = reading.facts.terms
    if not wanted:
        raise NotChecked("there is no research on this subject")
    there = _said(reading)
    missing = [term for term in wanted if not _covered(term.text, there, reading.language)]
    share = coverage(reading)
    if share < rule.limit("share"):
        named = ", ".join(
            f"“{term.text}”" for term in sorted(missing, key=lambda term: -term.weight)[: int(rule.limit("named"))]
        )
        yield reading.finding(
            rule,
            "The text leaves out much of what other pages cover.",
            evidence=f"{percent(share)} of the terms by weight are covered. Missing: {named}.",
            fix="Cover what belongs to the subject and the sources carry.",
        )


def coverage(reading: Reading) -> float:
    """Covered terms by weight, 0 to 1; 1 without terms."""
    wanted = reading.facts.terms or []
    there = _said(reading)
    total = sum(term.weight for term in wanted)
    covered = sum(term.weight for term in wanted if _covered(term.text, there, reading.language))
    return covered / total if total else 1.0


def _said(reading: Reading) -> frozenset[str]:
    """Every folded word of what is read."""
    return frozenset(word for text in reading.plain_parts.values() for word in words_of(text).folded)


def _covered(term: str, there: frozenset[str], language: str) -> bool:
    wanted = content_words(term, language)
    return bool(wanted) and all(word in there or any(same_word(word, one) for one in there) for word in wanted)


def facts(reading: Reading, rule: Rule) -> Iterator[Finding]:
    wanted = reading.facts.facts
    if not wanted:
        raise NotChecked("no facts from research are there")
    text = " ".join(reading.plain_parts.values())
    told = [fact for fact in wanted if tells(text, fact, reading.language)]
    if len(told) < min(rule.limit("share") * len(wanted), rule.limit("enough")):
        first = next(fact for fact in wanted if fact not in told)
        yield reading.finding(
            rule,
            "Few of the facts that were found are used.",
            evidence=f"{len(told)} of {len(wanted)}; not used, for example: “{first[:160]}”.",
            fix="Use the facts that answer the reader's question, with their source.",
        )


def tells(text: str, fact: str, language: str) -> bool:
    """Whether the text tells a fact: its figures, and most of its words that carry meaning."""
    figures = set(_FIGURE.findall(fact))
    return figures <= set(_FIGURE.findall(text)) and share_of(text, fact, language) >= _TOLD


CHECKS: dict[str, Check] = {
    "seo.answer_first": answer_first,
    "seo.filler": filler,
    "seo.copied": copied,
    "seo.repeated": repeated,
    "seo.terms": terms,
    "seo.facts": facts,
}
