"""Files dropped into the chat: a brief fills in the intake of the client in view, or of the one it names."""

import asyncio
import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant.chat.answering import say
from assistant.chat.room import Room
from assistant.chat.showing import cards_of
from assistant.commands.answer import Answer, Card, literal
from assistant.commands.desk import Desk
from knowledge.artifacts.brief_reading import read_brief
from knowledge.clients import queries as clients
from knowledge.errors import AdroomError, Invalid
from knowledge.json_values import as_list, as_object
from knowledge.people.models import Caller

#: the chat takes larger files than a brief may be; what is too large is refused by name
LARGEST = 10 * 1024 * 1024
#: of what fitted no question, as much is listed
MOST_LEFT = 8


async def take(here: Room, caller: Caller, thread_id: str, dropped: list[Any]) -> None:
    desk = await here.desk(caller, thread_id)
    for file in dropped:
        try:
            answer = await _take_brief(desk, str(file.name), Path(file.path) if file.path else None)
        except AdroomError as error:
            answer = Answer(f"**{literal(file.name)}**: {error.message}")
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
    return Answer(told, (card,))


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
    fields = [as_object(field) for field in as_list(taken.get("taken"))]
    kept = [as_object(field) for field in as_list(taken.get("kept"))]
    left = [str(piece) for piece in as_list(taken.get("unread"))]
    lines = [_opening(name, client, len(fields))]
    if kept:
        listed = ", ".join(
            f"{one['label']} (the file says “{literal(str(one['in_brief']))}”)" for one in kept[:MOST_LEFT]
        )
        lines.append(f"Your earlier answers stand: {listed}.")
    if left:
        listed = "\n".join(f"- {literal(piece)}" for piece in left[:MOST_LEFT])
        more = f"\n- and {len(left) - MOST_LEFT} more" if len(left) > MOST_LEFT else ""
        lines.append(f"This fitted no question, and nothing was done with it:\n\n{listed}{more}")
    lines.extend(literal(str(note)) for note in as_list(taken.get("notes")))
    return "\n\n".join(lines)


def _opening(name: str, client: str, taken: int) -> str:
    if not taken:
        return f"I found nothing for the intake in **{literal(name)}**."
    answers = "one answer" if taken == 1 else f"{taken} answers"
    return f"I read **{literal(name)}** into the intake of **{literal(client)}**: {answers} taken."
