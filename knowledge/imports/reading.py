"""Reading a file in one of its formats.

What always holds: a reader yields records and rejected rows in the file's order with constant memory; it never raises
for what is in the file: a file that cannot be read (on) ends with a ``Rejected`` that says why.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.errors import Invalid
from knowledge.imports.options import Options
from knowledge.imports.readers import ad_json, documents, foreplay_json, meta_ads, plain_text, reviews, transcripts
from knowledge.imports.readers.source import Unreadable
from knowledge.imports.records import Item, Rejected

Reader = Callable[[Path, Options], Iterator[Item]]

READERS: dict[str, Reader] = {
    "ad_json": ad_json.read,
    "foreplay_json": foreplay_json.read,
    "meta_json": meta_ads.read_json,
    "meta_csv": meta_ads.read_table,
    "review_csv": reviews.read_table,
    "review_json": reviews.read_json,
    "text": plain_text.read,
    "transcript": transcripts.read,
    "text_document": plain_text.read_document,
    "pdf": documents.read_office,
    "docx": documents.read_office,
    "html": documents.read_html,
}


def read(path: Path, format: str, options: Options) -> Iterator[Item]:
    """Everything in the file, read anew from its beginning. Raises ``Invalid`` for a format there is no reader for."""
    reader = READERS.get(format)
    if reader is None:
        raise Invalid(fields={"format": f"‘{format}’ is not a format that can be read row by row"})
    return _to_the_end(reader(path, options))


def _to_the_end(items: Iterator[Item]) -> Iterator[Item]:
    row = 0
    try:
        for item in items:
            row = item.row
            yield item
    except Unreadable as wrong:
        yield Rejected(row + 1, None, f"{wrong}")
