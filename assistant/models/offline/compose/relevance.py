"""Ranking facts and quotes by what a brief is about. Ties keep the order of the sources."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from assistant.models.offline.compose.themes import theme_of
from assistant.models.offline.compose.wording import STEM, fold, stems


class _HasText(Protocol):
    @property
    def text(self) -> str: ...


Ranked = TypeVar("Ranked", bound=_HasText)


def affinity(text: str, other: str, ignore: frozenset[str] = frozenset()) -> float:
    """Content words in common, without those to ignore, and half a word for the same theme."""
    theme = theme_of(text)
    return len(_shared(text, other) - ignore) + (0.5 if theme != "general" and theme == theme_of(other) else 0.0)


@lru_cache(maxsize=16384)
def _shared(text: str, other: str) -> frozenset[str]:
    """Stems in both texts; a long one also counts when it stands inside a compound of the other."""
    left, right = stems(text), stems(other)
    plain_left, plain_right = fold(text), fold(other)
    inside = {stem for stem in left if len(stem) == STEM and stem in plain_right}
    inside |= {stem for stem in right if len(stem) == STEM and stem in plain_left}
    return (left & right) | frozenset(inside)


def by_relevance(items: Sequence[Ranked], about: str) -> list[Ranked]:
    """Most relevant to ``about`` first."""
    return sorted(items, key=lambda item: -affinity(item.text, about))


def closest(
    text: str, items: Sequence[Ranked], ignore: frozenset[str] = frozenset(), at_least: float = 0.5
) -> Ranked | None:
    """The item with most in common with ``text``, or ``None`` when none has enough."""
    best = max(items, key=lambda item: affinity(item.text, text, ignore), default=None)
    return best if best is not None and affinity(best.text, text, ignore) >= at_least else None


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """Content words that stand in more than a quarter of the texts and therefore tell none of them apart."""
    counts: dict[str, int] = {}
    for text in texts:
        for stem in stems(text):
            counts[stem] = counts.get(stem, 0) + 1
    return frozenset(stem for stem, count in counts.items() if count > max(2, len(texts) / 4))
