"""Whether what is on file carries a claim: supported, unsupported, contradicted, or an opinion.

The rules, in the order in which they are tried:
- a testimonial is verbatim what a customer of this client said;
- every figure of the claim stands in evidence about the same thing; another figure for the same thing contradicts it;
- a concept (refund, best, climate neutral) stands in evidence about the same thing, in whatever language;
- a statement about the client without either shares most of its content words with one passage, and no "not" differs.
Customers' words carry what customers say, never the client's own figures, prices, promises or comparisons
(CAP Code 3.7: documentary evidence before publication).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge.claims.families import of_family
from knowledge.claims.models import Found, Passage, Signal, Verdict
from knowledge.claims.quantities import Quantity
from knowledge.claims.quotations import nearest, stands_in
from knowledge.claims.wording import flat, light_words, stem, stems
from knowledge.one_line import one_line

#: which share of a statement's content words one passage has to hold
STATEMENT, SAME_THING = 0.6, 0.6
MOST_EVIDENCE = 4
#: kinds that a customer's words cannot carry, unless it is what customers are said to report
_NOT_BY_CUSTOMERS = frozenset({"statistic", "price", "comparison", "superlative", "regulated", "guarantee",
                               "availability", "authority"})  # fmt: skip
_KIND_WORDS = {
    "statistic": "figure", "price": "price", "feature": "statement", "comparison": "comparison",
    "superlative": "superlative", "testimonial": "quote", "regulated": "regulated claim", "guarantee": "promise",
    "availability": "statement about availability", "authority": "reference to a study, expert or seal",
    "general": "statement",
}  # fmt: skip


#: letters of a name by which a page is known beside a quotation
SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """A page that was opened for the piece, as it reads."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on file: ``passages`` may carry claims, ``voices`` are customers' words by id, ``pages`` may be quoted."""

    passages: tuple[Passage, ...] = ()
    voices: tuple[Passage, ...] = ()
    disclaimed: bool = True
    pages: tuple[OpenedPage, ...] = ()


def kind_words(kind: str) -> str:
    return _KIND_WORDS[kind]


def judge_given(claim: Found, given: Sequence[Passage], shelf: Shelf) -> Verdict:
    """The claim in the light of evidence that somebody added to it: figures have to be the same, what it is about is
    that person's word. A testimonial stays what a customer said."""
    verdict = judge(claim, shelf)
    if verdict.status in ("supported", "opinion") or claim.kind == "testimonial" or not given:
        return verdict
    for signal in claim.signals:
        figure = signal.quantity
        if figure is None or any(figure.same(other) for one in given for other in one.quantities):
            continue
        found = _figure(signal, figure, claim, _allowed(claim, shelf))
        if found.status != "supported":
            return found
    if claim.kind == "regulated" and not shelf.disclaimed:
        return verdict
    return Verdict("supported", "", _distinct(given))


def judge(claim: Found, shelf: Shelf) -> Verdict:
    if claim.kind == "testimonial":
        return _testimonial(claim, shelf)
    allowed = _allowed(claim, shelf)
    if not claim.signals:
        return _opinion(claim, allowed)
    carried: list[Passage] = []
    for signal in claim.signals:
        verdict = _signal(signal, claim, allowed)
        if verdict.status != "supported":
            return verdict
        carried += verdict.evidence
    if claim.kind == "regulated" and not shelf.disclaimed:
        return Verdict("unsupported", "It is a regulated claim, and a required disclaimer is missing in the text.")
    return Verdict("supported", "", _distinct(carried))


def _allowed(claim: Found, shelf: Shelf) -> list[Passage]:
    """A competitor's page says nothing about the client, a customer nothing about what the client promises."""
    kinds = {signal.kind for signal in claim.signals}
    passages = [one for one in shelf.passages if one.kind != "source" or not claim.own]
    if kinds & _NOT_BY_CUSTOMERS and not claim.of_customers:
        return passages
    return [*passages, *shelf.voices]


def _opinion(claim: Found, passages: list[Passage]) -> Verdict:
    best = _best(claim, passages)
    if best and _share(claim, best) >= STATEMENT and not _at_odds(claim, best):
        return Verdict("supported", "", (best,))
    return Verdict("opinion", "Nothing in it can be checked by rule: no figure, price, promise or comparison.")


def _signal(signal: Signal, claim: Found, passages: list[Passage]) -> Verdict:
    if signal.quantity is not None:
        return _figure(signal, signal.quantity, claim, passages)
    return _concept(signal, claim, passages) if signal.concept else _statement(signal, claim, passages)


# ---------------------------------------------------------------- figures


def _figure(signal: Signal, figure: Quantity, claim: Found, passages: list[Passage]) -> Verdict:
    equal = [
        (passage, other)
        for passage in passages
        for other in passage.quantities
        if figure.same(other) and _same_thing(claim, figure, passage, other) and not _at_odds(claim, passage)
    ]
    honest = [passage for passage, other in equal if not _drops_bound(figure, other, claim)]
    if honest:
        return Verdict("supported", "", _distinct(sorted(honest, key=lambda one: -_share(claim, one)))[:2])
    if equal:
        passage, other = equal[0]
        return Verdict("contradicted", f"On file it is “{_word(other)} {signal.text}”: {_shown(passage)}", (passage,))
    different = _different(figure, claim, passages)
    if different is not None:
        return Verdict("contradicted", f"On file stands another figure: {_shown(different)}", (different,))
    elsewhere = [passage for passage in passages if any(figure.same(other) for other in passage.quantities)]
    about = " (the figure is on file, about something else)" if elsewhere else ""
    return Verdict("unsupported", f"Nothing on file says “{signal.text}”{about}.", tuple(elsewhere[:1]))


def _same_thing(claim: Found, figure: Quantity, passage: Passage, other: Quantity) -> bool:
    if figure.kind == "count" and figure.noun and other.noun and not (_foreign(claim, passage) and figure.value > 12):
        return bool(figure.noun & other.noun) or _share(claim, passage) >= SAME_THING
    if figure.kind == "date":
        return True
    if _foreign(claim, passage):
        return True  # their words cannot be compared; kind, unit and value are the same
    theirs = passage.stems
    return not theirs or not claim.stems or bool(_shared(claim, passage)) or _wholly(claim, passage)


def _foreign(claim: Found, passage: Passage) -> bool:
    """Whether the two are known to be in different languages, so that their words say nothing about each other."""
    return bool(claim.language and passage.language and claim.language != passage.language)


def _wholly(claim: Found, passage: Passage) -> bool:
    """Evidence or claim is nothing but the figure: "from 79 to 249 €"."""
    light = light_words()
    return not (claim.stems - light) or not (passage.stems - light)


def _different(figure: Quantity, claim: Found, passages: list[Passage]) -> Passage | None:
    """A passage that has another figure, and none of the claim's, for the same thing."""
    best: tuple[float, Passage] | None = None
    for passage in passages:
        others = [other for other in passage.quantities if figure.comparable(other)]
        if figure.kind == "count":
            others = [other for other in others if figure.noun & other.noun]
        if figure.kind in ("year", "date") or not others or any(figure.same(other) for other in others):
            continue
        share = _both_ways(claim, passage)
        if share >= SAME_THING and (best is None or share > best[0]):
            best = (share, passage)
    return best[1] if best else None


def _both_ways(claim: Found, passage: Passage) -> float:
    """How much the two speak of the same: the shared content words of the smaller one; at least one that is no light word."""
    shared = _shared(claim, passage)
    if not shared - light_words():
        return 0.0
    mine, theirs = (claim.tail or claim.stems) - light_words(), passage.stems - light_words()
    least = min(len(mine), len(theirs))
    return len(shared - light_words()) / least if least else 0.0


def _drops_bound(figure: Quantity, other: Quantity, claim: Found) -> bool:
    """ "From 79 €" told as "79 €", "up to 40 %" told as "40 %": the figure without its limit says more."""
    if other.bound not in ("min", "max") or figure.bound:
        return False
    several = sum(1 for signal in claim.signals if signal.quantity and signal.quantity.comparable(figure)) > 1
    return figure.kind in ("money", "percent") and not several


def _word(other: Quantity) -> str:
    return "from" if other.bound == "min" else "up to"


# ---------------------------------------------------------------- concepts and statements


def _concept(signal: Signal, claim: Found, passages: list[Passage]) -> Verdict:
    wanted = (signal.kind, signal.concept)
    if wanted == ("regulated", "note"):
        return _statement(signal, claim, passages)
    same = [passage for passage in passages if wanted in passage.concepts]
    about = [one for one in same if _about_same(signal, claim, one) and not _at_odds(claim, one)]
    if about and all(_has_condition(signal, claim, one) for one in about):
        return Verdict("contradicted", f"On file stands a condition: {_shown(about[0])}", (about[0],))
    if about:
        return Verdict("supported", "", (max(about, key=lambda one: _share(claim, one)),))
    strict = signal.kind in ("price", "availability", "guarantee", "feature")
    best = _best(claim, passages)
    if strict and best is not None and _has_price(signal, best) and _share(claim, best) >= 0.75:
        return Verdict("contradicted", f"On file it has a price: {_shown(best)}", (best,))
    enough = STATEMENT if best is not None and _same_figure(claim, best) else 0.75
    if strict and best is not None and _share(claim, best) >= enough and not _at_odds(claim, best):
        return Verdict("supported", "", (best,))
    denied = next((one for one in passages if _at_odds(claim, one) and _share(claim, one) >= 0.75), None)
    if denied is not None:
        return Verdict("contradicted", f"On file stands the opposite: {_shown(denied)}", (denied,))
    return Verdict("unsupported", f"Nothing on file carries “{signal.text}”.", tuple(same[:1]))


def _has_condition(signal: Signal, claim: Found, passage: Passage) -> bool:
    """ "Free from 50 €" told as "free": the threshold is part of the offer."""
    if not _is_free(signal) or any(one.quantity for one in claim.signals):
        return False
    return any(one.kind == "money" and one.bound in ("min", "over") for one in passage.quantities)


def _is_free(signal: Signal) -> bool:
    return (signal.kind, signal.concept) == ("price", "free")


def _has_price(signal: Signal, passage: Passage) -> bool:
    """What is said to be free has a price on file, and nothing there says that it is free."""
    priced = any(one.kind == "money" for one in passage.quantities)
    return _is_free(signal) and priced and ("price", "free") not in passage.concepts


_IF = re.compile(r"\b(?:if|when|unless|wenn|falls|sofern|si|cuando|se|quando)\b")
_COMPARING = frozenset(
    stem(word)
    for word in ("less", "more", "fewer", "weniger", "mehr", "menos", "mayor", "menor", "mais", "maior",
                 "compared", "unlike", "versus", "vergleich", "gegensatz", "unterschied", "anders", "diferencia",
                 "comparacion", "contrario", "comparacao", "comparado", "comparada")
)  # fmt: skip
#: kinds whose own words name the thing: a seal, an additive
_NAMED = frozenset({"authority", "feature"})
#: concepts that stand and fall with what they are said of: the evidence has to say most of the claim
_STRICT = frozenset({("superlative", ""), ("comparison", ""), ("regulated", "health"), ("regulated", "weight"),
                     ("regulated", "immune"), ("regulated", "finance"), ("authority", "study"),
                     ("authority", "expert")})  # fmt: skip


def _about_same(signal: Signal, claim: Found, passage: Passage) -> bool:
    """Whether both say it of the same thing: one content word in common beside the concept's own words, most of them for
    what stands and falls with it."""
    if {(signal.kind, ""), (signal.kind, signal.concept)} & _STRICT:
        return _share(claim, passage) >= STATEMENT and _same_quality(signal, passage)
    if signal.kind in ("price", "guarantee") and _IF.search(flat(passage.text)) and not _foreign(claim, passage):
        return _share(claim, passage) >= STATEMENT  # "if it arrives broken" is part of the promise
    if _foreign(claim, passage):
        return True
    if _same_figure(claim, passage):
        return True
    mine = (claim.tail or claim.stems) - light_words()
    rest = mine - stems(signal.text)
    return not rest or bool(rest & passage.stems) or (signal.kind in _NAMED and bool(mine & passage.stems))


def _same_figure(claim: Found, passage: Passage) -> bool:
    return any(one.quantity and any(map(one.quantity.same, passage.quantities)) for one in claim.signals)


def _same_quality(signal: Signal, passage: Passage) -> bool:
    """A comparison is of one quality: "purer than" is not carried by "fresher than"."""
    if signal.kind != "comparison":
        return True
    named = stems(signal.text) - light_words() - _COMPARING
    return len(named & passage.stems) * 2 >= len(named)


def _statement(signal: Signal, claim: Found, passages: list[Passage]) -> Verdict:
    passages = [one for one in passages if _has_words(signal, one)]
    carried = [one for one in passages if _share(claim, one) >= STATEMENT and not _at_odds(claim, one)]
    if not carried:  # "we scan" and "a scanner", "wir färben" and "gefärbt"
        carried = [one for one in passages if _kin_share(claim, one) >= STATEMENT and not _at_odds(claim, one)]
    if carried:
        return Verdict("supported", "", (max(carried, key=lambda one: _share(claim, one)),))
    opposite = next((one for one in passages if _share(claim, one) >= 0.75 and _at_odds(claim, one)), None)
    if opposite is not None:
        return Verdict("contradicted", f"On file stands the opposite: {_shown(opposite)}", (opposite,))
    best = _best(claim, passages)
    near = (best,) if best is not None and _share(claim, best) >= 0.3 else ()
    return Verdict("unsupported", "Nothing on file says this about the client.", near)


def _shared(claim: Found, passage: Passage) -> frozenset[str]:
    return (claim.stems | claim.tail) & passage.stems


def _share(claim: Found, passage: Passage) -> float:
    """Which share of the claim's content words (those after a lead, when it has one) the passage holds."""
    light = light_words()
    best = 0.0
    for mine in (claim.stems, claim.tail):
        firm = mine - light or mine
        if firm:
            best = max(best, len(firm & passage.stems) / len(firm))
    return best


def _has_words(signal: Signal, passage: Passage) -> bool:
    """Whether it holds the words that make the sentence a claim ("half a century"), or most of them."""
    words = stems(flat(signal.text))
    return sum(any(of_family(mine, theirs) for theirs in passage.stems) for mine in words) * 2 >= len(words)


def _kin_share(claim: Found, passage: Passage) -> float:
    """As :func:`_share`, where words of one family count as the same."""
    firm = (claim.stems | claim.tail) - light_words() or claim.stems
    kin = sum(any(of_family(mine, theirs) for theirs in passage.stems) for mine in firm)
    return kin / len(firm) if firm else 0.0


def _at_odds(claim: Found, passage: Passage) -> bool:
    """A word of both stands behind a "no" in one of them only."""
    shared = _shared(claim, passage) - light_words()
    return bool((claim.negated ^ passage.negated) & shared)


def _best(claim: Found, passages: Iterable[Passage]) -> Passage | None:
    return max(passages, key=lambda one: _share(claim, one), default=None)


# ---------------------------------------------------------------- customers' words


def _testimonial(claim: Found, shelf: Shelf) -> Verdict:
    ordered = sorted(shelf.voices, key=lambda one: one.id != claim.voc_id)
    voice = next((one for one in ordered if stands_in(claim.said, one.text)), None)
    if voice is not None and (not claim.voc_id or voice.id == claim.voc_id):
        return Verdict("supported", "", (voice,))
    if voice is not None:
        return Verdict("unsupported", "A customer said this, but the id beside it names somebody else.", (voice,))
    page = None if claim.voc_id else next((one for one in shelf.pages if _quotes_page(claim, one)), None)
    if page is not None:
        words = " ".join(claim.said.split())
        return Verdict(
            "supported",
            "",
            (Passage("source", page.url, words, page.title, frozenset(), frozenset(), frozenset(), ()),),
        )
    if not claim.attributed:
        own = next((one for one in shelf.passages if stands_in(claim.said.lower(), one.text.lower())), None)
        if own is not None:
            return Verdict("supported", "", (own,))
    near = nearest(claim.said, [(one.id, one.text) for one in shelf.voices])
    if near is not None:
        original = next(one for one in shelf.voices if one.id == near[0])
        return Verdict("unsupported", f"The customer's words are different: {_shown(original)}", (original,))
    return Verdict("unsupported", "No customer of this client is on file with these words.")


def _quotes_page(claim: Found, page: OpenedPage) -> bool:
    """Whether words in marks are said, beside them, to be this page's, and stand there: then the page is the evidence, and
    nobody is said to be a customer."""
    near = flat(claim.near)
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = [host, *(part.strip() for part in re.split(r"\s[|–—-]\s", flat(page.title)))]
    named = any(len(name) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", near) for name in names)
    return named and stands_in(claim.said, page.text)


def _shown(passage: Passage) -> str:
    return f"“{one_line(passage.text, 160)}” ({passage.title})."


def _distinct(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    kept: dict[tuple[str, str, str], Passage] = {}
    for one in passages:
        kept.setdefault((one.kind, one.id, one.text), one)
    return tuple(kept.values())[:MOST_EVIDENCE]
