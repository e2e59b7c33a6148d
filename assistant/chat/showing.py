"""From answers to what Chainlit shows: words, cards, buttons. Cards hold ids only; they read the rest themselves."""

import json
import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

import chainlit as cl

from assistant.agents.team import TEAM
from assistant.commands.answer import Answer, Card, Next

#: the speaker of commands and runs; the product itself
HOUSE = "Adroom"


def author(agent: str) -> str:
    """The name a message is signed with."""
    return TEAM[agent].name if agent in TEAM else HOUSE


def cards_of(answer: Answer) -> list[Card]:
    """All cards, with the next steps as one more."""
    steps = [{"label": step.label, "command": step.command} for step in answer.next]
    return [*answer.cards, *([Card("NextSteps", {"items": steps})] if steps else [])]


def elements(message_id: UUID, cards: Iterable[Card]) -> list[Any]:
    """Chainlit's elements with ids that are the same when the same message is shown again."""
    return [
        cl.CustomElement(id=_card_id(message_id, number), name=card.name, props=card.props, display="inline")
        for number, card in enumerate(cards)
    ]


def _card_id(message_id: UUID, number: int) -> str:
    """Made from the message and the place in it, so that the cards of a message sort by their ids."""
    return str(UUID(int=uuid5(message_id, "cards").int & ~0xFF | min(number, 0xFF)))


def stored_elements(message_id: UUID, cards: Iterable[Card]) -> list[dict[str, Any]]:
    """The same as rows of the thread store."""
    return [
        {"id": _card_id(message_id, number), "name": card.name, "props": json.dumps(card.props)}
        for number, card in enumerate(cards)
    ]


def plain(text: str) -> str:
    """Text as the chat's Markdown should show it: a word right after a colon would be taken for a directive and vanish,
    and a picture would be asked of whoever the text names."""
    return "".join(part if part.startswith("`") else _escaped(part) for part in _CODE.split(text))


def _escaped(text: str) -> str:
    return _PICTURE.sub(r"\\!", _DIRECTIVE.sub(r"\\:", text))


_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.S)
_PICTURE = re.compile(r"(?<!\\)!(?=\[)")
_DIRECTIVE = re.compile(r"(?<!\\):(?=[A-Za-z:]|$)")


def next_card(steps: Iterable[Next]) -> Card:
    return Card("NextSteps", {"items": [{"label": step.label, "command": step.command} for step in steps]})
