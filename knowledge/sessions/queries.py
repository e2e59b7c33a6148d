"""SQL over ``sessions``, ``session_items`` and ``turns``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.errors import NotFound
from knowledge.plain_text import storable, storable_json
from knowledge.sessions.models import Item, Session, Turn

SESSION = """id, org_id, user_id, client_id, campaign_id, channel, external_thread, active_agent, budget_limit,
  created_at, updated_at"""
GET = f"select {SESSION} from sessions where id = %(id)s"
FIND = f"select {SESSION} from sessions where channel = %(channel)s and external_thread = %(thread)s"
LIST = f"""
select {SESSION} from sessions
where user_id = %(user_id)s and (%(channel)s::text is null or channel = %(channel)s)
  and (%(before_at)s::timestamptz is null or (created_at, id) < (%(before_at)s, %(before_id)s))
order by created_at desc, id desc limit %(limit)s
"""
INSERT = f"""
insert into sessions (org_id, user_id, channel, external_thread)
values (%(org_id)s, %(user_id)s, %(channel)s, %(thread)s)
on conflict (org_id, channel, external_thread) do nothing returning {SESSION}
"""
CHOOSE_CLIENT = f"""
update sessions s set client_id = c.id, updated_at = now(),
  campaign_id = case when s.client_id = c.id then s.campaign_id end
from clients c where s.id = %(id)s and c.id = %(client_id)s
returning {", ".join("s." + name.strip() for name in SESSION.split(","))}
"""
CHOOSE_CAMPAIGN = f"""
update sessions s set campaign_id = c.id, client_id = c.client_id, updated_at = now()
from campaigns c where s.id = %(id)s and c.id = %(campaign_id)s
returning {", ".join("s." + name.strip() for name in SESSION.split(","))}
"""
SET_AGENT = "update sessions set active_agent = %(agent)s, updated_at = now() where id = %(id)s"

ITEMS = "select item from session_items where session_id = %(id)s order by seq"
LIST_ITEMS = """
select seq, item, created_at from session_items where session_id = %(id)s and seq > %(after)s
order by seq limit %(limit)s
"""
# a page's copy of a message is dated when it is written, a moment after it was said
ANSWER_TO = """
select a.seq, a.item, a.created_at from session_items a,
  lateral (select u.seq, u.item from session_items u where u.session_id = a.session_id and u.item ->> 'role' = 'user'
    order by u.seq desc limit 1) said
where a.session_id = %(id)s and a.item ->> 'role' = 'assistant' and a.created_at >= %(at)s - interval '5 seconds'
  and a.seq > said.seq and said.item ->> 'content' = %(said)s
order by a.seq desc limit 1
"""
# one writer at a time, so that the numbers have no gap and no two are the same
LOCK = "select 1 from sessions where id = %(id)s for no key update"
APPEND_ITEMS = """
insert into session_items (org_id, session_id, seq, item)
select %(org_id)s, %(id)s,
  coalesce((select max(seq) from session_items where session_id = %(id)s), 0) + position, item
from jsonb_array_elements(%(items)s) with ordinality as list (item, position)
"""

TURN = """id, org_id, session_id, user_id, input, command, context, status, agent, answer, error, created_at, finished_at"""
INSERT_TURN = f"""
insert into turns (id, org_id, session_id, user_id, input, command, context, holder)
values (%(id)s, %(org_id)s, %(session_id)s, %(user_id)s, %(input)s, %(command)s, %(context)s, %(holder)s)
on conflict do nothing returning {TURN}
"""
FIND_TURN = f"select {TURN} from turns where id = %(id)s and session_id = %(session_id)s"
RUNNING_TURN = f"select {TURN} from turns where session_id = %(session_id)s and status = 'running'"
WAS_SAID = "select 1 from turns where session_id = %(session_id)s and strpos(input, %(text)s) > 0 limit 1"
UNFINISHED_TURNS = f"select {TURN} from turns where status = 'running' order by created_at"
# of processes that are not there any more; a turn that nobody holds is from before processes were told apart
TAKE_LEFT_TURNS = f"""
update turns set holder = %(holder)s
where status = 'running' and (holder is null or (holder <> %(holder)s and not exists (
  select from workers w where w.executor_id = turns.holder and w.ended_at is null)))
returning {TURN}
"""
FINISH_TURN = """
update turns set status = %(status)s, agent = %(agent)s, answer = %(answer)s, error = %(error)s, finished_at = now()
where id = %(id)s and status = 'running'
"""


async def get(conn: Connection, session_id: UUID) -> Session | None:
    return await fetch_one(conn, Session, GET, {"id": session_id})


async def find(conn: Connection, channel: str, thread: str) -> Session | None:
    return await fetch_one(conn, Session, FIND, {"channel": channel, "thread": thread})


async def insert(conn: Connection, values: dict[str, Any]) -> Session | None:
    """``values``: org_id, user_id, channel, thread. None when the thread has its session already."""
    return await fetch_one(conn, Session, INSERT, values)


async def list_mine(
    conn: Connection,
    user_id: UUID,
    channel: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Session]:
    """A person's conversations, newest first. ``before`` is (created_at, id) of the last one already seen."""
    before_at, before_id = before or (None, None)
    values = {"user_id": user_id, "channel": channel, "before_at": before_at, "before_id": before_id, "limit": limit}
    return await fetch_all(conn, Session, LIST, values)


async def choose_client(conn: Connection, session_id: UUID, client_id: UUID) -> Session | None:
    """The campaign stays chosen only when it belongs to the client; None when there is no such client."""
    return await fetch_one(conn, Session, CHOOSE_CLIENT, {"id": session_id, "client_id": client_id})


async def choose_campaign(conn: Connection, session_id: UUID, campaign_id: UUID) -> Session | None:
    """Chooses the campaign's client with it; None when there is no such campaign."""
    return await fetch_one(conn, Session, CHOOSE_CAMPAIGN, {"id": session_id, "campaign_id": campaign_id})


async def set_agent(conn: Connection, session_id: UUID, agent: str) -> None:
    await conn.execute(SET_AGENT, {"id": session_id, "agent": agent})


async def items(conn: Connection, session_id: UUID) -> list[dict[str, Any]]:
    rows = await (await conn.execute(ITEMS, {"id": session_id})).fetchall()
    return [row[0] for row in rows]


async def list_items(conn: Connection, session_id: UUID, after: int = 0, limit: int = 50) -> list[Item]:
    """What was said and done, in order, from number ``after`` on."""
    return await fetch_all(conn, Item, LIST_ITEMS, {"id": session_id, "after": after, "limit": limit})


async def answer_to(conn: Connection, session_id: UUID, said: str, at: datetime) -> Item | None:
    """What was answered to ``said``, if that was said last there; a page dates it ``at``."""
    return await fetch_one(conn, Item, ANSWER_TO, {"id": session_id, "said": said, "at": at})


async def append_items(conn: Connection, org_id: UUID, session_id: UUID, new: list[dict[str, Any]]) -> None:
    """Add to the end of the conversation, all in one piece. Raises NotFound for a session that is not ours."""
    if await (await conn.execute(LOCK, {"id": session_id})).fetchone() is None:
        raise NotFound("That conversation does not exist, or not for you.")
    await conn.execute(APPEND_ITEMS, {"org_id": org_id, "id": session_id, "items": Jsonb(storable_json(new))})


async def insert_turn(conn: Connection, values: dict[str, Any]) -> Turn | None:
    """``values``: id, org_id, session_id, user_id, input, command, context, and the process that answers (holder).

    None when another turn is running there.
    """
    kept = {
        "holder": values.get("holder"),
        "input": storable(values["input"]),
        "context": Jsonb(storable_json(values["context"])),
    }
    return await fetch_one(conn, Turn, INSERT_TURN, {"holder": None, **values, **kept})


async def find_turn(conn: Connection, session_id: UUID, turn_id: UUID) -> Turn | None:
    return await fetch_one(conn, Turn, FIND_TURN, {"session_id": session_id, "id": turn_id})


async def running_turn(conn: Connection, session_id: UUID) -> Turn | None:
    return await fetch_one(conn, Turn, RUNNING_TURN, {"session_id": session_id})


async def was_said(conn: Connection, session_id: UUID, text: str) -> bool:
    """Whether the person wrote ``text``, as it is, in this conversation."""
    cursor = await conn.execute(WAS_SAID, {"session_id": session_id, "text": text})
    return await cursor.fetchone() is not None


async def unfinished_turns(conn: Connection) -> list[Turn]:
    return await fetch_all(conn, Turn, UNFINISHED_TURNS, {})


async def take_left_turns(conn: Connection, holder: str) -> list[Turn]:
    """The turns of processes that are gone are ``holder``'s from here on, oldest first."""
    found = await fetch_all(conn, Turn, TAKE_LEFT_TURNS, {"holder": holder})
    return sorted(found, key=lambda turn: turn.created_at)


async def finish_turn(conn: Connection, turn_id: UUID, **values: str | None) -> bool:
    """``values``: status, and agent, answer, error where there are any. False when it was not running."""
    said = {name: value and storable(value) for name, value in values.items()}
    given = {"agent": None, "answer": None, "error": None, **said, "id": turn_id}
    return (await conn.execute(FINISH_TURN, given)).rowcount == 1
