"""The shapes that writers hand in. Given to models as output schemas, checked before anything is stored."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic.alias_generators import to_camel

from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.artifacts.schemas.base import repeated
from knowledge.artifacts.schemas.qa_report import Check
from knowledge.claims.models import EvidenceKind
from knowledge.plain_text import storable_json


class Answer(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, data: Any) -> Any:
        """Models now and then write characters that no database keeps."""
        return storable_json(data)


class Account(Answer):
    """What a writer says of its own draft: which remarks it answered, which not, and what a reviewer should know."""

    answered: list[str] = Field(default=[], description="Each remark or note that this version answers, as given.")
    unanswered: list[str] = Field(default=[], description="Each remark it does not answer, with the reason.")
    notes: list[str] = Field(default=[], description="Gaps in the sources and other things a reviewer should know.")


class DocumentAnswer(Account):
    """A document of one type with the writer's account; ``document`` is narrowed by :func:`document_answer`."""

    document: Any = None


def document_answer(type: ArtifactType) -> type[DocumentAnswer]:
    """The answer whose ``document`` has the schema of this artifact type."""
    return create_model(f"{type}_answer", __base__=DocumentAnswer, document=(SPECS[type].schema, ...))


class OutlineSection(Answer):
    heading: str
    purpose: str = Field(description="What the reader knows after it.")
    points: list[str] = []
    quote_ids: list[str] = Field(default=[], description="Ids of the customer quotes it will use, verbatim.")


class Outline(Answer):
    """An article before it is written."""

    title: str = Field(max_length=200)
    slug: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=120)
    meta_description: str = Field(max_length=400)
    keyphrase: str = Field(max_length=120)
    pattern: str = Field(description="problem-agitate-solve, before-after-bridge, how-to or comparison.")
    sections: list[OutlineSection] = Field(min_length=1, max_length=20)
    swipe_ids: list[str] = Field(default=[], description="Ids of the good examples whose structure it follows.")
    language: str = ""


class Description(Answer):
    """How a finished text is shown in a search."""

    title: str = Field(min_length=1, max_length=200)
    slug: str = Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=120)
    meta_description: str = Field(max_length=400)


class CallToAction(Answer):
    label: str
    url: str | None = None


class Email(Answer):
    subject: str = Field(max_length=200)
    preheader: str = Field(max_length=300)
    body_markdown: str
    plain_text: str
    call_to_action: CallToAction
    subjects: list[str] = Field(default=[], max_length=5, description="Other subjects, to try against the first.")
    quote_ids: list[str] = []
    swipe_ids: list[str] = Field(default=[], description="Ids of the good examples whose structure it follows.")
    language: str = ""
    notes: list[str] = Field(
        default=[], max_length=5, description="What the brief asks for that the sources do not carry."
    )


class SeriesSlot(Answer):
    """One email of a series before it is written."""

    day: int = Field(ge=0, le=365, description="Days after the start; the first email goes out on day 0.")
    purpose: str = Field(max_length=200, description="What it is to achieve.")
    subject: str = Field(max_length=200)
    subject_b: str = Field(max_length=200, description="Another subject, to try against the first.")
    preheader: str = Field(max_length=300)
    kind: str = Field(default="", max_length=40, description="In one word: welcome, problem, answer, proof, doubt …")
    focus: str = Field(default="", max_length=2_000, description="The one fact of the sources it is about.")
    quote_id: str = Field(default="", description="Id of the customer's words it rests on, if any.")


class SeriesPlan(Answer):
    """A series before it is written. ``notes``: what a person should know about it."""

    title: str = Field(max_length=200)
    language: str = ""
    emails: list[SeriesSlot] = Field(min_length=1, max_length=30)
    notes: list[str] = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [email.day for email in self.emails]
        if days != sorted(days):
            raise ValueError("emails: each goes out on the day of the one before, or later")
        subjects = [subject.casefold() for email in self.emails for subject in (email.subject, email.subject_b)]
        twice = sorted({subject for subject in subjects if subjects.count(subject) > 1})
        if twice:
            raise ValueError(f"emails: these subjects stand twice: {', '.join(twice[:5])}")
        return self


def series_answer(count: int) -> type[SeriesPlan]:
    """The plan of exactly ``count`` emails."""
    emails = (list[SeriesSlot], Field(min_length=count, max_length=count))
    return create_model(f"series_of_{count}", __base__=SeriesPlan, emails=emails)


class Proof(Answer):
    """Evidence for an open claim, chosen from what is on file."""

    claim_id: str = Field(description="Id of the claim in `claims`.")
    kind: EvidenceKind
    id: str = Field(max_length=2_000, description="Id of the passage.")
    quote: str = Field(max_length=4_000, description="The passage's words that carry the claim, exactly as they stand.")


class Review(Answer):
    """What a critic hands in; the asset, its version and the model are added by us, not believed."""

    score: float = Field(ge=0, le=10)
    verdict: Literal["pass", "needs_changes", "fail"]
    checks: list[Check] = []
    evidence: list[Proof] = Field(default=[], description="For claims in `claims` that a passage there really carries.")

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        wrong = [
            f"{problem.path}: {problem.message}" for problem in repeated((check.id for check in self.checks), "checks")
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class Edit(Answer):
    """One change of a text: ``find`` stands in the part exactly once, ``replace`` takes its place."""

    part: Literal["title", "metaDescription", "slug", "body"]
    find: str = Field(description="Words of the part exactly as they stand there; empty: add `replace` at its end.")
    replace: str
    why: str = Field(default="", max_length=400, description="Which finding it mends, in a few words.")


class Edits(Answer):
    edits: list[Edit] = Field(default=[], max_length=60)
