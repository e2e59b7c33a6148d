"""The metric schema: what is measured, from where, along which funnel, and what cannot be measured yet."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Problem, Text, repeated, unresolved


class DataSource(Document):
    """A place figures come from."""

    id: Id = Field(description="Identifier, unique among the data sources.")
    kind: Literal["analytics", "crm", "ads", "billing", "email", "other"] = Field(description="What kind it is.")
    name: Name = Field(description='Its name, such as "GA4" or "HubSpot".')
    status: Literal["connected", "available", "planned", "missing", "unknown"] = Field(
        default="unknown", description="Whether figures can be had from it today."
    )


class Event(Document):
    """Something a visitor or customer does that is recorded."""

    id: Id = Field(description="Identifier, unique among the events.")
    name: Name = Field(description="Name of the event as it is recorded.")
    trigger: Text = Field(description="Exactly when it is recorded.")
    properties: list[Name] = Field(default=[], description="What is recorded with it.")
    source: Id = Field(description="Identifier of the data source that records it.")


class FunnelStage(Document):
    """A step on the way to the goal."""

    stage_id: Id = Field(description="Identifier, unique among the stages.")
    name: Name = Field(description="Name of the stage.")
    order: int = Field(ge=1, description="Position in the funnel, from 1.")
    event_id: Id = Field(description="Identifier of the event that marks the stage.")


class Metric(Document):
    """A figure that is followed."""

    id: Id = Field(description="Identifier, unique among the metrics.")
    name: Name = Field(description="Name of the metric.")
    definition: Text = Field(description="What it means, so that two people compute the same figure.")
    numerator: Text = Field(description="What is counted or summed.")
    denominator: str | None = Field(default=None, description="What it is divided by; none for a plain count or sum.")
    unit: Name = Field(description='Its unit, such as "share", "EUR", "leads" or "days".')
    direction: Literal["up", "down"] = Field(description="Which way is better.")
    source: Id = Field(description="Identifier of the data source it comes from.")


class Kpi(Document):
    """A metric with a goal."""

    metric_id: Id = Field(description="Identifier of the metric.")
    baseline: float | None = Field(default=None, description="Where it stands today; none when not known.")
    target: float | None = Field(default=None, description="Where it should stand; none when nobody has said yet.")
    by: dt.date | None = Field(default=None, description="By which day.")


class Attribution(Document):
    """How a result is credited to what brought it about."""

    model: Literal["last_click", "first_click", "linear", "time_decay", "position_based", "data_driven"] = Field(
        default="last_click", description="The attribution model."
    )
    window_days: int = Field(default=7, ge=1, le=365, description="Days after a click in which a result counts.")


class Gap(Document):
    """Something that cannot be measured yet."""

    what: Text = Field(description="What cannot be measured.")
    fix: Text = Field(description="What would make it measurable.")


class MetricSchema(Document):
    """What is measured, and how."""

    data_sources: list[DataSource] = Field(default=[], description="Where figures come from.")
    events: list[Event] = Field(default=[], description="What is recorded.")
    funnel: list[FunnelStage] = Field(default=[], description="The way to the goal, stage by stage.")
    metrics: list[Metric] = Field(min_length=1, description="The figures that are followed.")
    kpis: list[Kpi] = Field(default=[], description="The figures with a goal.")
    primary_metric_id: Id = Field(description="Identifier of the one metric that decides.")
    guardrail_metric_ids: list[Id] = Field(default=[], description="Metrics that must not get worse.")
    attribution: Attribution = Field(default_factory=Attribution, description="How results are credited.")
    gaps: list[Gap] = Field(default=[], description="What cannot be measured yet, and what would fix it.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((source.id for source in self.data_sources), "dataSources")
        yield from repeated((event.id for event in self.events), "events")
        yield from repeated((stage.stage_id for stage in self.funnel), "funnel", "stageId")
        yield from repeated((str(stage.order) for stage in self.funnel), "funnel", "order")
        yield from repeated((metric.id for metric in self.metrics), "metrics")
        yield from self._unresolved()
        if self.primary_metric_id in self.guardrail_metric_ids:
            yield Problem("guardrailMetricIds", "the primary metric cannot guard itself")

    def _unresolved(self) -> Iterator[Problem]:
        sources = [source.id for source in self.data_sources]
        used = [(f"events.{i}.source", event.source) for i, event in enumerate(self.events)]
        used += [(f"metrics.{i}.source", metric.source) for i, metric in enumerate(self.metrics)]
        yield from unresolved(used, sources, "dataSources")
        stages = [(f"funnel.{i}.eventId", stage.event_id) for i, stage in enumerate(self.funnel)]
        yield from unresolved(stages, [event.id for event in self.events], "events")
        named = [(f"kpis.{i}.metricId", kpi.metric_id) for i, kpi in enumerate(self.kpis)]
        named += [("primaryMetricId", self.primary_metric_id)]
        named += [(f"guardrailMetricIds.{i}", name) for i, name in enumerate(self.guardrail_metric_ids)]
        yield from unresolved(named, [metric.id for metric in self.metrics], "metrics")
