"""Conversations over the API: open one, choose what it is about, list them, read what was said and done."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import uuid4

from fastapi import APIRouter, Query
from pydantic import Field

from assistant.api.guarded import AtDesk, Desk
from assistant.turns.conversation import choose
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import CampaignId, ClientId, SessionId
from knowledge.sessions import queries
from knowledge.sessions.models import Item, Session
from tools.call import check_scope
from tools.paging import Cursor, Limit, read_cursor, split_page, write_cursor
from tools.spec import Wire

GONE = "That conversation does not exist, or not for you."


class About(Wire):
    """What a conversation is about; a campaign brings its client with it."""

    client_id: ClientId | None = None
    campaign_id: CampaignId | None = None


class SessionView(Wire):
    """``channel``: where it is held. ``agent``: who speaks at present."""

    id: SessionId
    channel: str
    agent: str
    client_id: ClientId | None
    campaign_id: CampaignId | None
    created_at: datetime
    updated_at: datetime


class SessionPage(Wire):
    channel: Literal["chat", "slack", "api"] | None = None
    limit: Limit = 50
    cursor: Cursor = None


class Sessions(Wire):
    """Newest first."""

    items: list[SessionView]
    next_cursor: str | None


class ItemView(Wire):
    """``kind``: somebody's words (``role`` user or assistant), or a tool's call or answer (``tool``, ``text`` as JSON)."""

    seq: int
    at: datetime
    kind: Literal["message", "tool_call", "tool_answer", "handoff"]
    role: Literal["user", "assistant"]
    text: str
    tool: str | None


class ItemPage(Wire):
    limit: int = Field(default=50, ge=1, le=200)
    cursor: int = Field(default=0, ge=0, lt=2**53)


class Items(Wire):
    """``nextCursor``: the number to go on after."""

    items: list[ItemView]
    next_cursor: str | None


def add_routes(router: APIRouter) -> None:
    one = "/sessions/{session_id}"
    router.add_api_route("/sessions", index, methods=["GET"], summary="My conversations")
    router.add_api_route("/sessions", create, methods=["POST"], status_code=201, summary="Open a conversation")
    router.add_api_route(one, show, methods=["GET"], summary="One conversation")
    router.add_api_route(one, put, methods=["PUT"], summary="Choose the client and campaign it is about")
    router.add_api_route(f"{one}/items", items, methods=["GET"], summary="What was said and done in it")


async def index(desk: AtDesk, page: Annotated[SessionPage, Query()]) -> Sessions:
    async with desk.tx("sessions:read") as conn:
        before = read_cursor(page.cursor)
        rows = await queries.list_mine(conn, desk.caller.user_id, page.channel, before, page.limit + 1)
    shown, last = split_page(rows, page.limit)
    following = write_cursor(last.created_at, last.id) if last else None
    return Sessions(items=[session_view(row) for row in shown], next_cursor=following)


async def create(desk: AtDesk, asked: About) -> SessionView:
    check_scope(desk.caller, "sessions:write")
    thread = desk.context.call_key or uuid4().hex
    made = await desk.parts.talk.open(desk.caller, thread, asked.client_id, asked.campaign_id)
    return session_view(made)


async def show(desk: AtDesk, session_id: SessionId) -> SessionView:
    async with desk.tx("sessions:read") as conn:
        return session_view(await mine(conn, desk, session_id))


async def put(desk: AtDesk, session_id: SessionId, asked: About) -> SessionView:
    async with desk.tx("sessions:write") as conn:
        return session_view(await choose(conn, await mine(conn, desk, session_id), asked.client_id, asked.campaign_id))


async def items(desk: AtDesk, session_id: SessionId, page: Annotated[ItemPage, Query()]) -> Items:
    async with desk.tx("sessions:read") as conn:
        session = await mine(conn, desk, session_id)
        rows = await queries.list_items(conn, session.id, page.cursor, page.limit + 1)
    shown = rows[: page.limit]
    views = _views(shown)
    return Items(items=views, next_cursor=str(shown[-1].seq) if len(rows) > page.limit else None)


async def mine(conn: Connection, desk: Desk, session_id: SessionId) -> Session:
    """The caller's own conversation; raises NotFound for anybody else's."""
    found = await queries.get(conn, session_id)
    if found is None or found.user_id != desk.caller.user_id:
        raise NotFound(GONE)
    return found


def session_view(session: Session) -> SessionView:
    kept = session.model_dump(include=set(SessionView.model_fields) - {"agent"})
    return SessionView(**kept, agent=session.active_agent)


def _views(rows: list[Item]) -> list[ItemView]:
    names = {str(row.item.get("call_id")): str(row.item["name"]) for row in rows if row.item.get("name")}
    return [_view(row, names) for row in rows]


def _view(row: Item, names: dict[str, str]) -> ItemView:
    item, kind = row.item, str(row.item.get("type") or "message")
    tool = str(item.get("name") or names.get(str(item.get("call_id")), "")) or None
    handoff = bool(tool and tool.startswith("transfer_to_"))
    told: Any = item.get("content")
    if kind == "function_call":
        told = item.get("arguments")
    elif kind == "function_call_output":
        told = item.get("output")
    known = {"function_call": "tool_call", "function_call_output": "tool_answer"}
    return ItemView(
        seq=row.seq,
        at=row.created_at,
        kind="handoff" if handoff else cast(Any, known.get(kind, "message")),
        role="user" if item.get("role") == "user" else "assistant",
        text=told if isinstance(told, str) else json.dumps(told, ensure_ascii=False),
        tool=tool,
    )
