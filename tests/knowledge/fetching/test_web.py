"""Pages from a real server: what is taken, and everything that is refused by name."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from knowledge.errors import AdroomError, Invalid, Upstream
from knowledge.fetching.addresses import is_public
from knowledge.fetching.web import Fetched, Web
from tests.knowledge.fetching.loopback import Site, open_site

PAGES = ("text/html", "image/*")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        yield opened


async def get(site: Site, path: str, web: Web | None = None, **more: Any) -> Fetched:
    given: dict[str, Any] = {"most": 1_000_000, "types": PAGES, **more}
    return await (web or site.web()).fetch(f"http://shop.example:{site.port}{path}", **given)


async def refused(wanted: Any) -> str:
    with pytest.raises(Invalid) as wrong:
        await wanted
    assert set(wrong.value.fields) == {"url"}
    return wrong.value.fields["url"]


async def test_a_page_comes_as_it_is_under_its_own_name(site: Site) -> None:
    site.serve("/a?b=c", b"<p>Hello", "Text/HTML; charset=UTF8", Set_Cookie="a=b")
    found = await get(site, "/a?b=c#part")
    assert found == Fetched(f"http://shop.example:{site.port}/a?b=c#part", "text/html", b"<p>Hello", "utf-8")
    await get(site, "/a?b=c")
    for head in site.asked:
        assert f"host: shop.example:{site.port}" in head.lower()
        assert "cookie" not in head.lower()
        assert "#part" not in head


async def test_redirects_are_followed_a_few_times_without_cookies(site: Site) -> None:
    site.serve("/end", b"here")
    site.move("/start", "/middle", Set_Cookie="a=b; Path=/")
    site.move("/middle", f"http://other.example:{site.port}/end")
    found = await get(site, "/start")
    assert (found.url, found.content) == (f"http://other.example:{site.port}/end", b"here")
    assert all("cookie" not in head.lower() for head in site.asked)
    site.move("/round", "/round")
    assert "more than 5 times" in await refused(get(site, "/round"))


@pytest.mark.parametrize("to", [
    "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:127.0.0.2]/",
    "http://inside.example/", "//192.168.1.1/",
])  # fmt: skip
async def test_a_redirect_into_a_private_network_is_refused(site: Site, to: str) -> None:
    site.move("/out", to)
    web = site.web(inside_example=["10.1.2.3"])
    assert "is not public" in await refused(get(site, "/out", web))
    assert len(site.asked) == 1


async def test_a_redirect_to_another_kind_of_address_is_refused(site: Site) -> None:
    site.move("/file", "file:///etc/passwd")
    assert "http://" in await refused(get(site, "/file"))
    site.move("/named", f"http://me:secret@shop.example:{site.port}/")
    assert "password" in await refused(get(site, "/named"))
    site.move("/port", "http://shop.example:22/")
    assert "port 22" in await refused(get(site, "/port"))


async def test_one_private_address_among_public_ones_is_enough_to_refuse(site: Site) -> None:
    web = site.web(shop_example=["127.0.0.1", "93.184.216.34", "192.168.0.7"])
    assert "is not public" in await refused(get(site, "/", web))
    assert site.asked == []


async def test_a_name_is_asked_for_once_and_the_checked_address_is_the_one_connected_to(site: Site) -> None:
    site.serve("/", b"x")
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def changing(host: str, port: int) -> list[str]:
        return answers.pop(0)

    assert (await get(site, "/", replace(site.web(), resolve=changing))).content == b"x"
    assert len(answers) == 1


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0/", "http://[::1]/",
    "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "http://100.100.100.200/", "https://[fd00:ec2::254]/",
    "http://[64:ff9b::a00:1]/", "http://[fe80::1%25eth0]/", "http://127.0.0.1./", "http://１２７.0.0.1/",
])  # fmt: skip
async def test_the_product_itself_reaches_nothing_inside(url: str) -> None:
    assert await refused(Web().fetch(url, most=10, types=PAGES))


@pytest.mark.parametrize("url", [
    "", "shop.example", "ftp://shop.example/", "file:///etc/passwd", "javascript:alert(1)", "http://", "http:///x",
    "http://user:pass@shop.example/", "http://shop.example:99999/", "http://sh op.example/", "http://a\r\nb/",
    "http://[::1/", "https://" + "a" * 3_000, "http://shop.example:6379/", "gopher://shop.example/",
])  # fmt: skip
async def test_what_is_no_page_of_the_web_is_refused(site: Site, url: str) -> None:
    assert await refused(site.web().fetch(url, most=10, types=PAGES))
    assert site.asked == []


@pytest.mark.parametrize("text", [
    "0.1.0.0", "10.255.255.255", "100.64.0.1", "127.9.9.9", "169.254.169.254", "172.31.0.1", "192.0.0.192", "192.168.1.1",
    "198.18.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "2002:a00:1::1",
    "2606:4700::1%eth0",
])  # fmt: skip
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_addresses_that_are(text: str) -> None:
    assert is_public(ip_address(text))


async def test_what_is_too_large_is_refused_before_or_while_it_comes(site: Site) -> None:
    site.serve("/told", b"a" * 2_000)
    assert "larger" in await refused(get(site, "/told", most=1_000))
    site.answers["/endless"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    site.endless.add("/endless")
    assert "larger" in await refused(get(site, "/endless"))


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
async def test_a_packed_page_is_unpacked_and_a_bomb_is_not(site: Site, pack: Any) -> None:
    site.serve("/small", pack(b"hello " * 100), Content_Encoding="gzip")
    assert (await get(site, "/small")).content == b"hello " * 100
    site.serve("/bomb", pack(b"\0" * 50_000_000), Content_Encoding="gzip")
    assert "larger" in await refused(get(site, "/bomb"))


async def test_what_is_packed_in_several_parts_comes_whole_and_is_limited_as_one(site: Site) -> None:
    parts = [gzip.compress(one) for one in (b"a" * 400_000, b"b" * 400_000, b"c")]
    site.serve("/parts", b"".join(parts) + bytes(9), Content_Encoding="gzip")
    assert (await get(site, "/parts")).content == b"a" * 400_000 + b"b" * 400_000 + b"c"
    assert "larger" in await refused(get(site, "/parts", most=800_000))
    site.serve("/cut", b"".join(parts)[:-4], Content_Encoding="gzip")
    with pytest.raises(Upstream, match="packed"):
        await get(site, "/cut")


# fixed names: that of bytes packed just now would hold the time, and each worker would collect another test
@pytest.mark.parametrize(
    ("content", "packing"),
    [
        (b"no gzip", "gzip"),
        (gzip.compress(b"hello" * 1000)[:-40], "gzip"),
        (b"x", "br"),
        (b"x", "gzip, gzip"),
        (b"", "gzip"),
    ],
    ids=["not packed", "cut off", "another packing", "packed twice", "empty"],
)
async def test_a_broken_or_unknown_packing_is_named(site: Site, content: bytes, packing: str) -> None:
    site.serve("/", content, Content_Encoding=packing)
    with pytest.raises(Upstream, match="packed"):
        await get(site, "/")


async def test_other_kinds_of_content_are_refused(site: Site) -> None:
    site.serve("/app", b"MZ", "application/x-msdownload")
    assert "application/x-msdownload" in await refused(get(site, "/app"))
    site.answers["/none"] = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
    assert "not said" in await refused(get(site, "/none"))
    site.serve("/picture", b"x", "image/png")
    assert (await get(site, "/picture")).type == "image/png"


@pytest.mark.parametrize(("status", "said", "again"), [
    ("404 Not Found", "no longer has", False), ("403 Forbidden", "signing in", False), ("500 Oops", "error", True),
    ("429 Slow", "429", True), ("204 No Content", "204", False), ("304 Same", "304", False),
])  # fmt: skip
async def test_an_answer_that_is_no_page_is_told_in_words(site: Site, status: str, said: str, again: bool) -> None:
    site.serve("/", b"", status=status)
    with pytest.raises(Upstream, match=said) as wrong:
        await get(site, "/")
    assert wrong.value.retryable is again


async def test_a_host_that_is_silent_broken_or_gone_is_told_in_words(site: Site) -> None:
    site.answers["/half"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nabc"
    site.answers["/noise"] = b"\x00\x01\x02 no http\r\n\r\n"
    for path in ("/half", "/noise"):
        with pytest.raises(Upstream, match="broke off"):
            await get(site, path)
    never = asyncio.Event()

    async def silent(host: str, port: int) -> list[str]:
        await never.wait()
        return []

    with pytest.raises(Upstream, match="longer than"):
        await get(site, "/", replace(site.web(), resolve=silent), whole=0.05)

    async def unknown(host: str, port: int) -> list[str]:
        raise OSError

    assert "not known" in await refused(get(site, "/", replace(site.web(), resolve=unknown)))
    closed = site.port
    async with open_site() as other:
        web = other.web()
        port = other.port
    assert closed != port
    with pytest.raises(Upstream, match="does not answer"):
        await web.fetch(f"http://shop.example:{port}/", most=10, types=PAGES)


async def test_every_refusal_is_one_of_the_family(site: Site) -> None:
    for url in ("http://\x00/", "http://%00/", "http://..", "http://a..b/", "http://" + "a" * 70 + ".example/", "//x"):
        with pytest.raises(AdroomError):
            await Web().fetch(url, most=10, types=PAGES)


@pytest.mark.parametrize(("said", "taken"), [
    ("windows-1252", "cp1252"), ("Shift_JIS", "shift_jis"), ("iso-8859-1", None), ("rot13", None), ("nonsense", None),
    ("base64", None), ("idna", None), ("unicode_escape", None), ('"utf-8"', "utf-8"),
])  # fmt: skip
async def test_the_encoding_is_the_one_said_when_there_is_such_a_one(site: Site, said: str, taken: str | None) -> None:
    site.serve("/", b"x", f"text/html; charset={said}")
    assert (await get(site, "/")).charset == taken
