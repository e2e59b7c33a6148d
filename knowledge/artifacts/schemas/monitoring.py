"""Monitoring: what must be tracked, what was measured, and what to change week by week."""

import datetime as dt
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Text


class TrackingItem(Document):
    """Something that must be in place before figures can be trusted."""

    item: Text = Field(description="What must be in place.")
    status: Literal["open", "done", "not_needed"] = Field(default="open", description="Whether it is.")
    owner: str | None = Field(default=None, description="Who sees to it.")
    note: str | None = Field(default=None, description="What else to know.")


class WeeklyOptimisation(Document):
    """A suggestion for one week, with what it rests on."""

    week: int = Field(ge=1, le=520, description="Week of the campaign, from 1.")
    observation: Text = Field(description="What the figures show.")
    suggestion: Text = Field(description="What to change.")
    channel: str | None = Field(default=None, description="The channel it concerns.")
    metric_id: Id | None = Field(default=None, description="Identifier of the metric it should move.")


class MetricInput(Document):
    """A figure that was measured."""

    metric_id: Id = Field(description="Identifier of the metric.")
    channel: Name | None = Field(default=None, description="The channel, if the figure is of one.")
    period_start: dt.date = Field(description="First day.")
    period_end: dt.date = Field(description="Last day.")
    value: float = Field(description="The figure, in the unit of the metric.")
    source: str = Field(default="", description="Where it was read.")


class Monitoring(Document):
    """What is tracked and what is changed."""

    tracking_checklist: list[TrackingItem] = Field(default=[], description="What must be in place.")
    weekly_optimisations: list[WeeklyOptimisation] = Field(default=[], description="Suggestions, week by week.")
    metrics_input: list[MetricInput] = Field(default=[], description="What was measured.")
