"""The concepts that make a sentence a claim, read from concepts.toml once."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from knowledge.claims.models import ClaimKind

#: the state of the rules: claims read by older ones are read again before they are decided on
RULES = "claims 2026-11-21, third"


@lru_cache(maxsize=1)
def patterns() -> "Patterns":
    """(kind, concept, pattern over flat text), in the file's order."""
    data = tomllib.loads((Path(__file__).parent / "concepts.toml").read_text(encoding="utf-8"))
    return tuple(
        (kind, concept, re.compile(pattern)) for kind, concepts in data.items() for concept, pattern in concepts.items()
    )  # pyright: ignore[reportReturnType] - the file's sections are claim kinds, which a test holds


Patterns = tuple[tuple[ClaimKind, str, re.Pattern[str]], ...]


def present_in(flat_text: str) -> Patterns:
    """The patterns that can match anywhere in a whole text: of fifty, a text has a handful, and only those are tried on
    its sentences. One that is bound to a sentence's beginning is always tried."""
    return tuple(one for one in patterns() if "^" in one[2].pattern or one[2].search(flat_text))


def concepts_in(flat_text: str, among: Patterns | None = None) -> list[tuple[ClaimKind, str, int, int]]:
    """Every concept in a flat text with the place of its first mention; ``among``: only these are looked for."""
    found: list[tuple[ClaimKind, str, int, int]] = []
    for kind, concept, pattern in patterns() if among is None else among:
        match = pattern.search(flat_text)
        if match:
            found.append((kind, concept, *match.span()))
    return found
