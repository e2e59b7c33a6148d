"""Text as search sees it: folded, hashed, fingerprinted. Pure functions, the same answer everywhere and always.

What is stored depends on them: a change here makes every stored hash stale, so it needs a re-import.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from zlib import crc32

#: runs of this many words are hashed, and of this many hashes in a row the least is kept (winnowing:
#: Schleimer, Wilkerson, Aiken 2003); so a shared run of K + WINDOW - 1 = 8 words always shares a fingerprint
K, WINDOW = 5, 4
#: texts whose simhashes differ in at most this many of 64 bits say nearly the same (Manku, Jain, Das Sarma 2007)
NEAR = 3

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f]+")
#: of ASCII, whatever is no letter and no digit becomes a blank: the quicker way to the same words
_BLANKS = {place: " " for place in range(128) if not chr(place).isalnum()}

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
    return taken_apart(fold(text))[0]


def plain_words(text: str) -> list[str]:
    """Letters and digits only, folded: ``Don't stop-me AB-1234`` -> don t stop me ab 1234. So words are indexed and asked
    for: what a parser would take for a sign, a file or an address is no more than its words."""
    return _plain(fold(text))


def taken_apart(folded: str) -> tuple[list[str], list[str]]:
    """``words`` and ``plain_words`` of what is folded already; one list where they are the same."""
    plain = _plain(folded)
    joined = "'" in folded or "-" in folded or "\u2019" in folded
    return (_WORD.findall(folded) if joined else plain), plain


def _plain(folded: str) -> list[str]:
    return folded.translate(_BLANKS).split() if folded.isascii() else _PLAIN.findall(folded)


def content_hash(text: str) -> bytes:
    """SHA-256 of the text as it is, 32 bytes."""
    return hashlib.sha256(text.encode()).digest()


def config_of(language: str | None) -> str:
    """The text search configuration of a language code (``pt-BR`` -> ``portuguese``); ``simple`` when there is none."""
    return _CONFIGS.get((language or "").split("-")[0].split("_")[0].lower(), "simple")


def fingerprints(text: str) -> list[int]:
    """Winnowed hashes (signed 32-bit, sorted, each once) of the runs of K words; a shorter text has one or none."""
    return fingerprints_of(words(text))


def fingerprints_of(found: list[str]) -> list[int]:
    """The same of a text's ``words``."""
    if len(found) < K:
        return []
    parts = [word.encode() for word in found]
    said = b" ".join(parts)
    starts = list(accumulate((len(part) + 1 for part in parts), initial=0))
    runs = map(said.__getitem__, map(slice, starts, (start - 1 for start in starts[K:])))
    least = _least_of_windows(list(map(crc32, runs)))
    return sorted([value - (1 << 32) if value >> 31 else value for value in least])


def _least_of_windows(hashes: list[int]) -> set[int]:
    if len(hashes) <= WINDOW:
        return {min(hashes)}
    return set(map(min, *(hashes[at : len(hashes) - WINDOW + 1 + at] for at in range(WINDOW))))


def simhash(text: str) -> int | None:
    """A 64-bit hash (signed) that is near for texts that are nearly the same (Charikar 2002).

    Over single words and pairs of neighbours. None below four words: too little to be like something.
    """
    found = words(text)
    if len(found) < 4:
        return None
    import numpy as np  # not loaded until something is imported

    hashes = np.array([hash_of(word) for word in found], dtype="<u8")
    pairs = hashes[:-1] * np.uint64(ODD) ^ hashes[1:]
    both = np.concatenate((hashes, pairs)).view(np.uint8).reshape(-1, 8)
    # the bits that more than half of the hashes have set
    most = np.add.reduce(np.unpackbits(both, axis=1, bitorder="little"), axis=0, dtype=np.uint32) > len(both) // 2
    return int.from_bytes(np.packbits(most, bitorder="little").tobytes(), "little", signed=True)


def hamming(one: int, other: int) -> int:
    """In how many of 64 bits two simhashes differ."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()


#: mixes the first word of a pair, so that "man bites" is not "bites man" (the golden ratio's odd constant of SplitMix64)
ODD = 0x9E37_79B9_7F4A_7C15


@lru_cache(maxsize=50_000)
def hash_of(word: str) -> int:
    """64 bits of a word, for ``simhash``."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
