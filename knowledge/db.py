"""The door to Postgres: a pool, and transactions that see one organisation only.

What always holds: every connection of this pool runs as ``adroom_app``, which owns nothing and cannot bypass
row-level security; the organisation is set for one transaction and gone with it; a connection on which an
organisation was still set is refused and closed.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar, cast
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow, class_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic import BaseModel, ConfigDict

from knowledge.ids import OrgId
from knowledge.one_message import Answer, in_one_message

#: seconds that a connection is waited for; the same once the server did not let us in for as long as the second one
PATIENCE, WHILE_AWAY = 30.0, 2.0
APP_ROLE = "adroom_app"
#: owns the search functions, sees passages and vectors only, cannot log in
SEARCH_ROLE = "adroom_search"

TRY_ALONE = "select pg_try_advisory_lock(hashtextextended(%(work)s, 0))"

TAKE_TURN = "select pg_advisory_lock(hashtextextended(%(work)s, 0))"

#: leaves it to the next commit to wait for the disk
LATER = "set local synchronous_commit = off"

# Before the one statement of a transaction. What was set comes first: it is looked at where it costs no message of its own.
READ_ONLY = """select current_setting('app.org_id', true), set_config('app.org_id', $1, true),
  set_config('transaction_read_only', 'on', true)"""

Connection = AsyncConnection[TupleRow]
R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")


class Row(BaseModel):
    """Base of every row model: a column nobody expected is an error, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pool(AsyncConnectionPool[Connection]):
    """A pool that comes back soon after its server does: left alone it would look for it less and less often.

    Given up, it looks whenever somebody asks, and whoever asks is not kept waiting as long as usual.
    """

    def __init__(self, url: str, *, min_size: int, max_size: int, kwargs: dict[str, Any]) -> None:
        super().__init__(
            url,
            min_size=min_size,
            max_size=max_size,
            open=False,
            timeout=PATIENCE,
            kwargs=kwargs,
            configure=self._is_there,
            reconnect_failed=self._is_away,
        )
        self._away = False

    async def start(self) -> None:
        """Open, and be ready. Raises PoolTimeout when the server does not let us in."""
        await self.open(wait=True, timeout=PATIENCE)
        self.reconnect_timeout = WHILE_AWAY

    async def getconn(self, timeout: float | None = None) -> Connection:  # noqa: ASYNC109 - the pool's own word
        return await super().getconn(WHILE_AWAY if self._away else timeout)

    async def _is_there(self, _: Connection) -> None:
        self._away = False

    async def _is_away(self, _: object) -> None:
        self._away = True
        while self._waiting:  # nobody would look for the server while they wait
            await self._waiting.popleft().fail(PoolTimeout("the server is away"))


class Database:
    """A pool of tenant-scoped connections. Open it once, hand it down."""

    def __init__(self, url: str, *, min_size: int = 2, max_size: int = 16) -> None:
        self.url = url
        # a transaction is always opened by name, through org()
        self.pool = Pool(url, min_size=min_size, max_size=max_size, kwargs={"autocommit": True})

    async def open(self) -> None:
        await self.pool.start()

    async def close(self) -> None:
        await self.pool.close()

    @asynccontextmanager
    async def org(self, org_id: OrgId, *, at_once: bool = True) -> AsyncGenerator[Connection]:
        """One transaction in the scope of ``org_id``: commits at the end, rolls back on any exception.

        ``at_once`` False leaves it to the next commit to wait for the disk: it survives whatever becomes of our
        process, and is lost with the machine only when everything committed after it is lost too.
        """
        async with self._after(lambda conn: _begin(conn, org_id, at_once)) as (conn, _):
            yield conn

    async def rows(self, org_id: OrgId, model: type[R], query: LiteralString, params: dict[str, Any]) -> list[R]:
        """A transaction of one ``query`` that only reads, in the scope of ``org_id``: one message to the server."""
        async with self._after(lambda conn: _whole(conn, org_id, query, params)) as (_, answer):
            return [model(**dict(zip(answer.columns, row, strict=True))) for row in answer.rows]

    async def ping(self) -> str:
        """The server's version, such as ``18.4``; raises when the database does not answer."""
        async with self._after(lambda conn: conn.execute("show server_version")) as (_, cursor):
            row = await cursor.fetchone()
            return str(row[0]) if row else ""

    @asynccontextmanager
    async def _after(self, begin: Callable[[Connection], Awaitable[T]]) -> AsyncGenerator[tuple[Connection, T]]:
        """A connection of the pool and what ``begin`` has given, which must be safe to repeat: it shows which
        connections were cut off while they lay there, and these are put aside.

        The block commits at its end, and rolls back on any exception.
        """
        for others in range(self.pool.max_size, -1, -1):
            conn = await self.pool.getconn()
            try:
                async with conn:  # the pool's own closes nothing
                    try:
                        given = await begin(conn)
                    except psycopg.OperationalError:
                        if others and conn.closed:
                            continue
                        raise
                    yield conn, given
                    return
            finally:
                await self.pool.putconn(conn)


async def _begin(conn: Connection, org_id: OrgId, at_once: bool) -> None:
    """All of it in one message to the server; a UUID's text needs no quoting."""
    later = f"{LATER}; " if not at_once else ""
    answers = await conn.execute(f"begin; {later}{_scope(org_id)}".encode(), prepare=False)
    while answers.nextset():
        pass
    row = await answers.fetchone()
    await _refuse_another(conn, row[0] if row else "")


async def _whole(conn: Connection, org_id: OrgId, query: LiteralString, params: dict[str, Any]) -> Answer:
    """A whole transaction in one message; gives what ``query`` has answered."""
    answer = await in_one_message(conn, READ_ONLY, str(org_id), query, params)
    await _refuse_another(conn, answer.before)
    return answer


def _scope(org_id: OrgId) -> str:
    # what was set before comes first: it is looked at where it costs no message of its own
    return f"select current_setting('app.org_id', true), set_config('app.org_id', '{UUID(str(org_id))}', true)"


async def _refuse_another(conn: Connection, before: str | None) -> None:
    """``before``: the organisation that was set before ours."""
    if before:
        await conn.close()
        raise RuntimeError("an organisation was still set on a connection: set it inside db.org() only")


@asynccontextmanager
async def alone(url: str, work: str) -> AsyncGenerator[bool]:
    """True when no other process of this database does the ``work`` of this name; it goes with the connection."""
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        row = await (await conn.execute(TRY_ALONE, {"work": f"adroom {work}"})).fetchone()
        yield row is not None and bool(row[0])
        await conn.execute("select pg_advisory_unlock_all()")  # a closed connection holds it a moment longer


@asynccontextmanager
async def in_turn(url: str, work: str, within: float = 20.0) -> AsyncGenerator[None]:
    """Do the ``work`` of this name when its turn has come among all processes of this database.

    On a connection of its own: one of the pool's would be missing where the work itself wants one. Raises
    ``psycopg.errors.LockNotAvailable`` when the turn has not come ``within`` seconds.
    """
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        await conn.execute(f"set lock_timeout = {int(within * 1000)}".encode())
        await conn.execute(TAKE_TURN, {"work": f"adroom {work}"})
        try:
            yield
        finally:
            await conn.execute("select pg_advisory_unlock_all()")


def app_url(owner_url: str) -> str:
    """The same database as ``owner_url``, entered as the application's role."""
    return make_conninfo(owner_url, options=f"-c role={APP_ROLE}")


async def fetch_one(conn: Connection, model: type[R], query: LiteralString, params: dict[str, Any]) -> R | None:
    async with conn.cursor(row_factory=class_row(model)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchone()


async def fetch_all(conn: Connection, model: type[R], query: LiteralString, params: dict[str, Any]) -> list[R]:
    async with conn.cursor(row_factory=class_row(model)) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


def parameters(filters: object) -> dict[str, Any]:
    """A dataclass of filters as a statement's parameters: tuples as arrays."""
    values: dict[str, Any] = vars(filters)
    return {name: list(cast("tuple[Any, ...]", v)) if isinstance(v, tuple) else v for name, v in values.items()}
