"""Connections to a model's endpoint, on real sockets."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from assistant.models import transport
from assistant.models.transport import Transport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Endpoint:
    """Answers every request on a connection that it leaves open; ``opened`` counts connections."""

    def __init__(self) -> None:
        self.opened = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(ANSWER)
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1/models"
    yield made
    server.close()


async def ask(client: httpx2.AsyncClient, endpoint: Endpoint) -> None:
    assert (await client.get(endpoint.url)).text == "ok"


async def test_a_connection_is_used_again_at_once(endpoint: Endpoint) -> None:
    async with httpx2.AsyncClient(transport=Transport()) as client:
        await ask(client, endpoint)
        await ask(client, endpoint)
    assert endpoint.opened == 1


async def test_a_connection_that_lay_idle_for_as_long_as_servers_keep_theirs_is_not_used_again(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert transport.IDLE < 5
    monkeypatch.setattr(transport, "IDLE", 0.05)
    async with httpx2.AsyncClient(transport=Transport()) as client:
        await ask(client, endpoint)
        await asyncio.sleep(0.2)
        await ask(client, endpoint)
    assert endpoint.opened == 2
