"""What the rules say of a text, as cards, programs and agents see it: one shape, built once."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import Field

from knowledge.checks.models import Finding, Report
from knowledge.checks.reports import points
from knowledge.checks.rules import rules
from knowledge.claims.findings import GROUP, SOURCE, SOURCES, Stated
from knowledge.claims.models import ClaimKind, ClaimStatus
from tools.critics import Opinion
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


class StatedView(Wire):
    """A claim of the text. ``text`` stands in the part from ``start`` to ``end`` (characters). ``open``: it lacks evidence,
    and nobody answers for it; it is among the findings."""

    kind: ClaimKind
    status: ClaimStatus
    part: str
    text: str
    start: int
    end: int
    reason: str
    named_by: str = Field(
        default="", description="The model that named it beside the rules; empty: the rules found it."
    )
    open: bool
    evidence: list[str] = Field(description="What carries it or comes near: words on file, with where they stand.")


class CriticView(Wire):
    """What one critic, a model, says of the text. ``verdict`` is empty when it could not read it; ``why`` says so."""

    critic: str
    verdict: Literal["", "pass", "needs_changes", "fail"]
    score: float
    findings: list[dict[str, Any]] = Field(description="What does not pass: rule, severity, exact words, mend.")
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
    claims: list[StatedView] = Field(description="Its factual sentences, and how each stands against what is on file.")
    critics: list[CriticView] = Field(
        default=[],
        description="What the brand and compliance critics say; none for a stored piece, or without a model.",
    )
    dated: str = Field(description="When the rules were last changed.")


def review_view(report: Report, language: str, stated: Sequence[Stated], critics: Sequence[Opinion] = ()) -> ReviewView:
    """``report`` has the open claims among its findings (knowledge/claims/findings.py)."""
    return ReviewView(
        verdict=report.verdict,
        score=report.score,
        points=points(report),
        language=language,
        findings=[_finding(one) for one in report.findings],
        passed=[rules()[name].says for name in report.passed],
        unchecked=[UncheckedView(rule=rules()[one.rule].says, why=one.why) for one in report.unchecked],
        groups=[GroupView(name=one.name, score=one.score, weight=one.weight, why=one.why) for one in report.groups],
        claims=[_stated(one) for one in stated if one.kind != "general" or one.status != "opinion"],
        critics=[CriticView.model_validate(asdict(one)) for one in critics],
        dated=report.dated,
    )


def _stated(one: Stated) -> StatedView:
    return StatedView(
        kind=one.kind,
        status=one.status,
        part=one.part,
        text=one.text,
        start=one.start,
        end=one.end,
        reason=one.reason,
        named_by=one.named_by,
        open=one.is_open,
        evidence=[f"{title}: {words}" for title, words in one.evidence],
    )


def _finding(one: Finding) -> FindingView:
    place = one.place
    return FindingView(
        rule=one.rule,
        group=one.group,
        severity=one.severity,
        message=one.message,
        place=PlaceView(part=place.part, text=place.text, start=place.start, end=place.end) if place else None,
        evidence=one.evidence,
        fix=one.fix,
        mend=one.mend.replacement if one.mend else None,
        source=_source(one),
    )


def _source(one: Finding) -> str:
    if one.group == GROUP:
        return next((SOURCES[kind] for kind in SOURCES if one.rule == f"{GROUP}.{kind}"), SOURCE)
    rule = rules()[one.rule]
    return f"{rule.source} ({rule.dated})"
