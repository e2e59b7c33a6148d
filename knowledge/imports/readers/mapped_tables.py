"""A table whose columns are known for what they are: the rows of a file with their fields.

What is guessed (columns, the order of dates, the scale of ratings) is guessed from the first rows, so that reading the
file again reads the same.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.imports.mapping import Guess, TableKind, guess, resolved
from knowledge.imports.options import Options
from knowledge.imports.readers.tables import BadRow, Cells, Table, open_table

#: rows that guesses are made from, and letters of them at most
FIRST_ROWS, MOST_FIRST = 1000, 4_000_000


@dataclass
class MappedTable:
    """``fields``: what each column is, None for one that is left out."""

    table: Table
    guesses: list[Guess]
    fields: list[str | None]
    first: list[Cells | BadRow]
    _rest: Iterator[Cells | BadRow]

    def __post_init__(self) -> None:
        self._told = [
            (at, field, column)
            for at, (field, column) in enumerate(zip(self.fields, self.table.columns, strict=True))
            if field is not None
        ]

    def rows(self) -> Iterator[Cells | BadRow]:
        """All of them, once."""
        yield from self.first
        yield from self._rest

    def filled(self, cells: list[str]) -> Iterator[tuple[str, str, str]]:
        """(field, column, cell) of the cells of a row that have something in them."""
        for at, field, column in self._told:
            if cell := cells[at]:
                yield field, column, cell

    def sample_of(self, field: str) -> list[str]:
        """The field's values in the first rows."""
        places = [at for at, one in enumerate(self.fields) if one == field]
        rows = [row.cells for row in self.first if isinstance(row, Cells)]
        return [cells[at] for cells in rows for at in places if cells[at]]

    def name_of(self, column: int | None) -> str | None:
        return None if column is None else self.table.columns[column]


@contextmanager
def opened(path: Path, kind: TableKind, options: Options, known: frozenset[str]) -> Generator[MappedTable]:
    """Raises ``Unreadable``, also when ``options.mapping`` names what there is not."""
    with open_table(path, options, known) as table:
        rows = table.rows()
        first = list(_first(rows))
        guesses = guess(kind, table.columns, [row.cells for row in first if isinstance(row, Cells)])
        mapping = resolved(kind, guesses, options)
        yield MappedTable(table, guesses, [mapping[column] for column in table.columns], first, rows)


def _first(rows: Iterator[Cells | BadRow]) -> Iterator[Cells | BadRow]:
    """The first rows, and not more than a few MB of them."""
    letters = 0
    for row in islice(rows, FIRST_ROWS):
        yield row
        letters += sum(map(len, row.cells)) if isinstance(row, Cells) else 0
        if letters > MOST_FIRST:
            return
