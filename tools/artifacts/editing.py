"""Changing parts of a document by path, and writing the result as its next version.

A path names fields and positions with dots, as readers see them: ``brand.story``, ``offers.0.keyBenefits.2``. A
position at the end of a list adds to it.
"""

import copy
import json
from collections.abc import Iterable
from typing import Any, cast

from pydantic import Field

from knowledge.approvals import queries as approvals
from knowledge.artifacts import queries, store
from knowledge.artifacts.models import Artifact
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid
from knowledge.people.models import Caller
from tools.spec import Wire


class Change(Wire):
    """One change. Either ``value``, or ``group`` for what is not a single answer."""

    path: str = Field(min_length=1, max_length=500, description='Where, such as "brand.story" or "offers.0.primary".')
    value: str | int | float | bool | list[str] | None = Field(
        default=None, description="The new value; null, with no group either, removes what is there."
    )
    group: str | None = Field(
        default=None, max_length=200_000, description="Instead of value, a group of fields or a list of them, as JSON."
    )


def apply_changes(data: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """A copy of the document with the changes made. Raises Invalid at the path that leads nowhere."""
    changed = copy.deepcopy(data)
    for change in changes:
        _apply(changed, change.path, _value(change))
    return changed


def _value(change: Change) -> Any:
    if change.group is None:
        return change.value
    try:
        return json.loads(change.group)
    except ValueError as error:
        raise Invalid(fields={change.path: "group is not valid JSON"}) from error


def _apply(data: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    here: Any = data
    for part in way:
        here = _step(here, part, path)
    if isinstance(here, dict):
        _put_field(cast("dict[str, Any]", here), last, value)
    elif isinstance(here, list):
        _put_entry(cast("list[Any]", here), last, value, path)
    else:
        raise Invalid(fields={path: "there is no such place in this document"})


def _step(here: Any, part: str, path: str) -> Any:
    if isinstance(here, dict):
        fields = cast("dict[str, Any]", here)
        if fields.get(part) is None:
            fields[part] = {}
        return fields[part]
    if isinstance(here, list) and part.isdigit() and int(part) < len(cast("list[Any]", here)):
        return cast("list[Any]", here)[int(part)]
    raise Invalid(fields={path: "there is no such place in this document"})


def _put_field(fields: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        fields.pop(name, None)
    else:
        fields[name] = value


def _put_entry(items: list[Any], position: str, value: Any, path: str) -> None:
    if not position.isdigit() or int(position) > len(items):
        raise Invalid(fields={path: f"the list has {len(items)} entries, counted from 0"})
    at = int(position)
    if value is None:
        del items[at : at + 1]
    elif at == len(items):
        items.append(value)
    else:
        items[at] = value


async def write_edit(
    conn: Connection, caller: Caller, artifact: Artifact, data: dict[str, Any], shown_hash: str | None
) -> Artifact:
    """The next version with ``data``. Raises Conflict when the document moved on, or nothing changed; Invalid."""
    await queries.lock_client(conn, artifact.client_id)
    newest = await queries.latest(conn, artifact.client_id, artifact.type, artifact.campaign_id, artifact.key)
    if newest is not None and newest.id != artifact.id:
        raise Conflict(
            f"v{newest.version} is newer than the v{artifact.version} you are editing.", newest=str(newest.id)
        )
    if shown_hash is not None and artifact.content_hash != shown_hash:
        raise Conflict("The document changed after it was shown; look at it again.")
    draft = store.Draft(
        org_id=artifact.org_id,
        client_id=artifact.client_id,
        campaign_id=artifact.campaign_id,
        type=artifact.type,
        key=artifact.key,
        data=data,
        created_by=author(caller),
        inputs={"edited": data},
    )
    written = await store.create_version(conn, draft)
    await approvals.ask_for_document(conn, written.id)
    return written


def author(caller: Caller) -> str:
    """Who stands on a version: the agent at work, or else the person."""
    return f"agent:{caller.agent}" if caller.agent else f"user:{caller.user_id}"
