"""Claims that a model named, put beside those of the rules.

What always holds: a claim of the rules stays as it is; a span that does not stand in a part word for word counts for nothing;
a claim is the whole sentence around the span, so that its place, its words and its evidence are as for any other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from knowledge.claims.extraction import as_claim
from knowledge.claims.models import About, Found, Named
from knowledge.claims.sentences import Sentence, sentences
from knowledge.claims.wording import sentence_key

Parts = Sequence[tuple[str, str]]
#: which share of a sentence a span has to hold: one word of it names nothing
LEAST_SHARE = 0.5


class _Place(NamedTuple):
    named: Named
    part: str
    text: str
    sentence: Sentence


def merged(found: list[Found], parts: Parts, about: About, named: Iterable[Named]) -> list[Found]:
    """``found`` with what was named beside it, in reading order. A sentence that the rules only listed as saying nothing
    that can be checked becomes the claim that it was named as."""
    firm = [one for one in found if one.kind != "general"]
    taken = {sentence_key(one.text) for one in firm}
    new: dict[str, Found] = {}
    for place in _places(named, parts):
        key = sentence_key(place.sentence.text)
        if key in taken or key in new or any(_over(place, one) for one in firm):
            continue
        claim = as_claim(place.part, place.text, place.sentence, place.named.kind, about)
        new[key] = replace(claim, named_by=place.named.model)
    if not new:
        return found
    vague = [one for one in found if one.kind == "general" and sentence_key(one.text) not in new]
    order = {name: at for at, (name, _) in enumerate(parts)}
    return sorted([*firm, *vague, *new.values()], key=lambda one: (order[one.part], one.start))


def standing(named: Iterable[Named], parts: Parts) -> list[Named]:
    """Those whose span stands in a part, each as the whole sentence around it."""
    return [replace(place.named, text=place.sentence.text) for place in _places(named, parts)]


def _places(named: Iterable[Named], parts: Parts) -> Iterator[_Place]:
    read: dict[str, list[Sentence]] = {}
    for one in named:
        for name, text in parts:
            if one.text not in text:
                continue
            inside = read.setdefault(name, sentences(text))
            sentence = next((each for each in inside if _names(one.text, each, text)), None)
            if sentence is not None:
                yield _Place(one, name, text, sentence)
                break


def _names(span: str, sentence: Sentence, text: str) -> bool:
    """The span begins in the sentence and holds most of it; a customer's words are a claim by their marks alone."""
    at = text.find(span, sentence.start, sentence.end + len(span))
    held = min(at + len(span), sentence.end) - at
    return sentence.block != "quote" and at >= 0 and held >= LEAST_SHARE * (sentence.end - sentence.start)


def _over(place: _Place, claim: Found) -> bool:
    return claim.part == place.part and claim.start < place.sentence.end and place.sentence.start < claim.end
