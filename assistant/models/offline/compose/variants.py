"""Text variants from a brief: search ads, feed ads, scripts, sections of landing pages, emails.

Every line is the client's or a customer's own words, or a fixed phrase that claims nothing. Variants of one brief begin
with different lines.
"""

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.models.offline.compose.change_requests import read_requests
from assistant.models.offline.compose.email_draft import write_email
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import Fact, Material, Quote, gather
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity
from assistant.models.offline.compose.revision import Fields, Revision
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import bare, capital, closed, distinct, fold, words
from knowledge.experiments.formats import FORMATS
from knowledge.json_values import as_list, as_object

_CLAUSE = re.compile(r"\s*[,;:–—]\s+|\s+-\s+|\.\s+")
_EMOJI_OR_MARK = re.compile(r"[#{}\U0001F000-\U0001FFFF☀-➿]")


@dataclass(frozen=True)
class Workshop:
    """What a variant is made of: lines closest to the brief's message first, turned by the variant's number."""

    sources: Sources
    brief: Document
    material: Material
    pen: Pen
    number: int

    @property
    def client(self) -> str:
        return self.material.view.name or self.sources.client.name

    def facts(self) -> list[Fact]:
        roles = ("strength", "guarantee", "outcome", "offer", "price", "proof")
        native = [fact for fact in self.material.of(*roles) if not fact.foreign]
        ranked = sorted(native, key=lambda fact: -affinity(fact.about, self.message))
        turn = self.number % max(1, len(ranked))
        return [*ranked[turn:], *ranked[:turn]]

    @property
    def message(self) -> str:
        return phrase_of(self.brief.get("keyMessage"))

    def quotes(self) -> list[Quote]:
        """The brief's own quotes first; only printable ones in the language of the piece."""
        wanted = as_list(as_object(self.brief.get("references")).get("vocSnippets"))
        mine = [quote for quote in self.material.quotes if quote.id in wanted and not quote.foreign]
        mine.sort(key=lambda quote: quote.mood != "gain")
        turn = self.number % max(1, len(mine))
        return [*mine[turn:], *mine[:turn]]

    def quoted(self, quote: Quote) -> str:
        return f"{self.pen.word('marks.open')}{quote.text}{self.pen.word('marks.close')}"

    def lines(self, most: int) -> list[str]:
        """Whole statements of at most ``most`` characters: the message, facts, or a fact's first clause."""
        facts = [fact.text for fact in self.facts()]
        lead = facts[:1] if self.number else []  # the first variant opens with the message, another with a fact
        texts = [*lead, self.message, *facts]
        found = [line for text in texts if (line := fitting(text, most))]
        return distinct(found)

    @property
    def common(self) -> Document:
        swipes = as_list(as_object(self.brief.get("references")).get("assetExamples"))
        known = {swipe.id for swipe in self.sources.swipes}
        named = capital(bare(next(iter(self.lines(60)), self.message)))[:80]
        return {
            "name": named or "—",
            "language": self.pen.language,
            "swipeIds": [one for one in swipes if one in known],
        }


def change_variant(sources: Sources) -> Document:
    """The variant in ``previous``, changed as ``note`` asks; ``unanswered`` says what could not be done."""
    held = {key: value for key, value in (sources.previous or {}).items() if key != "title"}
    named = {"title": "subject" if "subject" in held else "headline", "subject": "subject", "preheader": "preheader"}
    texts = {noun: key for noun, key in named.items() if key in held}
    if "callToAction" in held:
        texts["cta"] = "callToAction.label"
    revision = Revision(copy.deepcopy(held), Fields(texts=texts))
    revision.carry_out(read_requests(sources.note, []))
    name = phrase_of((sources.previous or {}).get("title"))[:80] or "—"
    return {"variants": [{"name": name, **revision.data}], "unanswered": revision.unanswered}


def write_variants(sources: Sources, brief: Document, count: int) -> Document:
    """``variants``: ``count`` of them in the brief's format."""
    named = str(brief.get("language") or "")
    sources = sources.model_copy(update={"language": named or sources.language})
    language = language_of(sources)
    material = gather(sources, language)
    make = _MAKERS.get(str(brief.get("format")), _section)
    shops = [
        Workshop(sources, brief, material, Pen(language, f"{brief.get('id')} {number}", {}, material.forbidden), number)
        for number in range(count)
    ]
    return {"variants": [make(shop) for shop in shops]}


def fitting(text: str, most: int) -> str:
    """``text`` as a line of at most ``most`` characters: whole, or its first clause; "" when neither fits."""
    plain = bare(text)
    if plain.startswith(("“", '"', "„", "«")):
        return ""
    clause = _CLAUSE.split(plain, maxsplit=1)[0]
    for line, least in ((plain, 2), (clause, 3)):
        if 3 <= len(line) <= most and len(words(line)) >= least and line.count("(") == line.count(")"):
            return capital(line)
    return ""


def _search_ad(shop: Workshop) -> Document:
    fixed = [shop.client[:30], *shop.pen.fill("variants.headline", client=shop.client)]
    headlines = _told(distinct([*shop.lines(30)[:8], *(line for line in fixed if line and len(line) <= 30)]))
    required = [line for line in shop.material.disclaimers if len(line) <= 90]
    told = [closed(line) for line in shop.lines(89)]
    filling = [line for line in shop.pen.fill("variants.description", client=shop.client) if len(line) <= 90]
    return {
        **shop.common,
        "headlines": headlines[:15],
        "descriptions": distinct([*required, *told[: 4 - len(required)], *filling])[:4],
        "paths": [],
        "quoteIds": [],
    }


def _told(lines: Iterable[str]) -> list[str]:
    """Without those that say the same as one before."""
    kept: list[str] = []
    for line in lines:
        if not any(fold(line) in fold(other) or fold(other) in fold(line) for other in kept):
            kept.append(line)
    return kept


#: a customer's words take at most this share of a short text: something has to be said beside them
QUOTE_SHARE = 0.65
LEAST_ROOM = 60


def _feed_text(shop: Workshop, most: int) -> tuple[str, list[str]]:
    """Statements as far as they fit and, where they fit beside one, a customer's words; then what has to be there.

    The first variant opens with the customer, the next with a statement, and so on in turn.
    """
    required = shop.material.disclaimers
    room = most - sum(len(line) + 2 for line in required)
    room = room if room >= LEAST_ROOM else most
    quote = next((one for one in shop.quotes() if len(one.text) <= room * QUOTE_SHARE), None)
    left = room - (len(shop.quoted(quote)) + 1 if quote else 0)
    said: list[str] = []
    for line in shop.lines(room):
        if len(" ".join([*said, closed(line)])) <= left:
            said.append(closed(line))
    if not said:
        quote, said = None, [closed(line) for line in shop.lines(room)[:1]] or [closed(shop.message)]
    opening = [shop.quoted(quote)] if quote else []
    parts = [*opening, *said] if shop.number % 2 == 0 else [*said[:1], *opening, *said[1:]]
    return "\n\n".join([" ".join(parts), *required]), [quote.id] if quote else []


def _meta_ad(shop: Workshop) -> Document:
    text, quotes = _feed_text(shop, 125)
    lines = [*shop.lines(27), shop.client[:27]]
    return {
        **shop.common,
        "primaryText": text,
        "headline": lines[0],
        "description": next((line for line in lines[1:] if line != lines[0]), ""),
        "callToAction": {"label": phrase_of(shop.brief.get("callToAction")), "url": _address(shop)},
        "quoteIds": quotes,
    }


def _linkedin_ad(shop: Workshop) -> Document:
    text, quotes = _feed_text(shop, 150)
    return {
        **shop.common,
        "introText": text,
        "headline": next(iter([*shop.lines(70), shop.client[:70]])),
        "callToAction": {"label": phrase_of(shop.brief.get("callToAction")), "url": _address(shop)},
        "quoteIds": quotes,
    }


def _script(shop: Workshop) -> Document:
    """What is said in thirty seconds: the problem or a customer's words, two or three facts, what to do."""
    quote = next((one for one in shop.quotes() if len(words(one.text)) <= 25), None)
    pains = [fact for fact in shop.material.of("pain") if not fact.foreign]
    pain = max(pains, key=lambda fact: affinity(fact.about, shop.message), default=None)
    hook = shop.quoted(quote) if quote else closed(pain.text) if pain else closed(shop.message)
    spoken: list[str] = []
    for line in [*shop.lines(120), *shop.material.disclaimers]:
        if len(words(" ".join([hook, *spoken, line]))) <= 70:
            spoken.append(closed(line))
    caption = next((line for line in shop.lines(90) if not _EMOJI_OR_MARK.search(line)), shop.client)
    return {
        **shop.common,
        "hook": hook,
        "voiceover": " ".join([*spoken, closed(phrase_of(shop.brief.get("callToAction")))]),
        "overlayText": next(iter(shop.lines(40)), shop.client),
        "text": caption if len(caption) >= 12 else f"{caption} – {shop.client}"[:100],
        "quoteIds": [quote.id] if quote else [],
    }


def _section(shop: Workshop) -> Document:
    heading = next(iter(shop.lines(80)), shop.client)
    facts = [closed(capital(fact.text)) for fact in shop.facts()[:4] if fold(heading) not in fold(fact.text)]
    quote = next(iter(shop.quotes()), None)
    url = _address(shop)
    label = phrase_of(shop.brief.get("callToAction"))
    blocks = [
        f"## {heading}",
        "" if fold(bare(shop.message)) == fold(heading) or shop.message.startswith("“") else closed(shop.message),
        "\n".join(f"- {fact}" for fact in facts),
        f"> {shop.quoted(quote)}" if quote else "",
        f"**[{label}]({url})**" if url else "",
        *(f"*{line}*" for line in shop.material.disclaimers),
    ]
    return {
        **shop.common,
        "markdown": "\n\n".join(block for block in blocks if block) + "\n",
        "callToAction": {"label": label, "url": url},
        "quoteIds": [quote.id] if quote else [],
    }


def _email(shop: Workshop) -> Document:
    """An email about the message; another variant leads with another of the brief's facts."""
    lead = next((fact.text for fact in shop.facts()), "")
    about = shop.message if not shop.number else lead or shop.message
    made = write_email(shop.sources.model_copy(update={"brief": about, "note": "", "open_comments": []})).data
    return {"name": str(made["subject"])[:80], **made, "swipeIds": shop.common["swipeIds"]}


def _address(shop: Workshop) -> str | None:
    view = shop.material.view
    return next((link for link in (view.booking_url, view.website) if link.startswith("http")), None)


_MAKERS: dict[str, Callable[[Workshop], Document]] = {
    "search_ad": _search_ad,
    "meta_ad": _meta_ad,
    "linkedin_ad": _linkedin_ad,
    "video_script_30s": _script,
    "landing_section": _section,
    "email_html": _email,
}
assert _MAKERS.keys() == FORMATS.keys()  # noqa: S101 - each format can be made
