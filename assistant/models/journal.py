"""Answers given once: models and tools that replay what the journal kept for this step or turn.

What always holds: an answer is kept before anybody acts on it; a replayed model answer carries no usage and costs
nothing; a tool's effect that happened just before a crash, before its result was kept, happens again, so tools with
effects take the call's id (``context.tool_call_id``) as their idempotency key.
"""

import copy
import hashlib
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, cast

from agents import Model, ModelResponse, Tool, Usage
from agents.items import TResponseOutputItem, TResponseStreamEvent
from agents.tool import FunctionTool
from agents.tool_context import ToolContext
from openai.types.responses import Response, ResponseCompletedEvent, ResponseOutputItem
from pydantic import TypeAdapter

from assistant.models.ask import Ask, AskedModel
from assistant.models.guard import PaidCall
from assistant.models.scope import CallScope, Slot
from knowledge.db import Connection, Database
from knowledge.outages import through_outages

_ITEMS: TypeAdapter[list[TResponseOutputItem]] = TypeAdapter(list[ResponseOutputItem])

Payer = Callable[[CallScope, PaidCall], Model]
TapeOf = Callable[[ToolContext[Any]], tuple[CallScope, Database]]


class Journaled(AskedModel):
    """A model whose answers are kept for ``scope``; ``pay`` makes the model for a call that nobody has paid yet."""

    def __init__(self, role: str, db: Database, scope: CallScope, pay: Payer) -> None:
        self._role, self._db, self._scope, self._pay = role, db, scope, pay

    async def answer(self, ask: Ask) -> ModelResponse:
        slot, kept = await self._look_up(ask)
        if kept is not None:
            return ModelResponse(output=_output(kept), usage=Usage(), response_id=kept["id"])
        return await ask.answered_by(self._pay(self._scope, self._call(slot)))

    async def stream(self, ask: Ask) -> AsyncGenerator[TResponseStreamEvent, None]:
        slot, kept = await self._look_up(ask)
        if kept is not None:
            yield _completed(kept)
            return
        paid = ask.streamed_by(self._pay(self._scope, self._call(slot)))
        async with aclosing(cast("AsyncGenerator[TResponseStreamEvent, None]", paid)) as events:
            async for event in events:
                yield event

    async def _look_up(self, ask: Ask) -> tuple[Slot, Any]:
        tape = await self._scope.open_tape(self._db)
        slot = tape.next("model", _fingerprint(self._role.encode(), ask.content))
        return slot, tape.kept(slot)

    def _call(self, slot: Slot) -> PaidCall:
        async def keep(conn: Connection, response: ModelResponse) -> None:
            await self._scope.keep(conn, slot, _kept(response))

        return PaidCall(key=f"{self._scope.journal_id}:{slot}", keep=keep)


def journaled_tools(tools: list[Tool], scope: CallScope, db: Database) -> list[Tool]:
    """Copies of ``tools`` whose results are kept under the call's id; only function tools run here, others pass."""
    return tools_on_tape(tools, lambda _: (scope, db))


def tools_on_tape(tools: list[Tool], tape_of: TapeOf) -> list[Tool]:
    """The same for agents that outlive a turn: ``tape_of`` finds scope and database in the context of the call."""
    return [_journaled_tool(tool, tape_of) if isinstance(tool, FunctionTool) else tool for tool in tools]


def _journaled_tool(tool: FunctionTool, tape_of: TapeOf) -> FunctionTool:
    recorded = copy.copy(tool)
    invoke = recorded.on_invoke_tool

    async def invoke_once(context: ToolContext[Any], arguments: str) -> Any:
        scope, db = tape_of(context)
        tape = await scope.open_tape(db)
        slot = tape.next("tool", _fingerprint(json.dumps([tool.name, context.tool_call_id, arguments]).encode()))
        kept = tape.kept(slot)
        if kept is not None:
            return kept["result"]
        # the call's id is its key: a change that was made although its answer was lost is not made again
        result = await through_outages(lambda: invoke(context, arguments))
        await through_outages(lambda: keep(scope, db, slot, result))
        return result

    async def keep(scope: CallScope, db: Database, slot: Slot, result: Any) -> None:
        # what is asked next, with this result in it, is kept after it and takes it along to the disk
        async with db.org(scope.org_id, at_once=False) as conn:
            await scope.keep(conn, slot, {"result": result})

    recorded.on_invoke_tool = invoke_once
    return recorded


def _fingerprint(*parts: bytes) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def _kept(response: ModelResponse) -> dict[str, Any]:
    # unset fields stay unset, so that the next question built from this answer has the same fingerprint
    output = [item.model_dump(mode="json", exclude_unset=True) for item in response.output]
    return {"id": response.response_id, "output": output}


def _output(kept: dict[str, Any]) -> list[TResponseOutputItem]:
    return _ITEMS.validate_python(kept["output"])


def _completed(kept: dict[str, Any]) -> ResponseCompletedEvent:
    response = Response(
        id=kept["id"] or "kept",
        created_at=0,
        model="kept",
        object="response",
        output=_output(kept),
        parallel_tool_calls=False,
        tool_choice="auto",
        tools=[],
    )
    return ResponseCompletedEvent(response=response, sequence_number=0, type="response.completed")
