"""The way in on loopback, where nobody logs in: a browser without a valid cookie gets one with its first page.

Without this the chat's page would ask, be refused, go to its login and from there to the start: an address of a
conversation (a bookmark, a link in a note) would be forgotten on the way.
"""

from chainlit.auth import create_jwt
from chainlit.auth.cookie import set_auth_cookie
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.identity import chat_user, user_of_cookie


class WalkIn:
    """Only for pages: what the page then asks for comes with the cookie or is refused as ever."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if "text/html" not in request.headers.get("accept", "") or user_of_cookie(request) is not None:
            await self._app(scope, receive, send)
            return

        async def welcoming(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    for cookie in _cookies(request):
                        headers.append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, welcoming)


def _cookies(request: Request) -> list[str]:
    made = Response()
    set_auth_cookie(request, made, create_jwt(chat_user()))
    return made.headers.getlist("set-cookie")
