"""What every answer carries and every request must: known hosts only, and a page that loads nothing foreign.

Chainlit's page needs inline scripts and ``eval`` for its own cards (they are compiled in the browser); everything
else is closed: pictures, fonts, scripts and connections come from here or not at all, so a picture in a retrieved
text cannot carry anything out.
"""

from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob: data:",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Shield:
    """Refuses requests for hosts that are not ours (DNS rebinding) and closes every page with a content policy."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = settings.allowed_hosts
        self._any_host = not settings.on_loopback and len(settings.allowed_hosts) <= 3
        self._secure_cookies = not settings.on_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if not self._is_known(headers.get(b"host", b"").decode("latin-1")):
            await _refuse(scope, receive, send)
            return

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*self._cookies(message["headers"]), *HEADERS]
            await send(message)

        await self._app(scope, receive, closing)

    def _is_known(self, host: str) -> bool:
        name = urlsplit(f"//{host}").hostname or ""
        return self._any_host or name in self._hosts

    def _cookies(self, headers: Any) -> list[tuple[bytes, bytes]]:
        """Cookies are only sent over https once we are reachable from elsewhere."""
        if not self._secure_cookies:
            return list(headers)
        return [
            (name, value + b"; Secure" if name == b"set-cookie" and b"secure" not in value.lower() else value)
            for name, value in headers
        ]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = PlainTextResponse("This address is not served here. Set ADROOM_ALLOWED_HOSTS to allow it.", 421)
    await answer(scope, receive, send)
