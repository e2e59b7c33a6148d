"""A transaction of one query in one message to the server, which has planned it before.

What always holds: what goes before the query was done when it runs, and both are one transaction; what goes wrong is
raised as psycopg does; a connection on which an answer was not awaited to its end is closed.
"""

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

Connection = AsyncConnection[TupleRow]

#: what each connection has prepared: the name of a text with parameters of these types
_prepared: WeakKeyDictionary[Connection, dict[tuple[bytes, tuple[int, ...]], bytes]] = WeakKeyDictionary()


@dataclass(slots=True)
class Answer:
    """``before``: the first value that what went before the query has given, as text; '' for null."""

    before: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


async def in_one_message(
    conn: Connection, before: LiteralString, given: str, query: LiteralString, params: Mapping[str, Any]
) -> Answer:
    """A transaction of ``before``, which gives one row and takes ``given`` as $1, and ``query`` with its named parameters.

    ``conn`` is idle, in autocommit.
    """
    pgconn, adapting = conn.pgconn, Transformer(conn)
    text, names = _numbered(query)
    values = adapting.dump_sequence([params[name] for name in names], [PyFormat.AUTO] * len(names))
    async with conn.lock:
        first, second = await _name(conn, before.encode(), ()), await _name(conn, text, adapting.types or ())
        pgconn.enter_pipeline_mode()
        try:
            pgconn.send_query_prepared(first, [given.encode()])
            pgconn.send_query_prepared(second, values, adapting.formats)
            pgconn.pipeline_sync()
            scope, found, _ = await conn.wait(_results(pgconn, 3))
            pgconn.exit_pipeline_mode()
        except BaseException:
            await conn.close()
            raise
    _raise_if_wrong(conn, scope, found)
    adapting.set_pgresult(found)
    columns = [(found.fname(at) or b"").decode() for at in range(found.nfields)]
    return Answer((scope.get_value(0, 0) or b"").decode(), columns, adapting.load_rows(0, found.ntuples, tuple))


async def _name(conn: Connection, text: bytes, types: tuple[int, ...]) -> bytes:
    """Under which the server knows it: prepared at its first use on a connection, in a message of its own."""
    there = _prepared.setdefault(conn, {})
    if (text, types) not in there:
        name = b"once_%d" % len(there)
        conn.pgconn.send_prepare(name, text, types)
        _raise_if_wrong(conn, *await conn.wait(generators.execute(conn.pgconn)))
        there[text, types] = name
    return there[text, types]


def _results(pgconn: PGconn, n: int) -> Generator[Any, Any, list[PGresult]]:
    yield from generators.send(pgconn)
    results = list[PGresult]()
    while len(results) < n:
        results += yield from generators.fetch_many(pgconn)
    return results


def _raise_if_wrong(conn: Connection, *results: PGresult) -> None:
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, encoding=conn.info.encoding)


@lru_cache(maxsize=512)
def _numbered(query: LiteralString) -> tuple[bytes, tuple[str, ...]]:
    """With $1, $2 … for its named parameters, and their names."""
    names = dict[str, int]()

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return re.sub(r"%\((\w+)\)s|%%", number, query).encode(), tuple(names)
