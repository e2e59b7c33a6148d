"""What a variant is handed in as, by format, and how it is kept as an asset."""

from typing import Any

from pydantic import Field, create_model

from assistant.workflows.answers import Answer, CallToAction, Email
from knowledge.artifacts.schemas.asset_brief import AssetBrief


class Variant(Answer):
    """What every variant says of itself."""

    name: str = Field(min_length=1, max_length=80, description="What tells it apart from the brief's other variants.")
    quote_ids: list[str] = Field(default=[], description="Ids of the customer quotes in it.")
    swipe_ids: list[str] = Field(default=[], description="Ids of the examples whose structure it follows.")
    language: str = ""


class SearchAd(Variant):
    headlines: list[str] = Field(min_length=3, max_length=15, description="3 to 15, each at most 30 characters.")
    descriptions: list[str] = Field(min_length=2, max_length=4, description="2 to 4, each at most 90 characters.")
    paths: list[str] = Field(default=[], max_length=2, description="At most two, each at most 15 characters.")


class MetaAd(Variant):
    primary_text: str = Field(min_length=1, max_length=2_200, description="The text above; 125 characters are seen.")
    headline: str = Field(min_length=1, max_length=255, description="27 characters are seen.")
    description: str = Field(default="", max_length=255, description="27 characters are seen.")
    call_to_action: CallToAction | None = None


class LinkedinAd(Variant):
    intro_text: str = Field(min_length=1, max_length=600, description="150 characters are seen.")
    headline: str = Field(min_length=1, max_length=200, description="70 characters are seen.")
    call_to_action: CallToAction | None = None


class Script(Variant):
    """A script of thirty seconds."""

    hook: str = Field(min_length=1, max_length=500, description="What is said or shown in the first three seconds.")
    voiceover: str = Field(
        min_length=1, max_length=2_000, description="What is said after it, at most 75 words in all."
    )
    overlay_text: str = Field(default="", max_length=200, description="What is written over the picture.")
    text: str = Field(min_length=1, max_length=100, description="The text of the post, 1 to 100 characters.")


class Section(Variant):
    """A section of a landing page."""

    markdown: str = Field(min_length=1, max_length=8_000, description="Begins with its `## ` heading; 60 to 160 words.")
    call_to_action: CallToAction | None = None


class EmailVariant(Email):
    name: str = Field(default="", max_length=80, description="What tells it apart from the brief's other variants.")


_ANSWERS: dict[str, type[Answer]] = {
    "search_ad": SearchAd,
    "meta_ad": MetaAd,
    "linkedin_ad": LinkedinAd,
    "video_script_30s": Script,
    "landing_section": Section,
    "email_html": EmailVariant,
}


class VariantsAnswer(Answer):
    """``variants`` is narrowed by :func:`variants_answer`."""

    variants: list[Any]
    unanswered: list[str] = Field(default=[], description="What of a note was not done, with the reason.")


def variants_answer(format: str, count: int) -> type[VariantsAnswer]:
    """Exactly ``count`` variants of this format."""
    item = _ANSWERS.get(format, Section)
    many = (list[item], Field(min_length=count, max_length=count))  # pyright: ignore[reportInvalidTypeForm] - at runtime
    return create_model(f"{format}_variants", __base__=VariantsAnswer, variants=many)


def content_of(variant: Any) -> dict[str, Any]:
    """The content of the asset: what the variant holds, without what is empty."""
    held = variant.model_dump(mode="json", by_alias=True, exclude={"name", "notes"})
    return {name: value for name, value in held.items() if value not in (None, "", [])}


def title_of(variant: Any, brief: AssetBrief, number: int) -> str:
    """An email is called by its subject; anything else by its own name, with the brief's variant before it."""
    if isinstance(variant, EmailVariant):
        return variant.subject
    return f"{brief.variant_id} {number}: {variant.name}"[:200]


def held_of(format: str, content: dict[str, Any]) -> dict[str, Any]:
    """Of an asset's content what its writer handed in; not what was made from it, such as an email's HTML."""
    fields = _ANSWERS.get(format, Section).model_fields
    known = {field.alias or name for name, field in fields.items()}
    return {name: value for name, value in content.items() if name in known}
