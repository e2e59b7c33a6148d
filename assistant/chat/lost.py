"""A message that was stored and never answered, because the product was killed before anything had begun: said, not hidden.

A turn that had begun is taken up by itself (reviving.py). Before there is one, nothing says what was wanted but the
thread itself; whether it still is, the person decides. An answer that was given, and whose copy for the page went with the
process, is put back from what the agents remember.
"""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid5

from assistant.chat.data_layer import PROCESS
from assistant.commands.answer import Answer, Next

SENTENCE = "Adroom was stopped before it got to this message. Nothing came of it."
#: characters of a message that a button can send again
LONGEST_AGAIN = 2_000
_SAID = ("user_message", "assistant_message")
_BEGAN = datetime.now(UTC)


def lost_message(steps: list[dict[str, Any]], here: str, began: datetime = _BEGAN) -> dict[str, Any] | None:
    """The person's last message, when nothing follows it and it was not said to this process, which is called ``here``.

    Whether the one that it was said to (``said_to``) is still at work on it is to be asked then. Of a message that does
    not name one is known only whether it is older than this process (``began``).
    """
    said = [step for step in steps if step.get("type") in _SAID and step.get("createdAt")]
    last = max(said, key=said_at, default=None)
    if last is None or last["type"] != "user_message":
        return None
    process = said_to(last)
    elsewhere = process != here if process else said_at(last) < began
    return last if elsewhere else None


def said_to(step: dict[str, Any]) -> str:
    """The process that a message was said to; empty when that is not known."""
    metadata = cast("dict[str, Any]", step.get("metadata") or {})
    return str(metadata.get(PROCESS) or "")


def said_at(step: dict[str, Any]) -> datetime:
    """When a step of the thread was said; Chainlit's dates are UTC with or without saying so."""
    at = datetime.fromisoformat(str(step["createdAt"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def words_of(item: dict[str, Any]) -> str:
    """The text of a message as a conversation keeps it: plain, or in the model's parts."""
    content = item.get("content")
    if isinstance(content, str):
        return content
    parts = cast("list[dict[str, Any]]", content or [])
    return "".join(str(part.get("text") or "") for part in parts)


def put_back(lost: dict[str, Any]) -> UUID:
    """The id under which an answer to it is put back, once."""
    return uuid5(UUID(str(lost["id"])), "answer")


def own_up(lost: dict[str, Any]) -> tuple[UUID, Answer]:
    """What to say of it, under an id of its own: however often the thread is opened, it is said once."""
    words = str(lost.get("output") or "").strip()
    again = (Next("Send it again", words),) if words and len(words) <= LONGEST_AGAIN else ()
    return uuid5(UUID(str(lost["id"])), "lost"), Answer(SENTENCE, (), again)
