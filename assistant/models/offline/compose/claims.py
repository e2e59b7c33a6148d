"""Finding claims in a text and whether a source carries them: figures, links, quotes, superlatives.

A figure counts as supported when the same figure stands in a source; whether it is about the same thing is for a
person to judge.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.models.offline.compose.sources import Sources
from assistant.models.offline.compose.wording import fold, tidy, words
from knowledge.json_values import as_list, as_object


@dataclass(frozen=True)
class Span:
    """A place in a text: the words and where they stand."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_NUMBER = re.compile(r"\d+(?:[.,\s  ]\d{3})*(?:[.,]\d+)?\s?%?")
#: parts of a text whose digits are no claims: list markers, addresses, quote ids
_NO_CLAIM = re.compile(r"(?m)^\s*\d+[.)]\s|https?://[^\s)\]>]+|\[voc:[^\]]*\]|\]\([^)]*\)")
_LINK = re.compile(r"https?://[^\s<>\"“”)\]]+[^\s<>\"“”)\].,;!?*]")
_QUOTE = re.compile(r"“([^“”]{8,})”|„([^„“”]{8,})[“”]|«([^«»]{8,})»|(?<!\w)\"([^\"\n]{8,})\"(?!\w)")
_BLOCKQUOTE = re.compile(r"(?m)^>[ \t]*(?![—–-])(\S[^\n]*)$")
_MARKS = "“”„«»\"'‘’ \t"


#: of research, what opened pages say and where they are
_OPENED = ("facts", "answers", "sources")


def source_texts(sources: Sources) -> list[str]:
    """Every text that may carry a claim: intake, canon, strategy, brief, goal, note, customers' words, opened pages.

    Rules about wording (constraints, tone) carry none: "no claim of being the best" proves nothing.
    """
    canon = {key: part for key, part in (sources.canon or {}).items() if key != "constraints"}
    canon["brand"] = {key: part for key, part in as_object(canon.get("brand")).items() if key != "toneOfVoice"}
    opened = {name: part for name, part in (sources.research or {}).items() if name in _OPENED}
    documents = [sources.intake, canon, sources.strategy, opened]
    found = [sources.brief, sources.goal, sources.note, *sources.open_comments]
    found += [snippet.text for snippet in sources.voc]
    found += [sources.client.name, sources.client.website]
    for document in documents:
        found += strings_in(document)
    return [text for text in found if text]


def strings_in(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield f"{node:g}"
    for part in as_list(node):
        yield from strings_in(part)
    for part in as_object(node).values():
        yield from strings_in(part)


def plain_figure(text: str) -> str:
    """A figure without its thousands marks, percent sign and trailing zeros, with a decimal point."""
    digits = re.sub(r"[\s  %]", "", text)
    digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def figures(text: str) -> list[Span]:
    """The figures of a text, without list numbers and those inside addresses and quote ids."""
    covered = _NO_CLAIM.sub(lambda match: " " * len(match.group()), text)
    return [Span(match.group().rstrip(), match.start()) for match in _NUMBER.finditer(covered)]


def unsupported_figures(text: str, sources: Sources) -> list[Span]:
    known = {plain_figure(span.text) for source in source_texts(sources) for span in figures(f" {source}")}
    return [span for span in figures(text) if plain_figure(span.text) not in known]


def unsupported_links(text: str, sources: Sources) -> list[Span]:
    known = {link.rstrip("/") for source in source_texts(sources) for link in _LINK.findall(source)}
    hosts = {_host(link) for link in known}
    spans = [Span(match.group(), match.start()) for match in _LINK.finditer(text)]
    return [span for span in spans if span.text.rstrip("/") not in known and _host(span.text) not in hosts]


def _host(link: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", link).split("/")[0].lower()


def quoted_spans(text: str) -> list[tuple[Span, bool]]:
    """What stands in quotation marks (four words or more) or in a block quote; ``True`` marks a testimonial."""
    found: dict[int, tuple[Span, bool]] = {}
    for match in _BLOCKQUOTE.finditer(text):
        inner = match[1].strip(_MARKS)
        found[text.index(inner, match.start())] = (Span(inner, text.index(inner, match.start())), True)
    covered = [(span.start, span.end) for span, _ in found.values()]
    for match in _QUOTE.finditer(text):
        inner = next(group for group in match.groups() if group)
        start = text.index(inner, match.start())
        inside = any(low <= start < high for low, high in covered)
        if not inside and len(words(inner)) >= 4:
            attributed = bool(re.match(r"[“”»\"]?\s*[—–-]\s*\w", text[start + len(inner) :]))
            found[start] = (Span(inner, start), attributed)
    return [found[start] for start in sorted(found)]


def is_verbatim(quote: str, originals: Iterable[str]) -> bool:
    """Whether the quote is a customer's words exactly, or whole words of them without a gap."""
    plain = _same(quote)
    return any(re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", _same(original)) for original in originals)


def _same(text: str) -> str:
    return tidy(text).strip(_MARKS).replace("’", "'").rstrip(".,;")


def stands_in(text: str, sources: Iterable[str]) -> bool:
    plain = fold(_same(text))
    return any(plain in fold(_same(source)) for source in sources)


def places(text: str, phrase: str) -> list[Span]:
    """Where a phrase stands in the text as whole words, in any case and with or without accents."""
    folded, index = _folded_with_index(text)
    pattern = rf"(?<!\w){re.escape(fold(phrase.strip()))}(?!\w)"
    found: list[Span] = []
    for match in re.finditer(pattern, folded):
        start, end = index[match.start()], index[match.end() - 1] + 1
        found.append(Span(text[start:end], start))
    return found


def _folded_with_index(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the position it came from."""
    out: list[str] = []
    index: list[int] = []
    for position, char in enumerate(text):
        plain = fold(char)
        out.append(plain)
        index += [position] * len(plain)
    return "".join(out), index
