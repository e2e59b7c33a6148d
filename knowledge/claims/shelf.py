"""Passages of what is on file, cut to sentences so that a figure is found beside what it is about.

From the canon and the intake, every field that states something; rules about wording (tone, forbidden phrases) and notes
on regulated claims state nothing: "no claim of being the best" proves nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from knowledge.claims.concepts import concepts_in
from knowledge.claims.models import About, EvidenceKind, Passage
from knowledge.claims.quantities import Quantity, quantities
from knowledge.claims.wording import flat, language_of, light_words, negated, stems
from knowledge.json_values import as_list, as_object

_CUT = re.compile(r"(?<=[.!?…])\s+(?=[\"“„«¿¡(]?[A-ZÀ-Þ0-9])|\s*[;\n]+\s*")
#: fields of the canon and the intake that state nothing about the client
_NO_STATEMENTS = frozenset({"constraints", "toneOfVoice", "visualStyleRefs", "contentPatterns", "voiceOfCustomer", "voice",
                            "clientId", "goals", "delivery", "access", "competitors", "id", "offerId"})  # fmt: skip
LONGEST = 600


def passage(kind: EvidenceKind, id: str, text: str, title: str, language: str = "") -> Passage:
    """``language``: that of the whole it is from, for a line too short to tell."""
    read = _read(text)
    return Passage(
        kind, id, text, title, read.stems, read.negated, read.concepts, read.quantities, read.language or language
    )


class _Read(NamedTuple):
    stems: frozenset[str]
    negated: frozenset[str]
    concepts: frozenset[tuple[str, str]]
    quantities: tuple[Quantity, ...]
    language: str


@lru_cache(maxsize=20_000)
def _read(text: str) -> _Read:
    plain = flat(text)
    concepts = frozenset((kind, concept) for kind, concept, *_ in concepts_in(plain))
    return _Read(stems(plain), negated(plain), concepts, quantities(plain), language_of(plain))


def cut(kind: EvidenceKind, id: str, text: str, title: str, language: str = "") -> Iterator[Passage]:
    """The sentences of a text."""
    whole = language_of(flat(text)) or language
    parts = [part.strip() for part in _CUT.split(text) if part and part.strip()]
    for part in parts:
        yield passage(kind, id, part[:LONGEST], title, whole)


def of_document(kind: EvidenceKind, id: str, title: str, data: dict[str, Any]) -> Iterator[Passage]:
    """Every stated field of a canon or an intake. The id is the document's with the field's way: ``<id>#offers.0.primary``.

    The disclaimers that the canon requires are the client's own words, so they carry themselves.
    """
    legal = as_object(as_object(data.get("constraints")).get("legal"))
    for at, line in enumerate(as_list(legal.get("requiredDisclaimers"))):
        yield passage(
            kind, f"{id}#constraints.legal.requiredDisclaimers.{at}", str(line), f"{title}: required disclaimer"
        )
    fields = list(_strings(data, ()))
    language = language_of(flat(" ".join(text for _, text in fields)))
    for way, text in fields:
        stated: EvidenceKind = "offer" if way[0] == "offers" else kind
        shown = _way_words(way)
        yield from cut(stated, f"{id}#{'.'.join(way)}", text, f"{title}: {shown}", language)


def _strings(node: object, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, str):
        if len(node.strip()) > 1:
            yield way, node
        return
    place = as_object(node)
    if "label" in place and "amount" in place:  # a price point says what and how much together
        yield way, _price(place)
        return
    for name, inner in place.items():
        if name not in _NO_STATEMENTS:
            yield from _strings(inner, (*way, name))
    for at, inner in enumerate(as_list(node)):
        yield from _strings(inner, (*way, str(at)))


def _price(point: dict[str, Any]) -> str:
    label, amount = str(point.get("label") or ""), str(point.get("amount") or "")
    shown = re.sub(r"\.00$", "", amount)
    if not shown or re.sub(r"\D", "", shown) in re.sub(r"\D", "", label):
        return label
    return f"{label}: {shown} {point.get('currency') or ''}".strip()


def _way_words(way: tuple[str, ...]) -> str:
    names = [name for name in way if not name.isdigit()]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", " ".join(names[-2:])).lower()


def voices_of_canon(data: dict[str, Any]) -> Iterator[Passage]:
    for group in as_object(data.get("voiceOfCustomer")).values():
        for snippet in map(as_object, as_list(group)):
            if snippet.get("text"):
                yield passage(
                    "voc", str(snippet.get("id") or ""), str(snippet["text"]), str(snippet.get("source") or "")
                )


def about(name: str, canon: dict[str, Any], intake: dict[str, Any]) -> About:
    """Whom the pieces of this client speak of."""
    offers = [str(as_object(offer).get("primary") or "") for offer in as_list(canon.get("offers"))]
    offer = as_object(intake.get("offer"))
    offers += [str(one) for one in as_list(offer.get("primaryOffers"))]
    legal = as_object(as_object(canon.get("constraints")).get("legal"))
    own = [one.split(":")[0] for one in offers if one.istitle() or ":" in one]
    return About(
        names=tuple(dict.fromkeys(one for one in (name, *own) if one)),
        offers=stems(flat(" ".join(one.split(":")[0] for one in offers))),
        competitors=tuple(str(one) for one in as_list(offer.get("competitors"))),
        notes=tuple(str(one) for one in as_list(legal.get("regulatedClaimsNotes"))),
        disclaimers=tuple(str(one) for one in as_list(legal.get("requiredDisclaimers"))),
        words=stems(flat(" ".join(text for _, text in _strings(as_list(canon.get("offers")), ())))) - light_words(),
    )
