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
        parts = ",".join(f'"{name}":{text}' for name, text in sorted(self._parts().items()))
        return f"{{{parts}}}".encode("utf-8", "surrogatepass")

    def most_input_tokens(self) -> int:
        """An upper bound of the input's tokens: its bytes as JSON, since no tokeniser makes more than one a byte."""
        links = sum(self.content.count(b'"%b":"' % name) for name in _LINKS)
        return len(self.content) + LINKED_PART_TOKENS * links

    def _parts(self) -> dict[str, str]:
        """Each part as JSON."""
        return {
            "instructions": _text(self.instructions),
            "input": _text(_JSON.dump_python(self.input, mode="json", exclude_unset=True)),
            "tools": f"[{','.join(map(_face, self.tools))}]",
            "handoffs": f"[{','.join(map(_face, self.handoffs))}]",
            "schema": _text(_schema_face(self.output_schema)),
            "tool_choice": _text(_JSON.dump_python(self.settings.tool_choice, mode="json")),
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


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


#: tools and handoffs outlive a turn and never change: their JSON is made once. Each lies beside its text, so that its
#: id stays its own
_faces: dict[int, tuple[Tool | Handoff, str]] = {}
MOST_FACES = 1000


def _face(part: Tool | Handoff) -> str:
    """What a model is shown of a tool or a handoff, as JSON."""
    if id(part) not in _faces:
        if len(_faces) >= MOST_FACES:
            _faces.clear()
        _faces[id(part)] = part, _text(_shown(part))
    return _faces[id(part)][1]


def _shown(part: Tool | Handoff) -> list[Any]:
    if isinstance(part, Handoff):
        return [part.tool_name, part.tool_description, part.input_json_schema]
    if isinstance(part, FunctionTool):
        return [part.name, part.description, part.params_json_schema]
    return [part.name]


def _schema_face(schema: AgentOutputSchemaBase | None) -> Any:
    if schema is None or schema.is_plain_text():
        return None
    return [schema.name(), schema.json_schema()]
