"""The intake: the client's own answers, kept as given even when half filled.

Nothing here is required and addresses, dates and amounts are plain text, so that a half-filled or mistyped
form is never lost. ``intake_form.check_intake`` says what is missing or malformed; an intake is approved
only without errors.
"""

from collections.abc import Mapping
from typing import Any, Literal, cast

from pydantic import ConfigDict, Field, field_validator, model_validator

from knowledge.artifacts.schemas.base import Document
from knowledge.artifacts.schemas.strategy_sheet import Objective

ReportFrequency = Literal["once", "weekly", "monthly"]
Output = Literal["pdf", "pptx", "zip"]


class Answers(Document):
    """A section of the form. A number typed into a text field is kept as its text."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_unanswered(cls, data: object) -> object:
        """Leave out what a form sends for a question without an answer: null, or an empty text."""
        if not isinstance(data, Mapping):
            return data
        answers = cast("Mapping[Any, object]", data)
        return {key: value for key, value in answers.items() if value is not None and value != ""}


class Identity(Answers):
    """Section 1, client identity."""

    name: str | None = Field(default=None, description="Name of the client.")
    website: str | None = Field(default=None, description="Web address of the client.")
    no_website_yet: bool = Field(default=False, description="True when there is no website yet.")
    industry: str | None = Field(default=None, description="Industry the client works in.")
    geography: str | None = Field(default=None, description="Where its customers are.")
    timezone: str | None = Field(default=None, description='Time zone, such as "Europe/Berlin".')
    contact_email: str | None = Field(default=None, description="Email address of the contact.")


class OfferAndEconomics(Answers):
    """Section 2, offer and economics."""

    primary_offers: list[str] = Field(default=[], description="What the client mainly sells.")
    pricing: str | None = Field(default=None, description="Prices or price range, in words.")
    aov: str | None = Field(default=None, description="Average order value, an amount.")
    ltv: str | None = Field(default=None, description="Lifetime value of a customer, an amount.")
    currency: str | None = Field(default=None, description="Currency of all amounts, such as EUR.")
    differentiators: list[str] = Field(default=[], description="What makes the client different.")
    competitors: list[str] = Field(default=[], description="Who else the customer could choose.")
    proof: list[str] = Field(default=[], description="Testimonials, results, links that show it.")


class AudienceAndMarket(Answers):
    """Section 3, audience and market."""

    target_audience: str | None = Field(default=None, description="Who the customers are.")
    pain_points: list[str] = Field(default=[], description="What troubles them.")
    desired_outcomes: list[str] = Field(default=[], description="What they want instead.")
    objections: list[str] = Field(default=[], description="Why they hesitate.")


class GoalsAndConstraints(Answers):
    """Section 4, goals and constraints."""

    objective: Objective | None = Field(default=None, description="The primary objective.")
    kpi_targets: list[str] = Field(default=[], description='Targets in words, such as "300 orders in 12 weeks".')
    start_date: str | None = Field(default=None, description="First day, as YYYY-MM-DD.")
    end_date: str | None = Field(default=None, description="Last day, as YYYY-MM-DD.")
    duration_weeks: int | None = Field(default=None, description="Length in weeks.")
    budget_min: str | None = Field(default=None, description="Least that may be spent, an amount.")
    budget_max: str | None = Field(default=None, description="Most that may be spent, an amount.")
    regulated_claims: list[str] = Field(default=[], description="Claims that are regulated.")
    forbidden_topics: list[str] = Field(default=[], description="Topics to stay away from.")


class VoiceAndCompliance(Answers):
    """Section 5, voice and compliance."""

    tone: str | None = Field(default=None, description="How the client wants to sound.")
    voice_examples: list[str] = Field(default=[], description="Sentences in the client's own voice.")
    banned_words: list[str] = Field(default=[], description="Words never to be used.")
    required_disclaimers: list[str] = Field(default=[], description="Disclaimers that must appear, word for word.")
    languages: list[str] = Field(default=["en"], description="Languages to write in; English unless said.")

    @field_validator("languages")
    @classmethod
    def _english_unless_said(cls, languages: list[str]) -> list[str]:
        return languages or ["en"]


class AssetsAndAccess(Answers):
    """Section 6, assets and access."""

    brand_kit_url: str | None = Field(default=None, description="Web address of the brand kit.")
    content_library_url: str | None = Field(default=None, description="Web address of the content library.")
    social_handles: list[str] = Field(default=[], description="Social media handles or addresses.")
    analytics_status: str | None = Field(default=None, description="Whether analytics and pixels are in place.")
    ad_account_status: str | None = Field(default=None, description="Whether the ad accounts are ready.")


class DeliveryWishes(Answers):
    """Section 7, delivery."""

    outputs: list[Output] = Field(default=[], description="Wanted outputs.")
    report_frequency: ReportFrequency | None = Field(default=None, description="How often to report.")


class Hiring(Answers):
    """Extra questions when the objective is hiring."""

    evp: str | None = Field(default=None, description="Employer value proposition: why work here.")
    role_types: list[str] = Field(default=[], description="Roles to fill.")
    locations: list[str] = Field(default=[], description="Where the roles are.")
    employer_brand_notes: str | None = Field(default=None, description="What else to know about the employer.")


class Ecommerce(Answers):
    """Extra questions for e-commerce."""

    product_feed_url: str | None = Field(default=None, description="Web address of the product feed.")
    top_skus: list[str] = Field(default=[], description="Best-selling products.")
    typical_margins: str | None = Field(default=None, description="Usual margins, in words.")


class Services(Answers):
    """Extra questions for services."""

    service_deck_url: str | None = Field(default=None, description="Web address of the service deck.")
    service_areas: list[str] = Field(default=[], description="Where the service is offered.")
    booking_url: str | None = Field(default=None, description="Web address for bookings.")


class Intake(Document):
    """The client's own answers."""

    identity: Identity = Field(default_factory=Identity, description="Client identity.")
    offer: OfferAndEconomics = Field(default_factory=OfferAndEconomics, description="Offer and economics.")
    audience: AudienceAndMarket = Field(default_factory=AudienceAndMarket, description="Audience and market.")
    goals: GoalsAndConstraints = Field(default_factory=GoalsAndConstraints, description="Goals and constraints.")
    voice: VoiceAndCompliance = Field(default_factory=VoiceAndCompliance, description="Voice and compliance.")
    access: AssetsAndAccess = Field(default_factory=AssetsAndAccess, description="Assets and access.")
    delivery: DeliveryWishes = Field(default_factory=DeliveryWishes, description="Delivery.")
    hiring: Hiring = Field(default_factory=Hiring, description="Questions for hiring.")
    ecommerce: Ecommerce = Field(default_factory=Ecommerce, description="Questions for e-commerce.")
    services: Services = Field(default_factory=Services, description="Questions for services.")
