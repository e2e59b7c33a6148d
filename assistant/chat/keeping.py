"""Messages that must not be lost are in the thread before anything counts as done; Chainlit's own saving is behind."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from assistant.chat.data_layer import ThreadStore
from assistant.chat.showing import author, plain, stored_elements
from assistant.commands.answer import Card


async def keep_message(
    store: ThreadStore,
    thread_id: str,
    message_id: UUID,
    text: str,
    *,
    agent: str = "",
    cards: Iterable[Card] = (),
    at: datetime | None = None,
) -> None:
    """Write a message and its cards now; the same id again changes nothing. ``agent`` empty: the house itself."""
    message = {
        "id": str(message_id),
        "name": author(agent),
        "output": plain(text),
        "createdAt": (at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None),
    }
    await store.save_message(thread_id, message, stored_elements(message_id, cards))
