"""What is sent to a page arrives there, in order and nowhere else, over the shortened line as over the long one."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
import socketio
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from assistant.chat.line import shorten


@asynccontextmanager
async def served(server: socketio.AsyncServer) -> AsyncGenerator[str]:
    config = uvicorn.Config(socketio.ASGIApp(server), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/socket.io/?EIO=4&transport=websocket"
        web.should_exit = True
        await serving


@asynccontextmanager
async def page(url: str) -> AsyncGenerator[tuple[ClientConnection, str]]:
    """A page and the name under which the server knows it."""
    async with connect(url) as line:
        await line.recv()
        await line.send("40")
        yield line, json.loads(str(await line.recv())[2:])["sid"]


async def events(line: ClientConnection, count: int) -> list[Any]:
    async with asyncio.timeout(10):
        return [json.loads(str(await line.recv())[2:]) for _ in range(count)]


@pytest.fixture
def server() -> socketio.AsyncServer:
    made = socketio.AsyncServer(async_mode="asgi")
    shorten(made)
    made.on("connect", lambda sid, environ: None)
    return made


async def test_each_page_is_sent_its_own_in_order(server: socketio.AsyncServer) -> None:
    async with served(server) as url, page(url) as (one, first), page(url) as (other, second):
        for number in range(200):
            await server.emit("word", {"n": number}, to=first)
            await server.emit("word", f"{number}", to=second)
        await server.emit("nothing", to=first)
        await server.emit("both", (1, "ä"))
        seen, others = await events(one, 202), await events(other, 201)
    assert seen == [*(["word", {"n": number}] for number in range(200)), ["nothing"], ["both", 1, "ä"]]
    assert others == [*(["word", f"{number}"] for number in range(200)), ["both", 1, "ä"]]


async def test_a_page_that_is_asked_answers_and_one_that_is_gone_disturbs_nobody(server: socketio.AsyncServer) -> None:
    async with served(server) as url, page(url) as (here, sid):
        async with page(url) as (_, gone):
            pass
        await server.emit("word", "lost", to=gone)
        await server.emit("word", "lost", to="nobody")
        asked = asyncio.create_task(cast(Any, server).call("ask", "well?", to=sid, timeout=10))
        frame = str(await asyncio.wait_for(here.recv(), 10))
        assert frame.startswith("42") and frame.endswith('["ask","well?"]')
        await here.send(f"43{frame[2 : frame.index('[')]}" + json.dumps(["yes"]))
        assert await asked == "yes"


async def test_bytes_go_with_what_speaks_of_them(server: socketio.AsyncServer) -> None:
    async with served(server) as url, page(url) as (line, sid):
        await server.emit("picture", {"of": b"\x00\xff"}, to=sid)
        async with asyncio.timeout(10):
            assert str(await line.recv()).startswith('451-["picture"')
            assert await line.recv() == b"\x00\xff"


async def test_what_was_sent_before_a_farewell_still_arrives(server: socketio.AsyncServer) -> None:
    async with served(server) as url, page(url) as (line, sid):
        for number in range(20):
            await server.emit("word", number, to=sid)
        await server.disconnect(sid)
        seen = await events(line, 20)
    assert seen == [["word", number] for number in range(20)]
