"""Which fact answers a doubt, which quote belongs to a statement, which problem a strength solves.

Two things belong together when they share a word that is not common to the trade, or an aspect; nothing is forced.
"""

import re
from collections.abc import Iterable, Sequence

from assistant.models.offline.compose.aspects import aspects_of, share_aspect
from assistant.models.offline.compose.material import Fact, Material, Quote
from assistant.models.offline.compose.relevance import RELATED, affinity, closest
from assistant.models.offline.compose.wording import fold

#: "I cannot come to try one": what is offered on the spot is no answer to that
_CANNOT = re.compile(
    r"\b(?:cannot|can't|can not|unable to|live too far|kann (?:\w+ ){0,3}nicht|konnen (?:\w+ ){0,3}nicht|"
    r"no puedo|no podemos|nao posso|nao podemos|nao consigo)\b"
)


def answer_to(doubt: Fact, material: Material, used: Iterable[str] = ()) -> Fact | None:
    """The client's fact that answers a doubt, or ``None``. Each fact answers once: those in ``used`` are passed over."""
    taken = set(used)
    facts = [fact for fact in material.of("guarantee", "strength") if fact.text not in taken]
    terms = [fact for fact in material.of("price", "offer") if fact.text not in taken]
    if _CANNOT.search(fold(doubt.text)):
        return next((fact for fact in facts if "swap" in aspects_of(fact.text)), None)
    return closest(doubt.text, facts, material.common) or closest(doubt.text, terms, material.common)


def best_quote(point: Fact, quotes: Sequence[Quote], common: frozenset[str]) -> Quote | None:
    """The quote that is about the same thing as a statement; of two equally close ones the first."""
    if _CANNOT.search(fold(point.text)):
        return next((quote for quote in quotes if "swap" in aspects_of(quote.text)), None)
    return closest(point.text, quotes, common)


def paired(
    points: Sequence[Fact], quotes: Sequence[Quote], common: frozenset[str]
) -> tuple[dict[str, Quote], list[Quote]]:
    """Which quote belongs to which point, closest pairs first, and the quotes that belong to none."""
    ranked = sorted(
        ((affinity(quote.about, point.text, common), place, quote, point) for point in points
         for place, quote in enumerate(quotes) if best_quote(point, [quote], common)),
        key=lambda pair: (-pair[0], pair[1]),
    )  # fmt: skip
    pairs: dict[str, Quote] = {}
    for _, _, quote, point in ranked:
        if point.text not in pairs and quote not in pairs.values():
            pairs[point.text] = quote
    return pairs, [quote for quote in quotes if quote not in pairs.values()]


def solved_by(point: Fact, pains: Sequence[Fact], common: frozenset[str]) -> Fact | None:
    """The problem that a strength answers: they share a word, or their first aspect."""
    best = closest(point.text, pains, common)
    if best is None:
        return None
    first = aspects_of(point.text)[:1]
    words = affinity(best.text, point.text, common) - (RELATED if share_aspect(best.text, point.text) else 0)
    return best if words >= 1 or (first and first == aspects_of(best.text)[:1]) else None
