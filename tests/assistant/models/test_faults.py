"""Whatever goes wrong at the provider ends in one sentence, and the next question is answered."""

import asyncio
import socket
import time
from typing import Any

import pytest
from agents import Agent, Runner

from assistant.models.room import ModelRoom
from knowledge.errors import AdroomError, Invalid, Upstream
from tests.assistant.models.conftest import Desk, RoomOf
from tests.model_server import ModelServer, Reply, fault, say

STREAMING = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def talk(room: ModelRoom, desk: Desk, *, stream: bool, text: str = "Hello") -> str:
    agent = Agent(name="a", instructions="Be brief.", model=room.model("manager", desk.attempt()))
    if not stream:
        return str((await Runner.run(agent, text)).final_output)
    result = Runner.run_streamed(agent, text)
    async for _ in result.stream_events():
        pass
    return str(result.final_output)


async def refused(room: ModelRoom, desk: Desk, *, stream: bool) -> AdroomError:
    with pytest.raises(AdroomError) as caught:
        await talk(room, desk, stream=stream)
    return caught.value


SENTENCES: list[tuple[Any, type[AdroomError], bool, str]] = [
    ("unauthorised", Upstream, False, "refused our key"),
    ("too_many_requests", Upstream, True, "too many requests"),
    ("no_credit", Upstream, False, "out of credit"),
    ("server_error", Upstream, True, "problem of its own"),
    ("unknown_model", Upstream, False, "does not know test-model"),
    ("too_long", Invalid, False, "more text than test-model can read"),
    ("cut", Upstream, True, "broke off|could not be read"),
    ("ends_early", Upstream, True, "broke off|could not be read"),
    ("malformed", Upstream, True, "could not be read"),
]


@STREAMING
@pytest.mark.parametrize(("kind", "family", "retryable", "words"), SENTENCES)
async def test_every_fault_is_one_sentence_and_the_next_question_is_answered(
    room: ModelRoom,
    desk: Desk,
    model_server: ModelServer,
    caplog: pytest.LogCaptureFixture,
    kind: Any,
    family: type[AdroomError],
    retryable: bool,
    words: str,
    stream: bool,
) -> None:
    import re

    model_server.replies(fault(kind), say("Hello again."))
    error = await refused(room, desk, stream=stream)
    assert isinstance(error, family)
    assert error.facts["retryable"] is retryable
    assert re.search(words, str(error)), str(error)
    assert "\n" not in str(error) and "sk-" not in str(error) and "127.0.0.1" not in str(error)
    assert str(error)[-1] == "."
    assert await talk(room, desk, stream=stream) == "Hello again."


@STREAMING
async def test_an_answer_that_hits_its_length_limit_says_so(
    room: ModelRoom, desk: Desk, model_server: ModelServer, api: str, stream: bool
) -> None:
    model_server.replies(fault("incomplete", text="" if api == "chat_completions" else "Half of", output_tokens=100))
    error = await refused(room, desk, stream=stream)
    assert "length limit" in str(error) and error.facts["retryable"] is False
    assert await desk.spent() > 0 and await desk.reserved() == 0


@STREAMING
async def test_a_provider_that_gives_up_in_the_middle_is_reported_once(
    room: ModelRoom, desk: Desk, model_server: ModelServer, api: str, stream: bool
) -> None:
    if api == "chat_completions" and not stream:
        pytest.skip("a whole chat completion has no way to say so")
    model_server.replies(fault("gave_up"))
    error = await refused(room, desk, stream=stream)
    assert "gave up" in str(error) and error.facts["retryable"]


@STREAMING
async def test_a_provider_that_asks_for_patience_gets_it(
    room_of: RoomOf, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    room = room_of(retries=2, patience=1)
    model_server.replies(fault("too_many_requests", retry_after=0.3), say("Now."))
    began = time.monotonic()
    assert await talk(room, desk, stream=stream) == "Now."
    assert 0.3 <= time.monotonic() - began < 5
    assert model_server.paid == 1


@STREAMING
async def test_a_provider_that_asks_for_more_than_our_patience_is_reported_at_once(
    room_of: RoomOf, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    room = room_of(retries=2, patience=20)
    model_server.replies(fault("too_many_requests", retry_after=300))
    began = time.monotonic()
    error = await refused(room, desk, stream=stream)
    assert time.monotonic() - began < 10
    assert "5 minutes" in str(error) and error.facts["retry_after"] == 300
    assert len(model_server.requests) == 1


@STREAMING
async def test_a_provider_in_trouble_is_tried_again_but_never_for_ever(
    room_of: RoomOf, desk: Desk, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    monkeypatch.setattr("assistant.models.endpoint.FIRST_WAIT", 0.01)
    room = room_of(retries=2)
    model_server.replies(fault("server_error"), fault("server_error"), say("Back."))
    assert await talk(room, desk, stream=stream) == "Back."
    model_server.replies(*[fault("server_error")] * 5)
    await refused(room, desk, stream=stream)
    assert len(model_server.requests) == 6


@STREAMING
async def test_what_may_have_been_billed_is_not_asked_again_behind_the_persons_back(
    room_of: RoomOf, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    room = room_of(retries=2)
    model_server.replies(fault("cut"))
    await refused(room, desk, stream=stream)
    assert len(model_server.requests) == 1


@STREAMING
async def test_a_slow_first_byte_ends_in_a_sentence(
    room_of: RoomOf, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    room = room_of(request_timeout=0.3, silence_timeout=0.3, retries=2)
    model_server.replies(say("Too late.", delay=20))
    began = time.monotonic()
    error = await refused(room, desk, stream=stream)
    assert time.monotonic() - began < 10
    assert len(model_server.requests) == 1
    assert "took too long" in str(error) and error.facts["retryable"]
    assert await desk.spent() > 0 and await desk.reserved() == 0


async def test_a_stream_that_falls_silent_or_never_ends_is_given_up(
    room_of: RoomOf, desk: Desk, model_server: ModelServer
) -> None:
    for changes, reply in (
        ({"silence_timeout": 0.2}, say("one two three", pace=20)),
        ({"request_timeout": 0.5}, say("word " * 1000, pace=0.05)),
    ):
        model_server.replies(reply)
        error = await refused(room_of(**changes), desk, stream=True)
        assert "took too long" in str(error)


@STREAMING
async def test_an_unreachable_provider_is_named_as_such_and_costs_nothing(
    room_of: RoomOf, desk: Desk, stream: bool
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        room = room_of(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        error = await refused(room, desk, stream=stream)
    assert "cannot be reached" in str(error) and "OPENAI_BASE_URL" in str(error) and error.facts["retryable"]
    assert await desk.spent() == await desk.reserved() == 0


@STREAMING
@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n"], ids=["nothing", "the head"])
async def test_a_connection_that_breaks_off_after_we_asked_may_have_been_billed_and_is_not_tried_again(
    room_of: RoomOf, desk: Desk, stream: bool, said: bytes
) -> None:
    asked = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1")
    async with server:
        room = room_of(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
        error = await refused(room, desk, stream=stream)
    assert asked == 1 and error.facts["billed"] is True and "broke off" in str(error)


@STREAMING
async def test_a_fault_in_an_agent_used_as_a_tool_reaches_the_person_as_it_is(
    room: ModelRoom, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    from tests.model_server import tool_call

    scope = desk.attempt()
    critic = Agent(name="critic", model=room.model("critic", scope.for_agent("critic")))
    review = critic.as_tool("review", "Review", failure_error_function=None)
    cmo = Agent(name="cmo", model=room.model("manager", scope), tools=[review])
    model_server.replies(tool_call("review", input="it"), fault("unauthorised"))
    with pytest.raises(Upstream, match="refused our key"):
        if stream:
            async for _ in Runner.run_streamed(cmo, "Hello").stream_events():
                pass
        else:
            await Runner.run(cmo, "Hello")


@STREAMING
async def test_bad_arguments_and_unknown_tools_are_the_agents_to_mend(
    room: ModelRoom, desk: Desk, model_server: ModelServer, stream: bool
) -> None:
    from agents import RunConfig, function_tool

    from tests.model_server import Call

    @function_tool
    async def look_up(subject: str) -> str:
        """Look up."""
        return "found " + subject

    agent = Agent(name="a", model=room.model("manager", desk.attempt()), tools=[look_up])
    model_server.replies(
        Reply(calls=(Call("look_up", "{not json"),)),
        Reply(calls=(Call("nonsense", {}),)),
        Reply(calls=(Call("look_up", {"subject": "oats"}),)),
        say("Done."),
    )
    config = RunConfig(tool_not_found_behavior="return_error_to_model")
    if stream:
        result: Any = Runner.run_streamed(agent, "Hello", run_config=config)
        async for _ in result.stream_events():
            pass
    else:
        result = await Runner.run(agent, "Hello", run_config=config)
    assert result.final_output == "Done."
    assert model_server.requests[-1].request.last_output == "found oats"


async def test_a_bug_of_ours_is_not_taken_for_a_fault_of_the_provider(
    room: ModelRoom, desk: Desk, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("assistant.models.endpoint._Finished.__anext__", broken)
    monkeypatch.setattr("agents.models.openai_responses.OpenAIResponsesModel._fetch_response", broken)
    with pytest.raises(ZeroDivisionError):
        await talk(room, desk, stream=True)
    assert await desk.reserved() == 0


async def test_nothing_is_sent_to_openais_tracing(
    room: ModelRoom, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    from agents.tracing import get_trace_provider

    provider: Any = get_trace_provider()
    assert provider._multi_processor._processors == ()


async def test_the_limit_on_the_answer_and_the_wish_for_usage_are_in_every_request(
    room: ModelRoom, desk: Desk, model_server: ModelServer, api: str
) -> None:
    for stream in (False, True):
        await talk(room, desk, stream=stream)
    assert [recorded.request.max_tokens for recorded in model_server.requests] == [100, 100]
    if api == "chat_completions":
        assert model_server.requests[1].request.body["stream_options"] == {"include_usage": True}
