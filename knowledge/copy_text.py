"""Rows on their way into Postgres: COPY text made outside of the event loop, sent to a table that lives for one
transaction, and moved from there by a statement.

COPY straight into a table under row-level security is not allowed, and an upsert needs its rows in a table anyway.
Text is as fast as the binary format here and, with most fields empty, half as long.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from psycopg.sql import SQL, Identifier

from knowledge.db import Connection
from knowledge.plain_text import storable, storable_json

NULL = "\\N"
_SPECIAL = re.compile(r"[\\\t\n\r]")
_IN_ARRAY = re.compile(r'[\\"]')


def text(value: Any) -> str:
    """One field that needs escaping: a text, or anything whose ``str`` is what Postgres reads."""
    if value is None:
        return NULL
    given = str(value)
    if _SPECIAL.search(given) is None:
        return given
    return given.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def plain(value: Any) -> str:
    """One field that never needs it: a number, a date, an id, a truth value."""
    return NULL if value is None else str(value)


def array(values: Sequence[str]) -> str:
    """A ``text[]``."""
    if not values:
        return "{}"
    inner = '","'.join(values)
    if "\\" in inner or inner.count('"') != 2 * (len(values) - 1):
        inner = '","'.join(_IN_ARRAY.sub(r"\\\g<0>", value) for value in values)
    return text('{"' + inner + '"}')


def document(value: Any) -> str:
    """A ``jsonb``."""
    if value is None:
        return NULL
    written = json.dumps(value, ensure_ascii=False, default=str)
    if "\\u0000" in written or "NaN" in written or "Infinity" in written:
        written = json.dumps(_finite(storable_json(value)), ensure_ascii=False, default=str)
    return text(written)


def copy_data(rows: Iterable[str]) -> bytes:
    """The whole of a COPY: rows of fields joined by tabs. What Postgres cannot keep is dropped (plain_text.py)."""
    written = "\n".join(rows)
    if not written:
        return b""
    try:
        encoded = (written + "\n").encode()
    except UnicodeEncodeError:
        return storable(written + "\n").encode()
    return encoded.replace(b"\x00", b"")


async def stage(conn: Connection, name: str, like: str, columns: Sequence[str], data: bytes) -> None:
    """A temporary table ``name`` with ``columns`` of the table ``like``, filled; gone with the transaction."""
    listed = SQL(", ").join(map(Identifier, columns))
    made = SQL("create temp table {} on commit drop as select {} from {} with no data")
    await conn.execute(made.format(Identifier(name), listed, Identifier(like)))
    async with conn.cursor() as cursor, cursor.copy(SQL("copy {} from stdin").format(Identifier(name))) as copy:
        await copy.write(data)


def _finite(value: Any) -> Any:
    """Numbers that JSON has no word for become null."""
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in cast("list[Any]", value)]
    return value
