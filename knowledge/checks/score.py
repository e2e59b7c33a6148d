"""The content score: 0 to 100 for an article or a landing page, by group, each with what it lost and why.

A group starts at 100 and loses what a broken rule costs (rules/score.toml), each rule once; coverage is the covered share
itself. A group none of whose rules could be looked at is left out, and the others fill its place. So sameness earns nothing:
terms count once, and copying costs.
"""

import tomllib
from functools import cache
from typing import Any

from knowledge.checks.examine.substance import coverage
from knowledge.checks.models import GroupScore, Report
from knowledge.checks.reading import Reading
from knowledge.checks.rules import HERE, rules, weights


@cache
def _costs() -> dict[str, Any]:
    return tomllib.loads((HERE / "score.toml").read_text("utf-8"))["cost"]


def score_groups(reading: Reading, report: Report) -> list[GroupScore]:
    """In the order of the weights; only groups of which something was checked."""
    looked_at = {*report.passed, *(finding.rule for finding in report.findings)}
    found: list[GroupScore] = []
    for name, weight in weights().items():
        own = [rule for rule in rules().values() if rule.group == name and rule.id in looked_at]
        if own:
            score, why = _of_group(name, reading, report)
            found.append(GroupScore(name, score, weight, why))
    return found


def _of_group(name: str, reading: Reading, report: Report) -> tuple[int, list[str]]:
    lost = 0.0
    why: list[str] = []
    seen: set[str] = set()
    for finding in report.findings:
        if finding.group != name or finding.rule in seen:
            continue
        seen.add(finding.rule)
        cost = float(_costs()[finding.severity])
        if finding.rule == "seo.terms":
            continue
        lost += cost
        why.append(f"{rules()[finding.rule].says} −{cost:g}: {finding.message} {finding.evidence}".strip())
    if name == "coverage" and reading.facts.terms:
        share = coverage(reading)
        lost += 100 * (1 - share)
        if share < 1:
            why.append(
                f"Terms of the research: {share:.0%} covered by weight, −{100 * (1 - share):.0f}.".replace("%", " %")
            )
    return max(0, round(100 - lost)), why


def total(groups: list[GroupScore]) -> int | None:
    """The weighted mean of the groups there are; None without any."""
    whole = sum(group.weight for group in groups)
    return round(sum(group.score * group.weight for group in groups) / whole) if whole else None
