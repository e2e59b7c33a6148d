"""Saying something in a conversation: the answer as it is written (server-sent events), or whole.

What always holds: an answer is worked out whether or not somebody still listens; the same Idempotency-Key gives the
same answer and asks no model again; what started a run, or takes longer than the caller waits, is answered with 202
and where to look. A message that could not be answered is an answer too: ``failed``, with its problem.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from assistant.api.guarded import AtDesk, Desk
from assistant.api.idempotency import REPLAYED, KeyedRequest, give_back, take_key
from assistant.api.problems import InProgress
from assistant.api.sessions import mine
from assistant.api.sse import PING
from assistant.commands.answer import Answer
from assistant.turns.cards import cards_for
from assistant.turns.conversation import Exchange, Happening
from assistant.turns.events import Failed, Spoke, Switched, Typing, Used, Using
from assistant.turns.runner import LONGEST_MESSAGE
from knowledge.background import end
from knowledge.errors import NotFound
from knowledge.idempotency import queries as keys
from knowledge.ids import RunId, SessionId, TurnId
from knowledge.json_values import as_object
from knowledge.outages import through_outages
from knowledge.runs.models import ACTIVE
from knowledge.runs.queries import find_run
from knowledge.sessions import queries
from knowledge.sessions.models import Turn
from tools.call import check_scope
from tools.runs.view import RunSummary, summaries
from tools.spec import Wire

#: seconds an answer is waited for before it is 202, and the most that a caller may ask for
PATIENCE, MOST_PATIENCE = 25.0, 120.0


class Said(Wire):
    """What the person says: a question, an order, or a command such as ``/inbox``."""

    text: str = Field(min_length=1, max_length=LONGEST_MESSAGE)


class CardView(Wire):
    """Something to show: a card's name (public/elements) and the ids it reads the rest by."""

    name: str
    props: dict[str, Any]


class NextView(Wire):
    label: str
    command: str


class MessageView(Wire):
    """``agent`` is empty for the house itself (commands)."""

    number: int
    agent: str
    agent_name: str
    text: str
    cards: list[CardView]
    next: list[NextView]


class TurnProblem(Wire):
    code: str
    detail: str


class TurnView(Wire):
    """``runs``: work that this message has started or touched, as it stands now."""

    id: TurnId
    session_id: SessionId
    status: Literal["running", "completed", "failed", "stopped"]
    messages: list[MessageView]
    runs: list[RunSummary]
    problem: TurnProblem | None


def add_routes(router: APIRouter) -> None:
    router.add_api_route(
        "/sessions/{session_id}/messages",
        say,
        methods=["POST"],
        summary="Say something, and be answered",
        response_model=TurnView,
        responses={
            200: {"description": "The answer; as a stream where text/event-stream is accepted.",
                  "content": {"text/event-stream": {}}},
            202: {"description": "Work goes on: Location says where to look.", "model": TurnView},
        },
    )  # fmt: skip


def add_looking_routes(router: APIRouter) -> None:
    router.add_api_route(
        "/sessions/{session_id}/turns/{turn_id}", turn, methods=["GET"], summary="What became of a message"
    )


async def say(
    request: Request,
    desk: AtDesk,
    session_id: SessionId,
    asked: Said,
    accept: Annotated[str, Header()] = "",
    prefer: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    check_scope(desk.caller, "sessions:write")
    async with desk.context.tx() as conn:
        session = await mine(conn, desk, session_id)
    keyed: KeyedRequest | None = request.state.keyed
    turn_id = TurnId(uuid5(session.id, keyed.key + keyed.fingerprint) if keyed else uuid4())
    telling = Telling(desk, session.id, turn_id)
    streamed = "text/event-stream" in accept
    if keyed is not None:
        again = await _said_before(telling, keyed)
        if again is not None:
            return await telling.again(again, streamed)
    exchange = await _begin(telling, asked.text, keyed)
    await exchange.begun()
    if streamed:
        return telling.stream(exchange)
    return await telling.whole(exchange, _patience(prefer))


async def turn(desk: AtDesk, session_id: SessionId, turn_id: TurnId) -> TurnView:
    async with desk.tx("sessions:read") as conn:
        session = await mine(conn, desk, session_id)
        found = await queries.find_turn(conn, session.id, turn_id)
    if found is None:
        raise NotFound("Nothing was said under that id in this conversation.")
    return await Telling(desk, session_id, turn_id).view(_of_turn(desk, found), found.status)


async def _said_before(telling: "Telling", keyed: KeyedRequest) -> list[dict[str, Any]] | None:
    """What came of this very message, if it was said before. Raises InProgress, Invalid."""
    kept = await take_key(telling.desk.parts.db, telling.desk.caller, keyed)
    if kept is not None:
        return cast("list[dict[str, Any]]", as_object(kept.body).get("happened", []))
    try:
        return await _found_again(telling, keyed)
    except InProgress:
        raise
    except Exception:
        await give_back(telling.desk.parts.db, telling.desk.caller, keyed)
        raise


async def _found_again(telling: "Telling", keyed: KeyedRequest) -> list[dict[str, Any]] | None:
    async with telling.desk.context.tx() as conn:  # a crash may have come between the answer and its keeping
        found = await queries.find_turn(conn, telling.session_id, telling.turn_id)
        if found is None:
            return None
        happened = _of_turn(telling.desk, found)
        if found.status == "running":
            await keys.give_back(conn, keyed.key)
        else:
            await keys.keep(conn, keyed.key, 200, {"happened": happened})
    if found.status == "running":
        raise InProgress()
    return happened


async def _begin(telling: "Telling", text: str, keyed: KeyedRequest | None) -> Exchange:
    desk = telling.desk

    async def ended(happened: Sequence[Happening]) -> None:
        if keyed is None:
            return
        if not happened:
            await give_back(desk.parts.db, desk.caller, keyed)
            return
        key, shown = keyed.key, telling.shown(happened)

        async def keep() -> None:
            async with desk.parts.db.org(desk.caller.org_id) as conn:
                await keys.keep(conn, key, 200, {"happened": shown})

        await through_outages(keep)

    try:
        key = keyed.key if keyed else None
        return desk.parts.talk.begin(desk.caller, telling.session_id, text, telling.turn_id, key, ended)
    except Exception:
        await ended([])
        raise


def _patience(prefer: str) -> float:
    """Seconds, from ``Prefer: wait=10`` or ``respond-async`` (RFC 7240)."""
    for wish in prefer.replace(";", ",").split(","):
        name, _, value = wish.strip().partition("=")
        if name == "respond-async":
            return 0.0
        if name == "wait":
            with contextlib.suppress(ValueError):
                return min(max(float(int(value)), 0.0), MOST_PATIENCE)
    return PATIENCE


def _of_turn(desk: Desk, found: Turn) -> list[dict[str, Any]]:
    """A finished turn as its row has it: the last message, or how it failed."""
    if found.error is not None:
        return [{"event": "failed", "code": "error", "detail": found.error}]
    if not found.answer:
        return []
    return [_message(desk, 0, found.agent or "", found.answer)]


@dataclass
class Telling:
    """One answer on its way to whoever asked, in words of the wire.

    What happened is told as events: ``turn``, ``delta``, ``message``, ``agent``, ``tool``, ``failed``, ``done``.
    """

    desk: Desk
    session_id: SessionId
    turn_id: TurnId

    def shown(self, happened: Sequence[Happening]) -> list[dict[str, Any]]:
        """Everything but the text while it was being written."""
        shown: list[dict[str, Any]] = []
        cards: list[dict[str, Any]] = []
        for happening in happened:
            shown += self._shown(happening, cards)
        if cards:  # a tool brought something and nobody said a word about it
            shown.append({**_message(self.desk, len(shown), "", ""), "cards": cards})
        return shown

    def _shown(self, happening: Happening, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
        match happening:
            case Spoke():
                said = {**_message(self.desk, happening.number, happening.agent, happening.text), "cards": [*cards]}
                cards.clear()
                return [said]
            case Answer():
                said = _message(self.desk, 0, "", happening.text)
                steps = [{"label": step.label, "command": step.command} for step in happening.next]
                brought = [{"name": card.name, "props": card.props} for card in happening.cards]
                return [{**said, "cards": brought, "next": steps}]
            case Switched():
                return [{"event": "agent", "agent": happening.agent}]
            case Using():
                return [{"event": "tool", "agent": happening.agent, "tool": happening.tool, "state": "started"}]
            case Used():
                cards += [{"name": card.name, "props": card.props} for card in cards_for(happening)]
                state = "refused" if happening.data is None else "completed"
                return [{"event": "tool", "agent": happening.agent, "tool": happening.tool, "state": state}]
            case Failed():
                return [{"event": "failed", "code": happening.code, "detail": happening.sentence}]
            case Typing():
                return []

    # ---------------------------------------------------------------- whole

    async def whole(self, exchange: Exchange, patience: float) -> Response:
        try:
            async with asyncio.timeout(patience):
                happened = [happening async for happening in exchange.follow()]
        except TimeoutError:
            return await self._answer(self.shown(exchange.happened), "running")
        return await self._answer(self.shown(happened))

    async def again(self, shown: list[dict[str, Any]], streamed: bool) -> Response:
        if not streamed:
            answer = await self._answer(shown)
            answer.headers[REPLAYED] = "true"
            return answer

        async def lines() -> AsyncGenerator[str]:
            yield self._first()
            for event in shown:
                yield _lines(event)
            yield await self._last(shown)

        return _streaming(lines(), {REPLAYED: "true"})

    async def _answer(self, shown: list[dict[str, Any]], status: str | None = None) -> Response:
        view = await self.view(shown, status)
        headers: dict[str, str] = {}
        going = [run for run in view.runs if run.status in ACTIVE]
        if view.status == "running":
            headers = {"Location": f"/api/sessions/{self.session_id}/turns/{self.turn_id}", "Retry-After": "2"}
        elif going:
            headers = {"Location": f"/api/runs/{going[-1].id}"}
        return JSONResponse(view.model_dump(mode="json", by_alias=True), 202 if headers else 200, headers)

    async def view(self, shown: list[dict[str, Any]], status: str | None = None) -> TurnView:
        messages = [event for event in shown if event["event"] == "message"]
        failed = next((event for event in shown if event["event"] == "failed"), None)
        return TurnView.model_validate(
            {
                "id": self.turn_id,
                "session_id": self.session_id,
                "status": status or ("failed" if failed else "completed"),
                "messages": [{name: value for name, value in one.items() if name != "event"} for one in messages],
                "runs": await self._runs(messages),
                "problem": {"code": failed["code"], "detail": failed["detail"]} if failed else None,
            }
        )

    async def _runs(self, messages: list[dict[str, Any]]) -> list[RunSummary]:
        cards = [card for message in messages for card in message["cards"] if card["name"] == "RunCard"]
        ids = dict.fromkeys(str(card["props"]["runId"]) for card in cards)
        if not ids:
            return []
        async with self.desk.context.tx() as conn:
            found = [await find_run(conn, RunId(UUID(id))) for id in ids]
            return await summaries(conn, self.desk.caller, [run for run in found if run is not None])

    # ---------------------------------------------------------------- as it happens

    def stream(self, exchange: Exchange) -> Response:
        return _streaming(self._live(exchange), {})

    async def _live(self, exchange: Exchange) -> AsyncGenerator[str]:
        yield self._first()
        cards: list[dict[str, Any]] = []
        shown: list[dict[str, Any]] = []
        async with aclosing(_with_pings(exchange)) as happenings:
            async for happening in happenings:
                if happening is None:
                    yield ": still here\n\n"
                    continue
                if isinstance(happening, Typing):
                    delta = {"number": happening.number, "agent": happening.agent, "text": happening.text}
                    yield _lines({"event": "delta", **delta})
                    continue
                for event in self._shown(happening, cards):
                    shown.append(event)
                    yield _lines(event)
        if cards:
            shown.append({**_message(self.desk, len(shown), "", ""), "cards": cards})
            yield _lines(shown[-1])
        yield await self._last(shown)

    def _first(self) -> str:
        return _lines({"event": "turn", "turnId": str(self.turn_id), "sessionId": str(self.session_id)})

    async def _last(self, shown: list[dict[str, Any]]) -> str:
        view = await through_outages(lambda: self.view(shown))
        runs = [run.model_dump(mode="json", by_alias=True) for run in view.runs]
        return _lines({"event": "done", "status": view.status, "runs": runs})


async def _with_pings(exchange: Exchange) -> AsyncGenerator[Happening | None]:
    """What happens, and None after a while without anything."""
    async with aclosing(exchange.follow()) as follow:
        coming = asyncio.ensure_future(anext(follow, None))
        try:
            while True:
                done, _ = await asyncio.wait({coming}, timeout=PING)
                if not done:
                    yield None
                    continue
                happening = coming.result()
                if happening is None:
                    return
                yield happening
                coming = asyncio.ensure_future(anext(follow, None))
        finally:
            await end(coming)


def _message(desk: Desk, number: int, agent: str, text: str) -> dict[str, Any]:
    names = {member.id: member.name for member in desk.parts.team}
    said = {"number": number, "agent": agent, "agentName": names.get(agent, "Adroom"), "text": text}
    return {"event": "message", **said, "cards": [], "next": []}


def _streaming(lines: AsyncGenerator[str], headers: dict[str, str]) -> StreamingResponse:
    kept = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines, media_type="text/event-stream", headers=kept | headers)


def _lines(event: dict[str, Any]) -> str:
    data = {name: value for name, value in event.items() if name != "event"}
    return f"event: {event['event']}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"
