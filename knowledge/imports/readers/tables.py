"""The rows of a table in a text file.

What always holds: one row is in memory at a time; a row that is written wrongly (quotation marks that do not match, too
many cells, a cell too big) is told and costs no other row, also when its open quotation mark seems to swallow what
follows; a row's number is the one a spreadsheet shows.
"""

import csv
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from knowledge.imports.options import Options
from knowledge.imports.readers.dialects import NOTHING, Dialect, dialect_of
from knowledge.imports.readers.source import SAMPLE, CutOff, Unreadable, encoding_for, open_text
from knowledge.imports.readers.values import LONGEST_TEXT, excerpt

#: letters and lines of a row; lines looked at for the next good row after a broken one
LONGEST_ROW, MOST_LINES, LINES_TRIED = 12_000_000, 50_000, 200
MOST_COLUMNS = 2000


@dataclass(slots=True)
class Cells:
    row: int
    cells: list[str]


@dataclass(slots=True)
class BadRow:
    row: int
    reason: str
    excerpt: str
    column: int | None = None


@dataclass(frozen=True)
class Table:
    """An open table: the names of its columns, all different, and its rows, each with a cell for every column."""

    columns: list[str]
    dialect: Dialect
    encoding: str
    text: TextIO

    def rows(self) -> Iterator[Cells | BadRow]:
        """Once, from the first row after the names. Raises ``Unreadable``."""
        width, header = len(self.columns), self.dialect.header_row
        for each in Rows(self.text, self.dialect, width):
            if each.row <= header:
                continue
            if isinstance(each, Cells):
                if not any(each.cells):
                    continue
                yield _fitted(each, width)
            else:
                yield each


@contextmanager
def open_table(path: Path, options: Options, known: frozenset[str] = frozenset()) -> Generator[Table]:
    """Raises ``Unreadable``. ``known``: see ``dialect_of``."""
    encoding, sample, columns = encoding_for(path, options.encoding), "", list[str]()
    with suppress(CutOff), open_text(path, encoding) as text:
        sample = whole_lines(text.read(SAMPLE))
    dialect = dialect_of(sample, options, known)
    with suppress(CutOff), open_text(path, encoding) as text:
        columns = _columns(text, dialect)
    with open_text(path, encoding) as text:
        yield Table(columns, dialect, encoding, text)


def whole_lines(sample: str) -> str:
    """Without the line that the sample ends in."""
    if len(sample) < SAMPLE:
        return sample
    end = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample[: end + 1] if end > 0 else sample


def _columns(text: TextIO, dialect: Dialect) -> list[str]:
    if not dialect.header_row:
        return [f"Column {n}" for n in range(1, dialect.width + 1)]
    for each in Rows(text, dialect, 0):
        if each.row < dialect.header_row:
            continue
        if isinstance(each, Cells):
            return _different(each.cells, dialect.width)
        break
    raise Unreadable("The row that names the columns cannot be read.")


def _different(names: list[str], width: int) -> list[str]:
    """Names for all columns: an empty one is called by its place, one that is there already gets a number."""
    while names and not names[-1].strip() and len(names) > width:
        names = names[:-1]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"The table has {len(names):,} columns; {MOST_COLUMNS:,} is the limit.")
    found: list[str] = []
    taken: set[str] = set()
    for place, given in enumerate(names, start=1):
        name = wanted = " ".join(given.split())[:200] or f"Column {place}"
        n = 1
        while name in taken:
            n += 1
            name = f"{wanted} ({n})"
        taken.add(name)
        found.append(name)
    return found


def _fitted(row: Cells, width: int) -> Cells | BadRow:
    """A cell for each column; cells beyond them have to be empty."""
    cells = row.cells
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            reason = f"has {len(cells)} cells for {width} columns; a quotation mark may be missing"
            return BadRow(row.row, reason, excerpt(" | ".join(cells)))
        del cells[width:]
    elif len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    for place, cell in enumerate(cells):
        if len(cell) > LONGEST_TEXT:
            size = f"{len(cell) / 1e6:.1f} million characters"
            reason = f"holds {size} in one cell; the limit is {LONGEST_TEXT // 1_000_000} million"
            return BadRow(row.row, reason, excerpt(cell), place)
    return row


class _TooLong(Exception):
    """More letters than any row has."""


class _Feed:
    """Lines for the parser, remembering those of the row under way; lines can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self._letters = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        if "\x00" in line:
            line = line.replace("\x00", "")
        self.taken.append(line)
        self._letters += len(line)
        if self._letters >= LONGEST_ROW or len(self.taken) >= MOST_LINES:
            raise _TooLong
        return line

    def begin(self) -> None:
        self.taken, self._letters = [], 0

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))

    def skip_line(self) -> None:
        """To the end of the line that was too long."""
        while (rest := self._text.readline(LONGEST_ROW)) and not rest.endswith(("\n", "\r")):
            pass


class Rows:
    """All rows, the ones above the table and empty ones included. ``width`` 0: not known yet."""

    def __init__(self, text: TextIO, dialect: Dialect, width: int) -> None:
        self._feed = _Feed(text)
        self._delimiter, self._escape = dialect.delimiter, dialect.escape or None
        self._width = width
        self._row = 0
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST_ROW))

    def __iter__(self) -> Iterator[Cells | BadRow]:
        feed, width = self._feed, self._width
        reader = self._parser(feed)
        while True:
            feed.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong) as wrong:
                reader = self._parser(feed)
                yield self._mended(isinstance(wrong, _TooLong))
                continue
            if len(feed.taken) > 1 and width and len(cells) != width and (again := self._good_again(feed.taken)):
                feed.give_back(feed.taken[again:])
                reader = self._parser(feed)
                yield self._bad("has a quotation mark that is not closed", feed.taken)
                continue
            self._row += 1
            yield Cells(self._row, cells)

    def _parser(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, escapechar=self._escape, strict=True)

    def _mended(self, too_long: bool) -> Cells | BadRow:
        """The row at which parsing failed, if it can be told what it says; the lines after it are given back."""
        lines, feed = self._feed.taken, self._feed
        if too_long and len(lines) == 1:
            feed.skip_line()
            return self._bad(f"is longer than {LONGEST_ROW // 1_000_000} million characters", lines)
        if len(lines) == 1 and (cells := self._split_plainly(lines[0])):
            self._row += 1
            return Cells(self._row, cells)
        again = self._good_again(lines)
        if again or too_long or len(lines) > 1:
            feed.give_back(lines[again or (1 if too_long or len(lines) <= LINES_TRIED else LINES_TRIED) :])
        else:
            self._pass_over_rest(lines[0])
        return self._bad("has quotation marks that do not match", lines)

    def _pass_over_rest(self, line: str) -> None:
        """Of a row with a mark too many whose cell is still open: the lines until it is closed, if they are no rows."""
        if self._width < 2 or line.count('"') % 2 == 0:
            return
        passed: list[str] = []
        for after in islice(self._feed, LINES_TRIED):
            passed.append(after)
            if after.count('"') % 2:
                return
            if self._is_row([after]):
                break
        self._feed.give_back(passed)

    def _is_row(self, lines: list[str]) -> bool:
        try:
            return len(next(self._parser(iter(lines)))) == self._width
        except (csv.Error, StopIteration):
            return False

    def _split_plainly(self, line: str) -> list[str] | None:
        """Marks that are part of what was said, in a file that does not escape them: cells are just what stands between
        the delimiters, when that gives the right number."""
        cells = line.rstrip("\r\n").split(self._delimiter)
        if self._delimiter == NOTHING or len(cells) == self._width:
            return [_unquoted(cell) for cell in cells]
        return None

    def _good_again(self, lines: list[str]) -> int:
        """The first line from which on a row has the right number of cells; 0 when none does."""
        if self._width < 2:
            return 0
        for at in range(1, min(len(lines), LINES_TRIED)):
            if self._is_row(lines[at : at + LINES_TRIED]):
                return at
        return 0

    def _bad(self, reason: str, lines: list[str]) -> BadRow:
        self._row += 1
        return BadRow(self._row, reason, excerpt(lines[0]))


def _unquoted(cell: str) -> str:
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return cell
