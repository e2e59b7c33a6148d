"""What a quote is about, and whether it is praise: from its own words, for quotes that came without themes.

Pure functions over small word lists in English, German, Portuguese and Spanish (knowledge/voc/lexicon.py). In a
language outside of these nothing is claimed; with an unknown language all four are tried.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from knowledge.voc.lexicon import BAD, GOOD, NOT, THEMES

Sentiment = Literal["positive", "neutral", "negative"]

LANGUAGES = ("en", "de", "pt", "es")
#: a negation reaches so many words ahead, never past the end of its clause
REACH = 3

_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CLAUSES = re.compile(r"[.,;:!?…\n]+")
_MARKS = re.compile("[\u0300-\u036f]")


def themes_of(text: str, language: str | None = None) -> list[str]:
    """The usual customer themes that ``text`` speaks of, most often mentioned first; [] when it speaks of none.

    ``language`` is an ISO 639-1 code, with or without a region; None when nobody knows.
    """
    known = _known(language)
    if known is None:
        return []
    words = _words(_folded(text))
    lexicon = _themes(known)
    found: dict[str, int] = {}
    for word in words:
        for theme in lexicon.of(word):
            found[theme] = found.get(theme, 0) + 1
    line = f" {' '.join(words)} "
    for phrase, theme in lexicon.phrases:
        if phrase in line:
            found[theme] = found.get(theme, 0) + 1
    order = list(THEMES)
    return sorted(found, key=lambda theme: (-found[theme], order.index(theme)))


def sentiment_of(
    text: str, rating: float | None = None, language: str | None = None, *, best: float = 5
) -> Sentiment | None:
    """By the rating when there is one (of ``best``: up to 2 in 5 negative, from 4 in 5 positive), else by the words.

    None when there is no rating and the language is none of ours.
    """
    if rating is not None:
        stars = rating * 5 / best
        return "negative" if stars <= 2 else "positive" if stars >= 4 else "neutral"
    known = _known(language)
    if known is None:
        return None
    balance = sum(_balance(_words(clause), known) for clause in _CLAUSES.split(_folded(text)))
    return "positive" if balance > 0 else "negative" if balance < 0 else "neutral"


def _balance(words: list[str], known: str) -> int:
    """Good words less bad ones in one clause, turned around by a negation before them."""
    lexicon, negations = _polarity(known), _negations(known)
    balance, reach = 0, 0
    for word in words:
        if word in negations:
            reach = REACH
            continue
        value = sum(1 if side == "good" else -1 for side in lexicon.of(word))
        balance += -value if reach else value
        reach = max(0, reach - 1)
    line = f" {' '.join(words)} "
    return balance + sum((1 if side == "good" else -1) for phrase, side in lexicon.phrases if phrase in line)


# -------------------------------------------------------------------- word lists


@dataclass(frozen=True)
class Lexicon:
    """Words, beginnings of words and phrases, each with what it stands for."""

    exact: dict[str, tuple[str, ...]]
    beginnings: dict[str, tuple[str, ...]]
    phrases: list[tuple[str, str]]

    def of(self, word: str) -> tuple[str, ...]:
        return _meaning(self, word)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=65_536)
def _meaning(lexicon: Lexicon, word: str) -> tuple[str, ...]:
    found = list(lexicon.exact.get(word, ()))
    for end in range(3, len(word) + 1):
        found += lexicon.beginnings.get(word[:end], ())
    return tuple(dict.fromkeys(found))


@cache
def _themes(known: str) -> Lexicon:
    return _lexicon((theme, lists[code]) for theme, lists in THEMES.items() for code in known.split())


@cache
def _polarity(known: str) -> Lexicon:
    sides = (("good", GOOD), ("bad", BAD))
    return _lexicon((side, lists[code]) for side, lists in sides for code in known.split())


@cache
def _negations(known: str) -> frozenset[str]:
    return frozenset(word for code in known.split() for word in NOT[code].split())


def _lexicon(lists: Iterable[tuple[str, str]]) -> Lexicon:
    exact: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    phrases: dict[tuple[str, str], None] = {}
    for meaning, words in lists:
        for word in words.split():
            if "_" in word:
                phrases[f" {word.replace('_', ' ')} ", meaning] = None
            elif word.endswith("*"):
                beginnings.setdefault(word[:-1], []).append(meaning)
            else:
                exact.setdefault(word, []).append(meaning)
    return Lexicon(_frozen(exact), _frozen(beginnings), list(phrases))


def _frozen(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(dict.fromkeys(meanings)) for word, meanings in lists.items()}


def _known(language: str | None) -> str | None:
    """The word lists to look into, joined; None for a language there is no list for."""
    if language is None:
        return " ".join(LANGUAGES)
    code = language.lower().replace("_", "-").split("-")[0]
    return code if code in LANGUAGES else None


def _folded(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _words(folded: str) -> list[str]:
    return [word.replace("'", "").replace("’", "") for word in _WORDS.findall(folded)]
