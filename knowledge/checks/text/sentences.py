"""Sentences and words with where they stand, in English, German, Spanish and Portuguese.

Sentence ends are found by marks; abbreviations, initials, ordinals and decimals are none. In other languages the same
marks are used, and the rules that need more say that they did not look.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.checks.words import phrases

WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*|\d+(?:[.,:/]\d+)*")
_END = re.compile(r"[.!?…。！？]+[\"”“’»)\]]*(?:\s+|$)")
_OPENS_SMALL = re.compile(r"[\"“„«(\[¿¡]*[a-zà-ÿ]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` as it stands, from ``start`` to ``end`` in the part; ``words`` in order, ``block`` its number."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    block: int


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Where the sentences of one block stand, without the space around them."""
    found: list[tuple[int, int]] = []
    begun = 0
    for end in _END.finditer(text):
        if end.end() < len(text) and not _ends(text, end, language):
            continue
        _add(found, text, begun, end.end())
        begun = end.end()
    _add(found, text, begun, len(text))
    return found


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    inner = text[start:end]
    kept = inner.strip()
    if kept and any(map(str.isalnum, kept)):
        begun = start + len(inner) - len(inner.lstrip())
        found.append((begun, begun + len(kept)))


def _ends(text: str, end: re.Match[str], language: str) -> bool:
    """Whether the mark is a sentence's end: not after an abbreviation, an initial, a German ordinal."""
    following = text[end.end() : end.end() + 4]
    if _OPENS_SMALL.match(following):
        return False
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    before = text[max(0, end.start() - 14) : end.start()]
    last = re.search(r"[^\s(„“\"«]+$", before)
    if last is None:
        return True
    word = last[0].lower()
    if word in _abbreviations(language) or (
        len(word) == 1 and word.isalpha() and (last[0].isupper() or language == "de")
    ):
        return False
    if "." in word and all(len(part) <= 2 for part in word.split(".")):  # e.g, z.B, p.m
        return False
    if language == "de" and word.isdigit() and len(word) <= 2:  # "am 3. Mai", but "Ich bin 20. Das ist gut."
        opener = WORD.match(text, end.end())
        return opener is not None and opener[0].lower() in _small_words()
    return True


@cache
def _abbreviations(language: str) -> frozenset[str]:
    return frozenset(phrases(language, "abbreviations"))


@cache
def _small_words() -> frozenset[str]:
    return frozenset(phrases("de", "markers"))


@lru_cache(maxsize=4096)
def words_in(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text))
