"""Over TLS the name is what is asked for and checked, although a checked address is what is connected to."""

from dataclasses import replace
from pathlib import Path
from ssl import SSLContext, SSLObject, SSLSocket

import pytest

from knowledge.errors import Upstream
from knowledge.fetching.web import Web
from tests.knowledge.fetching.certificates import contexts
from tests.knowledge.fetching.loopback import open_site


async def test_a_certificate_is_asked_for_and_checked_by_name(tmp_path: Path) -> None:
    server, trusting = contexts(tmp_path, "shop.example")
    named: list[str | None] = []

    def hear(_: SSLSocket | SSLObject, name: str | None, __: SSLContext) -> None:
        named.append(name)

    server.sni_callback = hear
    async with open_site(server) as site:
        site.serve("/", b"safe")
        site.move("/on", f"https://other.example:{site.port}/")
        web = replace(site.web(), tls=trusting)

        async def get(host: str, path: str = "/", by: Web = web) -> bytes:
            found = await by.fetch(f"https://{host}:{site.port}{path}", most=100, types=("text/html",))
            return found.content

        assert await get("shop.example") == b"safe"
        assert named == ["shop.example"]
        for host, path in (("other.example", "/"), ("127.0.0.1", "/"), ("shop.example", "/on")):
            with pytest.raises(Upstream, match="cannot prove"):
                await get(host, path)
        asked = len(site.asked)
        with pytest.raises(Upstream, match="cannot prove"):
            await get("shop.example", by=site.web())  # the product's own trust: the public authorities alone
        assert len(site.asked) == asked
        assert asked == 2, "nobody whose name is not in the certificate was told what is wanted"
