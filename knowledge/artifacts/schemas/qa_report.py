"""The QA report: what one reviewer found in one version of an asset, where exactly, and how to mend it."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Problem, Text, repeated


class Where(Document):
    """The exact place of a finding."""

    part: Name = Field(description='The part of the asset, such as "headline" or "sections.2".')
    text: str = Field(default="", description="The exact words found there.")
    start: int | None = Field(default=None, ge=0, description="Position of the first character in the part, from 0.")
    end: int | None = Field(default=None, ge=0, description="Position after the last character.")

    def rules(self) -> Iterator[Problem]:
        if self.start is not None and self.end is not None and self.end < self.start:
            yield Problem("end", "lies before the start")


class Check(Document):
    """One rule and whether it holds."""

    id: Id = Field(description="Identifier, unique within the report.")
    rule: Text = Field(description="The rule, in words.")
    severity: Literal["info", "minor", "major", "critical"] = Field(description="How bad a breach is.")
    passed: bool = Field(description="True when the rule holds.")
    where: Where | None = Field(default=None, description="The exact place, if the finding has one.")
    evidence: str = Field(default="", description="What shows it.")
    fix: str = Field(default="", description="How to mend it.")


class ReportedCheck(Check):
    """A check in a report. Only a computed rule knows words that certainly mend what it found."""

    mend: str | None = Field(
        default=None, description="Words that mend it when they take the place's; null: none are certain."
    )


class NotChecked(Document):
    """A rule that could not be looked at; neither passed nor failed."""

    rule: Text = Field(description="The rule, in words.")
    why: Text = Field(description="What was missing.")


class QaReport(Document):
    """What one reviewer found in one version of an asset."""

    asset_id: Id = Field(description="Identifier of the asset.")
    asset_version: int = Field(ge=1, description="Version of the asset that was read.")
    reviewer: Literal["brand", "compliance", "consistency", "seo", "email", "originality", "preflight"] = Field(
        description="Who reviewed."
    )
    score: float = Field(ge=0, le=10, description="From 0 (unusable) to 10 (nothing to mend).")
    verdict: Literal["pass", "needs_changes", "fail"] = Field(description="The verdict.")
    checks: list[ReportedCheck] = Field(default=[], description="Every rule that was looked at.")
    unchecked: list[NotChecked] = Field(default=[], description="Rules that could not be looked at, and why.")
    iteration: int = Field(default=1, ge=1, description="Which round of review this is, from 1.")
    model: Name = Field(description='The model that judged, or "offline".')

    def rules(self) -> Iterator[Problem]:
        yield from repeated((check.id for check in self.checks), "checks")
