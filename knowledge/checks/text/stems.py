"""Words of a phrase told apart from small ones and compared without their endings.

No stemmer of its own: a shared beginning and a short rest. That joins inflected forms ("rackets", "racket") and, in German,
a word with its compound; it is used to find a phrase, never to change one.
"""

from functools import cache, lru_cache

from knowledge.checks.words import LANGUAGES, phrases
from knowledge.search.text import fold, words

#: endings of this many letters may differ
_REST = 3


def content_words(phrase: str, language: str) -> list[str]:
    """The folded words that carry meaning; all of them when none does."""
    found = words(phrase)
    small = _small(language)
    return [word for word in found if word not in small] or found


@lru_cache(maxsize=20_000)
def same_word(one: str, other: str) -> bool:
    """Whether two folded words are forms of one."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    stem = _stem(short)
    return len(stem) >= 4 and long.startswith(stem) and len(long) - len(stem) <= _REST + 1


def _stem(word: str) -> str:
    for ending in ("es", "en", "er", "s", "e", "a", "o", "n"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@cache
def _small(language: str) -> frozenset[str]:
    names = (language,) if language in LANGUAGES else LANGUAGES
    return frozenset(fold(word) for code in names for word in phrases(code, "function_words"))
