"""Something from the public internet: a page or a picture that a person named, never anything inside our network.

What always holds: every address a name leads to is checked before any is connected to, and the checked one is the one
connected to, so a name that changes its answer gains nothing; each redirect is a new address and is checked as one;
no cookie, password or proxy of this machine goes along; what comes is limited in time, size and kind, unpacked too.
"""

import codecs
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Container, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, TypeVar

import anyio

from knowledge.errors import Invalid, Upstream
from knowledge.fetching.addresses import IPAddress, is_public, parse
from knowledge.fetching.unpacking import unpacked

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

#: seconds until a connection stands, between two pieces, and for the whole of it
CONNECT, SILENCE, WHOLE = 5.0, 10.0, 30.0
REDIRECTS = 5
#: addresses of one name that are tried
TRIES = 3
LONGEST_URL = 2_000
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{1,253}")
#: encodings of pages beside the families of _charset
_TEXTS = frozenset(("utf-8", "shift_jis", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr"))
_MOVED = frozenset((301, 302, 303, 307, 308))
_HEADERS = {"Accept-Encoding": "gzip", "Connection": "close"}
#: told each address before it is asked, also those that a redirect leads to; raises to stop there
Before = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Fetched:
    """``url``: where it was found in the end. ``type``: the media type as the host said it, lower case; ``charset``: the
    encoding it said, None when it did not or named none that there is."""

    url: str
    type: str
    content: bytes
    charset: str | None = None


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, as this machine finds it. Raises OSError."""
    found = await anyio.getaddrinfo(host, port, type=1)  # 1: SOCK_STREAM, else each address comes three times
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True)
class Web:
    """The fields are for tests, which have no public address: the product leaves them as they are."""

    resolve: Resolver = resolve
    may_reach: Callable[[IPAddress], bool] = is_public
    ports: Container[int] = (80, 443)
    tls: "ssl.SSLContext | None" = None
    #: who asks, as hosts are told
    agent: str = "Adroom/1"

    async def fetch(
        self, url: str, *, most: int, types: Sequence[str], whole: float = WHOLE, before: Before | None = None
    ) -> Fetched:
        """What is at ``url``, up to ``most`` bytes. ``types``: media types that are taken (``image/*``, ``text/html``).

        Raises Invalid (``url``) for what may not be fetched, Upstream for a host that does not answer as it should.
        """

        async def gathered(pieces: AsyncIterator[bytes]) -> bytes:
            return b"".join([piece async for piece in pieces])

        return (await self.fetch_into(gathered, url, most=most, types=types, whole=whole, before=before))[0]

    async def fetch_into(
        self,
        keep: Callable[[AsyncIterator[bytes]], Awaitable[T]],
        url: str,
        *,
        most: int,
        types: Sequence[str],
        whole: float = WHOLE,
        before: Before | None = None,
    ) -> tuple[Fetched, T]:
        """The same, handed to ``keep`` piece by piece; ``content`` is what it gives back when that is bytes, else empty."""
        import httpx

        try:
            with anyio.fail_after(whole):
                async with self._client() as client, self._answer(client, url, before) as (found, response):
                    type = _type(response, types)
                    kept = await keep(unpacked(response, most))
        except TimeoutError as error:
            raise Upstream(f"{_host(url)} took longer than {whole:.0f} seconds.", retryable=True) from error
        except httpx.InvalidURL as error:
            raise _refused("is no address of a page") from error
        except httpx.HTTPError as error:
            raise Upstream(f"{_host(url)} broke off before everything was here.", retryable=True) from error
        return Fetched(found, type, kept if isinstance(kept, bytes) else b"", _charset(response)), kept

    def _client(self) -> "httpx.AsyncClient":
        import httpx

        return httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            verify=self.tls or True,
            timeout=httpx.Timeout(SILENCE, connect=CONNECT),
            limits=httpx.Limits(max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    @asynccontextmanager
    async def _answer(
        self, client: "httpx.AsyncClient", url: str, before: Before | None
    ) -> AsyncGenerator[tuple[str, "httpx.Response"]]:
        """(address, answer) at the end of the redirects; nothing of the content is read."""
        at = _parsed(url)
        for _ in range(REDIRECTS + 1):
            if before is not None:
                await before(str(at))
            response = await self._ask(client, at)
            try:
                if response.status_code not in _MOVED or not response.headers.get("location"):
                    _check_status(at, response.status_code)
                    yield str(at), response
                    return
                at = _parsed(str(at.join(response.headers["location"])))
            finally:
                await response.aclose()
        raise _refused(f"is sent on more than {REDIRECTS} times")

    async def _ask(self, client: "httpx.AsyncClient", at: "httpx.URL") -> "httpx.Response":
        """The answer of the first of the name's addresses that takes a connection; all of them are checked first."""
        import httpx

        fault: Exception | None = None
        for address in (await self._addresses(at))[:TRIES]:
            request = client.build_request(
                "GET",
                at.copy_with(host=str(address), fragment=None),
                headers={**_HEADERS, "User-Agent": self.agent, "Host": at.netloc.decode("ascii")},
                # the name a certificate is asked for and checked against
                extensions={"sni_hostname": at.raw_host.decode("ascii").strip("[]")},
            )
            try:
                return await client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                fault = error
        if _is_unproven(fault):
            raise Upstream(f"{at.host} cannot prove that it is who it says; its certificate is not valid.") from fault
        raise Upstream(f"{at.host} does not answer.", retryable=True) from fault

    async def _addresses(self, at: "httpx.URL") -> list[IPAddress]:
        port = at.port or (443 if at.scheme == "https" else 80)
        if port not in self.ports:
            raise _refused(f"asks at port {port}; only the usual ones of the web are taken")
        try:
            said = await self.resolve(at.raw_host.decode("ascii").strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise _refused(f"names a host that is not known: {at.host}") from error
        found = [parse(one) for one in said]
        if not found or not all(one is not None and self.may_reach(one) for one in found):
            raise _refused(f"leads to an address that is not public ({at.host}); only public pages are fetched")
        return list(dict.fromkeys(one for one in found if one is not None))


def _parsed(url: str) -> "httpx.URL":
    """Raises Invalid."""
    import httpx

    if len(url) > LONGEST_URL:
        raise _refused(f"is longer than {LONGEST_URL:,} letters")
    try:
        at = httpx.URL(url.strip())
        named = at.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused("is no address of a page") from error
    if at.scheme not in ("http", "https"):
        raise _refused("must begin with http:// or https://")
    if not at.host:
        raise _refused("names no host")
    if not _HOST.fullmatch(named):
        raise _refused("names a host that cannot be")
    if at.userinfo:
        raise _refused("has a name or a password in it; leave them out")
    return at


def _check_status(at: "httpx.URL", status: int) -> None:
    if status == 200:
        return
    if status in (404, 410):
        raise Upstream(f"{at.host} no longer has this.", status=status)
    if status in (401, 403, 407, 451):
        raise Upstream(f"{at.host} does not show this without signing in.", status=status)
    raise Upstream(
        f"{at.host} answered with an error ({status}).", retryable=status == 429 or status >= 500, status=status
    )


def _type(response: "httpx.Response", types: Sequence[str]) -> str:
    """Raises Invalid when it is none of ``types``."""
    type = response.headers.get("content-type", "").split(";", 1)[0].strip().lower()[:100]
    if not any(type == one or (one.endswith("/*") and type.startswith(one[:-1])) for one in types):
        raise _refused(f"is of a kind that is not taken here ({type or 'not said which'})")
    return type


def _charset(response: "httpx.Response") -> str | None:
    """A Python codec name. ISO-8859-1 is what servers say of pages in any encoding, so it counts as not said."""
    try:
        named = codecs.lookup(response.charset_encoding or "")
    except (LookupError, ValueError):
        return None
    known = named.name in _TEXTS or named.name.startswith(("iso8859-", "cp125", "koi8-", "utf-16"))
    return named.name if known and named.name != "iso8859-1" else None


def _is_unproven(fault: BaseException | None) -> bool:
    """Whether a connection failed because of the certificate."""
    import ssl

    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def _host(url: str) -> str:
    return _parsed(url).host


def _refused(why: str) -> Invalid:
    return Invalid(fields={"url": why})
