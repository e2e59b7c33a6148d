"""The door's own socket."""

import asyncio
import socket
from dataclasses import replace

import app
from assistant.settings import read_settings
from tests.process.product import free_port


async def test_small_pieces_are_sent_without_waiting_for_the_last_ones_receipt() -> None:
    settings = replace(read_settings({"ADROOM_HOME": "/nonexistent"}), port=free_port())
    at_once: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def came_in(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at_once.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with app._listening(app.Place(), settings) as listener:
        assert listener is not None
        async with await asyncio.start_server(came_in, sock=listener):
            _, writer = await asyncio.open_connection(settings.host, settings.port)
            assert await at_once
            writer.close()
