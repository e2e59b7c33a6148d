"""An article or a landing page as HTML: the body alone, as a content system takes it, or a whole page.

What always holds: HTML that stands in the Markdown is shown as text, never passed on; the page loads nothing.
"""

import re
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.publishing.structured_data import as_script

#: the marks that lead an editor to a customer's words; they are not for readers
_QUOTE_MARK = re.compile(r"\s?\[voc:[^\]\s]+\]")
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+[^\n]*\n+")
_RIGHT_TO_LEFT = frozenset(("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv"))
_STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.0625rem/1.6 system-ui,sans-serif;color:#0f172a}"
    "h1,h2,h3{line-height:1.25}blockquote{margin:1rem 0;padding-inline-start:1rem;border-inline-start:3px solid #c7d2fe}"
    "table{border-collapse:collapse}th,td{border:1px solid #cbd5e1;padding:.35rem .6rem;text-align:start}"
    "img{max-width:100%}a{color:#4338ca}"
)


def for_readers(markdown: str) -> str:
    """The Markdown as it is published: without the marks at customers' words."""
    return _QUOTE_MARK.sub("", markdown)


def tokens_of(markdown: str) -> list[Token]:
    return _reader().parse(for_readers(markdown))


def body_html(markdown: str, *, with_title: bool = True) -> str:
    """The text as HTML. ``with_title``: also the first heading, which a content system sets itself."""
    text = for_readers(markdown)
    return _reader().render(text if with_title else _FIRST_HEADING.sub("", text, count=1)).strip()


def page_html(
    *, title: str, description: str, language: str, markdown: str, blocks: list[dict[str, Any]] | None = None
) -> str:
    """A whole page: title, description, structured data, text."""
    direction = ' dir="rtl"' if language[:2].lower() in _RIGHT_TO_LEFT else ""
    tongue = f' lang="{escape(language)}"' if language else ""
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        *([f'<meta name="description" content="{escape(description)}">'] if description else []),
        f"<style>{_STYLE}</style>",
        *([as_script(blocks)] if blocks else []),
    ]
    return (
        f"<!doctype html>\n<html{tongue}{direction}>\n<head>\n" + "\n".join(head) + "\n</head>\n<body>\n"
        f"{body_html(markdown)}\n</body>\n</html>\n"
    )


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
