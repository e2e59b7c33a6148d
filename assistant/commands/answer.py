"""What a command answers with: words, cards, and the next steps as buttons. Any front can show it."""

from dataclasses import dataclass, field
from typing import Any


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
