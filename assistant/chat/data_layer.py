# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (asyncpg and Chainlit's layer over it carry no types)
"""Chainlit's threads in our Postgres, in the schema ``chat``, through the application's own role.

Chainlit writes most of it in the background; what must not be lost goes through ``save_message``, awaited.
"""

from datetime import UTC, datetime
from typing import Any

import asyncpg
from chainlit.data.chainlit_data_layer import ChainlitDataLayer
from psycopg.conninfo import conninfo_to_dict

from assistant.turns.runner import LONGEST_MESSAGE

POOL = 4
#: characters that a thread keeps of a message that is too long to be answered
GLIMPSE = 500


class ThreadStore(ChainlitDataLayer):
    """Chainlit's own data layer with our connection, UTC, and the message fields that it would drop."""

    def __init__(self, app_url: str) -> None:
        super().__init__(app_url)

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
        )

    async def get_current_timestamp(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None)

    async def create_step(self, step_dict: Any) -> None:
        """As Chainlit does, keeping the command a message was sent with; of a book pasted into the chat the beginning."""
        said = step_dict.get("output") or ""
        if step_dict["type"] == "user_message" and len(said) > LONGEST_MESSAGE:
            step_dict = {**step_dict, "output": f"{said[:GLIMPSE]} …"}
        kept = {name: step_dict[name] for name in ("command", "modes") if step_dict.get(name)}
        if kept:
            step_dict = {**step_dict, "metadata": {**(step_dict.get("metadata") or {}), **kept}}
        await super().create_step(step_dict)

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
        await self.connect()
        assert self.pool is not None  # noqa: S101 - connect() made it
        async with self.pool.acquire() as conn, conn.transaction():
            await conn.execute('insert into "Thread" (id) values ($1) on conflict (id) do nothing', thread_id)
            await conn.execute(
                SAVE_STEP, message["id"], thread_id, message["name"], message["output"], message["createdAt"]
            )
            for element in elements:
                await conn.execute(
                    SAVE_ELEMENT, element["id"], thread_id, message["id"], element["name"], element["props"]
                )

    async def has_message(self, message_id: str) -> bool:
        return bool(await self.execute_query('select 1 from "Step" where id = $1', {"id": message_id}))

    async def name_thread(self, thread_id: str, name: str) -> bool:
        """Name a thread that has none yet, or only the command it began with; True when it got one."""
        query = "update \"Thread\" set name = $2 where id = $1 and coalesce(name, '/') like '/%' returning id"
        return bool(await self.execute_query(query, {"id": thread_id, "name": name[:255]}))


SAVE_STEP = """
insert into "Step" (id, "threadId", name, type, output, "createdAt", "startTime", "endTime", "showInput")
values ($1, $2, $3, 'assistant_message', $4, $5, $5, $5, 'false')
on conflict (id) do nothing
"""
SAVE_ELEMENT = """
insert into "Element" (id, "threadId", "stepId", name, mime, display, metadata, props)
values ($1, $2, $3, $4, 'application/json', 'inline', '{"type": "custom", "display": "inline"}', $5)
on conflict (id) do nothing
"""


def _role(options: str) -> dict[str, str]:
    """``-c role=x`` of a libpq connection string as a setting that asyncpg understands."""
    words = options.replace("-c ", "").split()
    return dict(word.split("=", 1) for word in words if "=" in word)
