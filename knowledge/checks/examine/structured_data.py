"""Structured data (JSON-LD): does it parse, has it what its type needs, does the text say the same.

Required and recommended properties after Google Search Central: Article headline, FAQPage mainEntity of questions with an
accepted answer, Product name with an offer, a review or a rating.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from knowledge.checks.examine import Check, DoesNotApply
from knowledge.checks.models import Finding
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.json_values import as_list, as_object
from knowledge.search.text import fold

_SCRIPT = re.compile(r"<script\b[^>]*application/ld\+json[^>]*>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_KEYS = ("structuredData", "jsonLd", "jsonld", "schema")
_ARTICLES = frozenset({"Article", "BlogPosting", "NewsArticle", "TechArticle"})


def given(reading: Reading) -> list[object]:
    """Every block as it was given: text that is to be parsed, or a value."""
    content = reading.piece.content
    found: list[object] = []
    for key in _KEYS:
        value = content.get(key)
        found += cast("list[object]", value) if isinstance(value, list) else [value] if value else []
    texts = [reading.body, reading.piece.parts.get("html", "")]
    return found + [match[1] for text in texts for match in _SCRIPT.finditer(text)]


def parsed(block: object) -> list[dict[str, Any]]:
    """The things a block describes. Raises ValueError when it is no JSON-LD."""
    value: Any = block
    if isinstance(block, str):
        inner = _SCRIPT.search(block)
        value = json.loads(inner[1] if inner else block)
    things: list[Any] = as_list(cast(Any, value)) if isinstance(value, list) else [value]
    found: list[dict[str, Any]] = []
    for thing in things:
        if not isinstance(thing, dict):
            raise ValueError("is no object")  # noqa: TRY004 - one kind of error for one kind of fault
        inside = as_object(cast(Any, thing))
        found += [as_object(one) for one in as_list(inside["@graph"])] if "@graph" in inside else [inside]
    return found


def present(reading: Reading, rule: Rule) -> Iterator[Finding]:
    if not given(reading):
        yield reading.finding(
            rule, "There is no structured data.", fix="Add JSON-LD of type Article, FAQPage or Product."
        )


def valid(reading: Reading, rule: Rule) -> Iterator[Finding]:
    there = given(reading)
    if not there:
        raise DoesNotApply
    for block in there:
        try:
            things = parsed(block)
        except ValueError as error:
            yield _broken(reading, rule, f"It does not parse: {error}.")
            continue
        for thing in things:
            for problem in problems(thing):
                yield _broken(reading, rule, problem)


def _broken(reading: Reading, rule: Rule, evidence: str) -> Finding:
    return reading.finding(
        rule, "The structured data is not valid.", evidence=evidence, fix="Write it anew from the text."
    )


def problems(thing: dict[str, Any]) -> list[str]:
    """What a described thing lacks."""
    kinds = {str(kind) for kind in (as_list(thing.get("@type")) or [thing.get("@type")]) if kind}
    if not kinds:
        return ["It has no @type."]
    found: list[str] = []
    if kinds & _ARTICLES and not _text(thing.get("headline")):
        found.append("An Article has a headline.")
    if "FAQPage" in kinds:
        found += _faq_problems(thing)
    if "Product" in kinds:
        found += [] if _text(thing.get("name")) else ["A Product has a name."]
        if not any(thing.get(key) for key in ("offers", "review", "aggregateRating")):
            found.append("A Product has an offer, a review or a rating.")
    return found


def _faq_problems(page: dict[str, Any]) -> list[str]:
    questions = [as_object(one) for one in as_list(page.get("mainEntity"))] or [as_object(page.get("mainEntity"))]
    found: list[str] = []
    for number, question in enumerate(questions, 1):
        if not _text(question.get("name")):
            found.append(f"Question {number} of the FAQ has no name.")
        if not _text(as_object(question.get("acceptedAnswer")).get("text")):
            found.append(f"Question {number} of the FAQ has no answer.")
    return found


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def shown(reading: Reading, rule: Rule) -> Iterator[Finding]:
    """Questions and the headline stand in the text or the title, word for word but for case and marks."""
    things = list(_things(reading))
    if not things:
        raise DoesNotApply
    read = _plain(" ".join(reading.plain_parts.values()))
    for thing in things:
        said = [("headline", _text(thing.get("headline")))]
        said += [("question", _text(as_object(one).get("name"))) for one in as_list(thing.get("mainEntity"))]
        for what, words in said:
            if words and _plain(words) not in read:
                yield reading.finding(
                    rule,
                    f"A {what} of the structured data is not in the text.",
                    evidence=f"“{words}”",
                    fix="Say it in the text, or take it out of the structured data.",
                )


def _things(reading: Reading) -> Iterator[dict[str, Any]]:
    for block in given(reading):
        try:
            yield from parsed(block)
        except ValueError:
            continue  # said by the rule before


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


CHECKS: dict[str, Check] = {
    "seo.structured_data": present,
    "seo.structured_data_valid": valid,
    "seo.structured_data_shown": shown,
}
