"""The experiment report: what came out, how sure that is, and what is done about it."""

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Money, Problem, Share, Text, repeated

#: below this the split between variants is not the intended one and nothing may be concluded
SAMPLE_RATIO_ALARM = 0.001


class Period(Document):
    """From the first to the last day."""

    start: dt.date = Field(description="First day.")
    end: dt.date = Field(description="Last day.")

    def rules(self) -> Iterator[Problem]:
        if self.end < self.start:
            yield Problem("end", "lies before the start")


class Interval(Document):
    """A range the true figure lies in, at the confidence of the experiment."""

    low: float = Field(description="Lower end.")
    high: float = Field(description="Upper end.")

    def rules(self) -> Iterator[Problem]:
        if self.high < self.low:
            yield Problem("high", "lies below low")


class VariantResult(Document):
    """What one variant achieved."""

    id: Id = Field(description="Identifier of the variant.")
    users: int = Field(ge=0, description="Users who saw it.")
    conversions: int = Field(ge=0, description="Users who converted.")
    rate: Share = Field(description="Conversions per user, between 0 and 1.")
    interval: Interval | None = Field(default=None, description="Range of the rate.")
    spend: Money | None = Field(default=None, description="What was spent on it.")
    revenue: Money | None = Field(default=None, description="What it brought in.")

    def rules(self) -> Iterator[Problem]:
        if self.conversions > self.users:
            yield Problem("conversions", "cannot be more than the users")


class SampleRatioMismatch(Document):
    """Whether users were split between the variants as intended."""

    p: Share = Field(description="How likely so uneven a split is by chance.")
    ok: bool = Field(description="False when p is below 0.001.")

    def rules(self) -> Iterator[Problem]:
        if self.ok != (self.p >= SAMPLE_RATIO_ALARM):
            yield Problem("ok", f"must be false exactly when p is below {SAMPLE_RATIO_ALARM}")


class Lift(Document):
    """How much better than the control, relative: 0.1 is +10 %."""

    value: float = Field(description="The best estimate.")
    interval: Interval | None = Field(default=None, description="Range of the lift.")


class Guardrail(Document):
    """A metric that must not get worse."""

    metric_id: Id = Field(description="Identifier of the metric.")
    control: float | None = Field(default=None, description="Figure of the control.")
    variant: float | None = Field(default=None, description="Figure of the variant.")
    ok: bool = Field(description="True when it did not get worse.")


class ExperimentReport(Document):
    """The outcome of an experiment, with its statistics."""

    experiment_id: Id = Field(description="Identifier of the experiment.")
    period: Period = Field(description="When it ran.")
    variants: list[VariantResult] = Field(min_length=2, description="What each variant achieved.")
    sample_ratio_mismatch: SampleRatioMismatch = Field(description="Whether the split was as intended.")
    lift: Lift | None = Field(default=None, description="How much better than the control; none when not computable.")
    p_value: Share | None = Field(default=None, description="How likely such a difference is by chance.")
    probability_to_beat_control: Share | None = Field(default=None, description="Chance that the variant is better.")
    guardrails: list[Guardrail] = Field(default=[], description="Metrics that must not get worse.")
    sufficient: bool = Field(description="True when there were enough users and days for a verdict.")
    decision: Literal["ship", "iterate", "stop", "inconclusive"] = Field(description="What is done.")
    learnings: list[Text] = Field(default=[], description="What has been learned.")
    next_tests: list[Text] = Field(default=[], description="What to test next.")
    data_quality: list[Text] = Field(default=[], description="What casts doubt on the figures.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((variant.id for variant in self.variants), "variants")
        if not self.sample_ratio_mismatch.ok and self.decision != "inconclusive":
            yield Problem("decision", "must be inconclusive: users were not split as intended")
