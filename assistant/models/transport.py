"""The connections to a model's endpoint: aiohttp below the SDK's client, which reads many small pieces at half the cost.

Once a stream has brought its first words (``GATHERING`` in the response's extensions says so) it is read a few times a
second, not for each word: what comes meanwhile lies with the system, and is read before the end that came after it.

What always holds: an error says truly whether the request can have reached the provider. ``ConnectError`` and
``ConnectTimeout`` mean that no connection was made, so nothing was billed; whatever happens on a connection is a
``ReadError`` or a ``ReadTimeout``. (The SDK's own adapter to aiohttp takes a connection that breaks off for one that
could not be made, and the call would be made, and paid, again.)
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager

import aiohttp
import httpx2
from typing_extensions import override

#: connections open at once; more calls wait for one
MOST = 1000
#: seconds after which a connection that lies idle is not used again. Many servers close theirs after 5 (uvicorn, and with
#: it vLLM and LiteLLM; Node): whoever sends just then cannot know whether it arrived, and would have to pay for it
IDLE = 3.0
#: seconds for which nothing is read after something came: about as long as nobody sees
GATHER = 0.06
#: the name under which a response says how its stream begins to be gathered: a function without arguments
GATHERING = "adroom.gathering"


class Transport(httpx2.AsyncBaseTransport):
    """Proxies are taken from the usual environment (HTTPS_PROXY, NO_PROXY). ``aclose`` when nobody asks any more."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        given = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(
            connect=given.get("pool"), sock_connect=given.get("connect"), sock_read=given.get("read")
        )
        with _as_the_sdk_knows_them():
            answer = await self._open().request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                data=await request.aread(),
                allow_redirects=False,
                timeout=timeout,
            )
        body = _Body(answer)
        return httpx2.Response(
            answer.status,
            headers=answer.raw_headers,
            stream=body,
            request=request,
            extensions={GATHERING: body.gather},
        )

    @override
    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """Made with the first call: it belongs to the event loop that runs then."""
        if self._session is None:
            pool = aiohttp.TCPConnector(limit=MOST, keepalive_timeout=IDLE, ssl=httpx2.create_ssl_context())
            self._session = aiohttp.ClientSession(connector=pool, trust_env=True, auto_decompress=False)
        return self._session


class _Body(httpx2.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self._gathering = False

    def gather(self) -> None:
        """From here on, what comes within GATHER of each other is one piece."""
        self._gathering = True

    @override
    async def __aiter__(self) -> AsyncGenerator[bytes]:
        with _as_the_sdk_knows_them():
            while piece := await self._answer.content.readany():
                yield piece + await self._what_follows() if self._gathering else piece

    @override
    async def aclose(self) -> None:
        self._answer.release()  # one that was not read to its end is closed

    async def _what_follows(self) -> bytes:
        connection = self._answer.connection
        if connection is None or connection.protocol is None:  # the end has come already
            return b""
        protocol = connection.protocol
        protocol.pause_reading()
        try:
            await asyncio.sleep(GATHER)
        finally:
            protocol.resume_reading()
        for _ in range(2):  # in one round the loop sees that something is there, in the next it is read
            await asyncio.sleep(0)
        try:
            return self._answer.content.read_nowait()
        except (aiohttp.ClientError, OSError):  # raised by the next read; what came before goes first
            return b""


@contextmanager
def _as_the_sdk_knows_them() -> Generator[None]:
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise httpx2.UnsupportedProtocol(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx2.ConnectError(str(error)) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx2.ConnectTimeout(str(error)) from error
    except TimeoutError as error:
        raise httpx2.ReadTimeout(str(error)) from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise httpx2.ReadError(str(error)) from error
