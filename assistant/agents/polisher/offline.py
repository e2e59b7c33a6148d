"""The polisher's own plan without a model: line edits that are certain."""

from assistant.models.offline.compose.line_edits import polished
from assistant.models.offline.talk import Move, Say, Talk


def plan(talk: Talk) -> Move:
    if talk.order is None:
        return Say("Give me a text, and I edit its lines.")
    return Say(polished(str(talk.order.sources["text"]), str(talk.order.sources.get("language") or "")))
