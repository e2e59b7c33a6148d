"""Search providers on this machine: they answer as Tavily, Brave, SearXNG and OpenAI's Responses do, and keep count."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class SearchServer:
    """``hits``: (url, title, excerpt); ``more``: those of each further search.

    ``status``: what is answered instead of them, when it is not 200."""

    port: int = 0
    hits: list[tuple[str, str, str]] = field(default_factory=list)
    more: list[list[tuple[str, str, str]]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    status: int = 200
    broken: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = next(
                (int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
            )
            body = (await reader.readexactly(length)).decode()
            path = head.split(" ", 2)[1]
            self.asked.append((path, head, body))
            if len(self.asked) > 1 and self.more:
                self.hits = self.more.pop(0)
            content = b"{broken" if self.broken else json.dumps(self._said(path)).encode()
            writer.write(
                f"HTTP/1.1 {self.status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _said(self, path: str) -> dict[str, Any]:
        if path.endswith("/responses"):
            return self._response()
        if path.startswith("/res/v1/web/search"):
            rows = [{"url": url, "title": title, "description": text} for url, title, text in self.hits]
            faq = [{"question": text, "answer": "…"} for text in self.questions]
            return {"web": {"results": rows}, "faq": {"results": faq}}
        return {"results": [{"url": url, "title": title, "content": text} for url, title, text in self.hits]}

    def _response(self) -> dict[str, Any]:
        sources = [{"type": "url", "url": url} for url, *_ in self.hits]
        search = {"id": "ws_1", "type": "web_search_call", "status": "completed",
                  "action": {"type": "search", "query": "q", "sources": sources}}  # fmt: skip
        cited = [
            {"type": "url_citation", "url": url, "title": title, "start_index": 0, "end_index": 1}
            for url, title, _ in self.hits[:1]
        ]
        text = {"type": "output_text", "text": "Here they are.", "annotations": cited, "logprobs": []}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [text]}
        usage = {"input_tokens": 9_000, "output_tokens": 100, "total_tokens": 9_100,
                 "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}  # fmt: skip
        return {"id": "resp_1", "object": "response", "created_at": 0, "model": "test-model", "status": "completed",
                "output": [search, message], "parallel_tool_calls": False, "tool_choice": "auto", "tools": [],
                "usage": usage}  # fmt: skip


@asynccontextmanager
async def open_search() -> AsyncGenerator[SearchServer]:
    made = SearchServer()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
