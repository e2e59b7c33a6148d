"""Quotes from plain text: one a paragraph or one a line. List marks and quotation marks around a line are not part of it.

``- Anna Example, 12.03.2026`` under a quote is not guessed to be its author: a wrong author is worse than none.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Literal, TextIO

from knowledge.imports.options import Options
from knowledge.imports.readers import values
from knowledge.imports.readers.source import open_text
from knowledge.imports.readers.values import LONGEST_TEXT, Wrong, excerpt
from knowledge.imports.records import DocumentRecord, Item, QuoteRecord, Rejected

#: letters of a text taken as a whole
LONGEST_DOCUMENT = 20_000_000

_MARK = re.compile(r"\s*(?:[-*•–—·▪>]|\(?\d{1,4}[.)])\s+")
_PAIRS = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "‘": "’", "‚": "‘"}


def read(path: Path, options: Options) -> Iterator[Item]:
    with open_text(path, options.encoding) as text:
        lines = lines_of(text)
        first = list(islice(lines, 200))
        lines = chain(first, lines)
        split = options.split or split_of(first)
        if split == "document":
            passages: Iterable[str] = ("".join(lines),)
        else:
            passages = _paragraphs(lines) if split == "paragraph" else (line for line in lines if line.strip())
        for row, passage in enumerate(passages, start=1):
            try:
                said = values.verbatim(_bare(passage))
            except Wrong as wrong:
                yield Rejected(row, None, f"{wrong}", excerpt(passage))
                continue
            if said is not None and any(map(str.isalnum, said)):
                yield QuoteRecord(row, said, language=options.language)


def read_document(path: Path, options: Options) -> Iterator[Item]:
    """The whole text as one; its title is its first line, when that is short."""
    with open_text(path, options.encoding) as text:
        whole = text.read(LONGEST_DOCUMENT + 1)
    if len(whole) > LONGEST_DOCUMENT:
        yield Rejected(1, None, f"is longer than {LONGEST_DOCUMENT // 1_000_000} million characters", excerpt(whole))
        return
    plain = values.one_kind_of_line_end(whole).strip()
    if plain:
        first = plain.split("\n", 1)[0].strip(" #\t")
        yield DocumentRecord(1, first if 0 < len(first) <= 120 else "", plain)


def split_of(first: list[str]) -> Literal["paragraph", "line"]:
    """Paragraphs, when blank lines part more than a few of the lines; else each line is one."""
    blank = sum(not line.strip() for line in first)
    return "paragraph" if blank and blank * 8 >= len(first) - blank else "line"


def lines_of(text: TextIO) -> Iterator[str]:
    """The lines with one kind of end. Of a line longer than a text may be comes a beginning that is too long as well."""
    while line := text.readline(LONGEST_TEXT + 2):
        if len(line) > LONGEST_TEXT:
            while (rest := text.readline(LONGEST_TEXT)) and not rest.endswith(("\n", "\r")):
                pass
            line = _too_long(line)
        yield values.one_kind_of_line_end(line)


def _too_long(beginning: str) -> str:
    """Too long also when blanks and the mark of a list are taken from it."""
    return beginning.strip().ljust(LONGEST_TEXT + 20, "…")


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    letters = 0
    for line in lines:
        if line.strip():
            if letters <= LONGEST_TEXT:
                kept.append(line)
                letters += len(line)
        elif kept:
            yield _joined(kept, letters)
            kept, letters = [], 0
    if kept:
        yield _joined(kept, letters)


def _joined(kept: list[str], letters: int) -> str:
    return "".join(kept) if letters <= LONGEST_TEXT else _too_long("".join(kept))


def _bare(passage: str) -> str:
    """Without the mark of a list before it, and without quotation marks around all of it."""
    mark = _MARK.match(passage)
    plain = (passage[mark.end() :] if mark and passage.count("\n") <= 1 else passage).strip()
    closing = _PAIRS.get(plain[:1])
    if closing and len(plain) > 2 and plain.endswith(closing) and plain.count(plain[0]) <= 1 + (closing == plain[0]):
        return plain[1:-1]
    return plain
