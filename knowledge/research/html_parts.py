"""A web page as a row of parts: tags with what we ask of their attributes, and letters.

What always holds: nothing is run or fetched, and the time it takes grows with the page's length alone. Tags are told
apart as in knowledge/documents/page_text.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from knowledge.documents.page_text import RAW, TAG, TAG_START, UNREAD, Ends

#: letters of a tag's attributes that are looked at
LONGEST_ATTRIBUTES = 2_000
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++)))?""")
_TOLD = re.compile(r"display|visibility|opacity|font-size|hidden|left|top|indent", re.IGNORECASE)
_READ = frozenset(("html", "meta", "link", "time"))
#: an element whose own style takes it away from whoever reads the page
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?(?![\d.])|font-size\s*:\s*0(?![\d.]*[1-9])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw|%)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """``kind``: open, close, text, title, data (a script of JSON-LD)."""

    kind: str
    name: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    unseen: bool = False


def parts(html: str) -> Iterator[Part]:
    at, as_is, ends = 0, False, Ends(html)
    while found := TAG_START.search(html, at):
        start = found.start()
        if start > at:
            yield Part("text", text=_plain(html[at:start], as_is))
        if html[start + 1] in "!?" or found.group() == "</":
            comment = html.startswith("<!--", start)
            at = ends.after("-->" if comment else ">", start + 2)
            continue
        tag = TAG.match(html, start)
        if tag is None:  # it ends inside of a tag
            return
        at, name, closing = tag.end(), tag.group(1).lower(), html[start + 1] == "/"
        given = html[start + 1 + len(name) : min(at, start + LONGEST_ATTRIBUTES)]
        if not closing and name in RAW | UNREAD and html[at - 2] != "/":
            inside, at = at, ends.of(name, at)
            if part := _closed_element(name, given, html[inside:at]):
                yield part
            continue
        as_is = not closing if name == "pre" else as_is
        yield Part("close", name) if closing else _opened(name, given)
    yield Part("text", text=_plain(html[at:], as_is))


def _closed_element(name: str, given: str, inside: str) -> Part | None:
    """An element whose inside is letters up to its own end; None for one that nobody reads."""
    if name == "title":
        return Part("title", text=" ".join(unescape(inside).split()))
    if name == "script" and "ld+json" in given.lower():
        return Part("data", text=inside.removesuffix("</"))
    return None if name in UNREAD else Part("text", text=unescape(inside))


def _opened(name: str, given: str) -> Part:
    if name not in _READ and not _TOLD.search(given):
        return Part("open", name)
    attributes = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in _ATTRIBUTE.finditer(given)
    }
    hidden = "hidden" in attributes and attributes["hidden"].lower() != "until-found"
    return Part("open", name, attributes=attributes, unseen=hidden or bool(_UNSEEN.search(attributes.get("style", ""))))


def _plain(letters: str, as_is: bool) -> str:
    """A line end is a blank, but not where lines are written as they are."""
    return unescape(letters) if as_is else unescape(letters.replace("\n", " "))
