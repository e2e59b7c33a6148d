"""A real model behind an OpenAI-compatible endpoint, over Responses or Chat Completions.

What always holds: every call has a limit on its answer, a deadline over all its retries and a limit on silence;
streams ask for usage; a stream that ends without saying that it is complete is a fault, not an answer; every fault
comes out as ``faults`` words it. A call is tried again only while nothing of its answer was handed on, and only when
the provider certainly did not bill it. Nothing is reported to OpenAI's tracing.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from functools import cached_property
from typing import Any, cast

import httpx2
from agents import Model, ModelResponse, ModelSettings, OpenAIChatCompletionsModel, OpenAIResponsesModel
from agents.items import TResponseStreamEvent
from openai import AsyncOpenAI, AsyncStream, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseOutputItem,
    ResponseOutputItemDoneEvent,
    ResponseTextDeltaEvent,
)
from pydantic import ValidationError
from typing_extensions import override

from assistant.models.ask import Ask, AskedModel
from assistant.models.faults import FAULTS, cut_off, explain
from assistant.models.pieces import Pieces, text_in
from assistant.models.settings import Api, ModelRoomSettings
from assistant.models.transport import GATHERING, Transport
from knowledge.errors import AdroomError

OPENAI_URL = "https://api.openai.com/v1"
CONNECT_TIMEOUT = 10.0
#: the first wait before trying again, in seconds; each further one is three times as long
FIRST_WAIT = 0.5


def open_client(settings: ModelRoomSettings) -> AsyncOpenAI:
    """One client, and so one connection pool, for all roles. Retries are ours: the SDK's know nothing of money."""
    timeout = httpx2.Timeout(settings.silence_timeout, connect=CONNECT_TIMEOUT)
    return Client(
        api_key=settings.api_key,
        base_url=settings.base_url or OPENAI_URL,
        max_retries=0,
        timeout=timeout,
        http_client=httpx2.AsyncClient(transport=Transport(), timeout=timeout),
    )


class Client(AsyncOpenAI):
    """The SDK holds every event of a stream against fifty kinds; most by far are a piece of text, which says so.

    With the first of them the gathering begins: it waits for nothing itself, those after it come a few at a time.
    """

    @cached_property
    @override
    def chat(self) -> AsyncChat:  # pyright: ignore[reportIncompatibleMethodOverride] - a cached property there too
        return _Chat(self)

    @override
    def _make_sse_decoder(self) -> Pieces:
        return Pieces()

    @override
    def _process_response_data(self, *, data: object, cast_to: type[Any], response: httpx2.Response) -> Any:
        event = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
        place = text_in(event)
        if place is not None and place[0][place[1]] and GATHERING in response.extensions:
            response.extensions[GATHERING]()
        if event.get("type") == "response.output_text.delta":
            with suppress(ValidationError):  # a server that leaves something out: the SDK is more lenient
                return ResponseTextDeltaEvent.model_validate(event)
        return super()._process_response_data(data=cast(object, data), cast_to=cast_to, response=response)


class _Chat(AsyncChat):
    @cached_property
    @override
    def completions(self) -> AsyncCompletions:  # pyright: ignore[reportIncompatibleMethodOverride] - as above
        return _Completions(self._client)


class _Completions(AsyncCompletions):
    """The messages and tools go into the request as they are, as in ``_Responses``."""

    @override
    async def create(self, **given: Any) -> Any:
        plain = {name: given.pop(name) for name in ("messages", "tools") if not isinstance(given[name], Omit)}
        given["extra_body"] = plain | (given["extra_body"] or {})
        return await cast(Any, super()).create(messages=[], **given)


class Endpoint(AskedModel):
    """The model ``name`` at ``client``."""

    def __init__(self, name: str, client: AsyncOpenAI, settings: ModelRoomSettings) -> None:
        self._name, self._settings = name, settings
        self._inner = sdk_model(name, client, settings.api)
        self._official = settings.base_url is None

    async def answer(self, ask: Ask) -> ModelResponse:
        # without a stream the whole answer is one silence, so only the deadline counts
        ask = self._prepared(ask, read_timeout=self._settings.request_timeout)
        deadline = self._deadline()
        for attempt in range(self._settings.retries + 1):
            try:
                async with asyncio.timeout_at(deadline):
                    return await ask.answered_by(self._inner)
            except FAULTS as fault:
                await self._wait_or_raise(explain(fault, self._name), attempt, deadline)
        raise AssertionError("the last attempt raises")

    async def stream(self, ask: Ask) -> AsyncGenerator[TResponseStreamEvent, None]:
        ask = self._prepared(ask)
        deadline = self._deadline()
        for attempt in range(self._settings.retries + 1):
            started = False
            try:
                async with aclosing(self._events(ask, deadline)) as events:
                    async for event in events:
                        started = True
                        yield event
                return
            except FAULTS as fault:
                error = explain(fault, self._name, started=started)
                if started:
                    raise error from fault
                await self._wait_or_raise(error, attempt, deadline)

    async def _events(self, ask: Ask, deadline: float) -> AsyncGenerator[TResponseStreamEvent, None]:
        """The SDK's events under the deadline; the completed one holds all items, also where the provider did not."""
        items: list[ResponseOutputItem] = []
        async with aclosing(cast("AsyncGenerator[TResponseStreamEvent, None]", ask.streamed_by(self._inner))) as events:
            while True:
                async with asyncio.timeout_at(deadline):
                    event = await anext(events, None)
                if event is None:
                    return
                if isinstance(event, ResponseOutputItemDoneEvent):
                    items.append(event.item)
                elif isinstance(event, ResponseCompletedEvent) and not event.response.output:
                    event.response.output = items
                given = asyncio.get_running_loop().time()
                yield event
                deadline += asyncio.get_running_loop().time() - given  # what is done with it is not the provider's time

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._settings.request_timeout

    def _prepared(self, ask: Ask, read_timeout: float | None = None) -> Ask:
        extra: dict[str, Any] = dict(ask.settings.extra_args or {})
        if read_timeout is not None:
            extra["timeout"] = httpx2.Timeout(read_timeout, connect=CONNECT_TIMEOUT)
        settings = ask.settings.resolve(ModelSettings(include_usage=True))
        if self._settings.api == "chat_completions" and self._official:
            # OpenAI's own reasoning models refuse max_tokens; other servers know nothing else
            extra["max_completion_tokens"] = settings.max_tokens
            settings.max_tokens = None
        settings.extra_args = extra or None
        return ask.with_exactly(settings)

    async def _wait_or_raise(self, error: AdroomError, attempt: int, deadline: float) -> None:
        """Wait as long as the provider asks, within our patience and the deadline; else raise ``error``."""
        facts = error.facts
        wait = facts.get("retry_after")
        if wait is None:
            wait = FIRST_WAIT * 3**attempt * random.uniform(0.75, 1.25)  # noqa: S311 - spreading, not secrecy
        too_late = asyncio.get_running_loop().time() + wait >= deadline
        last = attempt >= self._settings.retries
        if not facts.get("retryable") or facts["billed"] or last or wait > self._settings.patience or too_late:
            raise error
        await asyncio.sleep(wait)


def sdk_model(name: str, client: AsyncOpenAI, api: Api) -> Model:
    if api == "responses":
        return _Responses(model=name, openai_client=client)
    return _ChatCompletions(model=name, openai_client=client)


class _Responses(OpenAIResponsesModel):
    """What is asked and the tools go into the request as they are: the SDK looks through all of it, with every schema, for
    names that the API writes otherwise (there are none), and nobody else is served meanwhile."""

    @override
    def _build_response_create_kwargs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made = super()._build_response_create_kwargs(*args, **kwargs)
        plain = {name: made.pop(name) for name in ("input", "tools") if not isinstance(made[name], Omit)}
        return made | {"extra_body": plain | (made["extra_body"] or {})}


class _ChatCompletions(OpenAIChatCompletionsModel):
    """The SDK takes a stream without a finish reason for complete, except OpenAI's own; here it counts as cut."""

    async def _fetch_response(self, *args: Any, **kwargs: Any) -> Any:
        fetched = cast(Any, await super()._fetch_response(*args, **kwargs))
        if not kwargs["stream"]:
            return fetched
        response, chunks = cast("tuple[Any, AsyncStream[ChatCompletionChunk]]", fetched)
        return response, _Finished(chunks, str(self.model))


class _Finished(AsyncIterator[ChatCompletionChunk]):
    """The chunks of a stream, raising when it ends before the provider gave a reason for ending."""

    def __init__(self, chunks: AsyncStream[ChatCompletionChunk], model: str) -> None:
        self._chunks, self._model, self._finished = chunks, model, False
        self.response = chunks.response

    async def __anext__(self) -> ChatCompletionChunk:
        try:
            chunk = await anext(self._chunks)
        except StopAsyncIteration:
            if not self._finished:
                raise cut_off(self._model) from None
            raise
        self._finished = self._finished or any(choice.finish_reason for choice in chunk.choices)
        return chunk

    async def aclose(self) -> None:
        await self._chunks.close()
