"""Ranking facts and quotes by what they have to do with a brief and with each other. Ties keep the order of the sources."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from assistant.models.offline.compose.aspects import aspect_of, share_aspect
from assistant.models.offline.compose.wording import STEM, fold, stems


class HasAbout(Protocol):
    """Something with words that say what it is about; for a quote these are its text and its themes."""

    @property
    def about(self) -> str: ...


Ranked = TypeVar("Ranked", bound=HasAbout)

#: what a common aspect is worth, in words in common
SAME_ASPECT = 0.75
#: what it adds when it is what both are first about
SAME_FIRST = 1.5
#: from here on two statements are about the same thing: one word, or one aspect
RELATED = SAME_ASPECT


def affinity(text: str, other: str, ignore: frozenset[str] = frozenset()) -> float:
    """Content words in common, without those to ignore; three quarters of a word for a common aspect.

    What both are first about tells most: it adds one and a half.
    """
    aspects = SAME_ASPECT if share_aspect(text, other) else 0.0
    first = SAME_FIRST if aspects and aspect_of(text) == aspect_of(other) else 0.0
    return len(_shared(text, other) - ignore) + aspects + first


@lru_cache(maxsize=16384)
def _shared(text: str, other: str) -> frozenset[str]:
    """Stems in both texts; a long one also counts when it stands inside a compound of the other."""
    left, right = stems(text), stems(other)
    plain_left, plain_right = fold(text), fold(other)
    inside = {stem for stem in left if len(stem) == STEM and stem in plain_right}
    inside |= {stem for stem in right if len(stem) == STEM and stem in plain_left}
    return (left & right) | frozenset(inside)


def by_relevance(items: Sequence[Ranked], about: str, ignore: frozenset[str] = frozenset()) -> list[Ranked]:
    """Most relevant to ``about`` first."""
    return sorted(items, key=lambda item: -affinity(item.about, about, ignore))


def closest(
    text: str, items: Sequence[Ranked], ignore: frozenset[str] = frozenset(), at_least: float = RELATED
) -> Ranked | None:
    """The item with most in common with ``text``, or ``None`` when none has enough."""
    best = max(items, key=lambda item: affinity(item.about, text, ignore), default=None)
    return best if best is not None and affinity(best.about, text, ignore) >= at_least else None


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """Content words that stand in more than an eighth of the texts and therefore tell none of them apart."""
    counts: dict[str, int] = {}
    for text in texts:
        for stem in stems(text):
            counts[stem] = counts.get(stem, 0) + 1
    return frozenset(stem for stem, count in counts.items() if count > max(3, len(texts) / 8))


class Topic:
    """What a brief is about, to measure facts and quotes by.

    A statement about a side offer that the brief does not name counts less than one about nothing in particular.
    """

    def __init__(self, text: str, common: frozenset[str], offers: Sequence[str] = (), core: str = "") -> None:
        self.text = text
        self.common = common
        self._core = stems(core) - common
        own = stems(text)
        heads = [stems(offer.split(":", 1)[0]) - common for offer in offers]
        side = [head - heads[0] for head in heads[1:] if not head & own]
        self._aside = frozenset[str]().union(*side) - own

    def score(self, item: HasAbout) -> float:
        """Two for each word in common, one more for a word of the keyphrase, one and a half for a common aspect."""
        own = stems(item.about)
        near = 2 * len(_shared(item.about, self.text) - self.common) + len(own & self._core)
        return near + (1.5 if share_aspect(item.about, self.text) else 0) - (2 if own & self._aside else 0)
