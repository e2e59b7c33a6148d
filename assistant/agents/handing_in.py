"""How the offline writer hands in a piece of work: the answer's shape as JSON, like any model's structured output."""

import json
from typing import Any

from assistant.models.offline.compose.sources import Composed, Sources
from assistant.models.offline.talk import Say
from assistant.models.order import Order

_EXTRA = frozenset(
    (
        "outline",
        "index",
        "written",
        "text",
        "reviewer",
        "claims",
        "frame",
        "found",
        "dialect",
        "plan",
        "number",
        "count",
        "tone",
        "task",
        "missing",
        "step",
        "before",
        "spec",
        "asset_brief",
    )
)


def sources_of(order: Order) -> Sources:
    """The order's sources without what belongs to the task itself."""
    return Sources.model_validate({name: value for name, value in order.sources.items() if name not in _EXTRA})


def document(composed: Composed) -> Say:
    """A document with the writer's account of it."""
    account = {"answered": composed.answered, "unanswered": composed.unanswered, "notes": composed.notes}
    return as_json({"document": composed.data, **account})


def as_json(data: dict[str, Any]) -> Say:
    return Say(json.dumps(data, ensure_ascii=False))
