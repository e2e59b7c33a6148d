"""A model that answers at once, so that what is measured is everything around it.

What it does is asked for in the person's words: ``CALL`` uses the first tool once, ``HAND`` hands over once,
anything else is answered straight away.
"""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any, cast

from agents import Model, ModelResponse, Usage
from agents.items import TResponseStreamEvent
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails, ResponseUsage

from assistant.models.roles import Role
from assistant.models.room import CallScope, ModelRoom
from assistant.settings import read_settings
from benchmarks.stage import Stage
from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres

CALL, HAND, TALK = "call", "hand", "talk"
TOOL = "list_clients"
PIECES = ("This is an answer ", "of the length that a chat ", "message has when little is said.")

_numbers = count(1)
Output = ResponseOutputMessage | ResponseFunctionToolCall


class Instant(Model):
    """Answers whatever it is asked."""

    async def get_response(self, *asked: Any, **_: Any) -> ModelResponse:
        given, handoffs = asked[1], asked[5]
        return ModelResponse(output=[_answer(given, handoffs)], usage=Usage(requests=1), response_id=None)

    async def stream_response(self, *asked: Any, **_: Any) -> AsyncIterator[TResponseStreamEvent]:
        given, handoffs = asked[1], asked[5]
        item = _answer(given, handoffs)
        if isinstance(item, ResponseOutputMessage):
            for number, piece in enumerate(PIECES):
                yield ResponseTextDeltaEvent(
                    type="response.output_text.delta",
                    item_id=item.id,
                    output_index=0,
                    content_index=0,
                    delta=piece,
                    logprobs=[],
                    sequence_number=number,
                )
        yield ResponseCompletedEvent(type="response.completed", response=_response(item), sequence_number=len(PIECES))


class _Paid(ModelRoom):
    """A room with a key and prices, in which the instant model stands in for the endpoint."""

    def _inner(self, role: Role, scope: CallScope) -> Model:
        return Instant()


def paid_room(server: EmbeddedPostgres, db: Database) -> ModelRoom:
    """Every call is held for, settled and entered as a provider's would be."""
    with_key = read_settings({"ADROOM_HOME": str(server.folder), "OPENAI_API_KEY": "none is ever called"})
    return _Paid(with_key.models, db)


def free_room(here: Stage) -> ModelRoom:
    """On the offline writer's terms."""
    return ModelRoom(here.house.settings.models, here.house.db, lambda role, scope: Instant())


def _answer(given: Any, handoffs: list[Any]) -> Output:
    number = next(_numbers)
    items = cast("list[dict[str, Any]]", given if isinstance(given, list) else [{"role": "user", "content": given}])
    last = max(place for place, item in enumerate(items) if item.get("role") == "user")
    done = any(item.get("type") == "function_call" for item in items[last:])
    wish = str(items[last]["content"])
    if wish == CALL and not done:
        return _call(TOOL, number)
    if wish == HAND and not done:
        return _call(str(handoffs[0].tool_name), number)
    text = ResponseOutputText(type="output_text", text="".join(PIECES), annotations=[])
    return ResponseOutputMessage(
        id=f"msg_{number}", type="message", role="assistant", status="completed", content=[text]
    )


def _call(name: str, number: int) -> ResponseFunctionToolCall:
    return ResponseFunctionToolCall(
        id=f"fc_{number}", call_id=f"call_{number}", type="function_call", name=name, arguments="{}"
    )


def _response(item: Output) -> Response:
    usage = ResponseUsage(
        input_tokens=100,
        input_tokens_details=InputTokensDetails.model_construct(cached_tokens=0),
        output_tokens=20,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=120,
    )
    return Response(
        id=f"resp_{item.id}",
        created_at=0,
        model="instant",
        object="response",
        output=[item],
        tool_choice="auto",
        tools=[],
        parallel_tool_calls=False,
        usage=usage,
    )
