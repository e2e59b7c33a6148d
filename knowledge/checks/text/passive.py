"""Whether a sentence is in the passive voice, in English, German, Spanish and Portuguese.

Told by an auxiliary with a participle near it; states described with an adjective ("is tired") are none.
"""

import re
from functools import cache

from knowledge.checks.words import phrases

_PARTICIPLE = {
    "en": re.compile(r"\w{2,}ed$"),
    "de": re.compile(
        r"(?:\w{2,}?)?ge\w{2,}(?:t|en)$|\w{2,}iert$|(?:\w{2,4})?(?:be|ver|ent|er|zer|miss|über|unter)\w{2,}(?<!r)t$"
    ),
    "es": re.compile(r"\w{2,}(?:ad|id|íd)[oa]s?$"),
    "pt": re.compile(r"\w{2,}(?:ad|id|íd)[oa]s?$"),
}
#: how many words may stand between the auxiliary and the participle
_REACH = {"en": 3, "es": 1, "pt": 1}
_NAMES = {"en": "be_forms", "de": "werden_forms", "es": "ser_forms", "pt": "ser_forms"}


def is_passive(words: tuple[str, ...], language: str) -> bool | None:
    """None in a language without rules."""
    if language not in _PARTICIPLE:
        return None
    if language == "de":
        return _german(words)
    lowered = [word.lower().replace("’", "'") for word in words]
    return any(word in _forms(language) and _participle_after(lowered, at, language) for at, word in enumerate(lowered))


def _participle_after(words: list[str], at: int, language: str) -> bool:
    for word in words[at + 1 : at + 2 + _REACH[language]]:
        if _is_participle(word, language):
            return True
        if language == "en" and word in _listed("en", "never_before_participle"):
            return False
        if language != "en" and not word.endswith("mente") and word not in ("no", "não", "ya", "já", "sido", "siendo"):
            return False
    return False


def _german(words: tuple[str, ...]) -> bool:
    """A form of werden and a participle in one sentence; nouns are capitalised and so are none."""
    return any(word.lower() in _forms("de") for word in words) and any(
        _is_participle(word, "de") for word in words if word[:1].islower()
    )


def _is_participle(word: str, language: str) -> bool:
    if word in _listed(language, "participles"):
        return True
    if word in _listed(language, "not_participles") or _singular(word, language) in _listed(
        language, "not_participles"
    ):
        return False
    return bool(_PARTICIPLE[language].match(word))


def _singular(word: str, language: str) -> str:
    """The masculine singular of a Spanish or Portuguese adjective, under which it is listed."""
    return re.sub(r"[oa]s?$", "o", word) if language in ("es", "pt") else word


@cache
def _listed(language: str, name: str) -> frozenset[str]:
    return frozenset(phrases(language, name))


def _forms(language: str) -> frozenset[str]:
    return _listed(language, _NAMES[language])
