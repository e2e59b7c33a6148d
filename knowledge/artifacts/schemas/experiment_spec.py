"""The experiment spec: one hypothesis, its variants, and how many users it takes to tell them apart."""

from collections.abc import Iterator
from typing import Self

from pydantic import Field, model_validator

from knowledge.artifacts.schemas.base import Currency, Document, Id, Money, Name, Problem, Text, repeated
from knowledge.artifacts.statistics import sample_size_per_variant


class Hypothesis(Document):
    """Because … we believe … will … measured by …"""

    because: Text = Field(description="What has been seen that gives reason for the test.")
    we_believe: Text = Field(description="The change that is believed in.")
    will: Text = Field(description="What the change will bring about.")
    measured_by: Text = Field(description="The figure that will show it.")


class Variant(Document):
    """One of the things compared."""

    id: Id = Field(description="Identifier, unique among the variants.")
    name: Name = Field(description="Name of the variant.")
    is_control: bool = Field(description="True for the one variant the others are compared with.")
    concept_id: Id | None = Field(default=None, description="Identifier of the concept, from the strategy sheet.")
    angle_type: Name = Field(description="The angle it takes.")
    change: Text = Field(description="What is different from the control; for the control, what it is today.")


class Priority(Document):
    """Why this test before another, each from 1 (low) to 10 (high)."""

    impact: int = Field(ge=1, le=10, description="How much it would bring.")
    confidence: int = Field(ge=1, le=10, description="How sure one is of that.")
    ease: int = Field(ge=1, le=10, description="How easy it is to run.")


class ExperimentSpec(Document):
    """One hypothesis to test."""

    id: Id = Field(description="Identifier of the experiment.")
    name: Name = Field(description="Name of the experiment.")
    hypothesis: Hypothesis = Field(description="What is believed, why, and how it will show.")
    icp_id: Id = Field(description="Identifier of the customer profile, from the canon.")
    funnel_stage_id: Id = Field(description="Identifier of the funnel stage, from the metric schema.")
    channel: Name = Field(description="The channel it runs on.")
    variants: list[Variant] = Field(min_length=2, max_length=20, description="What is compared; one is the control.")
    primary_metric_id: Id = Field(description="Identifier of the one metric that decides.")
    guardrail_metric_ids: list[Id] = Field(default=[], description="Metrics that must not get worse.")
    baseline_rate: float = Field(gt=0, lt=1, description="Today's rate of the primary metric, between 0 and 1.")
    minimum_detectable_effect: float = Field(
        gt=0, description="Smallest effect worth finding, relative to the baseline: 0.1 is +10 %."
    )
    alpha: float = Field(default=0.05, gt=0, lt=0.5, description="Risk of seeing an effect that is not there.")
    power: float = Field(default=0.8, ge=0.5, lt=1, description="Chance of seeing the effect if it is there.")
    sample_size_per_variant: int = Field(
        default=0, description="Users each variant needs. Computed; whatever is given here is replaced."
    )
    max_duration_days: int = Field(ge=3, le=365, description="Days after which it ends whatever it shows; at least 3.")
    budget: Money | None = Field(default=None, description="Most that may be spent on it.")
    currency: Currency | None = Field(default=None, description="ISO 4217 code of the budget.")
    stopping_rule: Text = Field(description="When the test ends, and who may end it earlier.")
    priority: Priority = Field(description="Why this test before another.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((variant.id for variant in self.variants), "variants")
        controls = sum(variant.is_control for variant in self.variants)
        if controls != 1:
            yield Problem("variants", f"exactly one variant must be the control; {controls} are")
        if self.primary_metric_id in self.guardrail_metric_ids:
            yield Problem("guardrailMetricIds", "the primary metric cannot guard itself")

    @model_validator(mode="after")
    def _compute_sample_size(self) -> Self:
        self.sample_size_per_variant = self._needed_users()
        return self

    def _needed_users(self) -> int:
        try:
            return sample_size_per_variant(self.baseline_rate, self.minimum_detectable_effect, self.alpha, self.power)
        except ValueError as wrong:
            raise ValueError(f"no sample size fits these rates: {wrong}") from wrong
