"""An email's content as it is stored: with the HTML and the plain text that its words and the client's canon give.

Whoever changes the words, however, stores what is sent along with them: there is no email whose HTML says something else.
A plain text that a person has written is kept until the body changes.
"""

import asyncio
from typing import Any
from uuid import UUID

from knowledge.artifacts import queries as artifacts
from knowledge.clients import queries as clients
from knowledge.db import Connection
from knowledge.emails.rendering import render

FORMAT = "email_html"


async def rendered_content(
    conn: Connection, client_id: UUID, content: dict[str, Any], before: dict[str, Any] | None = None
) -> dict[str, Any]:
    """``before``: the content that this one replaces."""
    canon = await artifacts.latest(conn, client_id, "client_canon")
    client = await clients.get_client(conn, client_id)
    named = {"senderName": client.name if client else "", **content}
    rendered = await asyncio.to_thread(render, named, canon.data if canon else None)
    own = before is not None and _is_own(named, before)
    text = named["plainText"] if own else rendered.plain_text
    stored = {name: value for name, value in named.items() if name != "plainTextOwn"}
    return {**stored, "html": rendered.html, "plainText": text, **({"plainTextOwn": True} if own else {})}


def _is_own(content: dict[str, Any], before: dict[str, Any]) -> bool:
    """Whether the plain text is a person's, about the body as it is."""
    text = content.get("plainText")
    if not isinstance(text, str) or not text.strip() or content.get("bodyMarkdown") != before.get("bodyMarkdown"):
        return False
    return text != before.get("plainText") or bool(before.get("plainTextOwn"))
