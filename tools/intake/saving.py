"""Putting answers into a client's intake: merged by path, written as the next version, never approved.

What always holds: answers are merged under the client's lock, so that two people filling at once lose nothing;
answers that change nothing make no version.
"""

import copy
from collections.abc import Mapping
from typing import Any, cast

from knowledge.artifacts import queries, store
from knowledge.artifacts.hashes import content_hash
from knowledge.artifacts.intake_form import FIELDS, FormField
from knowledge.artifacts.registry import validate
from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid
from knowledge.ids import ClientId
from knowledge.people.models import Caller
from tools.artifacts.editing import author
from tools.intake.view import beginning, find_intake


async def merge_answers(
    conn: Connection, caller: Caller, client_id: ClientId, answers: Mapping[str, Any], model: str | None = None
) -> bool:
    """Merge ``answers`` (by path, null takes an answer back) into the newest version; True when that changed it."""
    _check_paths(answers)
    await queries.lock_client(conn, client_id)
    intake = await find_intake(conn, client_id)
    data = copy.deepcopy(intake.data) if intake else beginning(await clients.get_client(conn, client_id))
    for path, answer in answers.items():
        put_answer(data, path, answer)
    return await _write(conn, caller, client_id, data, model)


async def save_form(
    conn: Connection, caller: Caller, client_id: ClientId, data: dict[str, Any], shown_hash: str | None
) -> bool:
    """Replace all answers. Raises Conflict when somebody else saved after ``shown_hash`` was shown; Invalid."""
    await clients.get_client(conn, client_id)
    await queries.lock_client(conn, client_id)
    intake = await find_intake(conn, client_id)
    if shown_hash is not None and intake is not None and intake.content_hash != shown_hash:
        raise Conflict("Somebody else has changed this intake since you opened it.", newest=str(intake.id))
    return await _write(conn, caller, client_id, data, None)


async def _write(
    conn: Connection, caller: Caller, client_id: ClientId, data: dict[str, Any], model: str | None
) -> bool:
    document = validate("intake", data).wire()
    intake = await find_intake(conn, client_id)
    if intake is not None and intake.content_hash == content_hash(document):
        return False
    draft = store.Draft(
        org_id=caller.org_id,
        client_id=client_id,
        type="intake",
        data=document,
        created_by=author(caller),
        model=model,
        inputs={"answers": document},
        force=True,
    )
    await store.create_version(conn, draft)
    return True


def _check_paths(answers: Mapping[str, Any]) -> None:
    unknown = {path: "is no question of the form" for path in answers if path not in FIELDS}
    if unknown:
        raise Invalid(fields=unknown)


def put_answer(data: dict[str, Any], path: str, answer: Any) -> None:
    """Put one answer in its place, in the shape its question has: a single one into a list, several into a text."""
    section, name = path.split(".")
    group = cast("dict[str, Any]", data.setdefault(section, {}))
    shaped = _shaped(FIELDS[path], answer)
    if shaped is None:
        group.pop(name, None)
    else:
        group[name] = shaped


def _shaped(field: FormField, answer: Any) -> Any:
    if field.kind in ("list", "multichoice"):
        items = cast("list[Any]", answer) if isinstance(answer, list) else [answer]
        return [item for item in items if item not in (None, "")]
    if isinstance(answer, list):
        return "\n".join(str(item) for item in cast("list[Any]", answer))
    if field.kind == "number" and isinstance(answer, str) and answer.strip().isdigit():
        return int(answer)
    if isinstance(answer, (int, float)) and not isinstance(answer, bool) and field.kind != "number":
        return f"{answer:g}" if isinstance(answer, float) else str(answer)
    return answer
