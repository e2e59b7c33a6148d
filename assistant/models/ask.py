"""One question to a model as a value, and the base of every model that wraps another.

The SDK calls a model in two ways with ten arguments each; a wrapper here writes ``answer`` and ``stream`` with one.
"""

import abc
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from agents import AgentOutputSchemaBase, Handoff, Model, ModelResponse, ModelSettings, ModelTracing, Tool
from agents.items import TResponseInputItem, TResponseStreamEvent
from agents.tool import FunctionTool
from openai.types.responses.response_prompt_param import ResponsePromptParam
from pydantic import TypeAdapter

#: what a picture or a file behind a link may cost in tokens, which its address does not tell
LINKED_PART_TOKENS = 20_000
_JSON: TypeAdapter[Any] = TypeAdapter(Any)
_LINKS = (b"image_url", b"file_url", b"file_id")


@dataclass(frozen=True)
class Ask:
    """Everything that goes to the model with one call, in the SDK's own types."""

    instructions: str | None
    input: str | list[TResponseInputItem]
    settings: ModelSettings
    tools: list[Tool]
    output_schema: AgentOutputSchemaBase | None
    handoffs: list[Handoff]
    tracing: ModelTracing
    previous_response_id: str | None
    conversation_id: str | None
    prompt: ResponsePromptParam | None

    def with_settings(self, override: ModelSettings) -> "Ask":
        """The same question; what ``override`` sets wins."""
        return self.with_exactly(self.settings.resolve(override))

    def with_exactly(self, settings: ModelSettings) -> "Ask":
        """The same question under ``settings``."""
        return replace(self, settings=settings)

    async def answered_by(self, model: Model) -> ModelResponse:
        if isinstance(model, AskedModel):
            return await model.answer(self)
        return await model.get_response(*self._arguments(), **self._keywords())

    def streamed_by(self, model: Model) -> AsyncIterator[TResponseStreamEvent]:
        if isinstance(model, AskedModel):
            return model.stream(self)
        return model.stream_response(*self._arguments(), **self._keywords())

    @cached_property
    def content(self) -> bytes:
        """What the model is asked, as JSON, without anything that differs between two equal questions.

        Unset fields stay out: an explicit null would make an equal question look new.
        """
        text = json.dumps(self._parts(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")

    def most_input_tokens(self) -> int:
        """An upper bound of the input's tokens: its bytes as JSON, since no tokeniser makes more than one a byte."""
        links = sum(self.content.count(b'"%b":"' % name) for name in _LINKS)
        return len(self.content) + LINKED_PART_TOKENS * links

    def _parts(self) -> dict[str, Any]:
        return {
            "instructions": self.instructions,
            "input": _JSON.dump_python(self.input, mode="json", exclude_unset=True),
            "tools": [_tool_face(tool) for tool in self.tools],
            "handoffs": [
                [handoff.tool_name, handoff.tool_description, handoff.input_json_schema] for handoff in self.handoffs
            ],
            "schema": _schema_face(self.output_schema),
            "tool_choice": _JSON.dump_python(self.settings.tool_choice, mode="json"),
        }

    def _arguments(self) -> tuple[Any, ...]:
        return (
            self.instructions,
            self.input,
            self.settings,
            self.tools,
            self.output_schema,
            self.handoffs,
            self.tracing,
        )

    def _keywords(self) -> dict[str, Any]:
        return {
            "previous_response_id": self.previous_response_id,
            "conversation_id": self.conversation_id,
            "prompt": self.prompt,
        }


class AskedModel(Model, abc.ABC):
    """A model that gets its question as an ``Ask``."""

    @abc.abstractmethod
    async def answer(self, ask: Ask) -> ModelResponse:
        """The whole response at once."""

    @abc.abstractmethod
    def stream(self, ask: Ask) -> AsyncGenerator[TResponseStreamEvent, None]:
        """The response's events; the last one is ``response.completed`` with all of it."""

    async def get_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> ModelResponse:
        ask = Ask(
            system_instructions,
            input,
            model_settings,
            tools,
            output_schema,
            handoffs,
            tracing,
            previous_response_id,
            conversation_id,
            prompt,
        )
        return await self.answer(ask)

    def stream_response(
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> AsyncIterator[TResponseStreamEvent]:
        ask = Ask(
            system_instructions,
            input,
            model_settings,
            tools,
            output_schema,
            handoffs,
            tracing,
            previous_response_id,
            conversation_id,
            prompt,
        )
        return self.stream(ask)


def _tool_face(tool: Tool) -> list[Any]:
    if isinstance(tool, FunctionTool):
        return [tool.name, tool.description, tool.params_json_schema]
    return [tool.name]


def _schema_face(schema: AgentOutputSchemaBase | None) -> Any:
    if schema is None or schema.is_plain_text():
        return None
    return [schema.name(), schema.json_schema()]
