"""Who is asking, and whether the request may be listened to at all.

What always holds: the Host header must be one of ours, so that a foreign name that resolves to this machine gets
nothing; whatever changes something must come from our own page or carry an API key; an API key is looked up by its
hash inside the organisation it names.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from fastapi import Request

from assistant.api.ports import ApiParts
from assistant.api.problems import ForeignOrigin, Unauthenticated, WrongHost
from knowledge.errors import Invalid
from knowledge.people.api_keys import org_of, use_key
from knowledge.people.models import Caller, Via

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: characters of a client token: long enough that nobody guesses it
SHORTEST_TOKEN, LONGEST_TOKEN = 16, 200
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_host(request: Request, parts: ApiParts) -> None:
    """Raises WrongHost for a name this server does not go by."""
    if host_of(request) not in parts.settings.allowed_hosts:
        raise WrongHost()


def host_of(request: Request) -> str:
    """The Host header's name, lower case, without port and brackets; empty when it is none."""
    try:
        return (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").rstrip(".")
    except ValueError:
        return ""


async def authenticate(request: Request, parts: ApiParts) -> Caller:
    """Who asks, with the client token sent along. Raises as ``_who`` does, and Invalid for a token that is none."""
    caller = await _who(request, parts)
    token = request.headers.get("x-client-token")
    if token is None:
        return caller
    if not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN or not token.isprintable():
        raise Invalid(fields={"X-Client-Token": f"must be {SHORTEST_TOKEN} to {LONGEST_TOKEN} printable characters"})
    return replace(caller, client_token=token)


async def _who(request: Request, parts: ApiParts) -> Caller:
    """The caller, by API key, by the chat's cookie, or as the local user of this machine.

    Raises Unauthenticated, or ForeignOrigin for a change that a foreign page asks for.
    """
    key = _bearer(request)
    if key is not None:
        return await _by_key(key, parts)
    user_id = parts.identity.user_of_cookie(request)
    if user_id is None and parts.settings.auth == "local" and _from_this_machine(request):
        user_id = parts.identity.local_user()
    if user_id is None:
        raise Unauthenticated()
    if request.method not in SAFE_METHODS:
        check_same_origin(request)
    # a browser's request comes from the chat's cards; a program on this machine is a program
    via: Via = "chat" if "sec-fetch-site" in request.headers or request.cookies else "api"
    return await parts.identity.caller_of(user_id, via)


def check_same_origin(request: Request) -> None:
    """Raises ForeignOrigin unless our own page, or no page at all, asks for this change.

    Browsers say where a change comes from (Sec-Fetch-Site, or at least Origin). A request without either is none of
    a browser's; with a cookie it is refused all the same.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise ForeignOrigin()
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise ForeignOrigin()
    if site is None and origin is None and request.cookies:
        raise ForeignOrigin()


def _bearer(request: Request) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


async def _by_key(key: str, parts: ApiParts) -> Caller:
    org_id = org_of(key)
    if org_id is None:
        raise Unauthenticated("That is not a key of ours.")
    async with parts.db.org(org_id) as conn:
        found = await use_key(conn, key)
    if found is None:
        raise Unauthenticated("That key does not exist or was withdrawn.")
    caller = Caller(found.org_id, found.user_id, found.role, "api")
    return replace(caller, scopes=frozenset(found.scopes))


def _from_this_machine(request: Request) -> bool:
    # behind a proxy the peer is loopback too, but then the Host is the proxy's public name
    return host_of(request) in LOOPBACK and request.client is not None and request.client.host in LOOPBACK
