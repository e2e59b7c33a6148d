"""Tags and visible words of HTML with where they stand. A scanner for mail HTML, not a browser: it repairs nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:\"[^\"]{0,4000}\"|'[^']{0,4000}'|[^<>\"'])*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_HIDDEN = re.compile(r"<(style|script|head|title)\b", re.IGNORECASE)

_HIDDEN_WHOLE = re.compile(r"<(style|script|head|title)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "code", "em", "font", "i", "mark", "s", "small", "span", "strong",
                     "sub", "sup", "u", "wbr"})  # fmt: skip
_MARK = re.compile(rf"{_TAG.pattern}|&(?:#\d{{1,7}}|#x[0-9a-fA-F]{{1,6}}|[a-zA-Z]{{2,31}});")


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    closing: bool
    attributes: dict[str, str]
    start: int
    end: int


def tags(html: str, *names: str) -> Iterator[Tag]:
    """Tags in order; only those of these ``names`` when there are any. Comments are skipped, conditional ones too."""
    for match in _TAG.finditer(_without_comments(html)):
        name = match[2].lower()
        if not names or name in names:
            found = {
                one[1].lower(): unescape(next((value for value in one.groups()[1:] if value is not None), ""))
                for one in _ATTRIBUTE.finditer(match[3])
            }
            yield Tag(name, bool(match[1]), found, *match.span())


def visible(html: str) -> str:
    """The words that are shown, on one line."""
    return " ".join(unescape(_TAG.sub(" ", _without_hidden(_without_comments(html)))).split())


def shown(html: str) -> tuple[str, list[int]]:
    """The words that are shown, a line for each block, and where each character of them stands in ``html``; one number
    more, for the end."""
    bare = _HIDDEN_WHOLE.sub(lambda hidden: " " * len(hidden[0]), _without_comments(html))
    chars, places, at = list[str](), list[int](), 0
    for mark in _MARK.finditer(bare):
        chars += bare[at : mark.start()].replace("\n", " ")
        places += range(at, mark.start())
        said = unescape(mark[0]) if mark[0].startswith("&") else "" if (mark[2] or "").lower() in _INLINE else "\n\n"
        chars += said
        places += [mark.start()] * len(said)
        at = mark.end()
    chars += bare[at:].replace("\n", " ")
    return "".join(chars), [*places, *range(at, len(html) + 1)]


def _without_comments(html: str) -> str:
    """Comments turned into spaces, character by character; one that is not closed runs to the end."""
    parts: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        closed = html.find("-->", start + 4)
        end = closed + 3 if closed >= 0 else len(html)
        parts += [html[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, html[at:]])


def _without_hidden(html: str) -> str:
    """Without what is between the tags of style, script, head and title; one that is not closed runs to the end."""
    lowered, parts, at = html.lower(), list[str](), 0
    while found := _HIDDEN.search(html, at):
        closed = lowered.find(f"</{found[1].lower()}", found.end())
        parts.append(html[at : found.start()])
        at = closed if closed >= 0 else len(html)
    return " ".join([*parts, html[at:]])
