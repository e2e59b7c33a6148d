# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (asyncpg and Chainlit's layer over it carry no types)
"""Chainlit's threads in our Postgres, in the schema ``chat``, through the application's own role.

Chainlit writes most of it in the background; what must not be lost goes through ``save_message``, awaited. What
always holds: nothing is read, and nothing else written, before the steps that were given before it are in the table.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import asyncpg
from chainlit.data.chainlit_data_layer import ISO_FORMAT, ChainlitDataLayer
from chainlit.data.utils import queue_until_user_message
from psycopg.conninfo import conninfo_to_dict

from assistant.turns.runner import LONGEST_MESSAGE
from knowledge.plain_text import storable_json

T = TypeVar("T")
log = logging.getLogger(__name__)

POOL = 4
#: seconds for which Chainlit's steps are gathered: somebody waits for an answer while it writes down that they do
GATHER = 0.05
#: characters that a thread keeps of a message that is too long to be answered
GLIMPSE = 500
#: seconds between two looks whether the database is there again, and what says that it is not
AWAY_PAUSE = 1.0
#: seconds that a page waits for it
LONGEST_WAIT = 15.0
_AWAY = (asyncpg.exceptions.PostgresConnectionError, asyncpg.exceptions.OperatorInterventionError, OSError)
#: what a message's metadata call the process that it was said to
PROCESS = "process"


class ThreadStore(ChainlitDataLayer):
    """Chainlit's own data layer with our connection, UTC, and the message fields that it would drop."""

    def __init__(self, app_url: str, process: str = "") -> None:
        """``process``: this one's id, kept with what people say: whether anybody is at work on it can be told then."""
        super().__init__(app_url)
        self.process = process
        self._given: list[tuple[Any, ...]] = []
        self._gathering: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def connect(self) -> None:
        if self.pool:
            return
        parts = conninfo_to_dict(self.database_url)
        settings = {"search_path": "chat", "timezone": "UTC", **_role(str(parts.get("options") or ""))}
        self.pool = await asyncpg.create_pool(
            host=parts.get("host"),
            port=int(str(parts["port"])) if parts.get("port") else None,
            user=parts.get("user"),
            password=parts.get("password"),
            database=parts.get("dbname"),
            server_settings=settings,
            min_size=1,
            max_size=POOL,
            reset=_as_it_is,
        )

    async def close(self) -> None:
        await self._write_given()
        await super().close()

    async def execute_query(self, query: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Chainlit's own words, all of which may be repeated: a page that is opened while the database is away waits."""

        async def work() -> list[dict[str, Any]]:
            await self._write_given()
            return await super(ThreadStore, self).execute_query(query, params)

        return await self._through_outages(work, LONGEST_WAIT)

    async def get_current_timestamp(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None)

    @queue_until_user_message()
    async def create_step(self, step_dict: Any) -> None:
        """As Chainlit does, keeping the command a message was sent with; of a book pasted into the chat the beginning.

        Returns when it is written: with others that are given meanwhile, or before anything else is asked for.
        """
        self._given.append(_step_row(step_dict, await self.get_current_timestamp(), self.process))
        if self._gathering is None:
            self._gathering = asyncio.create_task(self._write_soon(), name="chat: steps")
        await asyncio.shield(self._gathering)

    @queue_until_user_message()
    async def update_step(self, step_dict: Any) -> None:
        await self.create_step(step_dict)

    async def _write_soon(self) -> None:
        await asyncio.sleep(GATHER)
        self._gathering = None
        await self._through_outages(self._write_given)

    async def _through_outages(self, work: Callable[[], Awaitable[T]], longest: float = math.inf) -> T:
        """Do ``work``, again and again while the database is away, for ``longest`` seconds; it must be safe to repeat."""
        until = time.monotonic() + longest
        while True:
            try:
                return await work()
            except Exception as error:
                if not _is_away(error) or time.monotonic() > until:
                    raise
                log.warning("the chat waits to be written down, the database does not answer: %s", error)
                await asyncio.sleep(AWAY_PAUSE)

    async def _write_given(self) -> None:
        """Write the steps given so far, in their order; nothing is under way afterwards. What could not be written stays
        to be written next."""
        async with self._one_at_a_time:
            given = [*self._given]
            if not given:
                return
            done = True
            try:
                await self.connect()
                assert self.pool is not None  # noqa: S101 - connect() made it
                async with self.pool.acquire() as conn:
                    await conn.executemany(GIVEN_STEP, given)
            except Exception as error:
                done = not _is_away(error)  # what can never be written is in nobody's way
                raise
            finally:
                if done:
                    del self._given[: len(given)]

    async def get_thread(self, thread_id: str) -> Any:
        """With the cards of each message in their order: Chainlit writes them side by side and reads them as they come."""
        thread = await super().get_thread(thread_id)
        if thread is not None:
            thread["elements"] = sorted(thread["elements"] or [], key=lambda element: element.get("id", ""))
        return thread

    async def save_message(self, thread_id: str, message: dict[str, Any], elements: list[dict[str, Any]]) -> None:
        """Write a message and its cards now, once: the same id again changes nothing that is there.

        ``message``: id, name, output, createdAt (naive UTC). ``elements``: id, name, props.
        """
        said = {name: message[name] for name in ("id", "name", "output", "createdAt")}
        cards = {f"cards {name}": [element[name] for element in elements] for name in ("id", "name", "props")}
        given = {"thread": thread_id, **said, **cards}
        await self._through_outages(lambda: self.execute_query(SAVE_MESSAGE, given))

    async def has_message(self, message_id: str) -> bool:
        query, given = 'select 1 from "Step" where id = $1', {"id": message_id}
        return bool(await self._through_outages(lambda: self.execute_query(query, given)))

    async def update_thread(self, thread_id: str, name: str | None = None, *others: Any, **more: Any) -> None:
        """A command taken from the menu is a message without words: that is no name for its thread."""
        await super().update_thread(thread_id, name or None, *others, **more)

    async def name_thread(self, thread_id: str, name: str) -> bool:
        """Name a thread that has none yet, or only the command it began with; True when it got one."""
        return bool(await self.execute_query(NAME_THREAD, {"id": thread_id, "name": name[:255]}))


NAME_THREAD = """
insert into "Thread" as known (id, name) values ($1, $2)
on conflict (id) do update set name = excluded.name where coalesce(nullif(known.name, ''), '/') like '/%'
returning id
"""
# one statement, so it is all there or nothing of it; the foreign keys are looked at when it ends
SAVE_MESSAGE = """
with thread as (insert into "Thread" (id) values ($1) on conflict (id) do nothing),
step as (
  insert into "Step" (id, "threadId", name, type, output, "createdAt", "startTime", "endTime", "showInput")
  values ($2, $1, $3, 'assistant_message', $4, $5, $5, $5, 'false')
  on conflict (id) do nothing)
insert into "Element" (id, "threadId", "stepId", name, mime, display, metadata, props)
select id, $1, $2, name, 'application/json', 'inline', '{"type": "custom", "display": "inline"}', props
from unnest($6::text[], $7::text[], $8::text[]) as card (id, name, props)
on conflict (id) do nothing
"""
# a step is told several times; what it says later wins where it says anything
GIVEN_STEP = """
with thread as (insert into "Thread" (id) select $2 where $2::text is not null on conflict (id) do nothing)
insert into "Step" as kept (id, "threadId", "parentId", input, metadata, name, output, type, "startTime", "endTime",
                            "showInput", "isError")
values ($1, $2::text, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)
on conflict (id) do update set
  "threadId" = coalesce(excluded."threadId", kept."threadId"),
  "parentId" = coalesce(excluded."parentId", kept."parentId"),
  input = coalesce(nullif(excluded.input, ''), kept.input),
  metadata = (kept.metadata::jsonb || excluded.metadata::jsonb)::text,
  name = coalesce(excluded.name, kept.name),
  output = coalesce(nullif(excluded.output, ''), kept.output),
  type = case when excluded.type = 'run' then kept.type else excluded.type end,
  "startTime" = least(excluded."startTime", kept."startTime"), "endTime" = excluded."endTime",
  "showInput" = coalesce(excluded."showInput", kept."showInput"),
  "isError" = coalesce(excluded."isError", kept."isError")
"""


def _step_row(step: dict[str, Any], now: datetime, process: str) -> tuple[Any, ...]:
    """The values of ``GIVEN_STEP``. A step without a time of its own is of ``now``."""
    said = step.get("output")
    kept = {name: step[name] for name in ("command", "modes") if step.get(name)}
    if step["type"] == "user_message":
        if len(said or "") > LONGEST_MESSAGE:
            said = f"{str(said)[:GLIMPSE]} …"
        kept |= {PROCESS: process} if process else {}
    created = step.get("createdAt")
    # what cannot be stored is left out of it: steps of several people are written in one go
    return tuple(
        storable_json(value)
        for value in (
            step["id"],
            step.get("threadId"),
            step.get("parentId"),
            step.get("input"),
            json.dumps(storable_json({**(step.get("metadata") or {}), **kept})),
            step.get("name"),
            said,
            step["type"],
            datetime.strptime(created, ISO_FORMAT) if created else now,
            str(step.get("showInput", "json")),
            step.get("isError", False),
        )
    )


def _in_a_line(record: logging.LogRecord) -> bool:
    """The pool tells of a database that is away with all it went through; one line is enough."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, Exception) and _is_away(error):
        record.exc_info, record.exc_text = None, None
    return True


logging.getLogger("asyncpg.pool").addFilter(_in_a_line)


def _is_away(error: Exception) -> bool:
    """Whether it says that the database cannot be reached; a closed connection is told as a mistake in its use."""
    return isinstance(error, _AWAY) or (type(error) is asyncpg.InterfaceError and "clos" in str(error))


async def _as_it_is(conn: Any) -> None:
    """What a connection is asked when it comes back: nothing. Each use is one statement that sets nothing."""


def _role(options: str) -> dict[str, str]:
    """``-c role=x`` of a libpq connection string as a setting that asyncpg understands."""
    words = options.replace("-c ", "").split()
    return dict(word.split("=", 1) for word in words if "=" in word)
