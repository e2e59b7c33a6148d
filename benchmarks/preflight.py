"""The rules against texts and emails with planted faults and their clean twins, and how long they take.

A fault is found when its rule speaks on the piece. A false alarm is any rule that speaks on a clean twin, or on a faulty piece
beside the planted rule and those it rightly brings along. ``python -m benchmarks preflight`` prints both by rule.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt

from benchmarks.measure import Comparison, Side, in_turns
from benchmarks.planted.faults import Case, cases
from benchmarks.planted.pieces import LANGUAGES, Given, article, email
from knowledge.checks.preflight import preflight
from knowledge.checks.rules import rules
from knowledge.checks.text.sentences import words_in

RECALL, FALSE_ALARMS = 0.98, 0.01
ROUNDS = 30
#: the words of the article that is timed
LONG = 3_000


@dataclass
class Measured:
    """By rule: ``planted`` faults, those ``found``, times it was looked at where it had nothing to say (``quiet``), and
    times it spoke there (``alarms``). ``missed`` and ``false``: what to look at, in words."""

    planted: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    quiet: Counter[str] = field(default_factory=Counter[str])
    alarms: Counter[str] = field(default_factory=Counter[str])
    missed: list[str] = field(default_factory=list[str])
    false: list[str] = field(default_factory=list[str])
    pieces: int = 0
    clean: int = 0
    clean_with_alarm: int = 0
    languages: set[str] = field(default_factory=set[str])

    @property
    def recall(self) -> float:
        return self.found.total() / self.planted.total()

    @property
    def false_alarms(self) -> float:
        """Of the times a rule was looked at where it had nothing to say."""
        return self.alarms.total() / self.quiet.total()


def measure(languages: Sequence[str] = LANGUAGES) -> Measured:
    found = Measured()
    for case in cases(languages):
        _look(case, found)
    return found


def _look(case: Case, found: Measured) -> None:
    report = preflight(case.given.piece(), case.given.facts)
    spoke = {finding.rule for finding in report.findings}
    looked_at = spoke | set(report.passed)
    found.pieces += 1
    found.languages.add(case.given.language)
    expected = {case.fault, *case.also} if case.fault else set[str | None]()
    if case.fault:
        found.planted[case.fault] += 1
        found.found[case.fault] += case.fault in spoke
        if case.fault not in spoke:
            found.missed.append(f"{case.given.language} {case.name}")
    else:
        found.clean += 1
        found.clean_with_alarm += bool(spoke)
    for rule in looked_at - expected:
        found.quiet[rule] += 1
        found.alarms[rule] += rule in spoke
        if rule in spoke:
            words = next(finding for finding in report.findings if finding.rule == rule)
            found.false.append(f"{case.given.language} {case.name}: {rule}: {words.message} {words.evidence}")


def by_rule(found: Measured) -> str:
    """A table: each rule, its faults planted and found, its alarms where it had nothing to say."""
    lines = [f"{'rule':34}{'planted':>8}{'found':>7}{'quiet':>7}{'false':>7}"]
    lines += [
        f"{name:34}{found.planted[name]:8}{found.found[name]:7}{found.quiet[name]:7}{found.alarms[name]:7}"
        for name in rules()
    ]
    lines.append(
        f"{found.planted.total()} faults in {found.pieces} pieces, {len(found.languages)} languages: "
        f"recall {found.recall:.4f}; "
        f"false alarms {found.alarms.total()} of {found.quiet.total()} looks ({found.false_alarms:.5f}), on "
        f"{found.clean_with_alarm} of {found.clean} clean pieces"
    )
    return "\n".join([*lines, *(f"missed: {one}" for one in found.missed), *(f"false: {one}" for one in found.false)])


def run() -> list[Comparison]:
    found = measure()
    print(f"\n\n{by_rule(found)}\n")
    assert found.recall >= RECALL and found.false_alarms <= FALSE_ALARMS
    return [asyncio.run(_timed_article()), asyncio.run(_timed_email())]


async def _timed_article() -> Comparison:
    """An article of 3,000 words; each round its words are other ones, so that nothing is remembered."""
    number = 0
    pieces = [_long(language) for language in LANGUAGES]
    markdown = MarkdownIt()

    async def ours() -> None:
        nonlocal number
        number += 1
        given = pieces[number % len(pieces)].copy()
        given.content["markdown"] = given.content["markdown"].replace(".", f" {number}.")
        preflight(given.piece(), given.facts)

    async def parse() -> None:
        markdown.parse(pieces[number % len(pieces)].content["markdown"])

    sides: dict[str, Side] = {"ours": ours, "markdown-it parse alone": parse}
    taken = await in_turns(sides, ROUNDS)
    mine = taken.pop("ours")
    return Comparison("preflight", f"an article of {LONG} words, all rules", mine, taken, at_most=50)


def _long(language: str) -> Given:
    given = article(language)
    text: str = given.content["markdown"]
    parts = [text]
    number = 0
    while len(words_in("\n".join(parts))) < LONG:
        number += 1
        parts.append(text.replace("# ", f"## {number} ").replace(".", f" {number}."))
    given.content["markdown"] = "\n\n".join(parts)
    return given


async def _timed_email() -> Comparison:
    number = 0

    async def ours() -> None:
        nonlocal number
        number += 1
        given = email(LANGUAGES[number % len(LANGUAGES)])
        given.content["bodyMarkdown"] += f"\nRound {number}.\n"
        preflight(given.piece(), given.facts)

    taken = await in_turns({"ours": ours}, ROUNDS)
    return Comparison("preflight", "an email with its HTML, all rules", taken["ours"], at_most=20)
