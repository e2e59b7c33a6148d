"""The server itself: one HTTP application, run in a thread by ``ModelServer`` or as a process by ``__main__``."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.model_server import wire
from tests.model_server.script import Answer, ModelRequest, Reply, Script

_REFUSALS: dict[str, tuple[int, str, str]] = {
    "unauthorised": (401, "invalid_api_key", "Incorrect API key provided: sk-secret."),
    "too_many_requests": (429, "rate_limit_exceeded", "Rate limit reached."),
    "no_credit": (429, "insufficient_quota", "You exceeded your current quota."),
    "server_error": (500, "server_error", "The server had an error while processing your request."),
    "too_long": (400, "context_length_exceeded", "This model's maximum context length is 128000 tokens."),
    "unknown_model": (404, "model_not_found", "The model does not exist."),
}


@dataclass(frozen=True)
class Recorded:
    """One request and what was answered. ``paid``: the provider did the work, whatever became of the answer.

    ``mark``: what the caller says that the call is for (the header ``x-mark``), where a test makes him say it.
    """

    request: ModelRequest
    reply: Reply
    paid: bool
    mark: str = ""


class ModelServer:
    """``with ModelServer() as server``: answers at ``server.base_url`` as ``server.script`` says, and keeps count."""

    def __init__(self, script: Script | None = None, log: Path | None = None) -> None:
        self.key = "sk-test"
        self._log = log
        self._socket = socket.socket()
        self.reset(script)

    # -- for the test

    def reset(self, script: Script | None = None) -> None:
        """Forget every request; answer "Understood." unless a script is given."""
        self.script = script if script is not None else Script()
        self.requests: list[Recorded] = []
        #: the texts of each call for vectors that was answered; the status with which the next one is refused
        self.embedded: list[list[str]] = []
        self.embedding_fault: int | None = None
        self.delay = 0.0
        self._busy, self.most_at_once = 0, 0

    @property
    def paid(self) -> int:
        """How many calls the provider would bill."""
        return sum(recorded.paid for recorded in self.requests)

    def paid_twice(self) -> list[ModelRequest]:
        """Requests that were billed before, one for each time they came again."""
        paid = [recorded.request for recorded in self.requests if recorded.paid]
        seen: set[str] = set()
        return [r for r in paid if r.fingerprint in seen or seen.add(r.fingerprint)]

    def replies(self, *replies: Reply) -> None:
        self.script.add(*replies)

    def answers(self, answer: Answer) -> None:
        self.script = Script(answer=answer)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def __enter__(self) -> "ModelServer":
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(512)
        config = uvicorn.Config(self.app(), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()

    # -- the application

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/responses", self._responses, methods=["POST"]),
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/models", self._models),
                Route("/v1/embeddings", self._embeddings, methods=["POST"]),
            ]
        )

    async def _models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": "test-model", "object": "model"}]})

    async def _embeddings(self, request: Request) -> Response:
        """A vector for each text, the same for the same words; ``embedding_fault`` is answered once instead."""
        body = await request.json()
        fault, self.embedding_fault = self.embedding_fault, None
        if fault is not None:
            return JSONResponse({"error": {"message": "no", "type": "error"}}, fault)
        self.embedded.append(body["input"])
        return JSONResponse(wire.embeddings(body))

    async def _responses(self, request: Request) -> Response:
        return await self._serve(request, wire.read_responses(await request.json()))

    async def _chat(self, request: Request) -> Response:
        return await self._serve(request, wire.read_chat(await request.json()))

    async def _serve(self, http: Request, request: ModelRequest) -> Response:
        reply = self.script.next(request)
        if http.headers.get("authorization") != f"Bearer {self.key}":
            reply = Reply(fault="unauthorised")
        mark = http.headers.get("x-mark", "")
        self._record(Recorded(request, reply, reply.fault not in _REFUSALS, mark))
        with self._counted():
            await asyncio.sleep(max(reply.delay, self.delay))
        if reply.fault in _REFUSALS:
            return _refusal(reply)
        if reply.fault == "malformed":
            return _malformed(request)
        if request.stream:
            return StreamingResponse(_sse(request, reply), media_type="text/event-stream")
        return _whole(request, reply)

    def _record(self, recorded: Recorded) -> None:
        self.requests.append(recorded)
        if self._log is None:
            return
        request = recorded.request
        line = {
            "api": request.api,
            "model": request.model,
            "request": request.fingerprint,
            "stream": request.stream,
            "paid": recorded.paid,
            "fault": recorded.reply.fault,
            "user": request.last_user[:200],
            "tools": request.tools,
            "outputs": len(request.tool_outputs),
        }
        with self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        try:
            yield
        finally:
            self._busy -= 1


def _refusal(reply: Reply) -> Response:
    status, code, message = _REFUSALS[reply.fault or ""]
    headers = {} if reply.retry_after is None else {"Retry-After": f"{reply.retry_after:g}"}
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return JSONResponse(body, status_code=status, headers=headers)


def _malformed(request: ModelRequest) -> Response:
    if request.stream:
        return PlainTextResponse("event: response.created\ndata: {not json\n\n", media_type="text/event-stream")
    return PlainTextResponse('{"id": "resp_1", "output": [', media_type="application/json")


def _whole(request: ModelRequest, reply: Reply) -> Response:
    if request.api == "chat_completions":
        body = wire.chat_body(request, reply)
    else:
        status = "incomplete" if reply.fault == "incomplete" else "failed" if reply.fault == "gave_up" else "completed"
        body = wire.responses_body(request, reply, wire.responses_output(reply), status)
    if reply.fault in ("cut", "ends_early"):
        return StreamingResponse(_cut([json.dumps(body)[:40]]), media_type="application/json")
    return JSONResponse(body)


async def _sse(request: ModelRequest, reply: Reply) -> AsyncIterator[str]:
    events: Iterable[wire.Event] = (wire.chat_events if request.api == "chat_completions" else wire.responses_events)(
        request, reply
    )
    for index, (name, data) in enumerate(events):
        if reply.fault == "cut" and index == 5:
            raise _Cut
        text = data if isinstance(data, str) else json.dumps(data)
        yield (f"event: {name}\n" if name else "") + f"data: {text}\n\n"
        if reply.pace:
            await asyncio.sleep(reply.pace)


async def _cut(parts: list[str]) -> AsyncIterator[str]:
    for part in parts:
        yield part
    raise _Cut


class _Cut(Exception):
    """Makes the server drop the connection: the body never gets its end."""
