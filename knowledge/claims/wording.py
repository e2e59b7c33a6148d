"""Words as they are compared: without case, accents, endings and the words that say nothing.

``flat`` keeps the length, so that a place in the flat text is the same place in the text.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

#: letters of a word that count, so that inflected forms meet
STEM = 6
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def flat(text: str) -> str:
    """Lower case without accents, letter for letter."""
    return text.lower() if text.isascii() else "".join(map(_plain, text))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in "’‘":
        return "'"
    lower = char.lower()
    base = unicodedata.normalize("NFKD", lower)[:1]
    return base if len(base) == 1 and not unicodedata.combining(base) else char


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    data = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return {name: frozenset(" ".join(lists.values()).split()) for name, lists in data.items()}


def function_words() -> frozenset[str]:
    return _lists()["function"]


def light_words() -> frozenset[str]:
    """Stems of words that carry no fact by themselves: say, answer, offer, thing."""
    return _light()


@lru_cache(maxsize=1)
def _light() -> frozenset[str]:
    return frozenset(stem(word) for word in _lists()["light"])


def negations() -> frozenset[str]:
    return _lists()["negation"]


@lru_cache(maxsize=1)
def imperatives() -> frozenset[str]:
    return _lists()["imperative"]


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """``word`` is flat."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:STEM]


def stems(flat_text: str) -> frozenset[str]:
    """The content words of a flat text, stemmed; light ones too."""
    ignored = function_words()
    return frozenset(
        stem(word) for word in WORD.findall(flat_text) if word not in ignored and (len(word) > 2 or not word.isascii())
    )


def negated(flat_text: str) -> frozenset[str]:
    """The stems that stand within three words after a "no", "without", "never" of the same clause."""
    words, ignored, found = negations(), function_words(), set[str]()
    left = 0
    for match in re.finditer(r"[,.;:!?()]|[^\W\d_]+(?:['’-][^\W\d_]+)*", flat_text):
        word = match.group()
        if word in ",.;:!?()":
            left = 0
        elif word in words or word.endswith("n't"):
            left = 3
        elif left and word not in ignored:
            found.add(stem(word))
            left -= 1
    for match in re.finditer(r"([^\W\d_]{3,})[- ]?(?:free|frei)\b", flat_text):
        found.add(stem(match[1]))
    return frozenset(found)


def sentence_key(text: str) -> str:
    """A sentence as far as its letters and figures go: marks and spaces do not make it another one."""
    return " ".join(re.findall(r"[^\W_]+|[%€$£]", flat(text)))
