"""Words in quotation marks and block quotes: who is said to have said what, and whether it is so, to the letter.

Four words and more in marks are a quotation; fewer are a turn of phrase. Marks, spaces and a closing full stop do not
count when words are compared; letters and their order do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.claims.wording import WORD, flat

#: words from which on marks hold a quotation
LEAST_WORDS = 4
_MARKED = re.compile(
    r"“([^“”]{8,}?)[”“]|„([^„“”]{8,}?)[“”]|«([^«»]{8,}?)»|‹([^‹›]{8,}?)›|(?<!\w)\"([^\"\n]{8,}?)\"(?!\w)|»([^«»]{8,}?)«"
)
_BLOCK = re.compile(r"(?m)^[ \t]*>[ \t]?(?P<line>[^\n]*)$")
_SOURCE = re.compile(r"^\s*(?:[—–]|--?)\s*\S")
_VOC = re.compile(r"\[voc:([^\]\s]+)\]")
_AFTER = re.compile(r"[”“»\"*_\s,.]*(?:[—–]|--)\s*\w|[”“»\"*_\s]*\[voc:")
_SAYS = re.compile(
    r"\b(?:says?|said|writes?|wrote|reports?|puts? it|told|tells|customers?|clients?|reviews?|according to|in the words of|"
    r"sagt|sagte|schreibt|schrieb|berichtet|erzahlt|kund\w+|bewertung\w*|laut|dice|dijo|escribe|escribio|cuenta|clientes?|"
    r"resenas?|opinion\w*|segun|diz|disse|escreve|escreveu|conta|avaliac\w+)\b"
)
_MARKS = "“”„«»‹›\"'‘’* _\t"


@dataclass(frozen=True, slots=True)
class Quotation:
    """``said``: the words without marks, standing at ``start`` to ``end``. ``attributed``: somebody is named as the speaker."""

    start: int
    end: int
    said: str
    voc_id: str
    attributed: bool
    block: bool


def quotations(text: str) -> list[Quotation]:
    found = list(_blocks(text))
    taken = [(one.start, one.end) for one in found]
    for match in _MARKED.finditer(text):
        group = next(number for number in range(1, 7) if match[number])
        start, end = match.span(group)
        inside = any(low <= start < high for low, high in taken)
        if inside or len(WORD.findall(match[group])) < LEAST_WORDS:
            continue
        after = text[end : end + 120]
        voc = _VOC.search(after.split("\n\n")[0])
        before = flat(text[max(0, start - 90) : start].split("\n\n")[-1])
        attributed = bool(_AFTER.match(after) or (_SAYS.search(before) and re.search(r"[:,]\s*[“„«\"*]*$", before)))
        found.append(Quotation(start, end, match[group], voc[1] if voc else "", attributed or bool(voc), block=False))
    return sorted(found, key=lambda one: one.start)


def _blocks(text: str) -> Iterator[Quotation]:
    """Each block quote: its words, and the id beside its source."""
    lines = list(_BLOCK.finditer(text))
    at = 0
    while at < len(lines):
        last = at
        while last + 1 < len(lines) and lines[last + 1].start() <= lines[last].end() + 1:
            last += 1
        yield from _block(text, lines[at : last + 1])
        at = last + 1


def _block(text: str, lines: list[re.Match[str]]) -> Iterator[Quotation]:
    said = [line for line in lines if line["line"].strip() and not _SOURCE.match(line["line"])]
    if not said:
        return
    whole = text[lines[0].start() : lines[-1].end() + 80].split("\n\n")[0]
    voc = _VOC.search(whole)
    start, end = said[0].start("line"), said[-1].end("line")
    raw = _VOC.sub("", text[start:end])
    while start < end and text[start] in _MARKS:
        start += 1
    while end > start and text[end - 1] in _MARKS:
        end -= 1
    marker = _VOC.search(text, start, end)
    if marker:
        end = len(text[: marker.start()].rstrip(_MARKS + "—–-"))
    words = re.sub(r"\n[ \t]*>[ \t]?", " ", raw).strip(_MARKS)
    if len(WORD.findall(words)) >= 2:
        yield Quotation(start, end, words, voc[1] if voc else "", attributed=True, block=True)


def plain(text: str) -> str:
    """As words are compared to the letter: one kind of mark, single spaces, no closing full stop."""
    flatter = re.sub(r"\s+", " ", text.replace("’", "'").replace("‘", "'")).strip(_MARKS)
    return flatter.rstrip(".,;…").strip(_MARKS)


def stands_in(said: str, original: str) -> bool:
    """Whether the words are the original's, or whole words of it without a gap; an ellipsis joins two such runs."""
    source = plain(original)
    parts = [plain(part) for part in re.split(r"\s*(?:\[…\]|\[\.\.\.\]|…|\.\.\.)\s*", said) if plain(part)]
    at = 0
    for part in parts:
        match = re.compile(rf"(?<!\w){re.escape(part)}(?!\w)").search(source, at)
        if match is None:
            return False
        at = match.end()
    return bool(parts)


def nearest(said: str, originals: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The (id, text) that shares most words with what is said, when it is most of them: a quote somebody altered."""
    mine = set(WORD.findall(flat(said)))
    best, share = None, 0.6
    for id, text in originals:
        alike = len(mine & set(WORD.findall(flat(text)))) / len(mine) if mine else 0.0
        if alike >= share:
            best, share = (id, text), alike
    return best
