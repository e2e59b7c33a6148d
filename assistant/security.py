"""What every answer carries and every request must: known hosts, our own page behind it, nothing foreign in it."""

from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Shield:
    """Refuses hosts that are not ours (DNS rebinding) and other sites' pages (they may neither open a socket nor change
    anything), and closes every page with the content policy."""

    def __init__(self, app: ASGIApp, settings: Settings, policy: str) -> None:
        self._app = app
        self._headers = ((b"content-security-policy", policy.encode()), *HEADERS)
        self._hosts = settings.allowed_hosts
        self._any_host = not settings.on_loopback and len(settings.allowed_hosts) <= 3
        self._secure_cookies = not settings.on_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not self._is_known(host) or _is_foreign(scope, headers, host):
            await _refuse(scope, receive, send)
            return

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*self._cookies(message["headers"]), *self._headers, *_caching(scope)]
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


def _is_foreign(scope: Scope, headers: dict[bytes, bytes], host: str) -> bool:
    """True for a socket or a change that another site's page asks for; a browser names that site in ``Origin``."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    return changes and bool(origin) and urlsplit(origin).netloc != host


def _caching(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Cards and styles are asked for anew, so that an upgrade never meets yesterday's page."""
    return [(b"cache-control", b"no-cache")] if scope.get("path", "").startswith("/public/") else []


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = PlainTextResponse(
        "This address, or a page of another site, is not served here. ADROOM_ALLOWED_HOSTS names further ones.", 421
    )
    await answer(scope, receive, send)
