"""The loopback provider speaks as the real ones do: their own client reads it."""

import json
from pathlib import Path

import pytest
from openai import APIStatusError, AsyncOpenAI

from tests.model_server import ModelServer, Script, fault, say, tool_call
from tests.model_server.fixture import model_server, provider

__all__ = ["model_server", "provider"]


def client(server: ModelServer) -> AsyncOpenAI:
    return AsyncOpenAI(api_key=server.key, base_url=server.base_url, max_retries=0)


async def test_the_client_of_the_real_api_reads_answers_and_calls(model_server: ModelServer) -> None:
    model_server.replies(say("Hello there."), tool_call("look_up", subject="oats"))
    async with client(model_server) as openai:
        response = await openai.responses.create(model="m", input="Hi", max_output_tokens=9)
        chat = await openai.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])
    assert response.output_text == "Hello there." and response.usage is not None
    calls = chat.choices[0].message.tool_calls
    assert calls is not None and json.loads(calls[0].function.arguments) == {"subject": "oats"}  # type: ignore[union-attr]
    assert [recorded.request.last_user for recorded in model_server.requests] == ["Hi", "Hi"]
    assert model_server.requests[0].request.max_tokens == 9


async def test_streams_hold_the_same_text_piece_by_piece(model_server: ModelServer) -> None:
    model_server.replies(say("one two three"), say("one two three"))
    async with client(model_server) as openai:
        events = [event async for event in await openai.responses.create(model="m", input="Hi", stream=True)]
        chunks = [
            chunk
            async for chunk in await openai.chat.completions.create(
                model="m",
                messages=[{"role": "user", "content": "Hi"}],
                stream=True,
                stream_options={"include_usage": True},
            )
        ]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert deltas == ["one ", "two ", "three"] and events[-1].type == "response.completed"
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == "one two three" and chunks[-1].usage is not None


async def test_only_work_that_was_done_counts_as_paid(model_server: ModelServer) -> None:
    model_server.replies(fault("server_error"), say("ok"))
    async with client(model_server) as openai:
        with pytest.raises(APIStatusError):
            await openai.responses.create(model="m", input="Hi")
        await openai.responses.create(model="m", input="Hi")
        openai.api_key = "wrong"
        with pytest.raises(APIStatusError):
            await openai.responses.create(model="m", input="Hi")
    assert (model_server.paid, len(model_server.requests)) == (1, 3)


def test_a_script_file_lists_replies(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps([{"text": "one"}, {"calls": [{"name": "f", "arguments": {"a": 1}}], "delay": 0.1}]))
    script = Script.load(path)
    first, second = script.next(None), script.next(None)  # type: ignore[arg-type]
    assert (first.text, second.calls[0].raw, second.delay) == ("one", '{"a": 1}', 0.1)
