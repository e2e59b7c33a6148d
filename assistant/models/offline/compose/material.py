"""What can be said about a client: facts with their place of origin, and quotes that may be printed.

A fact is a phrase from the intake or the canon, unchanged. Nothing is derived here, so whatever a draft says about
the client can be traced to a document.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assistant.models.offline.compose.intake_reading import IntakeView, phrase_of, phrases_of, read_intake
from assistant.models.offline.compose.language import detect, fits
from assistant.models.offline.compose.relevance import common_words
from assistant.models.offline.compose.sources import Document, Sources, VocSnippet
from assistant.models.offline.compose.themes import mood_of, theme_of
from assistant.models.offline.compose.wording import bare, distinct, fold, overlap, sentences, words
from knowledge.json_values import as_list, as_object

_GUARANTEE = re.compile(
    r"guarantee|money[- ]back|refund|return(?:s|ed)?\b|exchange|free swap|cancel|free trial|trial\b|garantie|rückgabe|"
    r"umtausch|"
    r"kündbar|probe(?:monat|zeit)|geld zurück|testphase|garantía|devoluci|cambio gratis|prueba gratis|"
    r"sin permanencia|"
    r"garantia|devolu[cç]|troca|sem fideliza",
    re.IGNORECASE,
)
#: a quote with markup, a link or words addressed to a machine is not printed
UNPRINTABLE = re.compile(
    r"[<>{}]|https?://|www\.|\b(?:ignore|disregard) (?:all|any|the|your|previous)|system prompt|"
    r"ignorier\w* (?:alle|deine|die|ihre)|ignora (?:todas|tus|las|as)|ignore (?:todas|as|suas)",
    re.IGNORECASE,
)
LONGEST_QUOTE = 60
#: with so many quotes in the language of the text, those in other languages are left out
ENOUGH_QUOTES = 2


@dataclass(frozen=True)
class Fact:
    """A phrase of the client's. ``role`` says what it is for, ``origin`` where it stands."""

    role: str
    text: str
    origin: str
    foreign: bool = False

    @property
    def about(self) -> str:
        return self.text


@dataclass(frozen=True)
class Quote:
    """A customer's words, printable: the whole snippet, or whole sentences of one that is too long to print."""

    id: str
    text: str
    author: str
    kind: str
    mood: str
    theme: str
    foreign: bool = False
    themes: str = ""

    @property
    def about(self) -> str:
        """Its words and the themes it was filed under."""
        return f"{self.text} {self.themes}".strip()


@dataclass(frozen=True)
class Material:
    """All facts and quotes a draft in ``language`` may use; native ones come first."""

    language: str
    view: IntakeView
    facts: list[Fact]
    quotes: list[Quote]
    forbidden: tuple[str, ...]
    disclaimers: list[str]

    @cached_property
    def common(self) -> frozenset[str]:
        """Words of the trade, which say nothing about how facts and quotes belong together."""
        return common_words([item.text for item in [*self.facts, *self.quotes] if not item.foreign])

    def of(self, *roles: str) -> list[Fact]:
        found = [fact for role in roles for fact in self.facts if fact.role == role]
        native = [fact for fact in found if not fact.foreign]
        return native or found

    def left_out(self) -> int:
        """How many facts are in another language and are not used because native ones exist."""
        roles = {fact.role for fact in self.facts if not fact.foreign}
        return sum(fact.foreign and fact.role in roles for fact in self.facts)


def gather(sources: Sources, language: str) -> Material:
    """The material for a text in ``language``, from the canon and the intake together."""
    view = read_intake(sources.intake, sources.client)
    canon = sources.canon or {}
    legal = as_object(as_object(canon.get("constraints")).get("legal"))
    forbidden = distinct([*phrases_of(legal.get("forbiddenPhrases")), *view.banned_words, *view.forbidden_topics])
    disclaimers = distinct(
        [*map(phrase_of, as_list(legal.get("requiredDisclaimers"))), *([] if sources.canon else view.disclaimers)]
    )
    pairs = [*_from_canon(canon), *_from_intake(view)]
    return Material(
        language=language,
        view=view,
        facts=_distinct_facts(pairs, language, tuple(forbidden)),
        quotes=printable_quotes(sources.voc, language),
        forbidden=tuple(forbidden),
        disclaimers=disclaimers,
    )


def _from_canon(canon: Document) -> Iterable[tuple[str, str, str]]:
    for place, offer in enumerate(map(as_object, as_list(canon.get("offers")))):
        origin = f"canon.offers.{place}"
        yield "offer", phrase_of(offer.get("primary")), origin
        for text in phrases_of(offer.get("keyBenefits")):
            yield "strength", text, origin
        for price in map(as_object, as_list(offer.get("pricePoints"))):
            yield "price", price_phrase(price), origin
        for text in phrases_of(offer.get("guarantees")):
            yield "guarantee", text, origin
    for place, icp in enumerate(map(as_object, as_list(canon.get("icps")))):
        origin = f"canon.icps.{place}"
        yield "audience", phrase_of(icp.get("name")), origin
        for text in phrases_of(icp.get("jobsToBeDone")):
            yield "outcome", text, origin
        for text in phrases_of(icp.get("commonObjections")):
            yield "objection", text, origin
        for text in phrases_of(icp.get("psychographics")):
            yield "pain", text, origin


def price_phrase(price: Document) -> str:
    """A price point in words: its label, with the amount when the label does not hold it."""
    label, amount = phrase_of(price.get("label")), phrase_of(price.get("amount"))
    shown = re.sub(r"\.00$", "", amount)
    if not shown or re.sub(r"\D", "", shown) in re.sub(r"[.,\s]", "", label):
        return label
    return f"{label}: {shown} {phrase_of(price.get('currency'))}".strip()


def _from_intake(view: IntakeView) -> Iterable[tuple[str, str, str]]:
    groups = {
        "offer": view.offers, "strength": view.differentiators, "price": view.prices, "proof": view.proof,
        "audience": view.audience, "pain": view.pains, "outcome": view.outcomes, "objection": view.objections,
        "product": view.products, "strength ": view.hiring,
    }  # fmt: skip
    for role, texts in groups.items():
        for text in texts:
            yield role.strip(), text, f"intake.{role.strip()}"
    for text in view.differentiators:
        if _GUARANTEE.search(text):
            yield "guarantee", text, "intake.offer"


def is_guarantee(text: str) -> bool:
    return bool(_GUARANTEE.search(text))


def _distinct_facts(pairs: Iterable[tuple[str, str, str]], language: str, forbidden: tuple[str, ...]) -> list[Fact]:
    seen: set[tuple[str, str]] = set()
    kept: list[Fact] = []
    for role, text, origin in pairs:
        plain = bare(text)
        key = (role, fold(plain))
        if len(plain) < 3 or key in seen or UNPRINTABLE.search(plain) or names_any(plain, forbidden):
            continue
        if any(other.role == role and overlap(other.text, plain) > 0.99 for other in kept):
            continue
        seen.add(key)
        kept.append(Fact(role, plain, origin, not fits(plain, language)))
    guarantees = {fold(fact.text) for fact in kept if fact.role == "guarantee"}
    return [fact for fact in kept if fact.role not in {"strength", "price"} or fold(fact.text) not in guarantees]


def names_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether ``text`` holds one of the phrases as whole words, in any case."""
    plain = fold(text)
    return any(re.search(rf"(?<!\w){re.escape(fold(phrase))}(?!\w)", plain) for phrase in phrases if phrase.strip())


def printable_quotes(voc: Iterable[VocSnippet], language: str) -> list[Quote]:
    """Quotes that may stand in a text: verbatim, no markup, not too long; those in ``language`` first."""
    found: list[Quote] = []
    seen: set[str] = set()
    for snippet in voc:
        text = _printable_part(snippet.text)
        if not text or fold(text) in seen:
            continue
        seen.add(fold(text))
        said_in = snippet.language[:2].lower() or detect(text) or language
        found.append(
            Quote(snippet.id, text, snippet.author.strip(), snippet.kind, mood_of(snippet), quote_theme(snippet),
                  said_in != language, " ".join(snippet.themes))
        )  # fmt: skip
    native = [quote for quote in found if not quote.foreign]
    return native if len(native) >= ENOUGH_QUOTES else native + [quote for quote in found if quote.foreign]


def quote_theme(snippet: VocSnippet) -> str:
    found = theme_of(snippet.text)
    return found if found != "general" else theme_of(" ".join(snippet.themes))


def _printable_part(text: str) -> str:
    plain = text.strip()
    if UNPRINTABLE.search(plain) or len(words(plain)) < 3:
        return ""
    if len(words(plain)) <= LONGEST_QUOTE:
        return plain if "\n" not in plain else ""
    for sentence in sentences(plain):
        if 5 <= len(words(sentence)) <= LONGEST_QUOTE and sentence in plain:
            return sentence
    return ""
