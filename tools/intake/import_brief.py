"""A brief from a file or as text, read into the intake; what was taken and what was not is said.

A brief is data: whatever stands in it can only become text in a field. Answers that people gave before are kept
unless the caller wants them replaced. The whole text is stored among the client's documents.
"""

import asyncio
import base64
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field

from knowledge.artifacts.intake_form import FIELDS, answer_at
from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.documents import queries as documents
from knowledge.errors import Invalid
from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.clipping import clip
from tools.intake.saving import merge_answers
from tools.intake.view import IntakeView, beginning, find_intake, get_view
from tools.spec import Tool, ToolContext, Wire

if TYPE_CHECKING:
    from knowledge.artifacts.brief_reading import BriefReading

#: a 10 MB file in base64
LONGEST_FILE = 14_000_000
LONGEST_GLIMPSE = 300
MOST_UNREAD = 40
_BLANK: tuple[Any, ...] = (None, "", [], False)


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")
    filename: str = Field(max_length=300, description="Name with its ending (yaml, json, md, txt, docx, pdf).")
    content_base64: str | None = Field(default=None, max_length=LONGEST_FILE, description="The file, in base64.")
    text: str | None = Field(default=None, max_length=1_000_000, description="Or the brief as text.")
    replace: bool = Field(default=False, description="True: also replace answers that are there already.")


class Taken(Wire):
    path: str
    label: str
    value: str


class KeptAnswer(Wire):
    """The brief says something else than what was answered before; the earlier answer stands."""

    path: str
    label: str
    answered: str
    in_brief: str


class Output(Wire):
    """``unread``: pieces that fit no question. ``documentId``: the brief's text; null when there was none."""

    filename: str
    taken: list[Taken]
    kept: list[KeptAnswer]
    unread: list[str]
    notes: list[str]
    document_id: str | None
    intake: IntakeView


async def import_brief(context: ToolContext, asked: Input) -> Output:
    """Read a brief into the client's intake. Says what was taken, what was kept as it was, what fitted nowhere."""
    content = _content(asked)
    reading = await asyncio.to_thread(_read, asked.filename, content)
    found = {path: answer_at(reading.data, path) for path in FIELDS if answer_at(reading.data, path) is not None}
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        intake = await find_intake(conn, client_id)
        nothing = beginning(await clients.get_client(conn, client_id))
        before = intake.data if intake else nothing
        told = {path: answer for path, answer in found.items() if answer_at(before, path) != answer}
        answered = [path for path in told if answer_at(before, path) not in (*_BLANK, answer_at(nothing, path))]
        kept = [] if asked.replace else answered
        taken = {path: answer for path, answer in told.items() if path not in kept}
        if taken:
            await merge_answers(conn, context.caller, client_id, taken)
        document_id = await _keep_text(conn, context, client_id, asked.filename, reading.text)
        view = await get_view(conn, context.caller, client_id)
    return Output(
        filename=asked.filename,
        taken=[Taken(path=path, label=FIELDS[path].label, value=_shown(taken[path])) for path in taken],
        kept=[
            KeptAnswer(
                path=path,
                label=FIELDS[path].label,
                answered=_shown(answer_at(before, path)),
                in_brief=_shown(told[path]),
            )
            for path in kept
        ],
        unread=[clip(piece, LONGEST_GLIMPSE) for piece in reading.unread[:MOST_UNREAD]],
        notes=[*reading.notes, *_more(len(reading.unread))],
        document_id=document_id,
        intake=view,
    )


def _content(asked: Input) -> bytes:
    if (asked.content_base64 is None) == (asked.text is None):
        raise Invalid(fields={"text": "give either the file or the text"})
    if asked.text is not None:
        return asked.text.encode("utf-8", "replace")
    try:
        return base64.b64decode(asked.content_base64 or "", validate=True)
    except ValueError as error:
        raise Invalid(fields={"contentBase64": "is not base64"}) from error


def _read(filename: str, content: bytes) -> "BriefReading":
    # imported here: it brings the PDF and DOCX libraries, which nothing else needs
    from knowledge.artifacts.brief_reading import read_brief

    return read_brief(filename, content)


async def _keep_text(
    conn: Connection, context: ToolContext, client_id: ClientId, filename: str, text: str
) -> str | None:
    if not text.strip():
        return None
    values = {"org_id": context.caller.org_id, "client_id": client_id, "kind": "other", "title": filename}
    return str((await documents.keep(conn, {**values, "text": text})).id)


def _shown(answer: Any) -> str:
    told = ", ".join(str(item) for item in cast("list[Any]", answer)) if isinstance(answer, list) else str(answer)
    return clip(told, LONGEST_GLIMPSE)


def _more(unread: int) -> list[str]:
    return [f"{unread - MOST_UNREAD} more pieces fitted no question."] if unread > MOST_UNREAD else []


IMPORT_BRIEF = Tool(
    name="import_brief",
    title="Import a brief",
    input=Input,
    output=Output,
    run=import_brief,
    scope="intake:write",
    changes=True,
)
