"""A real web server on this machine, and a web whose every name leads to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from ssl import SSLContext

from knowledge.fetching.web import Web


@dataclass
class Site:
    """Answers by path with raw bytes of HTTP; ``asked`` keeps what came in. ``endless``: paths that never end."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def serve(self, path: str, content: bytes, type: str = "text/html", status: str = "200 OK", **more: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {type}", f"Content-Length: {len(content)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
        self.answers[path] = ("\r\n".join(lines) + "\r\n\r\n").encode() + content

    def move(self, path: str, to: str, **more: str) -> None:
        self.serve(path, b"", status="302 Found", Location=to, **more)

    def web(self, **names: list[str]) -> Web:
        """Names lead here unless ``names`` says otherwise (dots written as ``_``); this machine's port may be reached."""
        told = {name.replace("_", "."): addresses for name, addresses in names.items()}

        async def resolve(host: str, port: int) -> list[str]:
            try:
                return [str(ip_address(host))]
            except ValueError:
                return told.get(host, ["127.0.0.1"])

        from knowledge.fetching.addresses import is_public

        return Web(resolve, lambda at: is_public(at) or str(at) == "127.0.0.1", (self.port, 80, 443))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.asked.append(head)
            path = head.split(" ", 2)[1]
            missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            writer.write(self.answers.get(path, missing))
            await writer.drain()
            while path in self.endless:
                writer.write(b"a" * 60_000)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def open_site(tls: SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site._answer, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
