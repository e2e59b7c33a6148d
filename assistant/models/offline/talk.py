"""What the offline writer sees of a conversation, and what it may do next.

The SDK hands a model a list of items; a plan wants to know: what did the person say, what have I found out since,
what may I do. A plan is a pure function from a ``Talk`` to a ``Move``, kept beside its agent.
"""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from assistant.models.order import Order, read_context, read_order
from tools.surfaces.agent import read_answer

Item = dict[str, Any]


@dataclass(frozen=True)
class Say:
    """Answer the person (or, in a piece of work, hand in the result)."""

    text: str


@dataclass(frozen=True)
class Use:
    """Call a tool."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class HandTo:
    """Let another agent speak with the person."""

    agent: str


Move = Say | Use | HandTo


@dataclass(frozen=True)
class Result:
    """What a tool gave back since the person last spoke. ``data`` is None when it refused; ``text`` then says why."""

    tool: str
    arguments: dict[str, Any]
    text: str
    data: dict[str, Any] | None


@dataclass(frozen=True)
class Talk:
    """``said``: the person's last words; ``before``: what was said earlier, newest last."""

    said: str
    before: list[tuple[str, str]]
    results: list[Result]
    tools: frozenset[str]
    handoffs: frozenset[str]
    context: dict[str, Any]
    order: Order | None = None

    def result(self, tool: str) -> Result | None:
        """The newest result of a tool since the person spoke."""
        return next((result for result in reversed(self.results) if result.tool == tool), None)

    @property
    def handed_over(self) -> bool:
        """True when another agent handed the person over since they spoke."""
        return any(result.tool.startswith("transfer_to_") for result in self.results)


def read_talk(
    instructions: str | None, given: str | list[Any], tools: frozenset[str], handoffs: frozenset[str]
) -> Talk:
    items: list[Item] = (
        [{"role": "user", "content": given}] if isinstance(given, str) else [dict(item) for item in given]
    )
    last = max((i for i, item in enumerate(items) if item.get("role") == "user"), default=-1)
    said = text_of(items[last]) if last >= 0 else ""
    before = [(str(item["role"]), text_of(item)) for item in items[: max(last, 0)] if item.get("role") in _SPEAKERS]
    context = read_context(instructions or "")
    return Talk(said, before, _results(items[last + 1 :]), tools, handoffs, context, read_order(said))


_SPEAKERS = ("user", "assistant")


def text_of(item: Item) -> str:
    content = item.get("content")
    if isinstance(content, str):
        return content
    parts = cast("list[Item]", content if isinstance(content, list) else [])
    return "".join(str(part.get("text", "")) for part in parts)


def _results(items: list[Item]) -> list[Result]:
    calls = {item["call_id"]: item for item in items if item.get("type") == "function_call"}
    found: list[Result] = []
    for item in items:
        if item.get("type") == "function_call_output" and item.get("call_id") in calls:
            call = calls[item["call_id"]]
            text = str(item.get("output", ""))
            found.append(Result(call["name"], _arguments(call.get("arguments")), text, read_answer(text)))
    return found


def _arguments(text: object) -> dict[str, Any]:
    """The arguments of a call as they were made; another model may have written something that is none."""
    try:
        value = json.loads(str(text or "{}"))
    except ValueError:
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
