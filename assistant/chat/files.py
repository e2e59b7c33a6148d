"""Files dropped into the chat: a brief fills in the intake of the client in view, or of the one it names."""

import asyncio
import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant.chat.answering import say
from assistant.chat.room import Room
from assistant.chat.showing import cards_of
from assistant.commands.answer import Answer, Card, Next
from assistant.commands.desk import Desk
from knowledge.artifacts.brief_reading import read_brief
from knowledge.clients import queries as clients
from knowledge.errors import AdroomError, Invalid
from knowledge.json_values import as_list, as_object
from knowledge.people.models import Caller

#: the chat takes larger files than a brief may be; what is too large is refused by name
LARGEST = 10 * 1024 * 1024


async def take(here: Room, caller: Caller, thread_id: str, dropped: list[Any]) -> None:
    desk = await here.desk(caller, thread_id)
    for file in dropped:
        try:
            answer = await _take_brief(desk, str(file.name), Path(file.path) if file.path else None)
        except AdroomError as error:
            answer = Answer(f"**{file.name}**: {error.message}")
        await say(uuid4(), answer.text, cards_of(answer))
        await here.remember(await desk.session(), f"(dropped the file {file.name})", answer.text)


async def _take_brief(desk: Desk, name: str, path: Path | None) -> Answer:
    content = await asyncio.to_thread(_read, path)
    client = await desk.client()
    if client is None:
        await _choose_named(desk, name, content)
        client = await desk.need_client()
    encoded = base64.b64encode(content).decode()
    taken = await desk.use("import_brief", clientId=str(client.id), filename=name, contentBase64=encoded)
    told = _told(name, client.name, taken.model_dump())
    card = Card("IntakeForm", {"clientId": str(client.id)})
    return Answer(told, (card,), (Next("What is still missing?", "/intake"),))


def _read(path: Path | None) -> bytes:
    if path is None or not path.exists():
        raise Invalid("This file did not arrive whole; drop it again.")
    size = path.stat().st_size
    if size > LARGEST:
        raise Invalid(f"This file has {size / 1e6:,.0f} MB; a brief may have up to 10 MB.")
    return path.read_bytes()


async def _choose_named(desk: Desk, name: str, content: bytes) -> None:
    """No client is in view: take the one the brief names, new or known."""
    reading = await asyncio.to_thread(read_brief, name, content)
    identity = as_object(reading.data.get("identity"))
    if not identity.get("name"):
        raise Invalid("Choose a client first (/client), then drop the brief again: it names none.")
    async with desk.services.db.org(desk.caller.org_id) as conn:
        known = await clients.find_client(conn, " ".join(str(identity["name"]).split()))
    if known is not None:
        await desk.use("choose_client", clientId=str(known.id))
    else:
        await desk.use("create_client", name=str(identity["name"]))


def _told(name: str, client: str, taken: dict[str, Any]) -> str:
    fields, left = as_list(taken.get("taken")), as_list(taken.get("unread"))
    lines = [f"I read **{name}** into the intake of **{client}**: {len(fields)} answers taken."]
    if left:
        lines.append("Not taken: " + "; ".join(str(item) for item in left[:8]) + ("; …" if len(left) > 8 else "."))
    lines.extend(str(note) for note in as_list(taken.get("notes")))
    return "\n\n".join(lines)
