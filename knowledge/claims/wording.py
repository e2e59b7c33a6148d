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


_ENDINGS = ("ings", "ing", "ed", "es", "s", "e")


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """``word`` is flat. Endings of plurals and of weak verbs go, what is left is cut to :data:`STEM` letters."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= 4), "")
    if ending and not word.endswith("ss"):
        word = word[: -len(ending)]
    return word[:STEM]


def stems(flat_text: str) -> frozenset[str]:
    """The content words of a flat text, stemmed; light ones too."""
    ignored = function_words()
    return frozenset(
        stem(word) for word in WORD.findall(flat_text) if word not in ignored and (len(word) > 2 or not word.isascii())
    )


_CLAUSE = re.compile(r"[,.;:!?()]|\d+|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FREE = re.compile(r"([^\W\d_]{3,})[- ]?(?:free|frei)\b")
#: "no other has it" says that this one has; who pays nothing for delivery is not denied the delivery
_NO_DENIAL = re.compile(
    r"(?:other|ander\w*|otr[oa]s?|outr[oa]s?|pay|pays|paying|charge|charges|zahl\w*|bezahl\w*|pag(?:a|as|an|amos|ar)|cobra\w*)$"
)
#: words that a "no" reaches, and those before a German "nicht" that it reaches back to
_REACH = 3


def negated(flat_text: str) -> frozenset[str]:
    """The stems that a "no", "without", "never" of the same clause denies: the next three, around "nicht" the last, too."""
    if not _may_deny(flat_text):
        return frozenset()
    words, ignored, found = negations(), function_words(), set[str]()
    left, before = 0, list[str]()
    for match in _CLAUSE.finditer(flat_text):
        word = match.group()
        if not word[0].isalpha():
            left, before = 0, []
        elif word in words or word.endswith("n't"):
            left = _REACH
            found.update(map(stem, before[-_REACH:] if word == "nicht" else ()))
        elif left and _NO_DENIAL.match(word):
            left = 0
        elif word not in ignored:
            before.append(word)
            if left:
                found.add(stem(word))
                left -= 1
    found.update(stem(match[1]) for match in _FREE.finditer(flat_text))
    return frozenset(found)


def _may_deny(flat_text: str) -> bool:
    return any(mark in flat_text for mark in ("n", "free"))


@lru_cache(maxsize=1)
def _telling() -> dict[str, frozenset[str]]:
    """By language: function words that no other of the four languages has."""
    data = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))["function"]
    lists = {language: frozenset(words.split()) for language, words in data.items()}
    return {
        language: words - frozenset().union(*(other for name, other in lists.items() if name != language))
        for language, words in lists.items()
    }


@lru_cache(maxsize=16384)
def language_of(flat_text: str) -> str:
    """en, de, es or pt by its small words; empty when they do not tell."""
    words = WORD.findall(flat_text[:4000])
    counted = sorted(((sum(word in own for word in words), name) for name, own in _telling().items()), reverse=True)
    (most, name), (next_most, _) = counted[0], counted[1]
    return name if most >= 3 and most >= 2 * next_most else ""


def sentence_key(text: str) -> str:
    """A sentence as far as its letters and figures go: marks and spaces do not make it another one."""
    return " ".join(re.findall(r"[^\W_]+|[%€$£]", flat(text)))
