"""What stands on a web page: title, description, outline, text, questions; without menus, footers and unseen text.

What always holds: a page is data, nothing in it is run, followed or obeyed; the same bytes give the same content; every
size is bounded. Text that only machines would read (an element hidden by its own style, signs without a shape) is left
out and counted.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.documents.page_text import BLOCKS, HEADINGS
from knowledge.imports.language import LANGUAGES, language_of
from knowledge.imports.readers.encodings import encoding_of
from knowledge.json_values import as_list, as_object
from knowledge.plain_text import storable
from knowledge.research.html_parts import Part, parts

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_HEADING, LONGEST_QUESTION = 300, 500, 200, 200
#: letters of a page's text that are kept, its headings and questions
LONGEST_TEXT, MOST_HEADINGS, MOST_QUESTIONS = 100_000, 200, 40
#: letters of an answer in structured data
LONGEST_ANSWER = 2_000
#: letters of structured data that are read
LONGEST_DATA = 500_000
#: words that a page's own part must have before the rest counts as menu
ENOUGH = 60
_ASIDE = frozenset(("nav", "footer", "aside", "form", "dialog"))
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "col", "embed", "track"))
#: without a shape: tags of the supplementary planes, zero widths (not those that join letters), soft hyphens
_SHAPELESS = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class PageContent:
    """``text``: headings marked with # to their level. ``unseen``: words left out because nobody sees them."""

    title: str = ""
    description: str = ""
    language: str | None = None
    published_on: date | None = None
    outline: list[Heading] = field(default_factory=list[Heading])
    questions: list[str] = field(default_factory=list[str])
    text: str = ""
    unseen: int = 0


def decoded(content: bytes, charset: str | None) -> str:
    """The letters of a page: by what its host said, else what it says itself, else what it looks like."""
    own = _CHARSET.search(content[:4_096])
    for name in (charset, own[1].decode("ascii") if own else None):
        try:
            if name:
                return content.decode(name, "replace")
        except LookupError:
            continue
    return content.decode(encoding_of(content[:100_000]), "replace")


def read_page(html: str) -> PageContent:
    seen = _Reading()
    for part in parts(html):
        seen.take(part)
    return seen.content()


class _Reading:
    """A page read part by part."""

    def __init__(self) -> None:
        self.title = self.lang = self.description = ""
        self.published = ""
        self.own: list[str] = []  # the page's own text
        self.around: list[str] = []  # menus, footers
        self.outline: list[Heading] = []
        self.outline_around: list[Heading] = []
        self.data: list[str] = []
        self.heading: tuple[int, list[str]] | None = None
        self.aside = 0
        self.unseen: tuple[str, int] | None = None
        self.unseen_words = 0

    def take(self, part: Part) -> None:
        match part.kind:
            case "text":
                self._text(part.text)
            case "title":
                self.title = self.title or part.text
            case "data":
                self.data.append(part.text)
            case "open":
                self._open(part)
            case _:
                self._close(part.name)

    def _text(self, text: str) -> None:
        if self.unseen is not None:
            self.unseen_words += len(text.split())
        elif self.heading is not None:
            self.heading[1].append(text)
        else:
            self._said().append(text)

    def _said(self) -> list[str]:
        return self.around if self.aside else self.own

    def _open(self, part: Part) -> None:
        name = part.name
        if self.unseen is not None:
            if name == self.unseen[0]:
                self.unseen = (name, self.unseen[1] + 1)
            return
        if part.unseen and name not in _VOID:
            self.unseen = (name, 1)
            return
        self._about_the_page(part)
        if name in _ASIDE:
            self._end_heading()
            self.aside += 1
        elif name in ("main", "article", "h1"):  # the page's own part, whatever was left open before it
            self.aside = 0
        if name in HEADINGS:
            self._end_heading()
            self.heading = (int(name[1]), [])
        elif name in BLOCKS and (self.heading is None or (name != "br" and "".join(self.heading[1]).strip())):
            self._end_heading()
            self._said().append("\n- " if name == "li" else "\n")
        elif name in BLOCKS and self.heading is not None:
            self.heading[1].append(" ")

    def _close(self, name: str) -> None:
        if self.unseen is not None:
            if name == self.unseen[0]:
                left = self.unseen[1] - 1
                self.unseen = (name, left) if left else None
            return
        if name in HEADINGS:
            self._end_heading()
        elif name in _ASIDE:
            self._end_heading()
            self.aside = max(0, self.aside - 1)
        if name in BLOCKS:
            self._said().append("\n")
        elif name in ("td", "th"):
            self._said().append(" ")

    def _end_heading(self) -> None:
        if self.heading is None:
            return
        level, letters = self.heading
        self.heading = None
        text = clean(" ".join(letters))[:LONGEST_HEADING]
        if not text:
            return
        outline = self.outline_around if self.aside else self.outline
        if len(outline) < MOST_HEADINGS:
            outline.append(Heading(level, text))
        self._said().append(f"\n\n{'#' * level} {text}\n")

    def _about_the_page(self, part: Part) -> None:
        given = part.attributes
        if part.name == "html":
            self.lang = given.get("lang", "")
        elif part.name == "meta":
            name, said = (given.get("name") or given.get("property", "")).lower(), given.get("content", "")
            if name == "description" or (name == "og:description" and not self.description):
                self.description = said
            elif name in ("article:published_time", "article:modified_time", "date") and not self.published:
                self.published = said
            elif name == "og:title" and not self.title:
                self.title = said

    def content(self) -> PageContent:
        self._end_heading()
        text, outline = _lines("".join(self.own)), self.outline
        if len(text.split()) < ENOUGH and self.around:  # all of it was taken for a menu, or a menu was left open
            text, outline = _lines("".join([*self.own, *self.around])), [*self.outline, *self.outline_around]
        found = list(_data(self.data))
        text = text[:LONGEST_TEXT]
        text += "".join(_told_to_machines(found, text))[: LONGEST_TEXT - len(text)]
        return PageContent(
            title=clean(self.title)[:LONGEST_TITLE],
            description=clean(self.description)[:LONGEST_DESCRIPTION],
            language=_language(self.lang, text),
            published_on=_day(self.published) or next(filter(None, map(_published, found)), None),
            outline=outline,
            questions=list(dict.fromkeys(q for one in found for q in _questions(one)))[:MOST_QUESTIONS],
            text=text,
            unseen=self.unseen_words,
        )


def clean(text: str) -> str:
    """One line of what can be seen and kept."""
    return " ".join(_SHAPELESS.sub("", storable(text)).split())


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in _SHAPELESS.sub("", storable(text)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line != "-")).strip()


def _language(said: str, text: str) -> str | None:
    """By its words; what a page says of itself is often a template's."""
    said = said.split("-")[0].strip().lower()
    return language_of(text[:2_000]) or (said if said in LANGUAGES.split() else None)


def _day(text: str) -> date | None:
    match = _DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _data(scripts: list[str]) -> Iterator[dict[str, Any]]:
    """Every object of the structured data; what is no JSON is left out."""
    left = LONGEST_DATA
    for script in scripts:
        left -= len(script)
        if left < 0:
            return
        try:
            read: Any = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for one in as_list(read) or [read]:
            outer = as_object(one)
            yield outer
            yield from map(as_object, as_list(outer.get("@graph")))


def _published(data: dict[str, Any]) -> date | None:
    return _day(str(data.get("dateModified") or data.get("datePublished") or ""))


def _questions(data: dict[str, Any]) -> Iterator[str]:
    if "FAQPage" not in str(data.get("@type")):
        return
    for one in as_list(data.get("mainEntity")):
        if question := clean(str(as_object(one).get("name") or "")):
            yield question[:LONGEST_QUESTION]


def _told_to_machines(found: list[dict[str, Any]], text: str) -> Iterator[str]:
    """Each question of the page's structured data with its answer, where the answer does not stand in what is shown."""
    shown = " ".join(text.split())
    asked = [
        as_object(one)
        for data in found
        if "FAQPage" in str(data.get("@type"))
        for one in as_list(data.get("mainEntity"))
    ]
    for one in asked[:MOST_QUESTIONS]:
        question = clean(str(one.get("name") or ""))[:LONGEST_QUESTION]
        answers = one.get("acceptedAnswer")
        told = as_object(next(iter(as_list(answers)), answers))
        answer = clean(_plain(str(told.get("text") or "")[:LONGEST_ANSWER]))
        if question and answer and answer not in shown:
            yield f"\n\n{question}\n{answer}"


def _plain(html: str) -> str:
    """The words of an answer that may be written in HTML."""
    return "".join(part.text if part.kind == "text" else " " if part.name in BLOCKS else "" for part in parts(html))
