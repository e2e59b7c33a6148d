"""Plants: for each rule a change that breaks it, and where there is one a change that looks like it and does not."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.planted import faults_ads, faults_brand, faults_email, faults_seo
from benchmarks.planted.pieces import CLEAN, HERE, LANGUAGES, Given

Change = Callable[[Given], None]


@dataclass(frozen=True)
class Case:
    """``fault``: the rule that must speak; None for a clean twin, at which none may. ``also``: rules that speak rightly too."""

    name: str
    given: Given
    fault: str | None
    also: frozenset[str] = field(default_factory=frozenset[str])


def cases(languages: Sequence[str] = LANGUAGES) -> Iterator[Case]:
    for language in languages:
        for kind, make in CLEAN.items():
            yield Case(f"{kind}", make(language), None)
        yield from _structural(language)
        yield from _sentences(language)


def _structural(language: str) -> Iterator[Case]:
    for module in (faults_seo, faults_email, faults_ads, faults_brand):
        for number, plant in enumerate(module.PLANTS):
            if language not in plant.languages:
                continue
            given = CLEAN[plant.kind](language)
            plant.break_it(given)
            yield Case(f"{plant.kind} {plant.rule} {number}", given, plant.rule, frozenset(plant.also))
            if plant.twin is not None:
                clean = CLEAN[plant.kind](language)
                plant.twin(clean)
                yield Case(f"{plant.kind} {plant.rule} {number}, clean twin", clean, None)


def _sentences(language: str) -> Iterator[Case]:
    table = tomllib.loads((HERE / "sentences.toml").read_text("utf-8"))
    for rule, sentences in table.items():
        for kind, key in (("article", "markdown"), ("email", "bodyMarkdown")):
            for name, fault in ((language, rule), (f"{language}_clean", None)):
                for sentence in sentences[name]:
                    given = CLEAN[kind](language)
                    add(given, key, sentence)
                    yield Case(f"{kind} {rule}: {sentence}", given, fault)


def add(given: Given, key: str, sentence: str) -> None:
    """As a paragraph of its own before the last one; in an email's plain text too."""
    body: str = given.content[key]
    head, _, last = body.rstrip().rpartition("\n\n")
    given.content[key] = f"{head}\n\n{sentence}\n\n{last}\n"
    if "plainText" in given.content:
        given.content["plainText"] = f"{sentence}\n\n{given.content['plainText']}"
