"""Choosing among sentence patterns without ever using one twice in a text.

The patterns of a language are data (``phrases/<code>/*.toml``). A :class:`Pen` is made for one text; its choices
depend only on its seed, so the same sources give the same text.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from assistant.models.offline.compose.wording import digest, fold, listing, sentences, words

_FOLDER = Path(__file__).parent / "phrases"
#: all patterns of a language: dotted key to its variants
Bank = Mapping[str, tuple[str, ...]]
_SLOT = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=8)
def phrases(language: str) -> Bank:
    """All patterns of a language: dotted key to its variants."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((_FOLDER / language).glob("*.toml")):
        _flatten(tomllib.loads(path.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(table: dict[str, Any], prefix: str, found: dict[str, tuple[str, ...]]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(cast("dict[str, Any]", value), f"{prefix}{key}.", found)
        else:
            found[prefix + key] = tuple(cast("list[str]", value)) if isinstance(value, list) else (str(value),)


def slots(pattern: str) -> frozenset[str]:
    return frozenset(_SLOT.findall(pattern))


class Pen:
    """Writes sentences from patterns. ``values`` fill the slots every pattern may use; forbidden phrases never appear."""

    def __init__(self, language: str, seed: str, values: Mapping[str, str], forbidden: tuple[str, ...] = ()) -> None:
        self.language = language
        self._bank = phrases(language)
        self._seed = seed
        self._values = {key: value for key, value in values.items() if value}
        self._forbidden = [
            re.compile(rf"(?<!\w){re.escape(fold(phrase))}(?!\w)") for phrase in forbidden if phrase.strip()
        ]
        self._used: set[str] = set()
        self._openers: list[str] = []

    def allows(self, text: str) -> bool:
        """Whether ``text`` is free of the forbidden phrases."""
        plain = fold(text)
        return not any(pattern.search(plain) for pattern in self._forbidden)

    def say(self, key: str, **values: str) -> str:
        """The next unused pattern under ``key``, filled; ``""`` when none is left or none can be filled.

        A pattern is passed over while its first word opened one of the last two sentences, unless all do.
        """
        known = {**self._values, **{name: value for name, value in values.items() if value}}
        ready = [
            pattern
            for pattern in self._bank.get(key, ())
            if pattern not in self._used and slots(pattern) <= known.keys() and self.allows(pattern)
        ]
        if not ready:
            return ""
        start = digest(self._seed, key) % len(ready)
        order = ready[start:] + ready[:start]
        fresh = [pattern for pattern in order if _opener(pattern) not in self._openers[-2:]]
        chosen = (fresh or order)[0]
        self._used.add(chosen)
        text = _SLOT.sub(lambda slot: known[slot.group(1)], chosen)
        self.note(text)
        return text

    def note(self, text: str) -> None:
        """Remember how the sentences of a text begin that was not said by this pen."""
        self._openers += [_opener(sentence) for sentence in sentences(text)]

    def word(self, key: str) -> str:
        """A fixed word or label; it may be used again."""
        return self._bank[key][0]

    def listed(self, items: Sequence[str]) -> str:
        """``a, b and c``; items that hold commas themselves are parted by semicolons."""
        if any("," in item for item in items):
            return "; ".join(items)
        return listing(items, self.word("marks.and"))

    def pair(self, key: str, **values: str) -> tuple[str, str] | None:
        """Two texts that belong together (a name and its description), filled; ``None`` when a value is missing."""
        known = {**self._values, **{name: value for name, value in values.items() if value}}
        patterns = self._bank[key]
        if any(not slots(pattern) <= known.keys() for pattern in patterns):
            return None
        first, second = (_SLOT.sub(lambda slot: known[slot.group(1)], pattern) for pattern in patterns)
        return first, second

    def first(self, key: str, **values: str) -> str:
        """The first variant that can be filled, or ``""``; it may be used again."""
        return next(iter(self.fill(key, **values)), "")

    def fill(self, key: str, **values: str) -> list[str]:
        """Every variant under ``key`` that can be filled, in seeded order; nothing is marked as used."""
        known = {**self._values, **{name: value for name, value in values.items() if value}}
        ready = [pattern for pattern in self._bank.get(key, ()) if slots(pattern) <= known.keys()]
        start = digest(self._seed, key) % len(ready) if ready else 0
        filled = [_SLOT.sub(lambda slot: known[slot.group(1)], item) for item in ready[start:] + ready[:start]]
        return [text for text in filled if self.allows(text)]


def _opener(text: str) -> str:
    found = words(text)
    return fold(found[0]) if found else ""
