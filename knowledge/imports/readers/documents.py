"""PDF, Word and HTML files as one text each."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.documents.page_text import page_text
from knowledge.errors import Invalid
from knowledge.imports.options import Options
from knowledge.imports.readers import values
from knowledge.imports.readers.source import encoding_for, open_text
from knowledge.imports.records import DocumentRecord, Item, Rejected

#: letters of a web page that are looked at
LONGEST_PAGE = 10_000_000


def read_office(path: Path, options: Options) -> Iterator[Item]:
    """A PDF or a Word document."""
    from knowledge.artifacts.brief_files import LARGEST_FILE, open_brief  # slow to load, seldom needed

    if path.stat().st_size > LARGEST_FILE:
        yield Rejected(1, None, f"is larger than {LARGEST_FILE // 1_000_000} MB")
        return
    try:
        opened = open_brief("document", path.read_bytes())
    except Invalid as wrong:
        yield Rejected(1, None, wrong.message.removeprefix("This file is not a brief we can read: "))
        return
    plain = values.one_kind_of_line_end(opened.text.replace("\x00", "")).strip()
    if not plain:
        yield Rejected(1, None, "there is no text in it, only pictures of it")
        return
    yield DocumentRecord(1, _title(plain), plain)
    for note in opened.notes:
        yield Rejected(1, None, note, kept=True)


def read_html(path: Path, options: Options) -> Iterator[Item]:
    """A web page: its title, headings (marked with #) and text, without what is not read on it."""
    with open_text(path, options.encoding or encoding_for(path)) as text:
        title, plain = page_text(text.read(LONGEST_PAGE))
        longer = bool(text.read(1))
    if not plain:
        yield Rejected(1, None, "there is no text on this page")
        return
    yield DocumentRecord(1, title or _title(plain), plain)
    if longer:
        yield Rejected(1, None, f"The page is very long; only its first {LONGEST_PAGE:,} letters were read.", kept=True)


def _title(plain: str) -> str:
    first = plain.split("\n", 1)[0].strip(" #\t")
    return first if 0 < len(first) <= 120 else ""
