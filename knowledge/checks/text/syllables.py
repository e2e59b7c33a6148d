"""How many syllables a word has, by rule, in English, German, Spanish and Portuguese.

Counting by rule is right for nearly all words and off by one for some: enough for an average over a text, which is all
it is used for.
"""

import re
from functools import lru_cache

from knowledge.checks.words import phrases

_GROUPS = {
    "en": re.compile(r"[aeiouy]+"),
    # German: each of these is one vowel; other neighbours (be-enden, Re-aktion) are two
    "de": re.compile(r"aa|ee|oo|ai|ei|ie|au|äu|eu|ay|ey|oy|[aeiouyäöüéèàâêîôû]"),
    # Spanish: a weak vowel (i, u, y at the end) joins its neighbour unless it carries the accent; strong ones are apart
    "es": re.compile(r"[iuü]?[aeoáéó](?:[iuüy](?![aeoáéó]))?|[iuü]?[íú]|[íú]|[iuü][iuü]?|y(?![aeiouáéíóúü])"),
    # Portuguese: the same, and nasal vowels with their glide (ão, õe, ãe)
    "pt": re.compile(r"ão|õe|ãe|[aeoáéóâêôãõà](?:[iuü](?![aeoáéóâêôãõ]))?|[íú]|[iuü]+|y"),
}
_SILENT_E = re.compile(r"(?<=[^aeiouyl])es?$|(?<=[aeiou]l)es?$|(?<=[^td])ed$")
_SIBILANT_ES = re.compile(r"(?:[sxz]|ch|sh|[cg])es$")
#: a u that is not heard, or only as a glide
_GLIDE_U = {"es": re.compile(r"(?<=[qg])u(?=[eéií])"), "pt": re.compile(r"(?<=[qg])u(?=[aáâãeéêiíoóô])")}
#: Portuguese: an end in two vowels is one syllable when the stress is written earlier (história, but alegria)
_ENDING = re.compile(r"(?<=[áéíóúâêô])([^\W\d]*?)[iu](?=[aoe]s?$)")


@lru_cache(maxsize=50_000)
def syllables(word: str, language: str) -> int:
    """At least 1. Hyphenated words and words with digits are the sum of their parts; a number counts as one."""
    plain = word.lower()
    parts = [part for part in re.split(r"[^\w]|\d", plain.replace("'", "").replace("’", "")) if part]
    return max(1, sum(_of_part(part, language) for part in parts))


def _of_part(part: str, language: str) -> int:
    if language == "en":
        return _english(part)
    if glide := _GLIDE_U.get(language):
        part = glide.sub("", part)
    if language == "pt":
        part = _ENDING.sub(r"\1", part)
    groups = _GROUPS.get(language, _GROUPS["en"])
    return max(1, len(groups.findall(part)))


def _english(word: str) -> int:
    known = _exceptions().get(word)
    if known:
        return known
    base = word
    if not _SIBILANT_ES.search(word):
        base = _SILENT_E.sub("", word) if len(word) > 3 or not word.endswith("e") else word
        base = base if re.search(r"[aeiouy]", base) else word
    count = len(_GROUPS["en"].findall(base))
    count += len(re.findall(r"(?<=[^aeiou])ia(?=[nl]?[a-z]*t)|(?<=[a-z])io(?=[lr])|(?<=[aeiou])ing$", base))
    return max(1, count)


@lru_cache(maxsize=1)
def _exceptions() -> dict[str, int]:
    pairs = (entry.split("=") for entry in phrases("en", "syllables"))
    return {word: int(count) for word, count in pairs}
