"""Ratings as people write them, on a scale of 5.

``4``, ``4,5``, ``4/5``, ``8/10``, ``4 out of 5 stars``, ``4 von 5 Sternen``, ``5 de 5``, ``★★★★☆``, ``80%``; a bare
number is on the scale of its column (``scale_of``), 5 unless the column goes higher.
"""

import re
from collections.abc import Iterable
from typing import Any

from knowledge.imports.readers.values import Wrong, number, short

_OF = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|de|of|su|sur|aus|em)\s*(\d+(?:[.,]\d+)?)\s*(?:[^\W\d_]+\.?)?", re.I
)
_WITH_WORD = re.compile(
    r"(?:rated\s+)?(\d+(?:[.,]\d+)?)\s*[- ]?(?:stars?|sterne?n?|estrelas?|estrellas?|étoiles?|★|⭐️?)", re.I
)
_STARS = re.compile(r"[★⭐🌟][★⭐🌟☆✩\s\ufe0f½]*")


def rating(value: Any, scale: float = 5) -> float | None:
    """0–5, or None; raises ``Wrong`` for what is no rating or beyond its scale."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _scaled(float(value), scale)
    text = short(value)
    if text is None:
        return None
    if _STARS.fullmatch(text):
        return _scaled(sum(letter in "★⭐🌟" for letter in text) + 0.5 * text.count("½"), 5)
    if found := _OF.fullmatch(text):
        return _scaled(_value(found[1]), _value(found[2]))
    if found := _WITH_WORD.fullmatch(text):
        return _scaled(_value(found[1]), max(scale, 5))
    if text.endswith("%"):
        return _scaled(_value(text[:-1].strip()), 100)
    try:
        bare = number(text, "," if re.fullmatch(r"\d+,\d{1,2}", text) else None)
    except Wrong:
        raise Wrong("is not a rating") from None
    return None if bare is None else _scaled(bare, scale)


def scale_of(values: Iterable[Any]) -> float:
    """The scale of a column of bare numbers: 5, 10 or 100."""
    highest = 0.0
    for value in values:
        if isinstance(value, str) and value.rstrip().endswith("%"):
            continue  # says its own
        try:
            bare = number(value) or 0.0
        except Wrong:
            continue
        highest = max(highest, bare)
    return 5 if highest <= 5 else 10 if highest <= 10 else 100


def looks_like_a_rating(value: str) -> bool:
    try:
        return len(value) < 30 and rating(value, 10) is not None
    except Wrong:
        return False


def _value(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Wrong("is not a rating") from None


def _scaled(value: float, scale: float) -> float:
    if not 0 < scale <= 100:
        raise Wrong("is not a rating")
    if not 0 <= value <= scale:
        raise Wrong(f"is not between 0 and {scale:g}")
    return round(value * 5 / scale, 2)
