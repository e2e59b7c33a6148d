"""One page of a list: how many, and where the next begins.

A cursor is the place of the last row shown, (time, id), written so that nobody builds one by hand. New rows never
shift a page, because a page begins after a row and not after a number of rows.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from knowledge.errors import Invalid

T = TypeVar("T")

Limit = Annotated[int, Field(ge=1, le=200, description="How many at most, 1 to 200.")]
Offset = Annotated[int, Field(ge=0, le=2_000, description="How many to leave out from the start.")]
Cursor = Annotated[str | None, Field(description="Where to go on: nextCursor of the page before.")]
Place = tuple[datetime, UUID]


def write_cursor(at: datetime, id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), id.hex]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Place | None:
    """Raises Invalid for anything that ``write_cursor`` did not write."""
    if not cursor:
        return None
    try:
        at, id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = datetime.fromisoformat(at), UUID(hex=id)
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise Invalid(fields={"cursor": "is not one of ours; start again without it"}) from error
    if place[0].tzinfo is None:
        raise Invalid(fields={"cursor": "is not one of ours; start again without it"})
    return place


def split_page(rows: Sequence[T], limit: int) -> tuple[list[T], T | None]:
    """The rows to show and, when ``limit + 1`` were fetched and there is more, the last of them."""
    page = list(rows[:limit])
    return page, page[-1] if len(rows) > limit else None


class Identified(Protocol):
    """A row with an id, as the short lists that are read whole have them."""

    @property
    def id(self) -> UUID: ...


I = TypeVar("I", bound=Identified)  # noqa: E741


def page_of(rows: Sequence[I], cursor: str | None, limit: int) -> tuple[list[I], str | None]:
    """A page of a list that was read whole, and the cursor of the next; the cursor is the last id shown."""
    start = 0
    if cursor:
        places = [position for position, row in enumerate(rows) if row.id.hex == cursor]
        if not places:
            raise Invalid(fields={"cursor": "is not one of ours; start again without it"})
        start = places[0] + 1
    page = list(rows[start : start + limit])
    return page, page[-1].id.hex if start + limit < len(rows) else None
