"""The offline writer behind the SDK's own ``Model`` interface.

It needs no key and no network: it reads the conversation like any model, follows the plan kept beside the agent,
and streams what it says. Its name stands on everything it wrote.
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from agents import AgentOutputSchemaBase, Handoff, Model, ModelResponse, ModelSettings, ModelTracing, Tool, Usage
from agents.items import TResponseInputItem, TResponseStreamEvent
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseOutputText,
    ResponseTextDeltaEvent,
)
from openai.types.responses.response_usage import InputTokensDetails, OutputTokensDetails, ResponseUsage

from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use, read_talk

NAME = "offline"

Plan = Callable[[Talk], Move]


class OfflineModel(Model):
    """Answers in one agent's place by that agent's plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        **_: Any,
    ) -> ModelResponse:
        response = self._respond(system_instructions, input, tools, handoffs)
        usage = Usage(requests=1, input_tokens=_input_tokens(response), output_tokens=_output_tokens(response))
        return ModelResponse(output=response.output, usage=usage, response_id=None)

    async def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        **_: Any,
    ) -> AsyncIterator[TResponseStreamEvent]:
        response = self._respond(system_instructions, input, tools, handoffs)
        number = 0
        for item in response.output:
            if isinstance(item, ResponseOutputMessage):
                for piece in _pieces(item):
                    yield _delta(item.id, piece, number)
                    number += 1
        yield ResponseCompletedEvent(type="response.completed", response=response, sequence_number=number)

    def _respond(
        self, instructions: str | None, given: str | list[TResponseInputItem], tools: list[Tool], handoffs: list[Any]
    ) -> Response:
        names = frozenset(tool.name for tool in tools)
        others = frozenset(str(handoff.tool_name).removeprefix("transfer_to_") for handoff in handoffs)
        talk = read_talk(instructions, given, names, others)
        move = self._plan(talk)
        asked = json.dumps([instructions, given], default=str, sort_keys=True)
        return _response(move, hashlib.sha256(asked.encode()).hexdigest()[:24], len(asked))


def _response(move: Move, mark: str, asked: int) -> Response:
    item = _item(move, mark)
    written = len(item.model_dump_json())
    usage = ResponseUsage(
        input_tokens=asked // 4,
        input_tokens_details=InputTokensDetails.model_construct(cached_tokens=0),
        output_tokens=written // 4,
        output_tokens_details=OutputTokensDetails(reasoning_tokens=0),
        total_tokens=(asked + written) // 4,
    )
    return Response(
        id=f"resp_{mark}",
        created_at=0,
        model=NAME,
        object="response",
        output=[item],
        tool_choice="auto",
        tools=[],
        parallel_tool_calls=False,
        usage=usage,
    )


def _item(move: Move, mark: str) -> ResponseOutputMessage | ResponseFunctionToolCall:
    match move:
        case Say(text):
            content = ResponseOutputText(type="output_text", text=text, annotations=[])
            return ResponseOutputMessage(
                id=f"msg_{mark}", type="message", role="assistant", status="completed", content=[content]
            )
        case Use(tool, arguments):
            return _call(tool, arguments, mark)
        case HandTo(agent):
            return _call(f"transfer_to_{agent}", {}, mark)


def _call(name: str, arguments: dict[str, Any], mark: str) -> ResponseFunctionToolCall:
    words = json.dumps(arguments, ensure_ascii=False, default=str)
    return ResponseFunctionToolCall(
        id=f"fc_{mark}", call_id=f"call_{mark}", type="function_call", name=name, arguments=words
    )


def _pieces(message: ResponseOutputMessage) -> list[str]:
    text = "".join(part.text for part in message.content if isinstance(part, ResponseOutputText))
    return re.findall(r"(?:\S+\s*){1,6}|\s+", text)


def _delta(item_id: str, piece: str, number: int) -> ResponseTextDeltaEvent:
    return ResponseTextDeltaEvent(
        type="response.output_text.delta",
        item_id=item_id,
        output_index=0,
        content_index=0,
        delta=piece,
        logprobs=[],
        sequence_number=number,
    )


def _input_tokens(response: Response) -> int:
    return response.usage.input_tokens if response.usage else 0


def _output_tokens(response: Response) -> int:
    return response.usage.output_tokens if response.usage else 0
