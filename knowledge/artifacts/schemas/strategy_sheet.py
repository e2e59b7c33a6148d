"""The strategy sheet: one campaign's goal, message, concepts and channels."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import (
    Currency,
    Document,
    Id,
    Money,
    Name,
    Problem,
    Share,
    Text,
    repeated,
)

Objective = Literal["awareness", "leads", "sales", "hiring", "partnerships", "retention"]
#: how far the budget shares may miss 1 in sum, so that rounded thirds are accepted
SHARE_TOLERANCE = 0.01


class Goal(Document):
    """What the campaign is to reach. Figures that nobody has given stay empty."""

    objective: Objective = Field(description="What the campaign is for.")
    metric_id: Id = Field(description="Identifier of the metric that shows it, from the metric schema.")
    baseline: float | None = Field(default=None, description="Where the metric stands today; none when not known.")
    target: float | None = Field(default=None, description="Where it should stand; none when nobody has said yet.")
    timeframe_days: int = Field(ge=1, le=3_650, description="Days the campaign has.")
    budget_min: Money | None = Field(default=None, description="Least that may be spent.")
    budget_max: Money | None = Field(default=None, description="Most that may be spent.")
    currency: Currency | None = Field(default=None, description="ISO 4217 code of the budget, such as EUR.")

    def rules(self) -> Iterator[Problem]:
        if self.budget_min is not None and self.budget_max is not None and self.budget_min > self.budget_max:
            yield Problem("budgetMax", "is below budgetMin")


class Proof(Document):
    """A reason to believe, with where it is documented."""

    claim: Text = Field(description="What is claimed.")
    evidence_ids: list[Id] = Field(
        min_length=1, description="Identifiers of the snippets, documents or assets that show it."
    )


class Messaging(Document):
    """What is said."""

    promise: Text = Field(description="The one promise of the campaign.")
    pillars: list[Text] = Field(default=[], description="The messages that carry the promise.")
    proof: list[Proof] = Field(default=[], description="Why it can be believed.")


class ContentPillar(Document):
    """A theme the content keeps coming back to."""

    name: Name = Field(description="Name of the theme.")
    description: Text = Field(description="What is written about under it, and why the audience cares.")


class Concept(Document):
    """A creative idea for one kind of customer at one stage."""

    id: Id = Field(description="Identifier, unique among the concepts.")
    name: Name = Field(description="Name of the idea.")
    icp_id: Id = Field(description="Identifier of the customer profile, from the canon.")
    funnel_stage_id: Id = Field(description="Identifier of the funnel stage, from the metric schema.")
    angle_type: Name = Field(description='The angle, such as "pain", "outcome", "proof", "comparison" or "how-to".')
    promise: Text = Field(description="What the idea promises.")
    evidence: list[Text] = Field(default=[], description="What supports it: snippet or asset identifiers, or facts.")


class Channel(Document):
    """A place where the campaign runs."""

    channel: Name = Field(description='The channel, such as "meta", "email" or "blog".')
    role: Text = Field(description="What it is there for.")
    budget_share: Share = Field(description="Its share of the budget, between 0 and 1; all shares add up to 1.")
    kpi_metric_id: Id = Field(description="Identifier of the metric it is judged by, from the metric schema.")


class PlatformStrategy(Document):
    """How one platform is used."""

    channel: Name = Field(description="The channel.")
    approach: Text = Field(description="What is done there, and how.")
    formats: list[Name] = Field(default=[], description="Formats used there.")
    cadence: str | None = Field(default=None, description='How often, such as "twice a week".')


class StrategySheet(Document):
    """One campaign's strategy."""

    goal: Goal = Field(description="What the campaign is to reach.")
    icp_focus: list[Id] = Field(default=[], description="Identifiers of the customer profiles it speaks to.")
    positioning: Text = Field(description="How the offer stands against the alternatives in the customer's mind.")
    messaging: Messaging = Field(description="What is said.")
    content_pillars: list[ContentPillar] = Field(default=[], description="Themes the content comes back to.")
    concepts: list[Concept] = Field(default=[], description="Creative ideas.")
    channels: list[Channel] = Field(min_length=1, description="Where the campaign runs, with budget shares.")
    platform_strategy: list[PlatformStrategy] = Field(default=[], description="How each platform is used.")
    measurement_plan: Text = Field(description="How it will be known whether the campaign works, and when.")
    assumptions: list[Text] = Field(default=[], description="What is taken for true without proof.")
    risks: list[Text] = Field(default=[], description="What could go wrong, and what would be done.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((concept.id for concept in self.concepts), "concepts")
        yield from repeated((channel.channel for channel in self.channels), "channels", "channel")
        total = sum(channel.budget_share for channel in self.channels)
        # the tiny addition keeps 0.99 and 1.01 inside despite binary fractions
        if abs(total - 1) > SHARE_TOLERANCE + 1e-9:
            yield Problem("channels", f"budget shares add up to {total:.2f}; they must add up to 1")
