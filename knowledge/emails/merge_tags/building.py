"""From a flat row of tags to a tree: the part of parsing that is the same in every dialect."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from knowledge.emails.merge_tags.model import Branch, Condition, Each, Fault, If, Node, Parsed, Text, Value

#: how deep tags may lie in each other; deeper is a mistake, or an attack
DEEPEST = 20

Kind = Literal["value", "if", "elseif", "else", "endif", "each", "endeach", "nothing", "unknown"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as read. ``closes``: which opening it ends (``if``, ``unless``, ``equals`` …)."""

    kind: Kind
    value: Value | None = None
    condition: Condition | None = None
    field: str = ""
    name: str = ""
    word: str = ""
    message: str = ""
    fix: str = ""


@dataclass
class _Open:
    """A tag that waits for its end, with what stands in it so far."""

    tag: Tag
    start: int
    source: str
    done: list[Branch] = field(default_factory=list[Branch])
    condition: Condition | None = None
    nodes: list[Node] = field(default_factory=list[Node])
    in_else: bool = False


Reader = Callable[[str, int], Tag]


def build(text: str, pattern: re.Pattern[str], read: Reader) -> Parsed:
    """``pattern`` finds whole tags; ``read`` says what one is."""
    builder = _Builder(text)
    at = 0
    spans: list[tuple[int, int]] = []
    for found in pattern.finditer(text):
        builder.text(text[at : found.start()], at)
        builder.tag(read(found[0], found.start()), found.start(), found[0])
        spans.append(found.span())
        at = found.end()
    builder.text(text[at:], at)
    nodes = builder.finish()
    return Parsed(tuple(nodes), tuple(sorted(builder.faults, key=lambda fault: fault.start)), tuple(spans))


class _Builder:
    def __init__(self, text: str) -> None:
        self.faults: list[Fault] = []
        self._root: list[Node] = []
        self._open: list[_Open] = []
        self._text = text

    def text(self, text: str, start: int) -> None:
        if text:
            self._nodes().append(Text(text))

    def tag(self, tag: Tag, start: int, source: str) -> None:
        if tag.message:
            self._fault(tag.message, source, start, tag.fix)
        match tag.kind:
            case "value":
                if tag.value is not None:
                    self._nodes().append(tag.value)
            case "if" | "each":
                if len(self._open) >= DEEPEST:
                    self._fault(f"Tags lie more than {DEEPEST} deep in each other.", source, start)
                    return
                self._open.append(_Open(tag, start, source, condition=tag.condition))
            case "elseif" | "else":
                self._turn(tag, start, source)
            case "endif" | "endeach":
                self._end(tag, start, source)
            case "unknown":
                self._nodes().append(Text(source))
            case "nothing":
                pass

    def finish(self) -> list[Node]:
        while self._open:
            top = self._open[-1]
            self._fault(f"{top.source} is never closed.", top.source, top.start, "Close it after what it is about.")
            self._close()
        return self._root

    def _turn(self, tag: Tag, start: int, source: str) -> None:
        top = self._open[-1] if self._open else None
        if top is None or top.tag.kind != "if":
            self._fault(f"{source} stands outside of any condition.", source, start, "Remove it, or open one before.")
            return
        if top.in_else:
            self._fault(f"{source} stands after the else of the same condition.", source, start, "Move it before.")
            return
        self._keep_branch(top)
        top.condition, top.in_else = tag.condition, tag.kind == "else"

    def _end(self, tag: Tag, start: int, source: str) -> None:
        top = self._open[-1] if self._open else None
        if top is None:
            self._fault(f"{source} closes nothing.", source, start, "Remove it, or open what it closes.")
        elif top.tag.word != tag.word:
            self._fault(f"{source} does not close {top.source}.", source, start, "Close what was opened last first.")
            if any(opened.tag.word == tag.word for opened in self._open):
                while self._open[-1].tag.word != tag.word:
                    self._close()
                self._close()
        else:
            self._close()

    def _close(self) -> None:
        top = self._open.pop()
        if top.tag.kind == "each":
            self._nodes().append(Each(top.tag.field, top.tag.name, tuple(top.nodes), top.start, top.source))
            return
        if not top.in_else:
            self._keep_branch(top)
        otherwise = tuple(top.nodes) if top.in_else else None
        self._nodes().append(If(tuple(top.done), otherwise, top.start, top.source))

    def _keep_branch(self, top: _Open) -> None:
        top.done.append(Branch(top.condition or Condition(()), tuple(top.nodes)))
        top.nodes = []

    def _nodes(self) -> list[Node]:
        return self._open[-1].nodes if self._open else self._root

    def _fault(self, message: str, text: str, start: int, fix: str = "") -> None:
        self.faults.append(Fault(message, text, start, fix))


def loose_ends(text: str, spans: Iterable[tuple[int, int]], marks: Iterable[tuple[str, str]]) -> list[Fault]:
    """Opening and closing marks of tags that belong to no whole tag (``{{ name }``)."""
    inside = list(spans)
    found: list[Fault] = []
    at = 0
    gaps: list[tuple[int, int]] = []
    for start, end in inside:
        gaps.append((at, start))
        at = end
    gaps.append((at, len(text)))
    pattern = re.compile("|".join(re.escape(mark) for pair in marks for mark in pair))
    for start, end in gaps:
        for mark in pattern.finditer(text, start, end):
            near = " ".join(text[mark.start() : mark.start() + 40].split())
            found.append(Fault(f"A tag is broken: “{near}”.", mark[0], mark.start(), "Complete it, or remove it."))
    return found
