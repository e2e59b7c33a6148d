"""An email as MJML: one column of blocks on a card, the client's colours, a footer with what the law asks for.

Only tags that the whitelist knows are written. Text around a guard (an ``if`` of the sending service) is closed before
it, so that a branch that is left out takes whole rows with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from knowledge.emails.content import Block, Run
from knowledge.emails.theme import Theme

FONTS = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif"
#: what mail programs and sending services open or fill in; anything else is shown as text
LINKS = ("https://", "http://", "mailto:", "tel:", "#", "\ue010")
WIDTH = 600
_UNSAFE = re.compile(r"[^ !#$%()*+,\-./0-9:;=?@A-Z\[\]^_a-z{|}~]")
_TEXT_KINDS = frozenset({"heading", "paragraph", "small", "list", "quote"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What the MJML of one email is made from; merge tags are held (see held.py).

    ``right_to_left``: the direction of its language. ``unsubscribe``: label and address of that link; ``address``: the
    sender's postal address.
    """

    subject: str
    preheader: str
    blocks: list[Block]
    theme: Theme
    language: str
    right_to_left: bool
    sender: str
    unsubscribe: tuple[str, str]
    address: str


def to_mjml(letter: Letter) -> str:
    align = "right" if letter.right_to_left else "left"
    direction = _direction(letter)
    theme = letter.theme
    return "".join(
        (
            f'<mjml lang="{attribute(letter.language)}" dir="{direction}"><mj-head>',
            f"<mj-title>{attribute(letter.subject)}</mj-title>",
            f"<mj-preview>{escape(letter.preheader, quote=False)}</mj-preview>" if letter.preheader else "",
            f'<mj-attributes><mj-all font-family="{FONTS}" />',
            f'<mj-text font-size="16px" line-height="1.55" color="{theme.ink}" align="{align}" padding="0 28px" />',
            f'<mj-section direction="{direction}" />',
            "</mj-attributes>",
            '<mj-raw><meta name="color-scheme" content="light dark" />',
            '<meta name="supported-color-schemes" content="light dark" /></mj-raw>',
            f'<mj-style inline="inline">{_inlined(theme, letter.right_to_left)}</mj-style>',
            f"<mj-style>{_dark(theme)}</mj-style></mj-head>",
            f'<mj-body width="{WIDTH}px" background-color="{theme.ground}" css-class="ground">',
            *_logo(letter),
            f'<mj-section background-color="{theme.card}" css-class="card" border-radius="10px" padding="28px 0 24px">',
            "<mj-column>",
            *_rows(letter),
            "</mj-column></mj-section>",
            _footer(letter),
            "</mj-body></mjml>",
        )
    )


def attribute(text: str) -> str:
    """``text`` for an attribute, all but plain letters as character references: the renderer writes attributes with its
    own escapes for what it takes to be unprintable (an emoji of several parts becomes ``\\u{200d}``), and repeats the
    title in one."""
    return _UNSAFE.sub(lambda found: f"&#{ord(found[0])};", text)


def _inlined(theme: Theme, right_to_left: bool) -> str:
    side = "right" if right_to_left else "left"
    return (
        f".t p{{margin:0 0 16px}}.t h1,.t h2,.t h3{{margin:8px 0 12px;line-height:1.3;color:{theme.ink}}}"
        ".t h1{font-size:24px}.t h2{font-size:20px}.t h3{font-size:17px}"
        f".t ul,.t ol{{margin:0 0 16px;padding:0;padding-{side}:22px}}.t li{{margin:0 0 6px}}.t li p{{margin:0}}"
        f".t blockquote{{margin:0 0 16px;padding:2px 0;padding-{side}:16px;border-{side}:3px solid {theme.accent}}}"
        ".t blockquote p{margin:0 0 6px;font-style:italic}"
        f".t a,.f a{{color:{theme.link};text-decoration:underline}}"
        f".t .s{{font-size:13px;line-height:1.5;color:{theme.quiet}}}"
        ".t code{font-family:Consolas,Menlo,monospace;font-size:14px}"
    )


def _dark(theme: Theme) -> str:
    ink, card, ground, link = theme.dark_ink, theme.dark_card, theme.dark_ground, theme.dark_link
    return (
        ":root{color-scheme:light dark;supported-color-schemes:light dark}"
        "@media (prefers-color-scheme:dark){"
        f"body,.ground,.ground>div{{background-color:{ground} !important}}"
        f".card,.card>table{{background:{card} !important;background-color:{card} !important}}"
        f".t div,.t p,.t li,.t h1,.t h2,.t h3,.t blockquote,.t .s,.f div,.f p{{color:{ink} !important}}"
        f".t a,.f a{{color:{link} !important}}"
        "}"
    )


def _logo(letter: Letter) -> Iterator[str]:
    if letter.theme.logo_url is None:
        yield '<mj-section padding="0"><mj-column><mj-spacer height="20px" /></mj-column></mj-section>'
        return
    name = attribute(letter.sender or "Logo")
    yield '<mj-section padding="24px 0 16px"><mj-column>'
    yield f'<mj-image src="{attribute(letter.theme.logo_url)}" alt="{name}" width="140px" padding="0 28px" /></mj-column>'
    yield "</mj-section>"


def _rows(letter: Letter) -> Iterator[str]:
    for is_text, blocks in groupby(letter.blocks, key=lambda block: block.kind in _TEXT_KINDS):
        if is_text:
            # the direction is said in HTML too: not every program keeps that of the style
            yield f'<mj-text css-class="t"><div dir="{_direction(letter)}">{"".join(map(_block, blocks))}</div></mj-text>'
        else:
            yield from (_row(block, letter.theme) for block in blocks)
    if not letter.blocks:
        yield '<mj-text css-class="t"><p>&#160;</p></mj-text>'


def _direction(letter: Letter) -> str:
    return "rtl" if letter.right_to_left else "ltr"


def _row(block: Block, theme: Theme) -> str:
    if block.kind == "guard":
        return f"<mj-raw><!--{''.join(run.text for run in block.runs)}--></mj-raw>".replace("\n", "")
    if block.kind == "rule":
        return f'<mj-divider border-width="1px" border-color="{theme.ground}" padding="8px 28px 24px" />'
    run = block.runs[0]
    if block.kind == "image":
        link = f' href="{attribute(run.href)}"' if run.href else ""
        return (
            f'<mj-image src="{attribute(run.image or "")}" alt="{attribute(run.text)}"{link} '
            'border-radius="6px" padding="0 28px 20px" />'
        )
    return (
        f'<mj-button href="{attribute(run.href or "")}" background-color="{theme.accent}" color="{theme.on_accent}" '
        'border-radius="6px" font-size="16px" font-weight="600" inner-padding="13px 26px" padding="6px 28px 22px">'
        f"{escape(run.text, quote=False)}</mj-button>"
    )


def _footer(letter: Letter) -> str:
    label, url = letter.unsubscribe
    # each in its own direction: a Latin address in a right-to-left email keeps its order
    named = [one for one in (letter.sender, letter.address) if one]
    who = " · ".join(f'<span dir="auto">{escape(one, quote=False)}</span>' for one in named)
    return (
        '<mj-section padding="16px 0 28px"><mj-column>'
        f'<mj-text css-class="f" font-size="13px" color="{letter.theme.quiet}" align="center">'
        f'<div dir="{_direction(letter)}">{who}<br />'
        f'<a href="{attribute(url)}">{escape(label, quote=False)}</a>'
        "</div></mj-text></mj-column></mj-section>"
    )


def _block(block: Block) -> str:
    if block.kind == "heading":
        level = min(block.level, 3)
        return f"<h{level}>{_inline(block.runs)}</h{level}>"
    if block.kind == "small":
        return f'<p class="s">{_inline(block.runs)}</p>'
    if block.kind == "quote":
        return f"<blockquote>{''.join(map(_inner, block.blocks))}</blockquote>"
    if block.kind == "list":
        items = "".join(f"<li>{''.join(map(_inner, item))}</li>" for item in block.items)
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        return f"<ol{start}>{items}</ol>" if block.ordered else f"<ul>{items}</ul>"
    return f"<p>{_inline(block.runs)}</p>"


def _inner(block: Block) -> str:
    """A block inside a list or a quote, where rows of their own cannot stand."""
    if block.kind in _TEXT_KINDS:
        return _block(block)
    return "" if block.kind == "rule" else f"<p>{_inline(block.runs)}</p>"


def _inline(runs: tuple[Run, ...]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    if run.line_break:
        return "<br />"
    if run.image is not None:
        return f'<img src="{attribute(run.image)}" alt="{attribute(run.text)}" style="max-width:100%" />'
    text = escape(run.text, quote=False)
    for wanted, tag in ((run.code, "code"), (run.em, "em"), (run.strong, "strong")):
        text = f"<{tag}>{text}</{tag}>" if wanted and run.text.strip() else text
    if run.href is None:
        return text
    return f'<a href="{attribute(run.href)}">{text}</a>' if run.href.lower().startswith(LINKS) else text
