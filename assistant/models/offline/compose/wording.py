"""Small operations on words and sentences that every part of the writer shares.

They work on plain text in the four languages and keep a customer's or client's words as they are.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.models.offline.compose.function_words import function_words

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”“»’)]*\s+(?=[\"“„«¿¡(]?[A-ZÀ-Þ0-9¿¡„“«])")


#: letters of a word that count when words are compared
STEM = 6


def fold(text: str) -> str:
    """Lower case without accents, for comparing."""
    parts = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    return _WORD.findall(text)


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The content words of ``text``, without a plural s and cut to :data:`STEM` letters so that inflected forms meet."""
    return frozenset(
        _singular(fold(word))[:STEM]
        for word in words(text)
        if word.lower() not in function_words("ignored") and (len(word) > 2 or word.isdigit())
    )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def same_words(one: str, other: str) -> frozenset[str]:
    """Whole content words in both texts, in the singular; parts of compounds do not count."""
    left, right = (
        frozenset(_singular(fold(word)) for word in words(text) if word.lower() not in function_words("ignored"))
        for text in (one, other)
    )
    return frozenset(word for word in left & right if len(word) > 3)


def overlap(one: str, other: str) -> float:
    """Shared content words over the smaller of the two sets, 0 to 1."""
    left, right = stems(one), stems(other)
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def sentences(text: str) -> list[str]:
    """The sentences of a text; line ends count as ends."""
    found: list[str] = []
    for line in text.splitlines():
        found += [part.strip() for part in _SENTENCE_END.split(line.strip()) if part.strip()]
    return found


def shingles(text: str, size: int = 4) -> frozenset[tuple[str, ...]]:
    """Runs of ``size`` folded words, for measuring how much two texts share."""
    run = [fold(word) for word in words(text)]
    return frozenset(tuple(run[start : start + size]) for start in range(len(run) - size + 1))


def tidy(text: str) -> str:
    """One line, single spaces, no space before a mark."""
    plain = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", plain)


def bare(text: str) -> str:
    """A phrase without its closing full stop, comma or bullet, to be set into a sentence."""
    plain = tidy(text).lstrip("-–—*•· ").rstrip()
    return plain[:-1].rstrip() if plain[-1:] in {".", ",", ";", ":"} and not plain.endswith("...") else plain


def capital(text: str) -> str:
    """The first letter raised, the rest untouched."""
    for place, char in enumerate(text):
        if char.isalpha():
            return text[:place] + char.upper() + text[place + 1 :] if place < 2 else text
        if char.isdigit():
            return text
    return text


def inline(text: str, language: str) -> str:
    """A phrase to be set inside a sentence: no closing mark, and a first letter as it stands within a sentence.

    Names, acronyms and German nouns keep their capital; "I" stays.
    """
    plain = bare(text)
    first = plain.split(" ", 1)[0]
    if not first[:1].isupper() or not first[1:].islower() or first in {"I", "I'm"}:
        keeps = first[:1].isupper() and len(first) > 1
        return plain if keeps or first == "I" else plain[:1].lower() + plain[1:]
    if language == "de" and first.lower() not in function_words("german_small"):
        return plain
    return plain[:1].lower() + plain[1:]


def closed(text: str) -> str:
    """A phrase as a sentence: capital first, one closing mark."""
    plain = capital(bare(text))
    return plain if plain[-1:] in {"?", "!", "…"} else f"{plain}."


def clip(text: str, limit: int) -> str:
    """``text`` cut at a word so that it has at most ``limit`` characters; no ellipsis, no loose mark at the end."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0][:limit].rstrip(" ,;:–—-(")
    while (last := cut.rsplit(" ", 1)[-1].lower()) in function_words("ignored") and " " in cut:
        cut = cut[: -len(last)].rstrip(" ,;:–—-(")
    return cut


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; German umlauts spelt out. At most 70 characters, whole words."""
    spelt = text.lower()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelt = spelt.replace(letter, pair)
    return clip(" ".join(re.findall(r"[a-z0-9]+", fold(spelt))), 70).replace(" ", "-")


def listing(items: Sequence[str], joiner: str) -> str:
    """``a, b <joiner> c``."""
    plain = list(items)
    return f"{', '.join(plain[:-1])} {joiner} {plain[-1]}" if len(plain) > 1 else "".join(plain)


def distinct(items: Iterable[str]) -> list[str]:
    """In order, without empty ones and without those that say the same in other case."""
    seen: set[str] = set()
    kept: list[str] = []
    for item in items:
        plain = tidy(item)
        if plain and fold(plain) not in seen:
            seen.add(fold(plain))
            kept.append(plain)
    return kept


def digest(*parts: str) -> int:
    """A stable number for breaking ties."""
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:6], "big")
