"""What the rules say of a text, as cards, programs and agents see it: one shape, built once."""

from typing import Literal

from pydantic import Field

from knowledge.checks.models import Finding, Report
from knowledge.checks.reports import points
from knowledge.checks.rules import rules
from tools.spec import Wire


class PlaceView(Wire):
    """``text`` stands in the part from ``start`` to ``end`` (characters)."""

    part: str
    text: str
    start: int
    end: int


class FindingView(Wire):
    """``mend``: words that certainly mend it when they take the place's; null when a person has to think."""

    rule: str
    group: str
    severity: Literal["info", "minor", "major", "critical"]
    message: str
    place: PlaceView | None
    evidence: str
    fix: str
    mend: str | None
    source: str = Field(description="Where the rule comes from, and when it was last looked at.")


class GroupView(Wire):
    name: str
    score: int
    weight: float
    why: list[str]


class UncheckedView(Wire):
    rule: str
    why: str


class ReviewView(Wire):
    """``score`` (0–100) is the content score of an article or landing page; ``points`` (0–10) there are always."""

    verdict: Literal["pass", "needs_changes", "fail"]
    score: int | None
    points: float
    language: str
    findings: list[FindingView]
    passed: list[str] = Field(description="Rules that hold, in words.")
    unchecked: list[UncheckedView] = Field(description="Rules that could not be looked at, and why.")
    groups: list[GroupView]
    dated: str = Field(description="When the rules were last changed.")


def review_view(report: Report, language: str) -> ReviewView:
    return ReviewView(
        verdict=report.verdict,
        score=report.score,
        points=points(report),
        language=language,
        findings=[_finding(one) for one in report.findings],
        passed=[rules()[name].says for name in report.passed],
        unchecked=[UncheckedView(rule=rules()[one.rule].says, why=one.why) for one in report.unchecked],
        groups=[GroupView(name=one.name, score=one.score, weight=one.weight, why=one.why) for one in report.groups],
        dated=report.dated,
    )


def _finding(one: Finding) -> FindingView:
    rule, place = rules()[one.rule], one.place
    return FindingView(
        rule=one.rule,
        group=one.group,
        severity=one.severity,
        message=one.message,
        place=PlaceView(part=place.part, text=place.text, start=place.start, end=place.end) if place else None,
        evidence=one.evidence,
        fix=one.fix,
        mend=one.mend.replacement if one.mend else None,
        source=f"{rule.source} ({rule.dated})",
    )
