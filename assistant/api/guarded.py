"""What happens around every endpoint, once: host, caller, origin, size of the body, idempotency, errors.

An endpoint finds its ``Desk`` (caller, database, tools) in the request and knows nothing of the rest.
"""

import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from starlette.types import Message

from assistant.api.auth import SAFE_METHODS, authenticate, check_host
from assistant.api.idempotency import KeyedRequest, answer_once, read_key
from assistant.api.limits import Admission, Streaming
from assistant.api.ports import ApiParts
from assistant.api.problems import Malformed, TooLarge, problem_response
from knowledge.db import Connection
from knowledge.people.models import Caller
from tools.call import call, check_scope
from tools.spec import I, O, Tool, ToolContext
from tools.storable import check_storable

#: bytes of a request's body; a brief may be larger
LARGEST_BODY = 2_000_000
LARGEST_BRIEF = 20_000_000

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Desk:
    """What an endpoint works with: who asks, the parts, and the tools through the shared call."""

    parts: ApiParts
    context: ToolContext

    @property
    def caller(self) -> Caller:
        return self.context.caller

    async def use(self, tool: Tool[I, O], given: dict[str, Any] | I) -> O:
        """Call a tool, with its own input or its fields by alias."""
        return cast(O, await call(tool, self.context, given))

    @asynccontextmanager
    async def tx(self, scope: str) -> AsyncGenerator[Connection]:
        """A transaction in the caller's organisation, once the caller's key carries ``scope``."""
        check_scope(self.caller, scope)
        async with self.context.tx() as conn:
            yield conn


def desk_of(request: Request) -> Desk:
    return cast(Desk, request.state.desk)


AtDesk = Annotated[Desk, Depends(desk_of)]


async def tool_context_of(request: Request) -> ToolContext:
    return desk_of(request).context


def guarded_route(
    parts: ApiParts,
    *,
    public: bool = False,
    streamed: bool = False,
    keeps: bool = False,
    largest: int = LARGEST_BODY,
) -> type[APIRoute]:
    """The route class for these parts. ``public``: nobody needs to say who they are. ``streamed``: the endpoint reads
    the body itself, piece by piece and as far as it likes; such a request is never repeated by its key.
    ``keeps``: the endpoint itself keeps what it answers under ``request.state.keyed``."""

    class GuardedRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            endpoint = super().get_route_handler()

            async def handle(request: Request) -> Response:
                admission: Admission | None = None
                try:
                    check_host(request, parts)
                    admission = await parts.limits.enter(request)
                    answer = await work(request, admission)
                except Exception as error:  # noqa: BLE001 - every error becomes a problem; bugs are logged there
                    answer = problem_response(error)
                except BaseException:
                    if admission is not None:
                        admission.release()
                    raise
                if admission is not None and isinstance(answer, StreamingResponse):
                    return Streaming(answer, admission)
                if admission is not None:
                    admission.release()
                return answer

            async def work(request: Request, admission: Admission) -> Response:
                if public:
                    return await endpoint(request)
                caller = await authenticate(request, parts)
                admission.good()
                if streamed:
                    check_storable(dict(request.query_params))
                    request.state.desk = _desk(parts, caller, None)
                    return await endpoint(request)
                return await _answer(request, parts, caller, endpoint, _largest(request, largest), keeps)

            return handle

    return GuardedRoute


def _largest(request: Request, largest: int) -> int:
    return LARGEST_BRIEF if request.url.path.endswith("/tools/import_brief") else largest


async def _answer(
    request: Request, parts: ApiParts, caller: Caller, endpoint: Handler, largest: int, keeps: bool
) -> Response:
    check_storable(dict(request.query_params))
    if request.method in SAFE_METHODS:
        request.state.desk = _desk(parts, caller, None)
        return await endpoint(request)
    body = await _read_body(request, largest)
    _check_values(request, body)
    keyed = read_key(request, caller, body)
    request.state.desk = _desk(parts, caller, keyed)
    request.state.keyed = keyed
    again = _with_body(request, body)
    if keyed is None or keeps:
        return await endpoint(again)
    return await answer_once(parts.db, caller, keyed, lambda: endpoint(again))


def _desk(parts: ApiParts, caller: Caller, keyed: KeyedRequest | None) -> Desk:
    return Desk(parts, ToolContext(caller, parts.db, parts.work, keyed.key if keyed else None))


async def _read_body(request: Request, largest: int) -> bytes:
    """The whole body; raises TooLarge as soon as it is known to be."""
    announced = request.headers.get("content-length", "")
    body = bytearray()
    if not announced.isdigit() or int(announced) <= largest:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                break
        else:
            return bytes(body)
    raise TooLarge(f"That is more than {largest // 1_000_000} MB.")


def _check_values(request: Request, body: bytes) -> None:
    """Refuse what no endpoint could keep, before any of them sees it. Raises Malformed, Invalid."""
    if not body or "json" not in request.headers.get("content-type", "json"):
        return
    try:
        given = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed() from error
    check_storable(given)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _with_body(request: Request, body: bytes) -> Request:
    """The same request, its body to be read again."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await request.receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
