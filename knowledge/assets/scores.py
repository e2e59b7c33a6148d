"""Which score of a piece people are shown, and what it means: the same in messages, cards, the inbox and lists.

What always holds: an article or a landing page shows its content score (0 to 100, computed); every other piece shows the mean
of what the critics gave its present version (0 to 10). What rules and comparisons report beside them is no critic's score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, LiteralString

#: the reviewers whose scores count
CRITICS: tuple[LiteralString, ...] = ("brand", "compliance")
Meaning = Literal["content score", "reviewers"]


@dataclass(frozen=True, slots=True)
class Shown:
    """``value`` of ``of``: "content score 82 of 100", "reviewers 8.5 of 10"."""

    meaning: Meaning
    value: float
    of: int

    @property
    def words(self) -> str:
        return f"{self.meaning} {self.value:g} of {self.of}"


def shown(content_score: int | None, reviewers: float | None) -> Shown | None:
    """``reviewers``: the critics' mean; None when there is neither."""
    if content_score is not None:
        return Shown("content score", content_score, 100)
    return Shown("reviewers", reviewers, 10) if reviewers is not None else None


def content_score(seo: Mapping[str, Any]) -> int | None:
    """As the rules kept it beside the content (knowledge/checks/reports.py)."""
    score = seo.get("score")
    total = score.get("total") if isinstance(score, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return total if isinstance(total, int) else None


def of_reports(reports: Iterable[Mapping[str, Any]]) -> float | None:
    """The critics' mean over the reports on one version, newest of each."""
    return mean(float(report["score"]) for report in reports if report["reviewer"] in CRITICS)


def mean(scores: Iterable[float]) -> float | None:
    """To one decimal, a half up, as knowledge/assets/queries.py:critics_sql rounds."""
    given = [Decimal(str(score)) for score in scores]
    if not given:
        return None
    return float((sum(given, Decimal(0)) / len(given)).quantize(Decimal("0.1"), ROUND_HALF_UP))
