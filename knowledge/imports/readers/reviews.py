"""Reviews, survey answers and the like: a table or JSON whose columns are mapped (mapping.py).

What always holds: a quote is what the person wrote (``values.said``), never joined with anything; a row with several text
columns (what was liked, what was not) gives a quote for each, with the question in ``extra``; a rating, date or language
that cannot be used is left out and told, the quote comes in without it; a row in which nothing was said does not come in.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from knowledge.imports.mapping import BESIDE, EVERY_NAME, Guess, guess, resolved
from knowledge.imports.options import DateOrder, Options
from knowledge.imports.readers import values
from knowledge.imports.readers.ads import language
from knowledge.imports.readers.dates import day, order_of
from knowledge.imports.readers.json_entries import Broken, Entries, Entry
from knowledge.imports.readers.mapped_tables import FIRST_ROWS, MOST_FIRST, opened
from knowledge.imports.readers.ratings import rating, scale_of
from knowledge.imports.readers.source import CutOff, open_text
from knowledge.imports.readers.tables import BadRow
from knowledge.imports.readers.values import Wrong, excerpt
from knowledge.imports.records import Item, QuoteRecord, Rejected
from knowledge.plain_text import storable

#: names of JSON entries that are reviews
NAMES = frozenset(
    {"rating", "stars", "review", "review_text", "reviewText", "asin", "verified_purchase", "helpful_vote", "content"}
    | {"review_id", "reviewer", "author", "review_title", "comment"}
)
#: letters of a value kept beside a quote, and how many are kept
LONGEST_BESIDE, MOST_BESIDE = 1000, 40
_SAID_NOTHING = frozenset(
    {"n/a", "na", "none", "nothing", "-", "--", ".", "nichts", "keine", "nada", "null", "nan", "no"}
)

Filled = Iterable[tuple[str, str, Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """What was found out about the columns from the first rows."""

    order: DateOrder | None
    scale: float
    latest: date
    language: str | None


def read_table(path: Path, options: Options) -> Iterator[Item]:
    with opened(path, "quotes", options, EVERY_NAME) as table:
        column = _column(options, table.sample_of("said_on"), table.sample_of("rating"))
        for each in table.rows():
            if isinstance(each, BadRow):
                yield Rejected(each.row, table.name_of(each.column), each.reason, each.excerpt)
            else:
                yield from quotes(each.row, table.filled(each.cells), column)


def read_json(path: Path, options: Options) -> Iterator[Item]:
    with open_text(path, options.encoding) as text:
        entries = iter(Entries(text, NAMES))
        first = list(_first(entries))
        told = _told(first)
        mapping = resolved("quotes", guess_names(told), options)
        sample = {field: [one.get(name) for one in told for name, each in mapping.items() if each == field]
                  for field in ("said_on", "rating")}  # fmt: skip
        column = _column(options, sample["said_on"], sample["rating"])
        for each in chain(first, entries):
            if isinstance(each, Broken):
                yield Rejected(each.row, None, each.reason, each.excerpt)
            elif isinstance(each.value, dict):
                yield from quotes(each.row, _filled(_named(cast("dict[str, Any]", each.value)), mapping), column)
            else:
                reason = "is not a review: an object with names and values is expected"
                yield Rejected(each.row, None, reason, excerpt(each.value))


def names_of(path: Path, options: Options) -> tuple[list[Guess], dict[str, str | None]]:
    """What the names of a JSON file are taken for, before and after what a person decided. Raises ``Unreadable``."""
    first: list[Entry | Broken] = []
    with suppress(CutOff), open_text(path, options.encoding) as text:
        first = list(_first(Entries(text, NAMES)))
    guesses = guess_names(_told(first))
    return guesses, resolved("quotes", guesses, options)


def _told(entries: list[Entry | Broken]) -> list[dict[str, Any]]:
    return [
        _named(cast("dict[str, Any]", one.value))
        for one in entries
        if isinstance(one, Entry) and isinstance(one.value, dict)
    ]


def _first(entries: Iterable[Entry | Broken]) -> Iterator[Entry | Broken]:
    """The first entries, and not more than a few MB of them."""
    letters = 0
    for entry in islice(entries, FIRST_ROWS):
        yield entry
        letters += entry.letters if isinstance(entry, Entry) else 0
        if letters > MOST_FIRST:
            return


def guess_names(entries: list[dict[str, Any]]) -> list[Guess]:
    """What the names of JSON entries are, as for columns."""
    names = list(dict.fromkeys(name for one in entries for name in one))
    rows = [[_as_cell(one.get(name)) for name in names] for one in entries]
    return guess("quotes", names, rows)


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    """With names that can be kept."""
    return {storable(name): value for name, value in entry.items()}


def _as_cell(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)[:2000]


def _filled(entry: dict[str, Any], mapping: dict[str, str | None]) -> Filled:
    """What has something in it; a name that came up later in the file is kept beside the quote."""
    for name, value in entry.items():
        field = mapping.get(name, BESIDE)
        if field is not None and value is not None and value not in ("", [], {}):
            yield field, name, value


def _column(options: Options, days: list[Any], ratings: list[Any]) -> Column:
    order = options.date_order or order_of(days)
    if order is None and options.delimiter == ";":  # spreadsheets of countries that put the day first
        order = "dmy"
    latest = (options.as_of or date.today()) + timedelta(days=1)  # a day: it is tomorrow in the east
    return Column(order, scale_of(ratings), latest, options.language)


# ---------------------------------------------------------------- a row


def quotes(row: int, filled: Filled, column: Column) -> Iterator[Item]:
    """The quotes of one row, after what was left out of them."""
    made = _Row(row, column)
    for field, name, value in filled:
        made.take(field, name, value)
    yield from made.items()


class _Row:
    def __init__(self, row: int, column: Column) -> None:
        self._row, self._column = row, column
        self._texts: list[tuple[str, str]] = []
        self._found: dict[str, Any] = {}
        self._extra: dict[str, Any] = {}
        self._themes: list[str] = []
        self._title: str | None = None
        self._wrong: list[Rejected] = []
        self._failed = False

    def take(self, field: str, name: str, value: Any) -> None:
        try:
            if field == "text":
                if text := values.said(value):
                    self._texts.append((name, text))
            elif field == BESIDE:
                self._keep(name, value)
            else:
                self._understand(field, name, value)
        except Wrong as wrong:
            self._failed = self._failed or field == "text"
            kept = field != "text"
            reason = f"{wrong}; the quote came in without it" if kept else f"{wrong}"
            self._wrong.append(Rejected(self._row, name, reason, excerpt(value), kept))

    def _understand(self, field: str, name: str, value: Any) -> None:
        if field == "rating":
            found = rating(value, self._column.scale)
            if found is not None and not _says(value, found):
                self._extra["ratingAs"] = values.short(value)
        elif field == "said_on":
            found = day(value, self._column.order)
            if found is not None and found > self._column.latest:
                raise Wrong("is in the future")
        elif field == "language":
            found = language(value)
        elif field == "themes":
            self._themes += [theme for theme in values.words(value) if theme not in self._themes]
            return
        elif field == "title":
            self._title = values.said(value)
            return
        else:
            found = values.short(value)
            if found is not None and len(found) > 300:
                raise Wrong(f"is {len(found)} characters long; the limit is 300")
        if found is not None:
            self._found[field] = found

    def _keep(self, name: str, value: Any) -> None:
        if len(self._extra) >= MOST_BESIDE or isinstance(value, list | dict):
            return
        if isinstance(value, bool | int | float):
            self._extra[name] = value
        elif (text := values.verbatim(value)) is not None:
            self._extra[name] = excerpt(text, LONGEST_BESIDE) if len(text) > LONGEST_BESIDE else text

    def items(self) -> Iterator[Item]:
        numbered = enumerate(self._texts, start=1)
        texts = [(n, name, text) for n, (name, text) in numbered if text.lower() not in _SAID_NOTHING]
        if not texts and self._title and not self._failed:
            texts, self._title = [(1, "", self._title)], None
        if not texts:
            if self._failed:
                yield from (one for one in self._wrong if not one.kept)
            else:
                yield Rejected(self._row, "text", "has no words: nothing was said in this row", self._seen())
            return
        yield from self._wrong
        external_id = self._found.pop("external_id", None)
        self._found.setdefault("language", self._column.language)
        for n, name, text in texts:
            extra = dict(self._extra)
            if self._title and not text.startswith(self._title.rstrip("….")):
                extra["title"] = self._title
            if len(self._texts) > 1:
                extra["question"] = name
            own = f"{external_id}#{n}" if external_id and len(self._texts) > 1 else external_id
            yield QuoteRecord(self._row, text, themes=list(self._themes), extra=extra, external_id=own, **self._found)

    def _seen(self) -> str:
        told = [*self._found.values(), *self._extra.values()]
        return excerpt(" | ".join(str(one) for one in told[:6]))


def _says(value: Any, found: float) -> bool:
    """The rating is as it stands in the file."""
    if isinstance(value, int | float):
        return float(value) == found
    return str(value).strip().replace(",", ".").removesuffix(".0") == f"{found:g}"
