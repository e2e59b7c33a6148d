"""What a design of experiments has to keep to."""

from decimal import Decimal
from typing import Any

import pytest

from knowledge.artifacts.schemas.experiment_spec import ExperimentSpec
from knowledge.experiments.fitting import Frame, problems, read_frame
from knowledge.experiments.models import Constraints

STRATEGY: dict[str, Any] = {
    "goal": {"timeframeDays": 84, "budgetMax": "9000.00", "metricId": "purchase_rate", "baseline": 0.05},
    "concepts": [{"id": "pain"}, {"id": "offer"}],
    "channels": [{"channel": "meta", "budgetShare": 0.6}, {"channel": "email", "budgetShare": 0.4}],
}
CANON: dict[str, Any] = {"icps": [{"id": "home"}]}
METRICS: dict[str, Any] = {
    "metrics": [{"id": "purchase_rate"}, {"id": "refund_rate"}],
    "funnel": [{"stageId": "visit"}],
    "kpis": [],
}


def frame(**limits: Any) -> Frame:
    return Frame(Constraints.model_validate(limits), STRATEGY, CANON, METRICS)


def spec(**changes: Any) -> ExperimentSpec:
    data: dict[str, Any] = {
        "id": "meta-pain",
        "name": "Meta: the problem",
        "hypothesis": {"because": "a", "weBelieve": "b", "will": "c", "measuredBy": "d"},
        "icpId": "home",
        "funnelStageId": "visit",
        "channel": "meta",
        "variants": [
            {"id": "control", "name": "Control", "isControl": True, "conceptId": "offer", "angleType": "offer", "change": "x"},
            {"id": "a", "name": "A", "isControl": False, "conceptId": "pain", "angleType": "pain", "change": "y"},
        ],
        "primaryMetricId": "purchase_rate",
        "baselineRate": 0.05,
        "minimumDetectableEffect": 0.2,
        "maxDurationDays": 28,
        "budget": "1000",
        "stoppingRule": "z",
        "priority": {"impact": 5, "confidence": 5, "ease": 5},
    }  # fmt: skip
    return ExperimentSpec.model_validate({**data, **changes})


def test_a_spec_that_fits_has_no_problem() -> None:
    assert problems([spec()], frame(users_per_day=600)) == []


CASES: list[tuple[dict[str, Any], list[dict[str, Any]], str]] = [
    ({"max_concurrent_experiments": 1}, [{}, {"id": "b"}], "2 experiments are designed, but there is room for 1"),
    ({"budget": "1500"}, [{}, {"id": "b"}], "the budgets add up to 2000.00; at most 1500 may be spent"),
    ({}, [{"budget": None}], "meta-pain: say what each may spend"),
    ({"channels": ["email"]}, [{}], "meta-pain: meta may not be used; these may: email"),
    ({}, [{"channel": "podcast"}], "podcast may not be used; these may: meta, email"),
    ({}, [{"maxDurationDays": 90}], "90 days are more than the campaign's 84"),
    ({}, [{"baselineRate": 0.04}], "today's rate of purchase_rate is 0.05, not 0.04"),
    ({"baseline_rate": 0.03}, [{}], "today's rate of purchase_rate is 0.03, not 0.05"),
    ({"users_per_day": 100}, [{}], "needs 16,286 users, but 100 a day are 2,800 in 28 days"),
    ({}, [{}, {}], "the id meta-pain is used already"),
    ({}, [{"icpId": "nobody"}], "there is no icpId nobody; there are: home"),
    ({}, [{"guardrailMetricIds": ["mood"]}], "there is no metric mood"),
]


@pytest.mark.parametrize(("limits", "changes", "said"), CASES)
def test_what_does_not_fit_is_named(limits: dict[str, Any], changes: list[dict[str, Any]], said: str) -> None:
    found = problems([spec(**change) for change in changes], frame(**limits))
    assert any(said in problem for problem in found), found


def test_everything_that_does_not_fit_is_named_at_once() -> None:
    found = problems([spec(channel="podcast", maxDurationDays=90, icpId="nobody")], frame(budget="10"))
    assert len(found) == 4, found


def test_what_approved_specs_take_is_gone_from_the_frame() -> None:
    full = Frame(Constraints(max_concurrent_experiments=2, budget=Decimal(1000)), STRATEGY, CANON, METRICS,
                 frozenset({"meta-pain"}), Decimal(700), 1)  # fmt: skip
    assert (full.most, full.budget) == (1, Decimal(300))
    assert read_frame(full.told(), STRATEGY, CANON, METRICS) == full
    assert any("is used already" in problem for problem in problems([spec(budget="300")], full))


def test_without_limits_the_strategys_own_hold() -> None:
    assert frame().budget == Decimal("9000.00") and frame().channels == ["meta", "email"] and frame().days == 84
    assert frame().baseline_of("purchase_rate") == 0.05 and frame().baseline_of("refund_rate") is None
