"""Opening the file of a brief: its text or its structure, whatever the format, within limits.

What is opened was made by somebody else: sizes are checked before anything is unpacked, nothing in it is
executed, fetched or followed, and every way in which it can be broken ends in one sentence.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

import docx
import pypdf
import yaml
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf.errors import PyPdfError

from knowledge.errors import Invalid

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
MOST_PAGES = 200
#: a brief's DOCX unpacks to a few megabytes; a zip bomb to gigabytes
LARGEST_UNPACKED = 50 * MEGABYTE
MOST_PARTS = 2_000
#: drawing instructions of one page and of all; reading them takes about a second a megabyte
LARGEST_PAGE = 2 * MEGABYTE
LARGEST_PAGES = 10 * MEGABYTE
#: YAML is read slowly, about 70 KB a second; this is 30,000 words
LARGEST_YAML = 200_000
#: a handful of repeated parts is honest; nested repetition grows without bound
MOST_ALIASES = 20
#: more text than any brief; the rest is not read
LONGEST_TEXT = 500_000

#: everything the PDF and DOCX libraries are known to raise on broken files (lxml's errors are SyntaxErrors)
_BROKEN = (
    PyPdfError, OpcError, zipfile.BadZipFile, SyntaxError, zlib.error, struct.error, ValueError, KeyError, IndexError,
    TypeError, AttributeError, AssertionError, RecursionError, OverflowError, NotImplementedError, EOFError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds: all its ``text``, and that as a ``tree`` where it is structured, as ``prose`` where not.

    Headings in prose are marked with #. A Markdown file with front matter has both.
    """

    text: str
    prose: str = ""
    tree: Any = None
    notes: tuple[str, ...] = ()


def open_brief(filename: str, content: bytes) -> Opened:
    """Return what the file holds; raises Invalid with one sentence when it is no brief we can read."""
    if len(content) > LARGEST_FILE:
        raise unreadable(f"it is larger than {LARGEST_FILE // MEGABYTE} MB")
    if not content.strip():
        raise unreadable("it is empty")
    if content.startswith(b"%PDF"):
        return _shortened(_pdf_text(content))
    if content.startswith(b"PK\x03\x04"):
        return _shortened(_docx_text(content))
    text, notes = _decoded(content)
    ending = PurePath(filename).suffix.lower()
    if ending in (".pdf", ".docx"):
        raise unreadable(f"its name ends in {ending}, but it is no such file")
    if ending == ".json" or (ending not in (".yaml", ".yml", ".md", ".txt") and text.lstrip().startswith(("{", "["))):
        return Opened(text[:LONGEST_TEXT], tree=_json_tree(text), notes=notes)
    if ending in (".yaml", ".yml"):
        tree = _yaml_tree(text)
        if isinstance(tree, (dict, list)):
            return Opened(text[:LONGEST_TEXT], tree=tree, notes=notes)
    front, body = _front_matter(text)
    return _shortened(body, notes, front)


def unreadable(why: str) -> Invalid:
    """Return the error that says why a file cannot be read as a brief."""
    return Invalid(f"This file is not a brief we can read: {why}.")


def _shortened(prose: str, notes: tuple[str, ...] = (), tree: Any = None) -> Opened:
    if len(prose) <= LONGEST_TEXT:
        return Opened(prose, prose, tree, notes)
    note = f"The file is very long; only its first {LONGEST_TEXT:,} characters were read."
    return Opened(prose[:LONGEST_TEXT], prose[:LONGEST_TEXT], tree, (*notes, note))


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _printable(content.decode(encoding, "replace")), ()
    if b"\x00" in content:
        raise unreadable("it is neither YAML, JSON, Markdown, plain text, DOCX nor PDF")
    try:
        return _printable(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        note = "The file is not in UTF-8; it was read as Western European text."
        return _printable(content.decode("cp1252", "replace")), (note,)


def _printable(text: str) -> str:
    """Return the text, or refuse it when it is mostly control characters, as pictures and programs are."""
    start = text[:4_000]
    strange = sum(1 for character in start if character < " " and character not in "\t\n\r\f\v")
    if strange > len(start) / 50:
        raise unreadable("it is neither YAML, JSON, Markdown, plain text, DOCX nor PDF")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _json_tree(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        raise unreadable(f"its JSON is broken at line {wrong.lineno}, column {wrong.colno}") from wrong
    except (ValueError, RecursionError) as wrong:
        raise unreadable("its JSON is nested too deeply or holds a number that is too long") from wrong


def _yaml_tree(text: str) -> Any:
    if len(text) > LARGEST_YAML:
        raise unreadable("its YAML is larger than 200 KB")
    try:
        aliases = sum(isinstance(event, yaml.AliasEvent) for event in cast("Iterator[object]", yaml.parse(text)))
        if aliases > MOST_ALIASES:
            raise unreadable("its YAML repeats parts of itself too often")
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as wrong:
        line = f" at line {wrong.problem_mark.line + 1}" if wrong.problem_mark else ""
        raise unreadable(f"its YAML is broken{line}") from wrong
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as wrong:
        raise unreadable("its YAML is broken or nested too deeply") from wrong


def _front_matter(text: str) -> tuple[Any, str]:
    """Split off the YAML that a Markdown file may begin with, between two lines of three dashes."""
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        front, body = text[4:].split("\n---\n", 1)
        tree = _yaml_tree(front)
        if isinstance(tree, dict):
            return cast("object", tree), body
    return None, text


def _pdf_text(content: bytes) -> str:
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise unreadable("it is protected by a password")
        if len(reader.pages) > MOST_PAGES:
            raise unreadable(f"it has more than {MOST_PAGES} pages")
        text = "\n".join(_page_texts(reader))
    except _BROKEN as wrong:
        raise unreadable("the PDF is damaged") from wrong
    if not text.strip():
        raise unreadable("the PDF holds no text, only pictures of it")
    return text


def _page_texts(reader: pypdf.PdfReader) -> Iterator[str]:
    total = drawn = 0
    for page in reader.pages:
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        drawn += size
        if size > LARGEST_PAGE or drawn > LARGEST_PAGES:
            raise unreadable("its pages are too large")
        text = page.extract_text()
        total += len(text)
        yield text
        if total > LONGEST_TEXT:
            return


def _docx_text(content: bytes) -> str:
    try:
        _check_archive(content)
        document = docx.Document(io.BytesIO(content))
        return "\n".join(line for block in document.iter_inner_content() for line in _block_lines(block))
    except _BROKEN as wrong:
        raise unreadable("the DOCX is damaged") from wrong


def _check_archive(content: bytes) -> None:
    """Refuse an archive that is no DOCX, or that would unpack to more than a brief can be."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if "word/document.xml" not in (part.filename for part in parts):
            raise unreadable("it is an archive, but not a DOCX")
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise unreadable("it unpacks to far more than a document should")


def _block_lines(block: Paragraph | Table) -> Iterator[str]:
    if isinstance(block, Table):
        for row in block.rows:
            cells = list(dict.fromkeys(cell.text.strip().replace("\n", "; ") for cell in row.cells))
            yield ": ".join(cells) if len(cells) == 2 else " | ".join(cells)
        yield ""
        return
    style = ((block.style.name if block.style else None) or "").lower()
    text = block.text.strip()
    if text and style.startswith(("heading", "title", "überschrift", "título")):
        yield f"\n# {text}"
    elif text and (style.startswith("list") or _is_numbered(block)):
        yield f"- {text}"
    else:
        yield text


def _is_numbered(paragraph: Paragraph) -> bool:
    """Tell whether the paragraph is an entry of a bulleted or numbered list, whatever its style is called."""
    return bool(cast("list[Any]", paragraph._element.xpath("./w:pPr/w:numPr")))  # pyright: ignore
