"""A review's findings as a ``qa_report``: each check with the exact span, and a score that follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from assistant.models.offline.compose.claims import Span
from assistant.models.offline.compose.sources import Document
from knowledge.checks.models import Report
from knowledge.checks.rules import rules

Severity = Literal["info", "minor", "major", "critical"]
#: points of ten that a failed check costs
COST: dict[str, float] = {"info": 0.0, "minor": 0.5, "major": 2.0, "critical": 4.0}
#: a rule that fails more often than this is reported this many times, so that a report stays readable
MOST_PLACES = 8


@dataclass
class Findings:
    """Collects the checks of one review of one text."""

    checks: list[Document] = field(default_factory=list[Document])

    def rule(
        self, name: str, rule: str, severity: Severity, spans: Iterable[Span | None], evidence: str = "", fix: str = ""
    ) -> None:
        """One check for each place where the rule is broken; a single passed one when it holds."""
        broken = list(spans)
        for number, span in enumerate(broken[:MOST_PLACES], start=1):
            shown = evidence.replace("{span}", span.text if span else "")
            self._add(
                f"{name}-{number}", rule, severity, False, span, shown, fix.replace("{span}", span.text if span else "")
            )
        if not broken:
            self._add(name, rule, severity, True, None, "", "")

    def take(self, report: Report, *wanted: str) -> None:
        """What the preflight says under rules that begin like one of ``wanted``: its findings, then the rules that hold."""
        numbers: dict[str, int] = {}
        for one in report.of(*wanted):
            numbers[one.rule] = numbers.get(one.rule, 0) + 1
            if numbers[one.rule] <= MOST_PLACES:
                span = Span(one.place.text, one.place.start) if one.place else None
                self._add(
                    f"{one.rule}-{numbers[one.rule]}", one.message, one.severity, False, span, one.evidence, one.fix
                )
        for name in report.passed:
            if name.startswith(wanted):
                self._add(name, rules()[name].says, rules()[name].severity, True, None, "", "")

    def _add(
        self, name: str, rule: str, severity: Severity, passed: bool, span: Span | None, evidence: str, fix: str
    ) -> None:
        where = {"part": "text", "text": span.text, "start": span.start, "end": span.end} if span else None
        self.checks.append(
            {
                "id": name,
                "rule": rule,
                "severity": severity,
                "passed": passed,
                "where": where,
                "evidence": evidence,
                "fix": fix,
            }
        )

    def report(self, reviewer: str, asset_id: str, asset_version: int, iteration: int) -> Document:
        failed = [check for check in self.checks if not check["passed"]]
        grave = {check["severity"] for check in failed}
        score = max(0.0, 10.0 - sum(COST[check["severity"]] for check in failed))
        verdict = "fail" if "critical" in grave else "needs_changes" if "major" in grave or score < 7 else "pass"
        return {
            "assetId": asset_id,
            "assetVersion": asset_version,
            "reviewer": reviewer,
            "score": round(score, 1),
            "verdict": verdict,
            "checks": self.checks,
            "iteration": iteration,
            "model": "offline",
        }
