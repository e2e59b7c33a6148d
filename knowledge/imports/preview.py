"""What would come in from a file, before anything does: its columns, the first of its rows, and what is wrong with it.

What always holds: only the file's beginning is read, nothing is stored; what is shown is read as it would be imported.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.errors import Invalid
from knowledge.imports.formats import FORMATS
from knowledge.imports.mapping import EVERY_NAME, FIELDS, Guess, TableKind, missing
from knowledge.imports.options import Options
from knowledge.imports.readers import reviews
from knowledge.imports.readers.mapped_tables import opened
from knowledge.imports.readers.source import SAMPLE, CutOff, Unreadable
from knowledge.imports.reading import read
from knowledge.imports.records import AdRecord, DocumentRecord, Item, QuoteRecord, Record, Rejected

#: items looked at, of which some are shown
LOOKED_AT, SAMPLES, PROBLEMS = 400, 5, 20
LONGEST_SAMPLE = 400


@dataclass
class Preview:
    """On the wire as ``wire()``. ``estimated_rows``: None when nobody can tell before it is read."""

    columns: list[str] = field(default_factory=list[str])
    mapping: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    fields: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    samples: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    problems: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    estimated_rows: int | None = None

    def wire(self) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "mapping": self.mapping,
            "fields": self.fields,
            "samples": self.samples,
            "problems": self.problems,
            "estimatedRows": self.estimated_rows,
        }


def preview(path: Path, format: str, options: Options) -> Preview:
    """Raises ``Invalid`` for a format there is none of, or a mapping that cannot be."""
    known = FORMATS.get(format)
    if known is None:
        raise Invalid(fields={"format": f"‘{format[:40]}’ is none that can be imported"})
    made = Preview()
    try:
        if known.table:
            with suppress(CutOff), opened(path, known.table, options, EVERY_NAME) as table:
                _take_columns(
                    made, known.table, table.guesses, dict(zip(table.table.columns, table.fields, strict=True))
                )
        elif format == "review_json":
            _take_columns(made, "quotes", *reviews.names_of(path, options))
    except Unreadable as wrong:
        if options.mapping:
            raise Invalid(fields={"mapping": f"{wrong}"}) from wrong
        made.problems.append({"row": None, "field": None, "reason": f"{wrong}"})
        return made
    _take_items(made, islice(read(path, format, options), LOOKED_AT))
    if not made.samples and not made.problems:
        made.problems.append({"row": None, "field": None, "reason": "nothing in it can be imported this way"})
    made.estimated_rows = _estimate(path, format, options) if known.kind != "document" else len(made.samples)
    return made


def _take_columns(made: Preview, kind: TableKind, guesses: list[Guess], fields: dict[str, str | None]) -> None:
    made.columns = [guess.column for guess in guesses]
    for guess in guesses:
        field_name = fields[guess.column]
        sure = guess.confidence if field_name == guess.field else 1.0  # a person has said so
        told = {"column": guess.column, "field": field_name, "confidence": sure, "sample": guess.sample}
        made.mapping.append(told)
    made.fields = [{"name": one.name, "label": one.label, "required": one.required} for one in FIELDS[kind]]
    lacking = missing(kind, fields) if guesses else []
    made.problems += [
        {"row": None, "field": one.label, "reason": "no column is read as this; choose one"} for one in lacking
    ]


def _take_items(made: Preview, items: Iterator[Item]) -> None:
    for item in items:
        if isinstance(item, Rejected):
            if len(made.problems) < PROBLEMS:
                made.problems.append({"row": item.row, "field": item.field, "reason": item.reason})
        elif len(made.samples) < SAMPLES:
            made.samples.append(_sample(item))


def _sample(record: Record) -> dict[str, Any]:
    match record:
        case AdRecord():
            shown: dict[str, Any] = {
                "title": record.title,
                "body": record.body or record.ad_script,
                "brand": record.brand.name if record.brand else None,
                "startDate": record.start_date and record.start_date.isoformat(),
                "platforms": record.platforms,
            }
        case QuoteRecord():
            shown = {
                "text": record.text,
                "rating": record.rating,
                "author": record.author,
                "speaker": record.speaker,
                "saidOn": record.said_on and record.said_on.isoformat(),
            }
        case DocumentRecord():
            shown = {"title": record.title, "text": record.text}
    return {name: value[:LONGEST_SAMPLE] if isinstance(value, str) else value for name, value in shown.items()}


def _estimate(path: Path, format: str, options: Options) -> int | None:
    """All rows of a small file; of a large one, as many as its beginning has, as often as that fits into it."""
    size = path.stat().st_size
    if size <= SAMPLE:
        return _count(read(path, format, options))
    with path.open("rb") as file:
        if file.peek(4)[:4] in (b"PK\x03\x04",) or file.peek(2)[:2] == b"\x1f\x8b":
            return None
        beginning = file.read(SAMPLE)
    with tempfile.NamedTemporaryFile(suffix=path.suffix) as part:
        part.write(beginning)
        part.flush()
        n = _count(read(Path(part.name), format, options))
    return max(1, round(n * size / SAMPLE)) if n else None


def _count(items: Iterator[Item]) -> int:
    return len({item.row for item in items if not isinstance(item, Rejected)})
