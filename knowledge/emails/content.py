"""An email's body as blocks: the one model from which both the HTML and the plain text are made.

The body is Markdown (CommonMark). HTML in it is text like any other. A paragraph that is nothing but a bold link is the
button; one that is all emphasis is small print; a paragraph of nothing but merge tags is a guard around other blocks.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.emails.held import HELD


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of one look. ``image``: an address instead, ``text`` being its alternative text."""

    text: str
    strong: bool = False
    em: bool = False
    code: bool = False
    href: str | None = None
    image: str | None = None
    line_break: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """``kind``: heading, paragraph, small, list, quote, button, image, rule or guard.

    ``items``: of a list, each with blocks of its own; ``blocks``: what a quote holds.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    ordered: bool = False
    start: int = 1
    items: tuple[tuple["Block", ...], ...] = ()
    blocks: tuple["Block", ...] = ()


@dataclass
class _Look:
    strong: int = 0
    em: int = 0
    href: list[str] = field(default_factory=list[str])


def read_blocks(markdown: str, button: str = "", url: str | None = None) -> list[Block]:
    """The blocks of a body whose merge tags are held (see held.py). ``button``: the call to action's label, so that its
    paragraph is a button even where it is bold text without a link."""
    tokens = _MARKDOWN.parse(markdown)
    blocks, _ = _blocks(tokens, 0, None)
    return [_as_button(block, button, url) for block in blocks]


def _any_link(url: str) -> bool:  # what may be linked is decided, and said, by the checks
    return True


def _as_written(url: str) -> str:
    return url


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_MARKDOWN.validateLink = _any_link
_MARKDOWN.normalizeLink = _as_written
_ONLY_TAGS = re.compile(rf"(?:\s|{HELD.pattern})+\Z")


def _blocks(tokens: Sequence[Token], at: int, end: str | None) -> tuple[list[Block], int]:
    """Blocks from ``at`` to the token that closes them; and the place after it."""
    found: list[Block] = []
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.type == end:
            break
        if token.type in ("paragraph_open", "heading_open"):
            found += _text_block(token, tokens[at])
            at += 2
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            block, at = _list(tokens, at, token)
            found.append(block)
        elif token.type == "blockquote_open":
            inside, at = _blocks(tokens, at, "blockquote_close")
            found.append(Block("quote", blocks=tuple(inside)))
        elif token.type == "hr":
            found.append(Block("rule"))
        elif token.type in ("code_block", "fence"):
            found.append(Block("paragraph", runs=(Run(token.content.rstrip("\n"), code=True),)))
    return found, at


def _list(tokens: Sequence[Token], at: int, opened: Token) -> tuple[Block, int]:
    items: list[tuple[Block, ...]] = []
    closing = opened.type.replace("_open", "_close")
    while tokens[at].type != closing:
        inside, at = _blocks(tokens, at + 1, "list_item_close")
        items.append(tuple(inside))
    start = int(opened.attrGet("start") or 1)
    return Block("list", ordered=opened.type.startswith("ordered"), start=start, items=tuple(items)), at + 1


def _text_block(opened: Token, inline: Token) -> list[Block]:
    runs = tuple(_runs(inline.children or []))
    if opened.type == "heading_open":
        return [Block("heading", runs, level=int(opened.tag[1]))]
    solid = [run for run in runs if run.text.strip() or run.image]
    if len(solid) == 1 and solid[0].image:
        return [Block("image", (solid[0],))]
    if solid and all(_ONLY_TAGS.match(run.text) and run.href is None for run in solid):
        return [Block("guard", tuple(solid))]
    if solid and all(run.em and not run.strong for run in solid):
        return [Block("small", tuple(Run(run.text, href=run.href, line_break=run.line_break) for run in runs))]
    return [Block("paragraph", runs)]


def _runs(children: Sequence[Token]) -> Iterator[Run]:
    look = _Look()
    for token in children:
        if token.type in ("strong_open", "strong_close"):
            look.strong += token.nesting
        elif token.type in ("em_open", "em_close"):
            look.em += token.nesting
        elif token.type == "link_open":
            look.href.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            look.href.pop()
        elif token.type == "image":
            yield Run(token.content, href=_href(look), image=str(token.attrGet("src") or ""))
        elif token.type == "hardbreak":
            yield Run("", line_break=True)
        elif token.type == "softbreak":
            yield Run("\n", bool(look.strong), bool(look.em), href=_href(look))
        elif token.content:
            code = token.type == "code_inline"
            yield Run(token.content, bool(look.strong), bool(look.em), code, _href(look))


def _href(look: _Look) -> str | None:
    return look.href[-1] if look.href else None


def _as_button(block: Block, label: str, url: str | None) -> Block:
    solid = [run for run in block.runs if run.text.strip()]
    if block.kind != "paragraph" or not solid or not all(run.strong for run in solid):
        return block
    if all(run.href is not None and run.href == solid[0].href for run in solid):
        return Block("button", (Run("".join(run.text for run in solid), href=solid[0].href),))
    said = "".join(run.text for run in solid)
    if label and url and said.strip() == label.strip():
        return Block("button", (Run(said, href=url),))
    return block
