"""The sentences of Markdown or plain text with their exact places.

``Sentence.flat`` has the length of ``Sentence.text``; marks, addresses, tags and quote ids are spaces in it, so that a
place in one is the same place in the other. Headings, list items, table cells and block quotes are blocks of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.claims.wording import flat

Block = Literal["heading", "text", "item", "cell", "quote"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``start`` and ``end`` are characters of the part."""

    start: int
    end: int
    text: str
    flat: str
    block: Block
    #: what stands before it in the same block
    before: str = ""


_COVERED = re.compile(
    r"\]\([^()\n]{0,500}\)|\[voc:[^\[\]\n]{0,80}\]|<[a-zA-Z/!][^<>\n]{0,500}>|https?://[^\s<>\"“”)\]]{1,2000}|!\[|`+|\*+|~~|"
    r"(?<!\w)_+|_+(?!\w)|"
    r"(?m:^[ \t]*(?:#{1,6}|[-*+•]|\d{1,3}[.)]|>+)(?=\s))|\[|\]|\\|(?m:^[ \t]{0,40}\|?[ \t]{0,40}:?-{2,200}:?"
    r"(?:[ \t]{0,200}\|[ \t]{0,200}:?-{2,200}:?){0,60}[ \t]{0,40}\|?[ \t]{0,40}$)"
)
_MERGE_TAG = re.compile(r"\{\{[^{}]{0,300}\}\}|\{%[^%{}]{0,300}%\}|\*\|[^|*]{0,300}\|\*")
_ENDS = re.compile(r"[.!?…]+[\"”“»’')\]*_]*(?=\s|$)|[。！？]+")
_HEADING = re.compile(r"[ \t]*#{1,6}\s")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])\s")
_QUOTE = re.compile(r"[ \t]*>")
_RULE = re.compile(
    r"[ \t]{0,40}\|?[ \t]{0,40}:?-{2,200}:?(?:[ \t]{0,200}\|[ \t]{0,200}:?-{2,200}:?){0,60}[ \t]{0,40}\|?[ \t]{0,40}|"
    r"[ \t]{0,40}([-*_])(?:[ \t]{0,9}\1){2,200}[ \t]{0,40}"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“„])(?:[A-Za-zÀ-ÿ]|e\.g|i\.e|z\.\s?B|u\.\s?a|d\.\s?h|p\.\s?ej|p\.\s?ex|Mr|Mrs|Ms|Dr|Prof|St|Sr|Sra|Srta|"
    r"Dra|No|Nr|vs|ca|approx|bzw|usw|ggf|inkl|zzgl|min|max|Mio|Mrd|Tsd|Abs|Art|Str|etc|Ltd|Inc|Co|Fig|pág|pag|núm|n|\d{1,2})$"
)


def sentences(text: str) -> list[Sentence]:
    """Every sentence, heading, item, cell and quoted line, in order; empty ones are left out."""
    covered = _covered(text)
    found: list[Sentence] = []
    for start, end, block in _blocks(text):
        found += _split(text, covered, start, end, block)
    return found


def _covered(text: str) -> str:
    plain = _MERGE_TAG.sub(_blank, text)
    return flat(_COVERED.sub(_blank, plain))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _blocks(text: str) -> Iterator[tuple[int, int, Block]]:
    """Runs of lines that belong together; lines of a paragraph are one run."""
    at, open_from, fenced = 0, -1, False
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        bare = line.strip()
        kind = _kind(line) if bare else None
        if bare.startswith("```"):
            fenced = not fenced
            kind = None
        elif fenced:
            kind = None
        elif kind == "text" and not line.endswith(("  \n", "\\\n")):
            open_from = start if open_from < 0 else open_from
            continue
        elif kind == "text":  # a hard line break ends the run
            yield (start if open_from < 0 else open_from), at, "text"
            open_from = -1
            continue
        if open_from >= 0:
            yield open_from, start, "text"
            open_from = -1
        if kind == "cell":
            yield from _cells(line, start)
        elif kind is not None:
            yield start, at, kind
    if open_from >= 0:
        yield open_from, at, "text"


def _kind(line: str) -> Block | None:
    if _RULE.fullmatch(line.rstrip("\n")):
        return None
    if _HEADING.match(line):
        return "heading"
    if _QUOTE.match(line):
        return "quote"
    if line.lstrip().startswith("|"):
        return "cell"
    return "item" if _ITEM.match(line) else "text"


def _cells(line: str, start: int) -> Iterator[tuple[int, int, Block]]:
    at = 0
    for cell in line.split("|"):
        if cell.strip():
            yield start + at, start + at + len(cell), "cell"
        at += len(cell) + 1


def _split(text: str, covered: str, start: int, end: int, block: Block) -> Iterator[Sentence]:
    at = start
    for match in _ENDS.finditer(text, start, end):
        if match.group()[0] == "." and not _ends_here(text, covered, at, match, end):
            continue
        yield from _sentence(text, covered, at, match.end(), block, start)
        at = match.end()
    yield from _sentence(text, covered, at, end, block, start)


#: characters around a full stop that tell whether a sentence ends there
_NEAR_BEFORE, _NEAR_AFTER = 14, 60


def _ends_here(text: str, covered: str, at: int, match: re.Match[str], end: int) -> bool:
    near = min(end, match.end() + _NEAR_AFTER)
    after = covered[match.end() : near].lstrip()
    if after and not (text[match.end() : near].lstrip(' \n*_[("“„«¿¡>#-')[:1] or "A").isupper():
        first = after[:1]
        if not first.isdigit() and first not in '¿¡“„«"' and not _uncased(first):
            return False
    last = near == end and not after
    return last or not _ABBREVIATION.search(text[max(at, match.start() - _NEAR_BEFORE) : match.start()])


def _uncased(char: str) -> bool:
    return char.isalpha() and char.lower() == char.upper()


def _sentence(text: str, covered: str, start: int, end: int, block: Block, first: int) -> Iterator[Sentence]:
    words = re.search(r"\w", covered[start:end])
    if words is None:
        return
    inner = covered[start:end]
    lead = len(inner) - len(inner.lstrip(" \n\t>"))
    begin = start + min(lead, words.start())
    while begin > start and text[begin - 1] in "“„«\"‘'([¿¡":
        begin -= 1
    stop = start + len(text[start:end].rstrip())
    while stop > begin and text[stop - 1] in "*_ ":
        stop -= 1
    yield Sentence(begin, stop, text[begin:stop], covered[begin:stop], block, covered[first:begin])
