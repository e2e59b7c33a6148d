"""What an opened page says after a question that stands on it: the sentences a text may quote as the answer.

What always holds: an answer stands word for word on the page, right behind the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.research.models import ResearchData
from knowledge.research.page_models import WebPage

#: letters of an answer, and of the text behind a question in which it is looked for
SHORTEST, LONGEST, LOOKED_AT = 30, 320, 700
MOST = 24
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…](?![\s\n]|$)[^.!?…\n]*)*[.!…](?=\s|$)")


@dataclass(frozen=True)
class Answered:
    question: str
    text: str
    url: str
    title: str


def answers(data: ResearchData, pages: Sequence[WebPage]) -> list[Answered]:
    """One for each question that an opened page asks and goes on to answer; of several pages the first."""
    found: list[Answered] = []
    for question in data.questions:
        for page in pages:
            said = after(question.text, page.text)
            if said:
                found.append(Answered(question.text, said, page.url, page.title))
                break
    return found[:MOST]


def after(question: str, text: str) -> str:
    """The whole sentences right behind the question, of one paragraph; "" when it is not there or not answered."""
    words = r"\s+".join(re.escape(word) for word in question.split())
    if not words:
        return ""
    places = re.finditer(rf"(?<!\w){words}", text, re.IGNORECASE)
    return next(filter(None, (_behind(text[place.end() : place.end() + LOOKED_AT]) for place in places)), "")


def _behind(text: str) -> str:
    behind = text.lstrip(" \t\r\n?:")
    paragraph = "" if behind.startswith("#") else re.split(r"\n\s*\n|\n(?=#)", behind)[0]
    said = ""
    at = 0
    while match := _SENTENCE.match(paragraph, at):
        longer = " ".join(f"{said} {match[0]}".split())
        if len(longer) > LONGEST:
            break
        said, at = longer, match.end()
    return said if len(said) >= SHORTEST else ""
