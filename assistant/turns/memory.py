"""What a conversation keeps of itself: the messages, and of the tools enough to know what was done.

Ids of the provider are left out (another model may read it next); long tool outputs are cut; a conversation is
handed to the model from a person's message on, within a bound.
"""

from typing import Any

from agents import RunItem
from agents.items import HandoffCallItem, HandoffOutputItem, MessageOutputItem, ToolCallItem, ToolCallOutputItem

from assistant.models.offline.talk import Item, text_of

LONGEST_OUTPUT = 2000
MOST_ITEMS = 80
MOST_CHARACTERS = 60_000

_KEPT = (MessageOutputItem, ToolCallItem, ToolCallOutputItem, HandoffCallItem, HandoffOutputItem)


def user_item(text: str) -> Item:
    return {"role": "user", "content": text}


def remembered(items: list[RunItem]) -> list[Item]:
    """The items of a finished turn as they are stored."""
    return [_stored(item.to_input_item()) for item in items if isinstance(item, _KEPT)]  # pyright: ignore[reportArgumentType]


def _stored(item: Any) -> Item:
    kept = {name: value for name, value in dict(item).items() if name not in ("id", "status") and value is not None}
    if kept.get("type") == "message":
        return {"role": "assistant", "content": text_of(kept)}
    if kept.get("type") == "function_call_output":
        output = str(kept["output"])
        kept["output"] = output if len(output) <= LONGEST_OUTPUT else output[:LONGEST_OUTPUT] + " … (cut)"
    return kept


def recent(items: list[Item]) -> list[Item]:
    """The newest part that fits, beginning with something a person said."""
    start = max(len(items) - MOST_ITEMS, 0)
    while start < len(items) and sum(len(str(item)) for item in items[start:]) > MOST_CHARACTERS:
        start += 1
    while start < len(items) and items[start].get("role") != "user":
        start += 1
    return items[start:]
