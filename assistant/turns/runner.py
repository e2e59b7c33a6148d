"""A turn: one message of a person, answered by the team.

What always holds: the message is stored before anything is asked of a model; one turn at a time in a conversation;
the turn runs in a task of its own, so a closed browser tab neither stops nor loses it; what was said is told before
the turn counts as done, so that nothing is kept that nobody was shown; what it added to the conversation, who speaks
now and its end are written in one transaction; a turn that a crash cut off is taken up again and repeats no completed
model or tool call.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
from agents import AgentsException, MaxTurnsExceeded, ModelBehaviorError, RunConfig, Runner, RunResultStreaming
from agents.stream_events import StreamEvent
from openai.types.responses import ResponseTextDeltaEvent

from assistant.agents.team import FIRST, TEAM
from assistant.models.offline.talk import Item, text_of
from assistant.models.room import CallScope, ModelRoom
from assistant.models.scope import Tape
from assistant.turns.context import read_context
from assistant.turns.events import Failed, Spoke, Switched, TurnEvent, Typing, Used, Using
from assistant.turns.memory import recent, remembered, user_item
from assistant.turns.team import TurnContext, TurnModels, build_team
from knowledge.background import end
from knowledge.db import Database
from knowledge.errors import AdroomError, Conflict, Invalid, NotFound
from knowledge.ids import OrgId, SessionId, TurnId, UserId
from knowledge.json_values import as_object
from knowledge.outages import SENTENCE, is_outage, through_outages
from knowledge.people.models import Caller
from knowledge.sessions import queries
from knowledge.sessions.models import Session, Turn
from tools.spec import ToolContext, Work
from tools.surfaces.agent import read_answer

log = logging.getLogger(__name__)

#: a message longer than this is a document: it belongs into a file
LONGEST_MESSAGE = 50_000
MOST_MODEL_CALLS = 16

Told = Callable[[Turn, TurnEvent], Awaitable[None]]


@dataclass
class Turns:
    """Takes turns. ``work`` is what tools may ask of the floor above (starting runs); ``holder`` is this process'
    name among others on the same database, None when it is alone."""

    db: Database
    models: ModelRoom
    work: Work
    holder: str | None = None
    _locks: dict[UUID, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def take(
        self, caller: Caller, session_id: SessionId, text: str, turn_id: TurnId | None = None
    ) -> AsyncGenerator[tuple[Turn, TurnEvent]]:
        """Answer ``text``, giving what happens as it happens; the same ``turn_id`` is never taken twice.

        Raises Invalid for a message that is none, Conflict while another process answers in this conversation."""
        said = check_message(text)
        happened = _Happenings()

        async def work() -> None:
            try:
                async with self._locks[session_id]:
                    turn, history = await self._begin(caller, session_id, said, turn_id or TurnId(uuid4()))
                    await self._finish(caller, turn, history, Tape.blank(), happened.tell)
            finally:
                happened.end()

        task = self._spawn(work())
        async with aclosing(happened.listen()) as events:
            async for turn, event in events:
                yield turn, event
        await task

    async def resume_unfinished(self, caller_of: Callable[[Turn], Awaitable[Caller]], tell: Told, org: Any) -> int:
        """Take up the turns of one organisation that a crash cut off; returns how many."""
        async with self.db.org(org) as conn:
            if self.holder is None:
                left = await queries.unfinished_turns(conn)
            else:
                left = await queries.take_left_turns(conn, self.holder)
        for turn in left:
            self._spawn(self._again(turn, await caller_of(turn), tell))
        return len(left)

    async def close(self) -> None:
        """Stop what is still running; it is taken up at the next start."""
        await end(*self._running)

    async def _again(self, turn: Turn, caller: Caller, tell: Told) -> None:
        async with self._locks[turn.session_id]:
            async with self.db.org(turn.org_id) as conn:
                history = await queries.items(conn, turn.session_id)
            await self._finish(caller, turn, history, Tape(), tell)

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _begin(
        self, caller: Caller, session_id: SessionId, said: str, turn_id: TurnId
    ) -> tuple[Turn, list[Item]]:
        """Store the message; returns the turn and what was said before it."""
        try:
            return await self._store(caller, session_id, said, turn_id)
        except psycopg.OperationalError:
            # stored it may be all the same, and would be in the way of everything said afterwards
            self._spawn(through_outages(lambda: self._withdraw(caller.org_id, turn_id)))
            raise

    async def _withdraw(self, org_id: OrgId, turn_id: TurnId) -> None:
        async with self.db.org(org_id) as conn:
            await queries.finish_turn(conn, turn_id, status="failed", error=SENTENCE)

    async def _store(
        self, caller: Caller, session_id: SessionId, said: str, turn_id: TurnId
    ) -> tuple[Turn, list[Item]]:
        # whatever is kept of the answer waits for the disk and takes this along: no answer outlives its question
        async with self.db.org(caller.org_id, at_once=False) as conn:
            session = await _session(conn, session_id)
            values = {
                "id": turn_id,
                "org_id": caller.org_id,
                "session_id": session_id,
                "user_id": caller.user_id,
                "input": said,
                "command": None,
                "holder": self.holder,
                "context": {"told": await read_context(conn, session), "agent": session.active_agent},
            }
            turn = await queries.insert_turn(conn, values)
            history = await queries.items(conn, session_id)
        if turn is None:
            raise Conflict("The last message is still being answered; wait for it, or stop it.")
        return turn, history

    async def _finish(self, caller: Caller, turn: Turn, history: list[Item], tape: Tape, tell: Told) -> None:
        said = user_item(turn.input)
        result = self._start(caller, turn, [*recent(history), said], tape)
        try:
            agent, answer = await _relay(result, turn, tell)
        except (AdroomError, AgentsException) as error:
            await self._fail(turn, said, error, tell)
            return
        except Exception as error:  # a bug: the person gets a sentence, we get the traceback
            if not is_outage(error):
                log.exception("turn %s failed", turn.id)
            await self._fail(turn, said, error, tell)
            return
        items = [said, *remembered(result.new_items)]
        await through_outages(lambda: self._end(turn, items, status="completed", agent=agent, answer=answer))

    async def _end(self, turn: Turn, items: list[dict[str, Any]], **values: str) -> None:
        """What was said and the turn's end, once however often this is done."""
        async with self.db.org(turn.org_id) as conn:
            if not await queries.finish_turn(conn, turn.id, **values):
                if await queries.find_turn(conn, turn.session_id, turn.id) is not None:
                    return
                # the database died before it had kept the message
                await queries.insert_turn(conn, {**turn.model_dump(), "holder": self.holder})
                await queries.finish_turn(conn, turn.id, **values)
            await queries.append_items(conn, turn.org_id, turn.session_id, items)
            if "answer" in values:
                await queries.set_agent(conn, turn.session_id, values["agent"])

    def _start(self, caller: Caller, turn: Turn, given: list[Any], tape: Tape) -> RunResultStreaming:
        scope = CallScope(
            org_id=turn.org_id,
            user_id=UserId(turn.user_id),
            session_id=turn.session_id,
            run_id=None,
            agent=FIRST,
            journal_id=turn.id,
            tape=tape,
        )
        team = build_team()
        first = team.get(turn.context.get("agent", FIRST)) or team[FIRST]
        speaking = replace(caller, session_id=turn.session_id)
        context = TurnContext(ToolContext(speaking, self.db, self.work), scope, turn.context.get("told", {}))
        config = RunConfig(
            model_provider=TurnModels(self.models, scope),
            tracing_disabled=True,
            tool_not_found_behavior="return_error_to_model",
        )
        return Runner.run_streamed(first, given, context=context, max_turns=MOST_MODEL_CALLS, run_config=config)

    async def _fail(self, turn: Turn, said: dict[str, Any], error: Exception, tell: Told) -> None:
        failed = as_failure(error)
        await tell(turn, failed)
        items = [said, {"role": "assistant", "content": failed.sentence}]
        await through_outages(lambda: self._end(turn, items, status="failed", error=failed.sentence))


class _Happenings:
    """What happens in a turn, on its way to one listener, who may go away."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[Turn, TurnEvent] | None] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def tell(self, turn: Turn, event: TurnEvent) -> None:
        """Returns when what was said (a message or how it failed) has been shown, or nobody listens any more."""
        self._queue.put_nowait((turn, event))
        if isinstance(event, Spoke | Failed):
            waits = {asyncio.create_task(self._queue.join()), asyncio.create_task(self._gone.wait())}
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()

    def end(self) -> None:
        self._queue.put_nowait(None)

    async def listen(self) -> AsyncGenerator[tuple[Turn, TurnEvent]]:
        try:
            while (item := await self._queue.get()) is not None:
                yield item
                self._queue.task_done()
        finally:
            self._gone.set()


async def _session(conn: Any, session_id: SessionId) -> Session:
    session = await queries.get(conn, session_id)
    if session is None:
        raise NotFound("That conversation does not exist, or not for you.")
    return session


async def _relay(result: RunResultStreaming, turn: Turn, tell: Told) -> tuple[str, str]:
    """Tell what happens; returns who speaks at the end and the last message.

    Raises ModelBehaviorError when there was nothing at all for the person: no word, and nothing a tool brought.
    """
    agent = str(turn.context.get("agent", FIRST))
    number, answer, brought = 0, "", False
    calls: dict[str, str] = {}
    async for event in _events(result):
        for happened in _told(event, agent, number, calls):
            if isinstance(happened, Switched):
                agent = happened.agent
            if isinstance(happened, Spoke):
                number, answer = number + 1, happened.text
            brought = brought or (isinstance(happened, Used) and happened.data is not None)
            await tell(turn, happened)
    if not number and not brought:
        raise ModelBehaviorError("nothing was said")
    return agent, answer


async def _events(result: RunResultStreaming) -> AsyncIterator[StreamEvent]:
    try:
        async for event in result.stream_events():
            yield event
    except asyncio.CancelledError:
        result.cancel()
        raise


def _told(event: StreamEvent, agent: str, number: int, calls: dict[str, str]) -> list[TurnEvent]:
    if event.type == "raw_response_event":
        data = event.data
        return [Typing(number, agent, data.delta)] if isinstance(data, ResponseTextDeltaEvent) else []
    if event.type == "agent_updated_stream_event":
        now = _agent_id(event.new_agent.name)
        return [Switched(now)] if now != agent else []
    item = event.item
    match event.name:
        case "message_output_created":
            text = text_of(dict(item.to_input_item()))  # pyright: ignore[reportArgumentType, reportCallIssue]
            return [Spoke(number, agent, text)] if text.strip() else []
        case "tool_called":
            name, call_id = str(getattr(item.raw_item, "name", "")), str(getattr(item.raw_item, "call_id", ""))
            calls[call_id] = name
            return [Using(agent, name)]
        case "tool_output":
            raw = as_object(item.raw_item)
            call_id = str(raw.get("call_id") or getattr(item.raw_item, "call_id", ""))
            return [Used(agent, calls.get(call_id, ""), read_answer(getattr(item, "output", "")))]
        case _:
            return []


def _agent_id(name: str) -> str:
    return next(spec.id for spec in TEAM.values() if spec.name == name)


def check_message(text: str) -> str:
    """The message as it is kept; raises Invalid when it is empty or as long as a book."""
    said = text.replace("\x00", "").strip()
    if not said:
        raise Invalid("Say something first: a question, or a command such as /help.")
    if len(said) > LONGEST_MESSAGE:
        raise Invalid(
            f"That message has {len(said):,} characters; up to {LONGEST_MESSAGE:,} fit. Drop it here as a file instead."
        )
    return said


def as_failure(error: Exception) -> Failed:
    """One sentence for the person, whatever went wrong."""
    if isinstance(error, AdroomError):
        return Failed(error.message, error.code)
    if isinstance(error, MaxTurnsExceeded):
        return Failed(
            "This went round in circles, so I stopped. Say it in smaller steps, or name the command.", "upstream"
        )
    if isinstance(error, AgentsException):
        return Failed("The model's answer could not be used. Nothing is lost; try again.", "upstream")
    if is_outage(error):
        return Failed(SENTENCE, "unavailable")
    return Failed("Something went wrong on our side. Nothing is lost; please try again.", "error")
