"""Where phrases and quotations stand in a text, and whether words stand in another text. Positions are those of the text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.originality.runs import Words

_MARKS = "“”„«»\"'‘’ \t"
#: in quotation marks, 8 characters at least
_QUOTE = re.compile(r"“([^“”]{8,})”|„([^„“”]{8,})[“”]|«([^«»]{8,})»|(?<!\w)\"([^\"\n]{8,})\"(?!\w)")
_BLOCKQUOTE = re.compile(r"(?m)^[ ]{0,3}>[ \t]*(?![—–-])(\S[^\n]*)$")
#: who said it, after the quotation: a dash and a name
_ATTRIBUTION = re.compile(r"[“”»\"*_]{0,3}\s*(?:\[voc:[^\]]+\])?\s*(?:>\s*)?[—–]\s*[*_]{0,2}\w|[“”»\"]?\s*\[voc:")
#: "…", says Tom: a verb of saying and a name after the quotation
_SAID_BY = re.compile(
    r"[,.!?]?[“”»\"*_]{0,3},?\s+(?:says|said|writes|wrote|reports|reported|sagt|sagte|schreibt|schrieb|berichtet|erzählt|meint|dice|"
    r"dijo|escribe|escribió|cuenta|contó|afirma|diz|disse|escreve|escreveu|conta)\s+[A-ZÀ-Þ]\w+"
)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_PLAIN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
QUOTE_ID = re.compile(r"\[voc:([^\]\s]+)\]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """``testimonial``: set as a block quote, or with somebody's name or a quote id after it."""

    text: str
    start: int
    testimonial: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def fold_letters(text: str) -> str:
    """Lower case without accents, ß as ss."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Lower case without accents, character by character, so that a position in it is a position in the text.

    What would become two characters (ß) stays as it is, in lower case.
    """
    if text.isascii():
        return text.lower()
    table = {ord(letter): _one(letter) for letter in set(text) if not letter.isascii()}
    return text.translate(table).lower()


@lru_cache(maxsize=4096)
def _one(letter: str) -> str:
    plain = fold_letters(letter)
    if len(plain) == 1 == len(plain.lower()):
        return plain
    return letter.lower() if len(letter.lower()) == 1 else letter if len(letter) == len(letter.casefold()) else "\ufffd"


def places(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where a phrase stands as whole words, in any case, with or without accents, over line ends."""
    found = _phrase(phrase)
    return [match.span() for match in found.finditer(folded(text))] if found else []


@lru_cache(maxsize=2048)
def _phrase(phrase: str) -> re.Pattern[str] | None:
    wanted = fold_letters(phrase).split()
    if not wanted:
        return None
    first = r"(?<!\w)" if wanted[0][:1].isalnum() else ""
    last = r"(?!\w)" if wanted[-1][-1:].isalnum() else ""
    spelt = r"\s+".join(re.escape(word).replace("ss", "(?:ss|ß)") for word in wanted)
    return re.compile(first + spelt + last)


def plain_words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _PLAIN.findall(folded(text))


@lru_cache(maxsize=64)
def words_of(text: str) -> Words:
    """The folded words of a text with their places, as knowledge/originality compares them."""
    found = [(match[0], match.span()) for match in _PLAIN.finditer(folded(text))]
    return Words(tuple(word for word, _ in found), tuple(span for _, span in found))


@lru_cache(maxsize=64)
def quotations(text: str) -> tuple[Quotation, ...]:
    """What stands in quotation marks (four words at least) or in a block quote, in order."""
    found: dict[int, Quotation] = {}
    covered: list[tuple[int, int]] = []
    for match in _BLOCKQUOTE.finditer(text):
        line = QUOTE_ID.sub(lambda mark: " " * len(mark[0]), match[1])
        line = re.sub(r"\s[—–]\s[^—–]{2,60}$", "", line)  # a name on the same line
        inner = line.strip(_MARKS + "*_")
        if inner and len(_WORD.findall(inner)) >= 3:
            start = text.index(inner, match.start())
            found[start] = Quotation(inner, start, True)
            covered.append(match.span())
    for match in _QUOTE.finditer(text):
        inner = next(group for group in match.groups() if group)
        start = match.start() + match[0].index(inner)
        inside = any(low <= start < high for low, high in covered)
        if not inside and len(_WORD.findall(inner)) >= 4:
            end = start + len(inner)
            said = bool(_ATTRIBUTION.match(text, end) or _SAID_BY.match(text, end))
            found[start] = Quotation(inner, start, said)
    return tuple(found[start] for start in sorted(found))


def is_verbatim(quote: str, originals: Iterable[str]) -> bool:
    """Whether the quote is somebody's words exactly, or whole words of them without a gap."""
    plain = _same(quote)
    bounded = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")
    return any(plain in (same := _same(original)) and bounded.search(same) for original in originals)


def stands_in(text: str, sources: Iterable[str]) -> bool:
    """Whether the words stand in one of the texts, in any case, with or without accents."""
    plain = fold_letters(_same(text))
    return any(plain in fold_letters(_same(source)) for source in sources)


@lru_cache(maxsize=4096)
def _same(text: str) -> str:
    return " ".join(text.split()).strip(_MARKS).replace("’", "'").rstrip(".,;")
