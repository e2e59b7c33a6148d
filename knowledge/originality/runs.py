"""The same words in the same order: where two texts share them, and how much of one is in the other.

Words are compared folded (case and accents do not count), so that a copy is not hidden by a capital letter.
Pure functions.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from knowledge.search.text import fold

#: a run this long is no coincidence; shorter ones are idiom ("for the first time in years")
LEAST_WORDS = 8
#: a short line (a hook, a headline) counts as copied when all of it is there
LEAST_LINE = 5
_SEED = 4
_SHINGLE = 3
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words, folded, with where each stands in the text (character positions)."""

    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SharedRun:
    """``start`` and ``end``: characters of the first text; ``words``: how many in a row are the same."""

    start: int
    end: int
    words: int


def words_of(text: str) -> Words:
    found = [(fold(match.group()), match.span()) for match in _WORD.finditer(text)]
    return Words(tuple(word for word, _ in found), tuple(span for _, span in found))


def longest_run(mine: Words, theirs: Words) -> SharedRun | None:
    """The longest run of words that both texts have; None when it is below what counts (LEAST_WORDS, LEAST_LINE)."""
    least = min(LEAST_WORDS, max(LEAST_LINE, len(theirs.folded)))
    seeds: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(theirs.folded) - _SEED + 1):
        seeds[theirs.folded[at : at + _SEED]].append(at)
    best: tuple[int, int] = (0, 0)  # length, start in mine
    for at in range(len(mine.folded) - _SEED + 1):
        for there in seeds.get(mine.folded[at : at + _SEED], ()):
            if at and there and mine.folded[at - 1] == theirs.folded[there - 1]:
                continue  # within a run that began earlier
            length = _length(mine.folded, at, theirs.folded, there)
            best = max(best, (length, -at))
    length, at = best[0], -best[1]
    if length < least:
        return None
    return SharedRun(mine.spans[at][0], mine.spans[at + length - 1][1], length)


def containment(mine: Words, theirs: Words) -> float:
    """Which share (0 to 1) of the three-word runs of ``theirs`` is in ``mine`` (Broder 1997, containment)."""
    here = {mine.folded[at : at + _SHINGLE] for at in range(len(mine.folded) - _SHINGLE + 1)}
    there = {theirs.folded[at : at + _SHINGLE] for at in range(len(theirs.folded) - _SHINGLE + 1)}
    return len(here & there) / len(there) if there else 0.0


def _length(mine: tuple[str, ...], at: int, theirs: tuple[str, ...], there: int) -> int:
    most = min(len(mine) - at, len(theirs) - there)
    return next((step for step in range(most) if mine[at + step] != theirs[there + step]), most)
