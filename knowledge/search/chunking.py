"""How texts are cut into passages: small enough to mean one thing, whole sentences where there are any.

Pure functions over words; a token is counted as 0.75 of a word, which is near enough for every model's window.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.search.models import Part

#: words of a passage: about 200 tokens
LONGEST = 150
#: words of a stretch of a call: 120 to 180 tokens
TURN = 115
#: a word longer than this is no word; it is cut so that no passage can be a megabyte
LONGEST_WORD = 200

#: where a sentence ends, with its last sign, or a line
_END = re.compile(r"[.!?…。！？][\"'”’»)]*\s+|\n+")
_PARAGRAPH = re.compile(r"\n\s*\n+")


@dataclass(slots=True)
class Piece:
    """One passage of a text; ``ordinal`` counts within its part. ``started_at``: seconds into a call."""

    part: Part
    ordinal: int
    text: str
    speaker: str | None = None
    started_at: float | None = None


def ad_chunks(
    *,
    title: str | None = None,
    body: str | None = None,
    link_description: str | None = None,
    cta_text: str | None = None,
    script: str | None = None,
) -> list[Piece]:
    """The hook (first sentence), the body, the headline with description and button, and what is said in it.

    A button alone is no passage: "Shop now" stands on every second ad and finds none.
    """
    pieces: list[Piece] = []
    sentences = split_sentences(body or "")
    if sentences:
        pieces.append(Piece("hook", 0, _join(sentences[:1])))
        if len(sentences) > 1:
            pieces += _numbered("body", pack(sentences))
    headline = [part.strip() for part in (title, link_description) if part and part.strip()]
    if headline:
        button = [cta_text.strip()] if cta_text and cta_text.strip() else []
        pieces += _numbered("headline", pack(["\n".join(dict.fromkeys([*headline, *button]))]))
    pieces += _numbered("script", pack(split_sentences(script or "")))
    return pieces


def quote_chunks(text: str) -> list[Piece]:
    """A customer's words: one passage, several when it is long."""
    return _numbered("quote", pack(split_sentences(text)))


def passage_chunks(text: str) -> list[Piece]:
    """A document by paragraphs, small ones together, large ones by sentences."""
    parts: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        if len(paragraph.split()) <= LONGEST:
            parts.append(paragraph.strip())
        else:
            parts += pack(split_sentences(paragraph))
    return _numbered("passage", pack(parts, "\n\n"))


def turn_chunks(turns: Iterable[tuple[str | None, float | None, str]]) -> list[Piece]:
    """A call as stretches of one speaker: (speaker, seconds, words) each; a long one overlaps by a sentence."""
    pieces: list[Piece] = []
    for speaker, started_at, text in turns:
        for stretch in pack(split_sentences(text), most=TURN, overlap=1):
            pieces.append(Piece("turn", len(pieces), stretch, speaker, started_at))
    return pieces


def split_sentences(text: str) -> list[str]:
    """Whole sentences and lines, none empty; a sentence longer than a passage is cut between words."""
    found: list[str] = []
    at = 0
    for end in _END.finditer(text):
        found += _sentence(text[at : end.start() + (text[end.start()] != "\n")])
        at = end.end()
    return found + _sentence(text[at:])


def _sentence(text: str) -> list[str]:
    """The sentence with single blanks, cut when it is too long; none when there is nothing in it."""
    if not (text.isascii() and text.isprintable()) or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return [text] if 0 < len(text) <= LONGEST_WORD else list(_cut(text)) if text else []


def pack(parts: Iterable[str], between: str = " ", *, most: int = LONGEST, overlap: int = 0) -> list[str]:
    """Parts put together in order, up to ``most`` words; each passage begins with the last ``overlap`` of the one before."""
    parts = list(parts)
    whole = between.join(filter(None, parts))
    if len(whole.split()) <= most:
        return [whole] if whole else []
    packed: list[str] = []
    held: list[str] = []
    size = 0
    for part in parts:
        length = len(part.split())
        if held and size + length > most:
            packed.append(between.join(held))
            held = held[-overlap:] if overlap and len(held) > overlap else []
            size = sum(len(one.split()) for one in held)
        if part:
            held.append(part)
            size += length
    if held:
        packed.append(between.join(held))
    return packed


def _numbered(part: Part, texts: Iterable[str]) -> list[Piece]:
    return [Piece(part, ordinal, text) for ordinal, text in enumerate(texts)]


def _join(sentences: list[str]) -> str:
    return " ".join(sentences)


def _cut(sentence: str) -> Iterator[str]:
    if len(sentence) <= LONGEST_WORD:
        yield sentence
        return
    words = [word[at : at + LONGEST_WORD] for word in sentence.split() for at in range(0, len(word), LONGEST_WORD)]
    for at in range(0, len(words), LONGEST):
        yield " ".join(words[at : at + LONGEST])
