"""The way in to the chat: on loopback, where nobody logs in, and behind a password, for a page that is open already.

A page stays open longer than its cookie lasts (a laptop asleep over night, a week away). Chainlit's socket takes a
refusal for good, and its page would ask, be refused, go to the login and from there to the start: the address of a
conversation would be forgotten on the way.
"""

from urllib.parse import urlsplit

from chainlit.auth import create_jwt
from chainlit.auth.cookie import set_auth_cookie
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.identity import chat_user, user_of_cookie

SOCKET = "/ws/socket.io"
#: what a browser says of a request that no other site's page has asked for
OWN = ("same-origin", "none", None)


class WalkIn:
    """Loopback: a browser without a valid cookie gets one with its first page, and what a page of ours asks for
    goes on with one. What another site's page asks for is refused as ever (security.py keeps it off the socket)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or user_of_cookie(request := HTTPConnection(scope)) is not None:
            await self._app(scope, receive, send)
            return
        own = _is_own(request)
        page = "text/html" in request.headers.get("accept", "")
        if not own and not page:
            await self._app(scope, receive, send)
            return
        cookies = _cookies(scope)

        async def welcoming(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if own or headers.get("content-type", "").startswith("text/html"):
                    for cookie in cookies:
                        headers.append("set-cookie", cookie)
            await send(message)

        await self._app(_with(scope, cookies) if own else scope, receive, welcoming)


class Knock:
    """Behind a password: the socket of a page whose cookie has run out is refused before it is one. Its client then
    goes on trying, and is in as soon as somebody has signed in, in whichever tab."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] in ("http", "websocket") and scope["path"].startswith(SOCKET)
        if not asks or user_of_cookie(HTTPConnection(scope)) is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("Sign in first.", 401)(scope, receive, send)


def _is_own(request: HTTPConnection) -> bool:
    """Asked for by a page of ours, or by no page at all. Browsers that do not say which site a request comes from
    (Sec-Fetch-Site) still name a foreign one's origin."""
    origin, host = request.headers.get("origin"), request.headers.get("host")
    return request.headers.get("sec-fetch-site") in OWN and (origin is None or urlsplit(origin).netloc == host)


def _cookies(scope: Scope) -> list[str]:
    made = Response()
    set_auth_cookie(Request({**scope, "type": "http"}), made, create_jwt(chat_user()))
    return made.headers.getlist("set-cookie")


def _with(scope: Scope, cookies: list[str]) -> Scope:
    """The same request, with these cookies and none of its own by their names."""
    given = dict(cookie.split(";", 1)[0].split("=", 1) for cookie in cookies)
    kept = {name: value for name, value in HTTPConnection(scope).cookies.items() if name not in given}
    header = "; ".join(f"{name}={value}" for name, value in {**kept, **given}.items())
    others = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*others, (b"cookie", header.encode("latin-1"))]}
