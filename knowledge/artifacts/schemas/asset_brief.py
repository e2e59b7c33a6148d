"""The asset brief: what one set of variants must be, complete enough to be written from alone."""

from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Text


class References(Document):
    """What to lean on, by identifier."""

    asset_examples: list[Id] = Field(default=[], description="Swipes or assets whose structure is worth reusing.")
    voc_snippets: list[Id] = Field(default=[], description="Customer words to quote or echo.")


class PlatformLimit(Document):
    """A limit of the platform the asset must keep."""

    part: Name = Field(description='The part it holds for, such as "headline" or "video".')
    limit: float = Field(gt=0, description="The most that is allowed.")
    unit: Literal["characters", "words", "seconds", "pixels", "kilobytes", "items"] = Field(
        description="What is counted."
    )
    note: str | None = Field(default=None, description="What else to know, such as where text is cut off.")


class AssetBrief(Document):
    """What one set of variants must be."""

    id: Id = Field(description="Identifier of the brief.")
    experiment_spec_id: Id = Field(description="Identifier of the experiment it belongs to.")
    variant_id: Id = Field(description="Identifier of the variant it is for.")
    channel: Name = Field(description="The channel.")
    format: Name = Field(description='The format, such as "static_1080x1080" or "blog_post".')
    icp_id: Id = Field(description="Identifier of the customer profile.")
    funnel_stage_id: Id = Field(description="Identifier of the funnel stage.")
    concept_id: Id = Field(description="Identifier of the concept.")
    angle_type: Name = Field(description="The angle it takes.")
    key_message: Text = Field(description="The one thing to be understood.")
    must_include: list[Text] = Field(default=[], description="What must appear.")
    must_avoid: list[Text] = Field(default=[], description="What must not appear.")
    tone: Text = Field(description="How it should sound.")
    call_to_action: Text = Field(description="What the reader is asked to do.")
    references: References = Field(default_factory=References, description="What to lean on.")
    platform_limits: list[PlatformLimit] = Field(default=[], description="Limits of the platform.")
    variant_count: int = Field(default=1, ge=1, le=50, description="How many variants to make.")
    language: Name = Field(default="en", description="Language it is written in, as a code such as en or pt-BR.")
