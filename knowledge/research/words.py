"""The words of texts by language: sentences, terms of one to three words, how much a term says about a set of pages.

What always holds: pure functions, the same answer for the same text. Only letters are looked at: no meaning is guessed.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.search.text import fold

#: languages whose small words are known; in another one a word of three letters or less counts as small
KNOWN = ("en", "de", "es", "pt")
LONGEST_TERM = 3
#: terms of a page that are kept, terms of a research document
MOST_OF_PAGE, MOST = 250, 60
SHORTEST, LONGEST = 3, 40
_FILE = Path(__file__).parent / "data" / "small_words.toml"
_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_BREAK = re.compile(r"[.!?…:;,()\[\]{}|/\n\"“”„«»–—]+|\s-\s")
_END = re.compile(r"(?<=[.!?…])[\"”“»’)]*\s+(?=[\"“„«¿¡(]?[^\W\d_a-zß-ÿ]|[\"“„«¿¡(]?\d)|\n+")
_ENDINGS = ("es", "en", "er", "s", "n", "e")
#: scripts that part no words by blanks
_UNPARTED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Term:
    """``weight``: 0 to 1, the most telling 1. ``pages``: on how many of the pages it stands."""

    term: str
    weight: float
    pages: int


@cache
def small_words(language: str | None) -> frozenset[str]:
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(fold(word) for word in str(lists.get(language or "", "")).split())


def parts_words(text: str) -> bool:
    """Whether words are told apart by blanks in it."""
    letters = sum(map(str.isalpha, text))
    return letters == 0 or len(_UNPARTED.findall(text)) < 0.3 * letters


def sentences(text: str) -> list[str]:
    """Sentences of running text; a line end is an end."""
    return [part.strip(" -\t") for part in _END.split(text) if part and part.strip(" -\t")]


def content_words(text: str, language: str | None) -> list[str]:
    """The folded words that say something, in order."""
    small = small_words(language)
    return [word for found in _WORD.findall(text) if _says(word := fold(found), small, language)]


def terms_of(text: str, language: str | None, most: int = MOST_OF_PAGE) -> list[tuple[str, int]]:
    """Terms of one to three words with how often they stand there; a longer one at least twice. With their accents, in
    lower case (German as it is mostly written), the most frequent first; none for a script that parts no words."""
    if not parts_words(text[:5_000]):
        return []
    small = small_words(language)
    counts: Counter[str] = Counter()
    shown: dict[str, Counter[str]] = {}
    for run in _BREAK.split(text):
        found = [(fold(word), word) for word in _WORD.findall(run)]
        good = [_says(word, small, language) for word, _ in found]
        for at in range(len(found)):
            if not good[at]:
                continue
            for size in range(1, LONGEST_TERM + 1):
                last = at + size - 1
                if last >= len(found):
                    break
                if not good[last]:
                    continue
                key = " ".join(word for word, _ in found[at : last + 1])
                counts[key] += 1
                written = " ".join(word for _, word in found[at : last + 1])
                shown.setdefault(key, Counter())[written if language == "de" else written.lower()] += 1
    kept = [(key, count) for key, count in counts.items() if count > 1 or " " not in key]
    kept.sort(key=lambda one: (-one[1] * (1 + one[0].count(" ")), one[0]))
    return [(shown[key].most_common(1)[0][0], count) for key, count in kept[:most]]


def shared_terms(pages: Sequence[Sequence[tuple[str, int]]], topic: str, most: int = MOST) -> list[Term]:
    """What the pages have in common: a term weighs by the share of pages it stands on and how often, longer ones more.

    A term inside a longer one that stands on as many pages is left out. A term of one page counts only when it stands
    there several times, or has a word of the topic in it.
    """
    found: dict[str, list[int]] = {}
    written: dict[str, str] = {}
    for page in pages:
        for term, count in page:
            found.setdefault(fold(term), []).append(count)
            written.setdefault(fold(term), term)
    own = set(words_of(topic))
    often = 2 if len(pages) == 1 else 4
    scores = {
        term: _score(term, counts, len(pages), own)
        for term, counts in found.items()
        if len(counts) > 1 or counts[0] >= often or set(words_of(term)) & own
    }
    ranked = sorted(scores, key=lambda term: (-scores[term], term))
    kept: list[str] = []
    for term in ranked:
        if len(kept) >= most:
            break
        if not any(_is_inside(term, other) and len(found[other]) >= len(found[term]) for other in kept):
            kept.append(term)
    top = scores[kept[0]] if kept else 1.0
    return [Term(written[term], round(scores[term] / top, 3), len(found[term])) for term in kept]


def _score(term: str, counts: list[int], pages: int, own: set[str]) -> float:
    share = len(counts) / max(pages, 1)
    often = math.log1p(sum(counts) / len(counts))
    near = 1.0 + 0.5 * len(set(words_of(term)) & own)
    return share * often * near * (1 + 0.35 * term.count(" "))


def _is_inside(term: str, other: str) -> bool:
    return len(term) < len(other) and f" {term} " in f" {other} "


def words_of(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]


def topic_words(topic: str) -> list[str]:
    """What a topic is found again by: its telling words in any of the known languages, folded, without endings and
    sorted, each once; all of its words when none tells."""
    small = _every_small_word()
    telling = [stem(word) for word in words_of(topic) if len(word) >= SHORTEST and word not in small]
    return sorted(set(telling or words_of(topic) or [fold(topic)[:100]]))


@cache
def _every_small_word() -> frozenset[str]:
    return frozenset[str]().union(*(small_words(language) for language in KNOWN))


def stem(word: str) -> str:
    """A folded word without the ending of a plural, so that most forms meet; no grammar is known here."""
    for ending in _ENDINGS:
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def stems(text: str, language: str | None) -> set[str]:
    """What a text is about: its telling words without endings."""
    return {stem(word) for word in content_words(text, language)}


def alike(one: Iterable[str], other: Iterable[str]) -> float:
    """The share of words that two topics have in common (Jaccard), 0 to 1."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def _says(word: str, small: frozenset[str], language: str | None) -> bool:
    if word in small or not SHORTEST <= len(word) <= LONGEST or word.replace(".", "").replace(",", "").isdigit():
        return False
    return language in KNOWN or len(word) > SHORTEST
