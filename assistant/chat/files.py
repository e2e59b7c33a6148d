"""Files dropped into the chat: a brief fills in the intake of the client in view, or of the one it names; ads, reviews
and calls are shown before they come in; what is neither can be kept.
"""

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
from knowledge.files import uploads
from knowledge.imports.detect import Detected, detect
from knowledge.json_values import as_list, as_object
from knowledge.people.models import Caller
from tools.imports.opening import open_upload

#: the chat takes larger files than a brief may be; what is too large is refused by name
LARGEST = 10 * 1024 * 1024
#: names of files that may hold a brief, and of tables
BRIEFS = (".md", ".txt", ".yaml", ".yml", ".json", ".docx", ".pdf")
TABLES = (".csv", ".tsv")
#: from here on a table is taken for what it seems to be
SURE = 0.7
#: of what fitted no question, as much is listed
MOST_LEFT = 8


async def take(here: Room, caller: Caller, thread_id: str, dropped: list[Any]) -> None:
    desk = await here.desk(caller, thread_id)
    for file in dropped:
        try:
            answer = await _take(desk, str(file.name), Path(file.path) if file.path else None)
        except AdroomError as error:
            answer = Answer(f"**{literal(file.name)}**: {error.message}")
        await say(uuid4(), answer.text, cards_of(answer))
        await here.remember(await desk.session(), f"(dropped the file {file.name})", answer.text)


async def _take(desk: Desk, name: str, path: Path | None) -> Answer:
    """What the file seems to be decides; a person can say otherwise on the card."""
    if path is None or not await asyncio.to_thread(path.exists):
        raise Invalid("This file did not arrive whole; drop it again.")
    try:
        found = await asyncio.to_thread(detect, path, name)
    except Invalid:
        if not name.lower().endswith(BRIEFS):
            raise
        return await _take_brief(desk, name, path)  # it says in its own words what is wrong with it
    if is_import(found, name):
        return await _open_import(desk, name, path, f"**{literal(name)}** looks like this; nothing has come in yet.")
    answer = await _take_brief(desk, name, path)
    if answer.cards:
        return answer
    return await _open_import(desk, name, path, f"{answer.text}\n\nIt can be kept like this:")


def is_import(found: Detected, name: str) -> bool:
    """Ads, a table, or a call; a text, a document or a bare list may be a brief."""
    if found.format.kind == "swipes" or found.format.name == "transcript":
        return True
    return found.format.name == "review_csv" and (found.confidence >= SURE or name.lower().endswith(TABLES))


async def _open_import(desk: Desk, name: str, path: Path, told: str) -> Answer:
    context = desk.context
    stored = await desk.services.files.of(desk.caller.org_id).put_file(path)
    async with context.tx() as conn:
        upload = await uploads.record(conn, context.caller, name, stored)
    view = await open_upload(context, upload)
    return Answer(told, (Card("ImportCard", {"importId": str(view.id)}),))


async def _take_brief(desk: Desk, name: str, path: Path) -> Answer:
    """An answer without a card when nothing in the file is for the intake."""
    content = await asyncio.to_thread(_read, path)
    client = await desk.client()
    if client is None:
        await _choose_named(desk, name, content)
        client = await desk.need_client()
    encoded = base64.b64encode(content).decode()
    taken = await desk.use("import_brief", clientId=str(client.id), filename=name, contentBase64=encoded)
    found = taken.model_dump()
    told = _told(name, client.name, found)
    cards = (Card("IntakeForm", {"clientId": str(client.id)}),) if found["taken"] or found["kept"] else ()
    return Answer(told, cards)


def _read(path: Path) -> bytes:
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
