"""Markdown as blocks (headings, paragraphs, list items, quotes, tables), each with where it stands in the text.

What always holds: ``plain`` of a block has exactly as many characters as its source, its marks turned into spaces, so
that a position in it is a position in the text. This is a reader's view of Markdown, not a renderer: what it does not
know is a paragraph.
"""

import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "quote", "table", "code", "html"]


@dataclass(frozen=True, slots=True)
class Block:
    """``plain``: the words of the block, position by position; ``level``: of a heading, 1 to 6, else 0."""

    kind: BlockKind
    start: int
    end: int
    plain: str
    level: int = 0


_FENCE = re.compile(r"[ ]{0,3}(```+|~~~+)")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t]+|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_QUOTE = re.compile(r"[ ]{0,3}>")
_TABLE = re.compile(r"[ ]{0,3}\|")
_RULE = re.compile(r"[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$")
_HTML = re.compile(
    r"[ ]{0,3}</?(?:div|section|script|style|table|figure|iframe|header|footer|ul|ol|p|br|hr|!--)\b", re.I
)

_MARKS = re.compile(
    r"!\[[^\[\]\n]{0,1000}\]\([^()\n]{0,2000}\)"  # a picture: no words of the text
    r"|\[voc:[^\[\]\s]{1,100}\]"
    r"|(?P<open>\[)(?P<label>[^\[\]\n]{0,1000})(?P<to>\]\([^()\n]{0,2000}\)|\]\[[^\[\]\n]{0,200}\])"
    r"|<https?://[^<>\s]{1,2000}>"
    r"|</?[a-zA-Z][^<>\n]{0,300}>"
    r"|[*`~]+|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|\\(?=[^\w\s])"
)


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text in order; empty lines, rules and fences are none."""
    found: list[Block] = []
    run: list[tuple[int, int]] = []  # lines of the paragraph, item or quote that goes on
    kind: BlockKind = "paragraph"
    fence = ""
    at = 0

    def close() -> None:
        if run:
            start, end = run[0][0], run[-1][1]
            found.append(Block(kind, start, end, _plain(text[start:end], kind)))
            run.clear()

    for line in text.splitlines(keepends=True):
        start, body = at, line.rstrip("\r\n")
        at += len(line)
        end = start + len(body)
        if fence:
            if body.strip().startswith(fence):
                fence = ""
            continue
        if opened := _FENCE.match(body):
            close()
            fence = opened[1][:3]
        elif not body.strip() or _RULE.match(body):
            close()
        elif heading := _HEADING.match(body):
            close()
            inner = start + heading.end()
            title = text[inner:end].rstrip().rstrip("#").rstrip()
            found.append(Block("heading", inner, inner + len(title), _plain(title, "heading"), len(heading[1])))
        else:
            begins = _kind(body)
            if not run or begins in ("item", "table", "html") or (begins != kind and "quote" in (begins, kind)):
                close()
                kind = begins
            run.append((start, end))
    close()
    return found


def _kind(line: str) -> BlockKind:
    if _QUOTE.match(line):
        return "quote"
    if _ITEM.match(line):
        return "item"
    if _TABLE.match(line):
        return "table"
    return "html" if _HTML.match(line) else "paragraph"


def _plain(source: str, kind: BlockKind) -> str:
    if kind == "table":
        source = source.replace("|", " ")
    elif kind == "item":
        source = _ITEM.sub(lambda mark: " " * len(mark[0]), source, count=1)
    elif kind == "quote":
        source = re.sub(r"(?m)^[ ]{0,3}>[ \t]?", lambda mark: " " * len(mark[0]), source)
    return unmarked(source)


def unmarked(text: str) -> str:
    """Inline marks turned into spaces, character by character; a link keeps its label, a picture nothing."""
    if not _MAY_MARK.search(text):
        return text
    return _MARKS.sub(_blank, text)


_MAY_MARK = re.compile(r"[\[\]*`~_<\\]")


def _blank(mark: re.Match[str]) -> str:
    if mark["open"] is None:
        return " " * len(mark[0])
    return f" {unmarked(mark['label'])}" + " " * len(mark["to"])
