"""The client canon: who the client is, what it sells, to whom, in which words, and what may never be said."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field

from knowledge.artifacts.schemas.base import (
    Currency,
    Document,
    Id,
    Money,
    Name,
    Problem,
    Share,
    Text,
    WebAddress,
    repeated,
)


class ToneExamples(Document):
    """Sentences that show the tone, and sentences that miss it."""

    good: list[Text] = Field(default=[], description="Sentences that sound like the brand.")
    bad: list[Text] = Field(default=[], description="Sentences the brand would never write.")


class ToneOfVoice(Document):
    """How the brand speaks."""

    do: list[Text] = Field(default=[], description="What the writing should do.")
    dont: list[Text] = Field(default=[], description="What the writing must not do.")
    examples: ToneExamples = Field(default_factory=ToneExamples, description="Good and bad examples of the tone.")


class VisualStyleRefs(Document):
    """Where the brand's look is kept."""

    logo_url: WebAddress | None = Field(default=None, description="Web address of the logo.")
    palette: list[Name] = Field(default=[], description="Brand colours, as #rrggbb or by name.")
    doc_urls: list[WebAddress] = Field(default=[], description="Web addresses of brand and style guides.")


class Brand(Document):
    """The brand itself."""

    story: Text = Field(description="Where the brand comes from and why it exists, in a few sentences.")
    manifesto: str | None = Field(default=None, description="What the brand stands for, if it says so.")
    values: list[Text] = Field(default=[], description="What the brand holds dear, one value each.")
    mission: str | None = Field(default=None, description="What the brand wants to bring about, if it says so.")
    tone_of_voice: ToneOfVoice = Field(default_factory=ToneOfVoice, description="How the brand speaks.")
    visual_style_refs: VisualStyleRefs = Field(
        default_factory=VisualStyleRefs, description="Where the brand's look is kept."
    )


class PricePoint(Document):
    """One price of an offer."""

    label: Name = Field(description='What the price is for, in words ("Monthly plan", "from 49 EUR").')
    amount: Money | None = Field(default=None, description="The amount, if it is one exact figure.")
    currency: Currency | None = Field(default=None, description="ISO 4217 code of the amount, such as EUR.")


class KnownPerformance(Document):
    """What a funnel page last achieved. Leave out what was not measured."""

    cvr: Share | None = Field(default=None, description="Conversion rate, between 0 and 1.")
    epc: Money | None = Field(default=None, description="Earnings per click.")
    bounce_rate: Share | None = Field(default=None, description="Bounce rate, between 0 and 1.")
    sample_size: int | None = Field(default=None, ge=0, description="Number of visits behind these figures.")


class FunnelAsset(Document):
    """A page of the offer's funnel that exists already."""

    id: Id = Field(description="Identifier, unique within the canon.")
    type: Literal["pre_sale", "sales_page", "checkout", "upsell", "thank_you", "quiz"] = Field(
        description="What the page does in the funnel."
    )
    label: Name = Field(description="What people call the page.")
    url: WebAddress | None = Field(default=None, description="Web address of the page.")
    storage_key: str | None = Field(default=None, description="Where the stored copy of the page is kept.")
    context: Literal["cold", "warm", "email", "organic", "unknown"] = Field(
        default="unknown", description="Which traffic the page is made for."
    )
    last_known_performance: KnownPerformance | None = Field(
        default=None, description="What the page last achieved, if known."
    )


class Offer(Document):
    """Something the client sells."""

    offer_id: Id = Field(description="Identifier, unique within the canon.")
    primary: Name = Field(description="The offer in one line: what it is.")
    positioning: Text = Field(description="For whom it is, and why it rather than another.")
    key_benefits: list[Text] = Field(default=[], description="What the buyer gains, one benefit each.")
    price_points: list[PricePoint] = Field(default=[], description="What it costs.")
    guarantees: list[Text] = Field(default=[], description="What is promised if it disappoints.")
    funnel_assets: list[FunnelAsset] = Field(default=[], description="Pages that sell it already.")


class Icp(Document):
    """An ideal customer profile."""

    id: Id = Field(description="Identifier, unique within the canon.")
    name: Name = Field(description="A short name for this kind of customer.")
    description: Text = Field(description="Who they are, in a few sentences.")
    demographics: str = Field(default="", description="Age, place, role, income: only what is known.")
    psychographics: str = Field(default="", description="What they value, fear and hope: only what is known.")
    jobs_to_be_done: list[Text] = Field(default=[], description="What they want to get done.")
    common_objections: list[Text] = Field(default=[], description="Why they hesitate.")


class Detail(Document):
    """A further fact about a snippet, such as its rating or its date."""

    name: Name = Field(description="What the fact is.")
    value: str = Field(description="The fact, as text.")


def _details(value: object) -> object:
    """Accept a plain mapping, as the database keeps it, where the schema has a list of names and values."""
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value)
        return [{"name": str(name), "value": "" if fact is None else str(fact)} for name, fact in pairs.items()]
    return value


class Snippet(Document):
    """Words of a customer, exactly as they were said."""

    id: Id = Field(description="Identifier of the stored snippet.")
    source: Name = Field(description="Where it was said or written.")
    text: Text = Field(description="The customer's own words, never rewritten.")
    extra: Annotated[list[Detail], BeforeValidator(_details)] = Field(
        default=[], description="Further facts, such as rating, author or date."
    )


class VoiceOfCustomer(Document):
    """What customers say, by where they said it."""

    support_snippets: list[Snippet] = Field(default=[], description="From support conversations.")
    sales_call_snippets: list[Snippet] = Field(default=[], description="From sales calls.")
    survey_snippets: list[Snippet] = Field(default=[], description="From surveys.")
    reviews: list[Snippet] = Field(default=[], description="From public reviews.")


class LegalConstraints(Document):
    """What the law and the client's lawyers ask."""

    forbidden_phrases: list[Text] = Field(default=[], description="Words and phrases that may never appear.")
    required_disclaimers: list[Text] = Field(default=[], description="Disclaimers that must appear, word for word.")
    regulated_claims_notes: list[Text] = Field(
        default=[], description="Claims under regulation (health, finance, environment) and how to make them."
    )


class PlatformConstraints(Document):
    """What the advertising platforms refuse from this client."""

    meta_red_lines: list[Text] = Field(default=[], description="What Meta refuses.")
    google_red_lines: list[Text] = Field(default=[], description="What Google refuses.")
    tiktok_red_lines: list[Text] = Field(default=[], description="What TikTok refuses.")
    past_violations: list[Text] = Field(default=[], description="What was refused before.")


class Constraints(Document):
    """Everything that limits what may be said."""

    legal: LegalConstraints = Field(default_factory=LegalConstraints, description="Legal limits.")
    platform: PlatformConstraints = Field(default_factory=PlatformConstraints, description="Platform limits.")


class ContentPatterns(Document):
    """Examples to learn from and to avoid, by identifier in the swipe library or among the assets."""

    good_asset_ids: list[Id] = Field(default=[], description="Examples worth following.")
    bad_asset_ids: list[Id] = Field(default=[], description="Examples to avoid.")


class ClientCanon(Document):
    """Who the client is, in the form everything else is written from."""

    client_id: Id = Field(description="Identifier of the client.")
    brand: Brand = Field(description="The brand: story, values, tone, look.")
    offers: list[Offer] = Field(default=[], description="What the client sells.")
    icps: list[Icp] = Field(default=[], description="The ideal customer profiles.")
    voice_of_customer: VoiceOfCustomer = Field(
        default_factory=VoiceOfCustomer, description="What customers say, verbatim."
    )
    constraints: Constraints = Field(default_factory=Constraints, description="What may never be said or done.")
    content_patterns: ContentPatterns = Field(
        default_factory=ContentPatterns, description="Examples to follow and to avoid."
    )

    def rules(self) -> Iterator[Problem]:
        yield from repeated((offer.offer_id for offer in self.offers), "offers", "offerId")
        yield from repeated((icp.id for icp in self.icps), "icps")
        yield from self._repeated_funnel_assets()
        voices = self.voice_of_customer
        lists = {
            "supportSnippets": voices.support_snippets,
            "salesCallSnippets": voices.sales_call_snippets,
            "surveySnippets": voices.survey_snippets,
            "reviews": voices.reviews,
        }
        for name, snippets in lists.items():
            yield from repeated((snippet.id for snippet in snippets), f"voiceOfCustomer.{name}")

    def _repeated_funnel_assets(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for at, offer in enumerate(self.offers):
            for position, page in enumerate(offer.funnel_assets):
                if page.id in seen:
                    yield Problem(f"offers.{at}.funnelAssets.{position}.id", f'"{page.id}" is used twice')
                seen.add(page.id)
