"""The one place that knows where things stand in the intake form.

Answers arrive as text, as lists or as small objects, depending on how the form was filled; the view makes them
lists of phrases in the client's own words. Nothing is added.
"""

import re
from dataclasses import dataclass, field
from typing import cast

from assistant.models.offline.compose.sources import ClientFacts, Document
from assistant.models.offline.compose.wording import bare, distinct, tidy, words
from knowledge.json_values import as_list, as_object


def phrase_of(value: object) -> str:
    """An answer as one phrase; an object gives its name and description, or its values in order."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict):
        item = as_object(cast("object", value))
        named = [item.get(key) for key in ("name", "title", "label", "text", "description", "price", "url", "value")]
        parts = [phrase_of(part) for part in named if part] or [phrase_of(part) for part in item.values()]
        return ": ".join(distinct(part for part in parts if part)[:2])
    if isinstance(value, list):
        return ", ".join(filter(None, map(phrase_of, as_list(cast("object", value)))))
    return tidy(str(value))


def phrases_of(value: object, commas: bool = False) -> list[str]:
    """An answer as a list of phrases: list items, lines, semicolons; commas too when asked or when it is a list."""
    if isinstance(value, list):
        return distinct(bare(phrase_of(item)) for item in as_list(cast("object", value)))
    text = str(value) if isinstance(value, str) else phrase_of(value)
    parts = [part for line in text.splitlines() for part in re.split(r";\s+", line)]
    if len(parts) == 1 and (commas or _reads_as_list(text)):
        parts = re.split(r",\s+", text)
    return distinct(map(bare, parts))


def _reads_as_list(text: str) -> bool:
    parts = text.split(", ")
    return len(parts) >= 3 and "." not in text.rstrip(".") and all(len(words(part)) <= 6 for part in parts)


@dataclass(frozen=True)
class IntakeView:
    """The intake as phrases. Every field may be empty."""

    name: str = ""
    website: str = ""
    industry: str = ""
    geography: str = ""
    offers: list[str] = field(default_factory=list[str])
    prices: list[str] = field(default_factory=list[str])
    average_order: str = ""
    currency: str = ""
    differentiators: list[str] = field(default_factory=list[str])
    competitors: list[str] = field(default_factory=list[str])
    proof: list[str] = field(default_factory=list[str])
    audience: list[str] = field(default_factory=list[str])
    pains: list[str] = field(default_factory=list[str])
    outcomes: list[str] = field(default_factory=list[str])
    objections: list[str] = field(default_factory=list[str])
    objective: str = ""
    kpi_targets: list[str] = field(default_factory=list[str])
    start_date: str = ""
    end_date: str = ""
    weeks: int | None = None
    budget: tuple[str, str] = ("", "")
    regulated_claims: list[str] = field(default_factory=list[str])
    forbidden_topics: list[str] = field(default_factory=list[str])
    tone: list[str] = field(default_factory=list[str])
    voice_examples: list[str] = field(default_factory=list[str])
    banned_words: list[str] = field(default_factory=list[str])
    disclaimers: list[str] = field(default_factory=list[str])
    languages: list[str] = field(default_factory=list[str])
    brand_links: list[str] = field(default_factory=list[str])
    handles: list[str] = field(default_factory=list[str])
    analytics: str = ""
    ad_accounts: str = ""
    hiring: list[str] = field(default_factory=list[str])
    products: list[str] = field(default_factory=list[str])
    booking_url: str = ""


def read_intake(intake: Document | None, client: ClientFacts) -> IntakeView:
    """The view of an intake; the client's row fills in who it is when the form does not say."""
    form = intake or {}
    who, offer, audience, goals, voice, access, hiring, shop, services = (
        as_object(form.get(section))
        for section in ["identity", "offer", "audience", "goals", "voice", "access", "hiring", "ecommerce", "services"]
    )
    return IntakeView(
        name=phrase_of(who.get("name")) or client.name,
        website=phrase_of(who.get("website")) or client.website,
        industry=phrase_of(who.get("industry")) or client.industry,
        geography=phrase_of(who.get("geography")) or ", ".join(client.markets),
        offers=phrases_of(offer.get("primaryOffers")),
        prices=phrases_of(offer.get("pricing")),
        average_order=phrase_of(offer.get("aov")),
        currency=phrase_of(offer.get("currency")),
        differentiators=phrases_of(offer.get("differentiators")),
        competitors=phrases_of(offer.get("competitors"), commas=True),
        proof=phrases_of(offer.get("proof")),
        audience=phrases_of(audience.get("targetAudience")),
        pains=phrases_of(audience.get("painPoints")),
        outcomes=phrases_of(audience.get("desiredOutcomes")),
        objections=phrases_of(audience.get("objections")),
        objective=phrase_of(goals.get("objective")).lower(),
        kpi_targets=phrases_of(goals.get("kpiTargets")),
        start_date=phrase_of(goals.get("startDate")),
        end_date=phrase_of(goals.get("endDate")),
        weeks=_whole(goals.get("durationWeeks")),
        budget=(phrase_of(goals.get("budgetMin")), phrase_of(goals.get("budgetMax"))),
        regulated_claims=phrases_of(goals.get("regulatedClaims")),
        forbidden_topics=phrases_of(goals.get("forbiddenTopics")),
        tone=phrases_of(voice.get("tone"), commas=True),
        voice_examples=_verbatim(voice.get("voiceExamples")),
        banned_words=phrases_of(voice.get("bannedWords"), commas=True),
        disclaimers=_verbatim(voice.get("requiredDisclaimers")),
        languages=phrases_of(voice.get("languages"), commas=True) or list(client.languages),
        brand_links=distinct(phrase_of(access.get(name)) for name in ("brandKitUrl", "contentLibraryUrl")),
        handles=phrases_of(access.get("socialHandles"), commas=True),
        analytics=phrase_of(access.get("analyticsStatus")),
        ad_accounts=phrase_of(access.get("adAccountStatus")),
        hiring=[
            part
            for name in ("evp", "employerBrandNotes", "roleTypes", "locations")
            for part in phrases_of(hiring.get(name))
        ],
        products=phrases_of(shop.get("topSkus")),
        booking_url=phrase_of(services.get("bookingUrl")),
    )


def _verbatim(value: object) -> list[str]:
    """Whole sentences: never split at commas, kept with their marks."""
    if isinstance(value, list):
        return distinct(phrase_of(item) for item in as_list(cast("object", value)))
    return distinct(str(value).splitlines()) if value else []


def _whole(value: object) -> int | None:
    found = re.search(r"\d+", phrase_of(value))
    return int(found.group()) if found else None
