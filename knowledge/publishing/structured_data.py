"""JSON-LD for a piece: what it is and, when it asks questions, its questions with the answers that stand in it.

What always holds: every word of it stands in the piece or in the client's own documents, and it parses.
Shapes: schema.org Article, WebPage, FAQPage; Google Search Central, structured data (read 2026-11).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

#: an answer in a search result is short; longer ones are cut at a sentence
LONGEST_ANSWER = 1_200
MOST_QUESTIONS = 10
_HEADING = re.compile(r"(?m)^(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_MARKED = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[voc:[^\]\s]+\]")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_LINE = re.compile(r"(?m)^\s*(?:>|[-*+]|\d+[.)]|#{1,6})\s+")
_EMPHASIS = re.compile(r"(\*\*|__|\*|(?<!\w)_|_(?!\w)|`)")


def structured_data(
    *,
    title: str,
    description: str,
    markdown: str,
    language: str,
    client_name: str,
    website: str = "",
    landing: bool = False,
) -> list[dict[str, Any]]:
    """An Article (a WebPage for a landing page), and a FAQPage when headings ask questions."""
    publisher: dict[str, Any] = {"@type": "Organization", "name": client_name}
    if website.startswith(("https://", "http://")):
        publisher["url"] = website
    about: dict[str, Any] = {"@context": "https://schema.org", "@type": "WebPage" if landing else "Article"}
    about |= {"name": title} if landing else {"headline": title, "author": publisher}
    about |= {"description": description, "inLanguage": language, "publisher": publisher}
    found = [{key: value for key, value in about.items() if value}]
    asked = list(questions_in(markdown))[:MOST_QUESTIONS]
    if asked:
        found.append({
            "@context": "https://schema.org",
            "@type": "FAQPage",
            "mainEntity": [
                {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
                for question, answer in asked
            ],
        })  # fmt: skip
    return found


def questions_in(markdown: str) -> Iterator[tuple[str, str]]:
    """Headings that ask, with the text under them up to the next heading; one without an answer is left out."""
    headings = list(_HEADING.finditer(markdown))
    for place, heading in enumerate(headings):
        words = plain(heading[2])
        if len(heading[1]) == 1 or not words.endswith(("?", "？", "؟")):
            continue
        end = headings[place + 1].start() if place + 1 < len(headings) else len(markdown)
        answer = clipped(plain(markdown[heading.end() : end]), LONGEST_ANSWER)
        if answer:
            yield words, answer


def as_script(blocks: list[dict[str, Any]]) -> str:
    """The blocks as they stand in a page's head; no text in them can end the script."""
    texts = [json.dumps(block, ensure_ascii=False).replace("<", "\\u003c") for block in blocks]
    return "\n".join(f'<script type="application/ld+json">{text}</script>' for text in texts)


def plain(markdown: str) -> str:
    """The words of a piece of Markdown on one line."""
    text = _LINK.sub(r"\1", _MARKED.sub("", markdown))
    return " ".join(_EMPHASIS.sub("", _LINE.sub("", text)).split())


def clipped(text: str, most: int) -> str:
    """``text``, or its first sentences that fit."""
    if len(text) <= most:
        return text
    cut = text[:most]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return cut[: end + 1] if end > most // 3 else cut.rsplit(" ", 1)[0] + "…"
