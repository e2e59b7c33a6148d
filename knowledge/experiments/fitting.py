"""Whether experiment specs fit what they were designed within, and what they name exists.

Pure. Each problem is a sentence that a writer can mend; whoever approves a spec may edit it past these limits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from knowledge.artifacts.schemas.experiment_spec import ExperimentSpec
from knowledge.experiments.models import Constraints
from knowledge.json_values import as_list, as_object

#: how many are designed at once when nobody has said how many
USUAL = 3


@dataclass(frozen=True)
class Frame:
    """What a design has to keep to. ``taken``: ids of specs that are there already; ``committed``: what the approved
    ones among them may spend; ``running``: how many those are."""

    constraints: Constraints
    strategy: dict[str, Any]
    canon: dict[str, Any]
    metrics: dict[str, Any]
    taken: frozenset[str] = field(default_factory=frozenset[str])
    committed: Decimal = Decimal(0)
    running: int = 0

    @property
    def most(self) -> int:
        """How many more experiments there is room for."""
        most = self.constraints.max_concurrent_experiments
        return max(0, most - self.running) if most is not None else USUAL

    @property
    def budget(self) -> Decimal | None:
        """What is left to spend: of the constraint, or else of the strategy's budget; None when nobody named one."""
        given = self.constraints.budget
        if given is None:
            of_strategy = as_object(self.strategy.get("goal")).get("budgetMax")
            given = Decimal(str(of_strategy)) if of_strategy is not None else None
        return None if given is None else max(Decimal(0), given - self.committed)

    @property
    def channels(self) -> list[str]:
        """The strategy's channels that may be used; the constraint's own when none of them is the strategy's."""
        planned = [str(as_object(item).get("channel")) for item in as_list(self.strategy.get("channels"))]
        allowed = self.constraints.channels
        return [name for name in planned if name in allowed] or list(allowed) if allowed else planned

    @property
    def days(self) -> int:
        return int(as_object(self.strategy.get("goal")).get("timeframeDays") or 28)

    def baseline_of(self, metric_id: str) -> float | None:
        """Today's rate as somebody has given it; None when nobody has."""
        if self.constraints.baseline_rate is not None:
            return self.constraints.baseline_rate
        goal = as_object(self.strategy.get("goal"))
        named = [as_object(kpi) for kpi in as_list(self.metrics.get("kpis"))]
        known = [kpi.get("baseline") for kpi in named if kpi.get("metricId") == metric_id]
        known += [goal.get("baseline")] if goal.get("metricId") == metric_id else []
        return next((float(rate) for rate in known if isinstance(rate, int | float) and 0 < rate < 1), None)

    def told(self) -> dict[str, Any]:
        """What a writer is told of it beside the documents; :func:`read_frame` reads it back."""
        return {
            "constraints": self.constraints.model_dump(mode="json"),
            "taken": sorted(self.taken),
            "committed": str(self.committed),
            "running": self.running,
            "room": self.most,
            "budgetLeft": None if self.budget is None else str(self.budget),
            "channels": self.channels,
        }


def read_frame(told: dict[str, Any], strategy: dict[str, Any], canon: dict[str, Any], metrics: dict[str, Any]) -> Frame:
    return Frame(
        Constraints.model_validate(told.get("constraints") or {}),
        strategy,
        canon,
        metrics,
        frozenset(as_list(told.get("taken"))),
        Decimal(str(told.get("committed") or 0)),
        int(told.get("running") or 0),
    )


def problems(specs: Sequence[ExperimentSpec], frame: Frame) -> list[str]:
    """Everything that does not fit, at once; empty when all is well."""
    return [*_together(specs, frame), *(problem for spec in specs for problem in _alone(spec, frame))]


def _together(specs: Sequence[ExperimentSpec], frame: Frame) -> Iterator[str]:
    if len(specs) > frame.most:
        yield f"{len(specs)} experiments are designed, but there is room for {frame.most}"
    if frame.budget is not None:
        unsaid = [spec.id for spec in specs if spec.budget is None]
        if unsaid:
            yield f"{', '.join(unsaid)}: say what each may spend, {frame.budget} in all"
        total = sum((spec.budget or Decimal(0) for spec in specs), Decimal(0))
        if total > frame.budget:
            yield f"the budgets add up to {total}; at most {frame.budget} may be spent"
    ids = [spec.id for spec in specs]
    for name in sorted({name for name in ids if ids.count(name) > 1} | (frame.taken & set(ids))):
        yield f"the id {name} is used already; take another"


def _alone(spec: ExperimentSpec, frame: Frame) -> Iterator[str]:
    if spec.channel not in frame.channels:
        yield f"{spec.id}: {spec.channel} may not be used; these may: {', '.join(frame.channels)}"
    if spec.max_duration_days > max(3, frame.days):
        yield f"{spec.id}: {spec.max_duration_days} days are more than the campaign's {frame.days}"
    known = frame.baseline_of(spec.primary_metric_id)
    if known is not None and abs(spec.baseline_rate - known) > 1e-9:
        yield f"{spec.id}: today's rate of {spec.primary_metric_id} is {known:g}, not {spec.baseline_rate:g}"
    users = frame.constraints.users_per_day
    needed = spec.sample_size_per_variant * len(spec.variants)
    if users is not None and needed > users * spec.max_duration_days:
        yield (
            f"{spec.id}: needs {needed:,} users, but {users:,} a day are {users * spec.max_duration_days:,} in "
            f"{spec.max_duration_days} days; look for a larger effect, run longer or take fewer variants"
        )
    yield from _unknown(spec, frame)


def _unknown(spec: ExperimentSpec, frame: Frame) -> Iterator[str]:
    concepts = _ids(frame.strategy.get("concepts"), "id")
    used = [variant.concept_id for variant in spec.variants if variant.concept_id is not None]
    metrics = _ids(frame.metrics.get("metrics"), "id")
    named = [
        *(("conceptId", one, concepts) for one in used),
        ("icpId", spec.icp_id, _ids(frame.canon.get("icps"), "id")),
        ("funnelStageId", spec.funnel_stage_id, _ids(frame.metrics.get("funnel"), "stageId")),
        *(("metric", one, metrics) for one in (spec.primary_metric_id, *spec.guardrail_metric_ids)),
    ]
    for what, one, known in named:
        if one not in known:
            yield f"{spec.id}: there is no {what} {one}; there are: {', '.join(sorted(known)) or 'none'}"


def _ids(items: object, key: str) -> set[str]:
    return {str(as_object(item).get(key)) for item in as_list(items)}
