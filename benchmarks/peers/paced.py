"""A model server that writes at a steady pace: ``python -m benchmarks.peers.paced port tokens per_second``.

It speaks the Responses API as a stream. Every token is the moment at which it was due, so that whoever reads it knows
how long it took; nothing is skipped when this process is late, and its own lateness is part of what is measured.
"""

import asyncio
import json
import sys
from typing import Any

from benchmarks.clock import now, stamp
from tests.model_server import wire
from tests.model_server.script import Reply

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tokens: int, pace: float) -> None:
    try:
        body = await _read(reader)
        if body is not None:
            await _answer(writer, body, tokens, pace)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # whoever asked has gone
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next((line for line in head.split("\r\n") if line.startswith("content-length:")), None)
    if length is None:
        return None
    return json.loads(await reader.readexactly(int(length.partition(":")[2])))


async def _answer(writer: asyncio.StreamWriter, body: dict[str, Any], tokens: int, pace: float) -> None:
    request = wire.read_responses(body)
    reply = Reply(text=" ".join(["0" * len(stamp(0))] * tokens))
    writer.write(_HEAD)
    due, written = now(), list[str]()
    for name, event in wire.responses_events(request, reply):
        if isinstance(event, dict) and name == "response.output_text.delta":
            due += pace
            await asyncio.sleep(max(0.0, due - now()))
            written.append(f"{stamp(due)} ")
            event = {**event, "delta": written[-1]}
        line = json.dumps(event) if isinstance(event, dict) else event
        # the finished message repeats the text: it is what was streamed
        if written and name != "response.output_text.delta":
            line = line.replace(reply.text or "", "".join(written).rstrip())
        writer.write(f"event: {name}\ndata: {line}\n\n".encode())


async def _main(port: int, tokens: int, per_second: float) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(reader, writer, tokens, 1 / per_second)

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=512)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
