"""A transaction of one query in one message to the server, which has planned it before.

What always holds: what goes before the query was done when it runs, and both are one transaction; what goes wrong is
raised as psycopg does; a connection on which an answer was not awaited to its end is closed.
"""

import re
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, generators
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

Connection = AsyncConnection[TupleRow]

#: invalid_sql_statement_name: it is not there; feature_not_supported: what it gives has another shape since a migration
GONE = (b"26000", b"0A000")
#: a text, and the types of its parameters
Statement = tuple[bytes, tuple[int, ...]]
#: the names of what each connection has prepared
_prepared: WeakKeyDictionary[Connection, dict[Statement, bytes]] = WeakKeyDictionary()
_numbers = count()


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
    adapting = Transformer(conn)
    text, names = _numbered(query)
    values = adapting.dump_sequence([params[name] for name in names], [PyFormat.AUTO] * len(names))
    statements = (
        ((before.encode(), ()), [given.encode()], None),
        ((text, adapting.types or ()), values, adapting.formats),
    )
    async with conn.lock:
        results = await _sent(conn, statements)
        if any(_is_gone(result) for result in results):  # psycopg lets go of all that is prepared after a rollback
            _prepared.pop(conn)
            results = await _sent(conn, statements)
    _raise_if_wrong(conn, results)
    scope, found, _ = results
    adapting.set_pgresult(found)
    columns = [(found.fname(at) or b"").decode() for at in range(found.nfields)]
    return Answer((scope.get_value(0, 0) or b"").decode(), columns, adapting.load_rows(0, found.ntuples, tuple))


async def _sent(conn: Connection, statements: Iterable[tuple[Statement, Any, Any]]) -> list[PGresult]:
    """What each has answered, and that it was the end. ``statements``: with their values, and what form these have."""
    named = [(await _name(conn, statement), values, formats) for statement, values, formats in statements]
    conn.pgconn.enter_pipeline_mode()
    try:
        for name, values, formats in named:
            conn.pgconn.send_query_prepared(name, values, formats)
        conn.pgconn.pipeline_sync()
        results = await conn.wait(_results(conn.pgconn, len(named) + 1))
        conn.pgconn.exit_pipeline_mode()
    except BaseException:
        await conn.close()
        raise
    return results


async def _name(conn: Connection, statement: Statement) -> bytes:
    """Under which the server knows it: prepared at its first use on a connection, in a message of its own."""
    there = _prepared.setdefault(conn, {})
    if statement not in there:
        name = b"once_%d" % next(_numbers)
        conn.pgconn.send_prepare(name, *statement)
        _raise_if_wrong(conn, await conn.wait(generators.execute(conn.pgconn)))
        there[statement] = name
    return there[statement]


def _results(pgconn: PGconn, n: int) -> Generator[Any, Any, list[PGresult]]:
    yield from generators.send(pgconn)
    results = list[PGresult]()
    while len(results) < n:
        results += yield from generators.fetch_many(pgconn)
    return results


def _is_gone(result: PGresult) -> bool:
    return result.error_field(DiagnosticField.SQLSTATE) in GONE


def _raise_if_wrong(conn: Connection, results: Iterable[PGresult]) -> None:
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
