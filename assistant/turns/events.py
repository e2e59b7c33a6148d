"""What happens during a turn, as whoever shows it needs to know. Every front (chat, Slack, API) reads these."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Typing:
    """A piece of text of the message being written; ``number`` counts the turn's messages from 0."""

    number: int
    agent: str
    text: str


@dataclass(frozen=True)
class Spoke:
    """A message is complete."""

    number: int
    agent: str
    text: str


@dataclass(frozen=True)
class Switched:
    """Another agent speaks from here on."""

    agent: str


@dataclass(frozen=True)
class Using:
    """A tool is being used."""

    agent: str
    tool: str


@dataclass(frozen=True)
class Used:
    """A tool has answered; ``data`` is None when it refused."""

    agent: str
    tool: str
    data: dict[str, Any] | None = field(default=None)


@dataclass(frozen=True)
class Failed:
    """The turn ended early; ``sentence`` says what happened and the way on. ``code`` as in knowledge.errors."""

    sentence: str
    code: str = "error"


TurnEvent = Typing | Spoke | Switched | Using | Used | Failed
