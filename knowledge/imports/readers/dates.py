"""Days as files write them, in English, German, Portuguese, Spanish, French and Italian.

Whether ``03/04/2026`` is in March or in April is not decided by one cell: ``order_of`` looks at the column, and a cell
that can only be meant one way is read that way whatever the column does.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from knowledge.imports.options import DateOrder
from knowledge.imports.readers.values import Wrong, short

#: nobody advertised or reviewed online before
EARLIEST = date(1990, 1, 1)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s].*)?", re.S)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T\s,].*)?", re.S)
_COMPACT = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[T\s,].*)?", re.S)
_WORDY = re.compile(
    r"(?<![\w])(?:(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?\s*(?:de\s+|of\s+)?([^\W\d_]{3,12})\.?,?\s*(?:de\s+|del\s+)?(\d{4})"
    r"|([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}))(?!\d)"
)
_EPOCH = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_MONTHS: dict[str, int] = {
    name: month
    for month, names in enumerate(
        (
            "january januar janeiro enero janvier gennaio jan jän jänner ene gen",
            "february februar fevereiro febrero février fevrier febbraio feb fev fév",
            "march märz maerz março marco marzo mars mar mär mrz",
            "april abril avril aprile apr abr avr",
            "may mai maio mayo maggio mag",
            "june juni junho junio juin giugno jun giu",
            "july juli julho julio juillet luglio jul juil lug",
            "august agosto août aout aug ago",
            "september setembro septiembre septembre settembre sep sept set",
            "october oktober outubro octubre octobre ottobre oct okt out ott",
            "november novembro noviembre novembre nov",
            "december dezember dezembro diciembre décembre decembre dicembre dec dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}


def day(value: Any, order: DateOrder | None = None) -> date | None:
    """The day a value names; a time is dropped, an epoch (seconds or milliseconds) is taken in UTC. Raises ``Wrong``."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(float(value))
    text = short(value)
    if text is None:
        return None
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(found, order)
    if _EPOCH.fullmatch(text):
        return _epoch(float(text))
    for found in _WORDY.finditer(text):
        month = _MONTHS.get((found[2] or found[4]).lower())
        if month:
            return _made(int(found[3] or found[6]), month, int(found[1] or found[5]))
    raise Wrong("is not a date that can be understood")


def _numeric(found: re.Match[str], order: DateOrder | None) -> date:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2 and order == "ymd":
        return _made(2000 + first, second, year)
    year += 2000 if len(found[4]) == 2 else 0
    month_first = _order_of(found) == "mdy" or (_order_of(found) is None and order == "mdy")
    return _made(year, first, second) if month_first else _made(year, second, first)


def _order_of(found: re.Match[str]) -> DateOrder | None:
    """How this one can only be meant; None when both ways are possible."""
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12:  # nobody puts points after the month
        return "dmy"
    return "mdy" if second > 12 else None


def order_of(values: Iterable[Any]) -> DateOrder | None:
    """How the numeric dates of a column are meant; None when nothing in it tells. Most cells win."""
    votes: dict[DateOrder, int] = {"dmy": 0, "mdy": 0}
    for value in values:
        found = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
        if found and (order := _order_of(found)):
            votes[order] += 1
    if votes["dmy"] == votes["mdy"] == 0:
        return None
    return "mdy" if votes["mdy"] > votes["dmy"] else "dmy"


def is_ambiguous(value: Any) -> bool:
    """A date that means two days, depending on the order."""
    found = _NUMERIC.fullmatch(value.strip()) if isinstance(value, str) else None
    return found is not None and _order_of(found) is None and found[1].lstrip("0") != found[3].lstrip("0")


def looks_like_a_day(value: str) -> bool:
    if not any(letter.isdigit() for letter in value) or len(value) > 80:
        return False
    try:
        return day(value) is not None
    except Wrong:
        return False


def _epoch(value: float) -> date:
    seconds = value / 1000 if abs(value) > 1e11 else value
    if not 6e8 < seconds < 1e11:
        raise Wrong("is not a date that can be understood")
    return datetime.fromtimestamp(seconds, UTC).date()


def _made(year: int, month: int, of_month: int) -> date:
    try:
        made = date(year, month, of_month)
    except ValueError:
        raise Wrong("is no day of the calendar") from None
    if made < EARLIEST:
        raise Wrong(f"is before {EARLIEST.year}")
    return made
