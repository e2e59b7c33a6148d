"""The intake form as data: seven sections, their questions, and the extra questions that appear when they apply.

Every path is a field of ``schemas.intake.Intake`` and every field of that schema has its question here.
Nothing in this file decides anything; ``intake_form`` reads it.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "longtext", "list", "choice", "multichoice", "url", "email", "date", "number", "money", "bool"]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to pick: what is stored and what a person reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """The question appears when the answer at ``path`` is, or contains, one of these words (lower case)."""

    path: str
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormField:
    """One question.

    ``other_allowed``: an answer beside the choices may be typed. ``unless``: path of a tick that answers it
    as well.
    """

    path: str
    label: str
    help: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    other_allowed: bool = False
    shown_when: ShownWhen | None = None
    unless: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    key: str
    title: str
    help: str
    fields: tuple[FormField, ...]


def _same(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(label, label) for label in labels)


_HIRING = ShownWhen("goals.objective", ("hiring",))
_ECOMMERCE = ShownWhen(
    "identity.industry",
    ("e-commerce", "ecommerce", "e commerce", "online shop", "online store", "onlineshop", "webshop", "onlinehandel"),
)
_SERVICES = ShownWhen(
    "identity.industry",
    ("services", "service", "dienstleistung", "dienstleistungen", "servicios", "serviços", "consulting", "agency"),
)

IDENTITY = Section(
    "identity",
    "Client identity",
    "Who we are working for.",
    (
        FormField("identity.name", "Client name", "As customers know it.", required=True),
        FormField(
            "identity.website", "Website", "The full address, starting with https://.", "url", True,
            unless="identity.noWebsiteYet",
        ),
        FormField("identity.noWebsiteYet", "No website yet", "Tick this instead of an address.", "bool"),
        FormField(
            "identity.industry", "Industry", "Some industries bring questions of their own.", "choice", True,
            _same("E-commerce", "Services", "Software", "Education", "Health", "Finance", "Food and drink", "Travel",
                  "Real estate", "Manufacturing", "Non-profit"),
            other_allowed=True,
        ),
        FormField("identity.geography", "Geography served", "Countries, regions or cities.", required=True),
        FormField("identity.timezone", "Time zone", 'Such as "Europe/Berlin". Times in plans follow it.'),
        FormField("identity.contactEmail", "Contact email", "Who to ask when something is unclear.", "email"),
    ),
)  # fmt: skip

OFFER = Section(
    "offer",
    "Offer and economics",
    "What is sold, for how much, and why from this client.",
    (
        FormField("offer.primaryOffers", "Primary offers", "What is mainly sold, one a line.", "list", True),
        FormField("offer.pricing", "Pricing", 'Prices or a range, such as "29 to 49 EUR a month".'),
        FormField("offer.currency", "Currency", "Of every amount in this form.", "choice",
                  choices=_same("EUR", "USD", "GBP", "CHF", "BRL", "MXN", "CAD", "AUD"), other_allowed=True),
        FormField("offer.aov", "Average order value", "What one order brings on average.", "money"),
        FormField("offer.ltv", "Customer lifetime value", "What one customer brings over the years.", "money"),
        FormField("offer.differentiators", "Differentiators", "Why here and not elsewhere, one a line.", "list", True),
        FormField("offer.competitors", "Competitors", "Names or addresses, one a line.", "list"),
        FormField("offer.proof", "Proof", "Testimonials, results and links that can be shown, one a line.", "list"),
        FormField("ecommerce.productFeedUrl", "Product feed", "Address of the feed.", "url", shown_when=_ECOMMERCE),
        FormField("ecommerce.topSkus", "Top products", "Best sellers, one a line.", "list", shown_when=_ECOMMERCE),
        FormField("ecommerce.typicalMargins", "Typical margins", 'Such as "about 55 %".', shown_when=_ECOMMERCE),
        FormField("services.serviceDeckUrl", "Service deck", "Address of a deck.", "url", shown_when=_SERVICES),
        FormField("services.serviceAreas", "Service areas", "Where you work.", "list", shown_when=_SERVICES),
        FormField("services.bookingUrl", "Booking link", "Where people book.", "url", shown_when=_SERVICES),
    ),
)  # fmt: skip

AUDIENCE = Section(
    "audience",
    "Audience and market",
    "Who buys, what troubles them and what they hope for.",
    (
        FormField("audience.targetAudience", "Target audience", "Who they are, in a sentence.", "longtext", True),
        FormField("audience.painPoints", "Pain points", "What troubles them, one a line.", "list", True),
        FormField("audience.desiredOutcomes", "Desired outcomes", "What they want instead, one a line.", "list", True),
        FormField("audience.objections", "Common objections", "Why they hesitate, one a line.", "list"),
    ),
)  # fmt: skip

GOALS = Section(
    "goals",
    "Goals and constraints",
    "What must come of it, by when, with how much.",
    (
        FormField(
            "goals.objective", "Primary objective", "The one thing that matters most.", "choice", True,
            tuple(Choice(name, name.capitalize())
                  for name in ("awareness", "leads", "sales", "hiring", "partnerships", "retention")),
        ),
        FormField("hiring.evp", "Employer value proposition", "Why work here.", "longtext", shown_when=_HIRING),
        FormField("hiring.roleTypes", "Role types", "Roles to fill, one a line.", "list", shown_when=_HIRING),
        FormField("hiring.locations", "Job locations", "Where the roles are, one a line.", "list", shown_when=_HIRING),
        FormField("hiring.employerBrandNotes", "Employer brand notes", "What else candidates should know.", "longtext",
                  shown_when=_HIRING),
        FormField("goals.kpiTargets", "KPI targets", 'Figures to reach, such as "300 orders", one a line.', "list"),
        FormField("goals.startDate", "Start date", "First day.", "date"),
        FormField("goals.endDate", "End date", "Last day, if it is fixed.", "date"),
        FormField("goals.durationWeeks", "Duration in weeks", "How long it runs.", "number"),
        FormField("goals.budgetMin", "Budget from", "Least that may be spent.", "money"),
        FormField("goals.budgetMax", "Budget up to", "Most that may be spent.", "money"),
        FormField("goals.regulatedClaims", "Regulated claims", "Health, finance and the like, one a line.", "list"),
        FormField("goals.forbiddenTopics", "Forbidden topics", "What to stay away from, one a line.", "list"),
    ),
)  # fmt: skip

VOICE = Section(
    "voice",
    "Voice and compliance",
    "How it should sound, and what may never be said.",
    (
        FormField("voice.tone", "Tone", 'In a few words, such as "warm, dry, short".', required=True),
        FormField("voice.voiceExamples", "Voice examples", "Sentences that sound right, one a line.", "list"),
        FormField("voice.bannedWords", "Banned words", "One a line.", "list"),
        FormField("voice.requiredDisclaimers", "Required disclaimers", "Word for word, one a line.", "list"),
        FormField(
            "voice.languages", "Languages", "English unless you say otherwise.", "multichoice", True,
            (Choice("en", "English"), Choice("de", "German"), Choice("es", "Spanish"), Choice("pt", "Portuguese"),
             Choice("fr", "French"), Choice("it", "Italian"), Choice("nl", "Dutch")),
            other_allowed=True,
        ),
    ),
)  # fmt: skip

ACCESS = Section(
    "access",
    "Assets and access",
    "What exists already and where it is.",
    (
        FormField("access.brandKitUrl", "Brand kit link", "Address of logos, colours and typefaces.", "url"),
        FormField("access.contentLibraryUrl", "Content library link", "Address of pictures and texts.", "url"),
        FormField("access.socialHandles", "Social handles", "One a line.", "list"),
        FormField("access.analyticsStatus", "Analytics and pixels", "What is measured today.", "choice",
                  choices=_same("In place", "Partly in place", "Not yet"), other_allowed=True),
        FormField("access.adAccountStatus", "Ad accounts", "Whether ads can start.", "choice",
                  choices=_same("Ready", "Exists, not ready", "None yet"), other_allowed=True),
    ),
)  # fmt: skip

DELIVERY = Section(
    "delivery",
    "Delivery",
    "What is handed over, and how often.",
    (
        FormField("delivery.outputs", "Wanted outputs", "Pick any.", "multichoice",
                  choices=(Choice("pdf", "PDF"), Choice("pptx", "PPTX"), Choice("zip", "ZIP"))),
        FormField("delivery.reportFrequency", "Report frequency", "How often to report.", "choice",
                  choices=(Choice("once", "Once"), Choice("weekly", "Weekly"), Choice("monthly", "Monthly"))),
    ),
)  # fmt: skip

SECTIONS: tuple[Section, ...] = (IDENTITY, OFFER, AUDIENCE, GOALS, VOICE, ACCESS, DELIVERY)
FIELDS: dict[str, FormField] = {field.path: field for section in SECTIONS for field in section.fields}
