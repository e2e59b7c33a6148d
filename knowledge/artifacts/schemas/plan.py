"""The plan of a piece of work: what will be done, in which order, and what there is at the end."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Problem, Text, repeated

#: what a step makes: a text of its own, or a piece through the run that writes such pieces
Makes = Literal["text", "article", "email"]


class PlanStep(Document):
    """One thing to be done."""

    id: Id = Field(description="Identifier, unique among the steps.")
    title: Name = Field(description="The step in a few words.")
    does: Text = Field(description="What is done, complete enough to be done by somebody who reads only this.")
    makes: Makes = Field(
        default="text",
        description="text for a written result; article or email for a piece that is written and checked as such.",
    )
    result: str = Field(default="", description="What there is when it is done.")
    needs: list[Id] = Field(default=[], description="Identifiers of earlier steps whose results it needs.")


class Plan(Document):
    """A plan that people comment on and accept before anything is done."""

    task: Text = Field(description="The task, as it was given.")
    outcome: Text = Field(description="What there is at the end.")
    found: list[Text] = Field(default=[], description="What is on file that bears on it, with where it stands.")
    steps: list[PlanStep] = Field(min_length=1, max_length=40, description="What will be done, in order.")
    assumptions: list[Text] = Field(default=[], description="What is taken for true.")
    questions: list[Text] = Field(default=[], description="What people should answer before or while reviewing.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((step.id for step in self.steps), "steps")
        before: set[str] = set()
        for place, step in enumerate(self.steps):
            for name in step.needs:
                if name not in before:
                    yield Problem(f"steps.{place}.needs", f'"{name}" is not an earlier step')
            before.add(step.id)
