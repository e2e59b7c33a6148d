"""The line to a page: Socket.IO without the tasks that it makes for each packet.

What always holds: packets go out in the order in which they were sent, whoever they are for, and a page that takes
nothing for too long counts as gone, as Socket.IO has it. It makes a task for each page that is to have a packet, though
ours go to one, and under Python 3.11 another for each wait with a time limit.
"""

import asyncio
from typing import Any, cast

from engineio import exceptions
from engineio import packet as line_packet
from engineio.async_socket import AsyncSocket
from socketio import AsyncManager, AsyncServer
from typing_extensions import override


class Line(AsyncManager):
    """Sends what is for one page directly."""

    @override
    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Any = None,
        to: Any = None,
        **more: Any,
    ) -> None:
        line = cast(Any, super())  # it has no types
        pages: list[tuple[str, str]] = list(line.get_participants(namespace, to or room))
        if callback or skip_sid or len(pages) != 1:
            await line.emit(event, data, namespace, room, skip_sid, callback, to, **more)
            return
        words = cast("tuple[Any, ...]", data) if isinstance(data, tuple) else () if data is None else (data,)
        given: list[Any] = [event, *words]
        server = cast(Any, self.server)
        packet = server.packet_class(namespace=namespace, data=given)  # by default a packet is an event
        whole: Any = packet.encode()
        for part in cast("list[Any]", whole) if isinstance(whole, list) else [whole]:
            await server._send_eio_packet(pages[0][1], line_packet.Packet(line_packet.MESSAGE, part))


async def poll(page: Any) -> list[Any]:
    """All packets that wait to be sent to this page, and at least one; none when the line is to be closed.

    Raises QueueEmpty when there was none for too long."""
    try:
        async with asyncio.timeout(page.server.ping_interval + page.server.ping_timeout):
            packets = [await page.queue.get()]
    except (TimeoutError, asyncio.CancelledError):
        raise exceptions.QueueEmpty from None
    page.queue.task_done()
    while packets[-1] is not None and not page.queue.empty():
        packets.append(page.queue.get_nowait())
        page.queue.task_done()
    if packets[-1] is not None:
        return packets
    if len(packets) > 1:
        page.queue.put_nowait(None)  # first what was sent before
    return packets[:-1]


def shorten(server: AsyncServer) -> None:
    """Before anybody is connected."""
    line: Any = Line()
    server.manager = line
    line.set_server(server)
    cast(Any, AsyncSocket).poll = poll
