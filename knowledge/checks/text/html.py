"""Tags and visible words of HTML with where they stand. A scanner for mail HTML, not a browser: it repairs nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_HIDDEN = re.compile(r"<!--.*?-->|<(style|script|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    closing: bool
    attributes: dict[str, str]
    start: int
    end: int


def tags(html: str, *names: str) -> Iterator[Tag]:
    """Tags in order; only those of these ``names`` when there are any. Comments are skipped, conditional ones too."""
    blanked = re.sub(r"<!--.*?-->", lambda match: " " * len(match[0]), html, flags=re.DOTALL)
    for match in _TAG.finditer(blanked):
        name = match[2].lower()
        if not names or name in names:
            found = {
                one[1].lower(): unescape(next((value for value in one.groups()[1:] if value is not None), ""))
                for one in _ATTRIBUTE.finditer(match[3])
            }
            yield Tag(name, bool(match[1]), found, *match.span())


def visible(html: str) -> str:
    """The words that are shown, on one line."""
    return " ".join(unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html))).split())
