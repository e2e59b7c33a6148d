# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (lxml carries no types)
"""PDF, Word and HTML files as one text each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import Invalid
from knowledge.imports.options import Options
from knowledge.imports.readers import values
from knowledge.imports.readers.source import encoding_for, open_text
from knowledge.imports.records import DocumentRecord, Item, Rejected

#: letters of a web page that are looked at
LONGEST_PAGE = 20_000_000
#: what nobody reads on a page
_UNREAD = ("script", "style", "noscript", "template", "svg", "iframe", "object", "head")
_BLOCK_NAMES = """p div section article header footer main aside nav ul ol li table tr blockquote pre form h1 h2 h3 h4 h5 h6
    br hr dt dd figure figcaption"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


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
    if not plain:
        yield Rejected(1, None, "there is no text on this page")
        return
    yield DocumentRecord(1, title or _title(plain), plain)


def page_text(html: str) -> tuple[str, str]:
    """(title, text) of a page; nothing in it is run or fetched."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
    from lxml import html as pages

    parser = pages.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = pages.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return "", ""
    title = " ".join((root.findtext(".//title") or "").split())
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    pieces = [piece for event, element in etree.iterwalk(root, ("start", "end")) for piece in _pieces(event, element)]
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\n")]
    plain = "\n".join(lines)
    while "\n\n\n" in plain:
        plain = plain.replace("\n\n\n", "\n\n")
    return title[:300], plain.replace("\x00", "").strip()


def _pieces(event: str, element: Any) -> Iterator[str]:
    """The text before and after an element, blocks on lines of their own."""
    block = element.tag in _BLOCKS
    if event == "start":
        if block:
            yield "\n\n# " if element.tag in _HEADINGS else "\n- " if element.tag == "li" else "\n"
        yield element.text or ""
    else:
        yield ("\n" if block else " " if element.tag in ("td", "th") else "") + (element.tail or "")


def _title(plain: str) -> str:
    first = plain.split("\n", 1)[0].strip(" #\t")
    return first if 0 < len(first) <= 120 else ""
