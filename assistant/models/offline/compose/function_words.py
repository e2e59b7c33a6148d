"""Lists of small words, kept as data beside the sentence patterns."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "phrases" / "function_words.toml"


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def function_words(name: str) -> frozenset[str]:
    """The list called ``name``: ``ignored``, ``german_small``, ``prepositions`` or ``german_choosing``."""
    return frozenset(str(_lists()[name]).split())


@lru_cache(maxsize=1)
def markers() -> Mapping[str, frozenset[str]]:
    """For each language that is told apart, the words it is told by."""
    return {code: frozenset(str(words).split()) for code, words in _lists()["markers"].items()}
