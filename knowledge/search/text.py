"""Text as search sees it: folded, hashed, fingerprinted. Pure functions, the same answer everywhere and always.

What is stored depends on them: a change here makes every stored hash stale, so it needs a re-import.
"""

import hashlib
import re
import unicodedata
from collections import deque
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

#: runs of this many words are hashed, and of this many hashes in a row the least is kept (winnowing:
#: Schleimer, Wilkerson, Aiken 2003); so a shared run of K + WINDOW - 1 = 8 words always shares a fingerprint
K, WINDOW = 5, 4
#: texts whose simhashes differ in at most this many of 64 bits say nearly the same (Manku, Jain, Das Sarma 2007)
NEAR = 3

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_MARKS = re.compile("[\u0300-\u036f]+")

#: ISO 639-1 code -> the text search configuration with that language's stems; all of them are in Postgres itself
_CONFIGS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def fold(text: str) -> str:
    """Case, accents and compatibility forms taken away: ``Crème BRÛLÉE`` -> ``creme brulee``, ``Straße`` -> ``strasse``."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", plain))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [match.group() for match in _WORD.finditer(fold(text))]


def content_hash(text: str) -> bytes:
    """SHA-256 of the text as it is, 32 bytes."""
    return hashlib.sha256(text.encode()).digest()


def config_of(language: str | None) -> str:
    """The text search configuration of a language code (``pt-BR`` -> ``portuguese``); ``simple`` when there is none."""
    return _CONFIGS.get((language or "").split("-")[0].split("_")[0].lower(), "simple")


def fingerprints(text: str) -> list[int]:
    """Winnowed hashes (signed 32-bit, sorted, each once) of the runs of K words; a shorter text has one or none."""
    found = words(text)
    if len(found) < K:
        return []
    hashes = [crc32(" ".join(found[at : at + K]).encode()) for at in range(len(found) - K + 1)]
    return sorted({value - (1 << 32) if value >> 31 else value for value in _least_of_windows(hashes)})


def _least_of_windows(hashes: list[int]) -> set[int]:
    if len(hashes) <= WINDOW:
        return {min(hashes)}
    kept: set[int] = set()
    window: deque[int] = deque()  # positions whose hashes rise: the first is the least of the window
    for at, value in enumerate(hashes):
        while window and hashes[window[-1]] >= value:
            window.pop()
        window.append(at)
        if window[0] <= at - WINDOW:
            window.popleft()
        if at >= WINDOW - 1:
            kept.add(hashes[window[0]])
    return kept


def simhash(text: str) -> int | None:
    """A 64-bit hash (signed) that is near for texts that are nearly the same (Charikar 2002).

    Over single words and pairs of neighbours. None below four words: too little to be like something.
    """
    found = words(text)
    if len(found) < 4:
        return None
    features = [*found, *(f"{one} {two}" for one, two in pairwise(found))]
    total = sum(map(_spread, features))
    half = len(features) // 2
    value = sum(1 << bit for bit in range(64) if (total >> (bit * _LANE)) & _LANE_MASK > half)
    return value - (1 << 64) if value >> 63 else value


def hamming(one: int, other: int) -> int:
    """In how many of 64 bits two simhashes differ."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()


#: 64 counters side by side in one integer, wide enough for any text: adding up the bits is one addition a word
_LANE = 24
_LANE_MASK = (1 << _LANE) - 1


@lru_cache(maxsize=50_000)
def _spread(feature: str) -> int:
    bits = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
    return sum(1 << (bit * _LANE) for bit in range(64) if bits >> bit & 1)
