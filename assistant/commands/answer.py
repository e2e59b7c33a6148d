"""What a command answers with: words, cards, and the next steps as buttons. Any front can show it."""

import re
from dataclasses import dataclass, field
from typing import Any

from knowledge.artifacts.registry import in_titles
from knowledge.errors import AdroomError


@dataclass(frozen=True)
class Card:
    """A card by its name (public/elements) and the ids it shows; it reads everything else itself."""

    name: str
    props: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Next:
    """A button: what it says, and the command it sends."""

    label: str
    command: str


@dataclass(frozen=True)
class Answer:
    text: str
    cards: tuple[Card, ...] = ()
    next: tuple[Next, ...] = ()


def literal(text: str) -> str:
    """Somebody's words (a name, a file) within an answer: as they are, never as Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def sentence(error: AdroomError) -> str:
    """What stood in the way as a sentence: what is wrong with a field begins with the field's name, and documents go by
    what people call them."""
    message = in_titles(error.message)
    text = message[:1].upper() + message[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


#: what Markdown reads as a mark, and what makes it take words for an address
_MARKS = re.compile(r"([\\`*_\[\]<>#|~!]|:(?=//)|(?<=www)\.)")
