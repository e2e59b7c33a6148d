"""How a table is written: what parts its cells, how a quotation mark is escaped, which row names the columns.

Guessed from the first rows; spreadsheets of every country and exports with titles above the table are expected.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.imports.options import Options
from knowledge.imports.readers.dates import looks_like_a_day
from knowledge.imports.readers.ratings import looks_like_a_rating

DELIMITERS = (",", ";", "\t", "|")
#: parts nothing: a table of one column
NOTHING = "\x1f"
#: rows looked at; rows above the names of the columns at most
LOOKED_AT, PREAMBLE = 300, 30

_SEP = re.compile(r"\s*\"?sep=(.)\"?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """``header_row`` counts from 1; 0: no row names the columns. ``width``: cells that most rows have, without those
    at the end that nobody fills."""

    delimiter: str
    escape: str
    header_row: int
    width: int
    consistent: float = 1.0


def dialect_of(sample: str, options: Options, known: frozenset[str] = frozenset()) -> Dialect:
    """``sample``: the beginning of the text, whole lines. ``known``: folded names that columns have."""
    escape = options.escape if options.escape is not None else _escape(sample)
    delimiter = options.delimiter or _announced(sample)
    if delimiter is None:
        tried = [_fit(sample, each, escape, known) for each in DELIMITERS]
        score, width, consistent, delimiter = max(tried, key=lambda one: one[0])
        if score <= 0:
            delimiter, width, consistent = NOTHING, 1, 1.0
    else:
        _, width, consistent, _ = _fit(sample, delimiter, escape, known)
    header, rows = options.header_row, list(first_rows(sample, delimiter, escape))
    if header is None:
        header = _header_row(rows, width, known)
    return Dialect(delimiter, escape, header, _filled(rows, width), consistent)


def _filled(rows: list[list[str]], width: int) -> int:
    """Cells up to the last one that has something in it, in rows that are not too long."""
    return max((at for row in rows if len(row) <= width for at, cell in enumerate(row, 1) if cell.strip()), default=1)


def first_rows(sample: str, delimiter: str, escape: str) -> Iterator[list[str]]:
    """The first rows, empty ones included, as forgivingly as it goes."""
    lines = (line for line in _lines(sample.replace("\x00", "")))
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape or None)
    for _ in range(LOOKED_AT):
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue


def fold_name(name: str) -> str:
    """A column's name as it is compared: lower case, no accents, only letters and digits, single blanks."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)).casefold()
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.split())


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)


def _announced(sample: str) -> str | None:
    """Spreadsheets may say it in the first line: ``sep=;``."""
    found = _SEP.fullmatch(sample[:20].splitlines()[0]) if sample[:20].strip() else None
    return found.group(1) if found and found.group(1) in DELIMITERS else None


def _escape(sample: str) -> str:
    """A backslash before quotation marks, and no doubled ones."""
    return "\\" if sample.count('\\"') > sample.count('""') else ""


def _fit(sample: str, delimiter: str, escape: str, known: frozenset[str]) -> tuple[float, int, float, str]:
    """How well the delimiter fits: a score (0: not at all), the usual width, the share of rows that have it."""
    rows = [row for row in first_rows(sample, delimiter, escape) if any(cell.strip() for cell in row)]
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0, 1, 0.0, delimiter
    width, times = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
    share = times / len(rows)
    names, naming = max((sum(fold_name(cell) in known for cell in row), len(row)) for row in rows[:PREAMBLE])
    if names > 1 and share < 0.5:  # rows of all lengths, but one that names columns
        width = naming
    if width < 2 or (share < 0.5 and names < 2):
        return 0.0, max(width, 1), share, delimiter
    return share * (1 + min(width, 20) / 10) + names, width, share, delimiter


def _header_row(rows: list[list[str]], width: int, known: frozenset[str]) -> int:
    for number, row in enumerate(rows[:PREAMBLE], start=1):
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(row) < max(1, width - 1) or len(filled) * 2 < width or _SEP.fullmatch(",".join(row)):
            continue
        return number if _names_columns(filled, known) else 0
    return 0


def _names_columns(cells: list[str], known: frozenset[str]) -> bool:
    """Short, different words; not values."""
    hits = sum(fold_name(cell) in known for cell in cells)
    if hits * 2 >= len(cells) or hits >= 2:
        return True
    if any(len(cell) > 120 for cell in cells) or len(set(cells)) * 10 < len(cells) * 7:
        return False
    values = sum(
        looks_like_a_rating(cell) or looks_like_a_day(cell) or cell.startswith(("http://", "https://"))
        for cell in cells
    )
    if values:
        return False
    return hits > 0 or (
        len(cells) > 1 and all(len(cell) <= 60 and not cell.endswith((".", "!", "?")) for cell in cells)
    )
