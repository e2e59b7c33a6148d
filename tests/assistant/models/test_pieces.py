"""A model's words arrive in fewer pieces than they were sent in, and nothing else about an answer changes."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any

import pytest
from agents import Agent, Runner
from openai.types.responses import ResponseTextDeltaEvent

from assistant.models.pieces import Pieces
from assistant.models.room import ModelRoom
from assistant.models.settings import Api
from assistant.models.transport import GATHER
from knowledge.errors import Upstream
from tests.assistant.models.conftest import Desk
from tests.model_server import Call, ModelRequest, ModelServer, Reply, fault, say, wire

WORDS = "Ein Satz für Ünal, voller 🎾 and “quotes”, with \\ and\nlines.  Two spaces, then  " + "word " * 40


def request(api: Api) -> ModelRequest:
    body = {"stream_options": {"include_usage": True}}
    return ModelRequest(api, "m", True, "", (), {}, (), None, body)


def sent(api: Api, reply: Reply) -> list[bytes]:
    """A model's stream, event by event."""
    events = (wire.responses_events if api == "responses" else wire.chat_events)(request(api), reply)
    return [_bytes(name, data) for name, data in events]


def _bytes(name: str | None, data: Any) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data)
    return ((f"event: {name}\n" if name else "") + f"data: {text}\n\n").encode()


async def read(*reads: bytes) -> list[Any]:
    """What is read of a stream that comes in these reads."""

    async def come() -> AsyncGenerator[bytes]:
        for one in reads:
            yield one

    return [
        event.data if event.data.startswith("[DONE]") else event.json() async for event in Pieces().aiter_bytes(come())
    ]


def text_of(event: Any) -> str | None:
    if isinstance(event, dict) and event.get("type") == "response.output_text.delta":
        return event["delta"]
    choices = event.get("choices") if isinstance(event, dict) else None
    return choices[0]["delta"].get("content") if choices else None


def texts(events: list[Any]) -> list[str]:
    return [text for event in events if (text := text_of(event))]


def others(events: list[Any]) -> list[Any]:
    return [event for event in events if text_of(event) is None]


async def test_words_that_came_together_are_one_piece_and_all_else_is_as_it_was_sent(api: Api) -> None:
    reply = Reply(text=WORDS, calls=(Call("look", {"at": "both"}), Call("look", {"at": "both"})))
    each = sent(api, reply)
    apart, together = await read(*each), await read(b"".join(each))
    assert len(texts(apart)) > 40 and "".join(texts(apart)) == WORDS
    assert texts(together) == [WORDS]
    assert others(together) == others(apart)


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
async def test_where_the_network_cuts_a_stream_and_how_its_lines_end_changes_no_word(
    api: Api, size: int, end: str
) -> None:
    each = sent(api, say(WORDS))
    stream = b"".join(each).replace(b"\n", end.encode())
    events = await read(*(stream[at : at + size] for at in range(0, len(stream), size)))
    assert "".join(texts(events)) == WORDS
    assert others(events) == others(await read(*each))


async def test_pieces_of_two_texts_stay_apart_and_in_their_order() -> None:
    def piece(item: str, text: str, number: int) -> bytes:
        at = {"item_id": item, "output_index": 0, "content_index": 0, "logprobs": [], "obfuscation": "x" * number}
        data = {"type": "response.output_text.delta", "delta": text, "sequence_number": number, **at}
        return _bytes("response.output_text.delta", data)

    events = await read(piece("a", "1", 1) + piece("a", "2", 2) + piece("b", "3", 3) + piece("a", "4", 4))
    assert [(event["item_id"], event["delta"]) for event in events] == [("a", "12"), ("b", "3"), ("a", "4")]


@pytest.mark.parametrize(
    "more",
    [
        {"delta": {"content": "", "tool_calls": [{"index": 0, "function": {"arguments": "1"}}]}},
        {"delta": {"content": "", "reasoning_content": "ha"}},
        {"logprobs": {"content": [{"token": "a", "logprob": -1.0}]}},
        {"finish_reason": "stop"},
    ],
    ids=["arguments", "thoughts", "likelihoods", "ends"],
)
async def test_what_is_more_than_text_is_never_joined_however_alike_it_looks(more: dict[str, Any]) -> None:
    choice = {"index": 0, "delta": {"content": "a"}, "logprobs": None, "finish_reason": None, **more}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    assert await read(_bytes(None, chunk) * 3) == [chunk] * 3


@pytest.mark.parametrize("broken", [b"data: {not json\n\n", b"data: \xff\n\n"], ids=["json", "utf8"])
async def test_what_cannot_be_read_keeps_the_words_before_it(api: Api, broken: bytes) -> None:
    said = ""

    async def come() -> AsyncGenerator[bytes]:
        yield b"".join(sent(api, say(WORDS))[:12]) + broken

    with pytest.raises(ValueError, match=r"Expecting property name|invalid start byte"):
        async for event in Pieces().aiter_bytes(come()):
            said += text_of(event.json()) or ""
    assert said and WORDS.startswith(said)


# ---------------------------------------------------------------- through the door


async def heard(room: ModelRoom, desk: Desk, hear: Callable[[str], None]) -> None:
    agent = Agent(name="a", instructions="Be brief.", model=room.model("manager", desk.attempt()))
    async for event in Runner.run_streamed(agent, "Hello").stream_events():
        if event.type == "raw_response_event" and isinstance(event.data, ResponseTextDeltaEvent):
            hear(event.data.delta)


async def test_a_fast_model_is_heard_in_few_pieces_the_first_of_them_at_once(
    room: ModelRoom, desk: Desk, model_server: ModelServer
) -> None:
    model_server.replies(say(WORDS, pace=GATHER / 12))
    pieces: list[str] = []
    await heard(room, desk, pieces.append)
    assert "".join(pieces) == WORDS
    assert len(pieces) < len(texts(await read(*sent("responses", say(WORDS))))) / 2
    assert len(pieces[0].split()) == 1, "nobody waits for the second word to see the first"


async def test_a_slow_model_is_heard_word_by_word(room: ModelRoom, desk: Desk, model_server: ModelServer) -> None:
    model_server.replies(say("One by one they come.", pace=3 * GATHER))
    pieces: list[str] = []
    await heard(room, desk, pieces.append)
    assert "".join(pieces) == "One by one they come." and len(pieces) >= 3


async def test_words_that_came_before_a_break_are_heard(
    room: ModelRoom, desk: Desk, model_server: ModelServer, api: Api
) -> None:
    model_server.replies(replace(fault("ends_early", text=WORDS), pace=GATHER / 12), say("Again."))
    pieces: list[str] = []
    with pytest.raises(Upstream):
        await heard(room, desk, pieces.append)
    assert "".join(pieces) == WORDS
    assert await desk.reserved() == 0
    await asyncio.wait_for(heard(room, desk, pieces.append), 5)
    assert pieces[-1] == "Again."
