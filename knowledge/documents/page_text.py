"""The text of a web page: its title, headings (marked with #) and text, without what nobody reads on it.

What always holds: nothing in a page is run or fetched; the time it takes grows with its length alone, however its tags
are nested, repeated or left open, so a hostile page holds nobody up; no text is lost to a depth or to a tag left open.
Tags are told apart as the HTML standard does (13.2.5 Tokenization, 2025-11); attributes are not looked at.
"""

import re
from collections.abc import Iterator
from html import unescape

LONGEST_TITLE = 300
TAG_START = re.compile(r"<(?:[a-zA-Z]|/[a-zA-Z]|!|\?|/)")
#: a name and its attributes up to the end of the tag; without it the page ends inside of the tag
TAG = re.compile(r"""</?([a-zA-Z][^\s/>]*+)(?:[\s/]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?|[^\s/>=]++)*+>""")
#: their content is letters up to their own end
RAW = frozenset(("script", "style", "iframe", "noembed", "noframes", "xmp", "textarea", "title"))
#: what nobody reads on a page, with everything in it
UNREAD = frozenset(
    ("script", "style", "iframe", "noembed", "noframes", "noscript", "template", "svg", "object", "title")
)
_BLOCK_NAMES = """p div section article header footer main aside nav ul ol li table tr blockquote pre form h1 h2 h3 h4 h5 h6
    br hr dt dd figure figcaption body"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLANK_LINES = re.compile(r"\n{3,}")


def page_text(html: str) -> tuple[str, str]:
    """(title, text) of a page."""
    title, pieces = "", list[str]()
    for name, said in _read(html):
        if name != "title":
            pieces.append(said)
        elif not title:
            title = " ".join(unescape(said).split())
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\n")]
    plain = _BLANK_LINES.sub("\n\n", "\n".join(lines))
    return title[:LONGEST_TITLE], plain.replace("\x00", "").strip()


def _read(html: str) -> Iterator[tuple[str, str]]:
    """What is read, piece by piece: ``("title", letters)``, and ``("", text)``."""
    at, as_is = 0, False
    ends = Ends(html)
    while found := TAG_START.search(html, at):
        start = found.start()
        if start > at:
            yield "", _plain(html[at:start], as_is)
        if html[start + 1] in "!?" or found.group() == "</":
            comment = html.startswith("<!--", start)
            at = ends.after("-->" if comment else ">", start + 2)
            continue
        tag = TAG.match(html, start)
        if tag is None:  # it ends inside of a tag
            return
        at, name, ending = tag.end(), tag.group(1).lower(), html[start + 1] == "/"
        if not ending and name in RAW | UNREAD and html[at - 2] != "/":
            inside, at = at, ends.of(name, at)
            if name == "title":
                yield "title", html[inside:at]
            elif name not in UNREAD:
                yield "", unescape(html[inside:at])
            continue
        as_is = not ending if name == "pre" else as_is
        if said := _around(name, ending):
            yield "", said
    yield "", _plain(html[at:], as_is)


def _plain(letters: str, as_is: bool) -> str:
    """A line end is a blank, but not where lines are written as they are."""
    return unescape(letters) if as_is else unescape(letters.replace("\n", " "))


def _around(name: str, ending: bool) -> str:
    """What stands for a tag in the text: blocks on lines of their own, cells apart."""
    if name in BLOCKS:
        if ending:
            return "\n"
        return "\n\n# " if name in HEADINGS else "\n- " if name == "li" else "\n"
    return " " if ending and name in ("td", "th") else ""


class Ends:
    """Where things end; what has been looked for in vain is not looked for again."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.never: set[str] = set()

    def after(self, mark: str, at: int) -> int:
        """Behind the next ``mark``; the page's end when there is none for a tag, ``at`` when a comment is left open."""
        found = -1 if mark in self.never else self.html.find(mark, at)
        if found >= 0:
            return found + len(mark)
        self.never.add(mark)
        return at if mark == "-->" else len(self.html)

    def of(self, name: str, at: int) -> int:
        """The end tag of ``name``; ``at`` when it is left open, so that nothing is lost to it."""
        found = None if name in self.never else re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.html, at)
        if found is None:
            self.never.add(name)
            return at
        return found.start()
