"""The client canon from the intake, customers' words and swipes.

Every phrase about the client is the client's own; the sentences around it only say what kind of statement it is.
"""

import copy
import re
from typing import Any

from assistant.models.offline.compose.change_requests import Request, read_requests
from assistant.models.offline.compose.intake_reading import IntakeView, read_intake
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import is_guarantee, printable_quotes
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.revision import Fields, Revision, unique_id
from assistant.models.offline.compose.sources import Composed, Document, Sources, VocSnippet
from assistant.models.offline.compose.themes import mood_of, theme_of
from assistant.models.offline.compose.wording import (
    bare,
    capital,
    clip,
    closed,
    distinct,
    fold,
    overlap,
    same_words,
    words,
)
from knowledge.json_values import as_list

_NEGATIVE = re.compile(
    r"^(?:no|not|never|don't|without|avoid|kein\w*|nicht|nie|ohne|sin|nunca|evitar|sem|não|nada de)(?!\w)",
    re.IGNORECASE,
)
_KINDS = {"support": "supportSnippets", "sales_call": "salesCallSnippets", "survey": "surveySnippets"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_PRICE = re.compile(
    r"(?P<before>[€$£]|EUR|USD|GBP|CHF|BRL|R\$)?\s?(?P<amount>\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{2})?|"
    r"\d+(?:[.,]\d{1,2})?)"
    r"\s?(?P<after>€|EUR|USD|GBP|CHF|BRL|euros?|Euro)?"
)
_CURRENCY = {"€": "EUR", "$": "USD", "£": "GBP", "r$": "BRL", "euro": "EUR", "euros": "EUR"}


def build_canon(sources: Sources) -> Composed:
    """A ``client_canon``. With a note or comments the previous version is revised, otherwise it is built anew."""
    language = language_of(sources)
    requests = read_requests(sources.note, sources.open_comments)
    data = copy.deepcopy(sources.previous) if sources.previous and requests else _built(sources, language)
    revision = Revision(data, _fields())
    revision.carry_out(requests)
    return Composed(revision.data, revision.answered, revision.unanswered, _gaps(sources, revision.data))


def _built(sources: Sources, language: str) -> Document:
    view = read_intake(sources.intake, sources.client)
    pen = Pen(language, sources.client.id, {"client": view.name or _fixed(language, "no_client")})
    return {
        "clientId": sources.client.id or "client",
        "brand": _brand(sources, view, pen),
        "offers": _offers(view, pen),
        "icps": _icps(view, pen),
        "voiceOfCustomer": _voices(sources.voc),
        "constraints": _constraints(view, pen),
        "contentPatterns": {
            "goodAssetIds": [swipe.id for swipe in sources.swipes if swipe.is_good],
            "badAssetIds": [swipe.id for swipe in sources.swipes if swipe.is_bad],
        },
    }


def _fixed(language: str, key: str) -> str:
    return Pen(language, "", {}).word(key)


def _sentences(items: list[str]) -> str:
    """Phrases one after the other, each as a sentence of its own."""
    return " ".join(map(closed, items))


def _listed(items: list[str]) -> str:
    """Phrases as lines of a list; a single one as it is."""
    return "\n".join(f"- {bare(item)}" for item in items) if len(items) > 1 else "".join(map(bare, items))


def _brand(sources: Sources, view: IntakeView, pen: Pen) -> Document:
    first = {"x": bare(view.pains[0]) if view.pains else ""}
    story = [
        pen.say("canon.story_problem", **first),
        pen.say("canon.story_different", strengths=_sentences(view.differentiators[:3])),
        pen.say("canon.story_offers", offers=_sentences(view.offers)),
        pen.say("canon.story_outcomes", outcomes=bare(view.outcomes[0]) if view.outcomes else ""),
        pen.say("canon.story_place", industry=view.industry, geography=view.geography)
        or pen.say("canon.story_industry", industry=view.industry),
    ]
    urls = [link for link in view.brand_links if link.startswith("http")]
    outcome = view.outcomes[0] if view.outcomes else ""
    return {
        "story": " ".join(filter(None, story)) or pen.say("canon.story_thin"),
        "mission": pen.say("canon.mission", outcome=outcome) or None,
        "values": _values(sources, view, pen),
        "toneOfVoice": _tone(sources, view, pen),
        "visualStyleRefs": {
            "logoUrl": next((link for link in urls if re.search(r"\.(?:svg|png|jpe?g|webp)$", link)), None),
            "palette": _COLOUR.findall(" ".join(view.brand_links)),
            "docUrls": urls,
        },
    }


def _values(sources: Sources, view: IntakeView, pen: Pen) -> list[str]:
    """What the differences and the praise are about, most often named first; at most five."""
    praise = [snippet.text for snippet in sources.voc if mood_of(snippet) == "gain"]
    counts: dict[str, int] = {}
    for text in [*view.differentiators, *praise]:
        theme = theme_of(text)
        if theme != "general":
            counts[theme] = counts.get(theme, 0) + 1
    ranked = sorted(counts, key=lambda theme: -counts[theme])
    return [pen.word(f"value.{theme}") for theme in ranked[:5]]


def _tone(sources: Sources, view: IntakeView, pen: Pen) -> Document:
    positive = [item for item in view.tone if not _NEGATIVE.match(item)]
    negative = [item for item in view.tone if _NEGATIVE.match(item)]
    native = [quote for quote in printable_quotes(sources.voc, pen.language) if not quote.foreign]
    quotes = [quote for quote in native if quote.mood == "gain"] or native
    short = min(quotes, key=lambda quote: len(quote.text), default=None)
    do = [
        pen.say("canon.tone_do", tone=", ".join(positive)),
        pen.say("canon.tone_answer"),
        pen.say("canon.tone_words", words=short.text, id=short.id) if short else "",
    ]
    bans = pen.first("canon.tone_ban", word="\x00")
    dont = [
        *map(capital, negative),
        pen.say("canon.tone_claims"),
        *(bans.replace("\x00", x) for x in view.banned_words),
    ]
    good = [*view.voice_examples, *(swipe.body for swipe in sources.swipes if swipe.is_good and swipe.body.strip())]
    bad = [swipe.body for swipe in sources.swipes if swipe.is_bad and swipe.body.strip()]
    return {
        "do": list(filter(None, do)),
        "dont": list(filter(None, dont)),
        "examples": {"good": distinct(good)[:6], "bad": distinct(bad)[:6]},
    }


def _offers(view: IntakeView, pen: Pen) -> list[Document]:
    taken: set[str] = set()
    owners = {text: _owner(text, view.offers) for text in [*view.differentiators, *view.prices]}
    found: list[Document] = []
    for place, offer in enumerate(view.offers):
        strengths = [text for text in view.differentiators if owners[text] == place]
        prices = [text for text in view.prices if owners[text] == place]
        found.append({
            "offerId": unique_id(offer, taken),
            "primary": clip(offer, 300),
            "positioning": _positioning(offer, strengths, view, pen),
            "keyBenefits": [text for text in strengths if not is_guarantee(text)],
            "pricePoints": [_price_point(text, view.currency) for text in prices],
            "guarantees": [text for text in strengths if is_guarantee(text)],
            "funnelAssets": _pages(view, offer, place),
        })  # fmt: skip
    return found


def _owner(text: str, offers: list[str]) -> int:
    """The offer that ``text`` shares most words with; the first one when it shares none."""
    scores = [overlap(text, offer) for offer in offers]
    return scores.index(max(scores)) if scores else 0


def _positioning(offer: str, strengths: list[str], view: IntakeView, pen: Pen) -> str:
    best = strengths[0] if strengths else ""
    outcome = max(view.outcomes, key=lambda text: overlap(text, f"{offer} {best}"), default="")
    audience = bare(view.audience[0]) if view.audience else ""
    answered = "" if best else next((pain for pain in view.pains if same_words(pain, offer.split(":")[0])), "")
    for key in ("positioning_full", "positioning_strength", "positioning_pain", "positioning_plain"):
        filled = pen.fill(
            f"canon.{key}",
            audience=audience,
            strength=best,
            outcome=outcome,
            pain=answered,
            offer=capital(bare(offer)),
        )
        if filled:
            return filled[0]
    return capital(offer)


def _price_point(text: str, currency: str) -> Document:
    amounts = list(_PRICE.finditer(text))
    marked = [match for match in amounts if match["before"] or match["after"]]
    point: Document = {"label": clip(text, 300)}
    if len(marked) == 1 and len(amounts) <= 2:
        sign = (marked[0]["before"] or marked[0]["after"] or "").lower()
        point["amount"] = plain_amount(marked[0]["amount"])
        point["currency"] = _CURRENCY.get(sign, sign.upper() or currency.upper() or "EUR")
    return point


def plain_amount(text: str) -> str:
    """``1.290,50`` and ``1,290.50`` as ``1290.50``: the last mark before one or two digits is the decimal mark."""
    plain = re.sub(r"\s", "", text)
    found = re.fullmatch(r"([\d.,]*?)(?:[.,](\d{1,2}))?", plain)
    whole, cents = (found[1], found[2]) if found else (plain, None)
    digits = re.sub(r"[.,]", "", whole) or "0"
    return f"{digits}.{cents}" if cents else digits


def _pages(view: IntakeView, offer: str, place: int) -> list[Document]:
    """The pages the intake names; the client's site belongs to the first offer."""
    if place or not view.booking_url.startswith("http"):
        return []
    return [
        {"id": "booking", "type": "checkout", "label": clip(offer, 200), "url": view.booking_url, "context": "unknown"}
    ]


def _icps(view: IntakeView, pen: Pen) -> list[Document]:
    audience = view.audience or ([_fixed_icp(pen)] if view.pains or view.outcomes else [])
    taken: set[str] = set()
    found: list[Document] = []
    for place, who in enumerate(audience):
        pains, outcomes, doubts = (
            [text for text in texts if _owner(text, audience) == place] or (texts if len(audience) == 1 else texts[:2])
            for texts in (view.pains, view.outcomes, view.objections)
        )
        name = _icp_name(who)
        parts = [
            closed(who),
            *pen.fill("canon.icp_pains", pains=bare(pains[0]) if pains else "")[:1],
            *pen.fill("canon.icp_outcomes", outcomes=bare(outcomes[0]) if outcomes else "")[:1],
        ]
        found.append({
            "id": unique_id(name, taken),
            "name": name,
            "description": " ".join(parts),
            "demographics": next(iter(pen.fill("canon.icp_place", geography=view.geography)), ""),
            "psychographics": _listed(pains),
            "jobsToBeDone": outcomes,
            "commonObjections": doubts,
        })  # fmt: skip
    return found


def _fixed_icp(pen: Pen) -> str:
    return pen.first("canon.icp_default")


def _icp_name(who: str) -> str:
    """The first phrase of a description that says who it is: up to a comma, or to a clause after two words or more."""
    head = re.split(r"[,.;:(]| – | - ", bare(who), maxsplit=1)[0]
    shorter = re.split(r" who | which | that | die | der | que ", head, maxsplit=1)[0]
    chosen = shorter if len(words(shorter)) >= 2 else head if len(words(head)) >= 2 else bare(who)
    return capital(clip(chosen, 80))


def voice_entry(snippet: VocSnippet) -> Document:
    """A snippet as the canon keeps it: its words untouched, what else is known beside them."""
    extra: dict[str, Any] = {"author": snippet.author, "rating": snippet.rating, "language": snippet.language}
    known = [{"name": name, "value": f"{value:g}" if isinstance(value, float) else str(value)}
             for name, value in extra.items() if value not in ("", None)]  # fmt: skip
    themes = [{"name": "theme", "value": theme} for theme in snippet.themes]
    return {"id": snippet.id, "source": snippet.kind, "text": snippet.text, "extra": known + themes}


def _voices(voc: list[VocSnippet]) -> Document:
    found: dict[str, list[Document]] = {
        name: [] for name in ("supportSnippets", "salesCallSnippets", "surveySnippets", "reviews")
    }
    seen: set[str] = set()
    for snippet in voc:
        if snippet.id not in seen and snippet.text.strip():
            seen.add(snippet.id)
            found[_KINDS.get(snippet.kind, "reviews")].append(voice_entry(snippet))
    return found


def _constraints(view: IntakeView, pen: Pen) -> Document:
    regulated = [line for claim in view.regulated_claims for line in pen.fill("canon.regulated_line", claim=claim)[:1]]
    return {
        "legal": {
            "forbiddenPhrases": distinct([*view.banned_words, *view.forbidden_topics]),
            "requiredDisclaimers": view.disclaimers,
            "regulatedClaimsNotes": regulated,
        },
        "platform": {
            "metaRedLines": pen.fill("canon.meta_lines") + regulated,
            "googleRedLines": pen.fill("canon.google_lines") + regulated,
            "tiktokRedLines": pen.fill("canon.tiktok_lines") + regulated,
            "pastViolations": [],
        },
    }


def _fields() -> Fields:
    legal = "constraints.legal"

    def icp(value: str) -> Document:
        return {"id": unique_id(value, set()), "name": clip(value, 300), "description": f"{capital(value)}."}

    def offer(value: str) -> Document:
        return {"offerId": unique_id(value, set()), "primary": clip(value, 300), "positioning": f"{capital(value)}."}

    return Fields(
        lists={
            "value": ("brand.values", capital),
            "audience": ("icps", icp),
            "offer": ("offers", offer),
            "benefit": ("offers.0.keyBenefits", str),
            "guarantee": ("offers.0.guarantees", str),
            "objection": ("icps.0.commonObjections", str),
            "disclaimer": (f"{legal}.requiredDisclaimers", str),
            "word": (f"{legal}.forbiddenPhrases", str),
        },
        texts={"story": "brand.story", "mission": "brand.mission", "positioning": "offers.0.positioning"},
        special={"forbid": _forbid, "tone": _set_tone, "focus": _focus},
    )


def _forbid(revision: Revision, request: Request) -> bool:
    if not request.value:
        return False
    return revision.add("word", request.value)


def _set_tone(revision: Revision, request: Request) -> bool:
    do = as_list(revision.at("brand.toneOfVoice.do"))
    do.append(capital(request.value) + ("" if request.value.endswith((".", "!")) else "."))
    revision.put("brand.toneOfVoice.do", do)
    revision.answered.append(f"Added to the tone: “{request.value}”.")
    return True


def _focus(revision: Revision, request: Request) -> bool:
    """Move what the note names to the front of offers and customer profiles."""
    moved = False
    for path, key in (("icps", "name"), ("offers", "primary")):
        items = as_list(revision.at(path))
        ahead = [item for item in items if request.value and fold(request.value) in fold(str(item.get(key, "")))]
        if ahead and len(ahead) < len(items):
            revision.put(path, ahead + [item for item in items if item not in ahead])
            revision.answered.append(f"Put “{ahead[0][key]}” first under {path}.")
            moved = True
    return moved


def _gaps(sources: Sources, data: Document) -> list[str]:
    found: list[str] = []
    if not data.get("offers"):
        found.append("The intake names no offers, so the canon has none.")
    if not data.get("icps"):
        found.append("The intake describes no audience, so there is no customer profile.")
    if not sources.voc:
        found.append("There are no customer voices yet; drafts will carry no quotes.")
    return found
