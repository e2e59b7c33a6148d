"""Site maps as hosts give them: nested, packed, long, broken, hostile; and finding one's own pages in them."""

import gzip
import time
import tracemalloc
from collections.abc import AsyncIterator

import pytest

from knowledge.db import Database
from knowledge.errors import AdroomError, Invalid
from knowledge.research import own_pages
from knowledge.research.opening import Opener
from knowledge.research.own_pages import Listed, about, title_of
from knowledge.research.page_models import SiteMapRow
from knowledge.research.site_map import MOST, SiteMapParser, read_site_map
from tests.conftest import People, make_people
from tests.knowledge.fetching.loopback import Site, open_site

SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def site_map(*urls: str, day: str = "2026-03-04T10:00:00+00:00") -> bytes:
    rows = "".join(
        f"<url><loc> {url} </loc><lastmod>{day}</lastmod><image:image><image:loc>{url}/i</image:loc></image:image></url>"
        for url in urls
    )
    return f'<?xml version="1.0"?>\n<urlset {SPACE}>{rows}</urlset>'.encode()


def index(*urls: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {SPACE}>{rows}</sitemapindex>".encode()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        opened.serve("/robots.txt", b"", "text/plain")
        yield opened


async def read(db: Database, people: People, site: Site, path: str = "") -> SiteMapRow:
    website = f"http://shop.example:{site.port}{path}"
    return await read_site_map(db, people.org_id, people.client_id, Opener(db, people.org_id, site.web()), website)


async def listed(db: Database, people: People) -> list[str]:
    async with db.org(people.org_id) as conn:
        return [row[0] for row in await (await conn.execute("select url from own_pages order by url")).fetchall()]


async def test_an_index_of_packed_and_plain_maps_is_read_through(db: Database, people: People, site: Site) -> None:
    at = f"http://shop.example:{site.port}"
    site.serve("/robots.txt", f"Sitemap: {at}/maps.xml".encode(), "text/plain")
    site.serve("/maps.xml", index(f"{at}/a.xml.gz", f"{at}/b.txt", f"{at}/gone.xml"), "application/xml")
    site.serve(
        "/a.xml.gz",
        gzip.compress(site_map(f"{at}/a", "http://www.shop.example/b", f"{at}/pic.jpg")),
        "application/gzip",
    )
    site.serve(
        "/b.txt",
        f"{at}/c\r\nhttp://blog.shop.example/d\nhttp://evil.example/x\njavascript:alert(1)\n".encode(),
        "text/plain",
    )
    row = await read(db, people, site)
    assert await listed(db, people) == [
        "http://blog.shop.example/d",
        f"{at}/a",
        f"{at}/c",
        "http://www.shop.example/b",
    ]
    assert (row.files, row.pages, row.skipped) == (3, 4, 3)
    assert row.notes == [f"{at}/gone.xml could not be read: shop.example no longer has this."]


async def test_reading_again_puts_the_new_list_in_place_of_the_old(db: Database, people: People, site: Site) -> None:
    at = f"http://shop.example:{site.port}"
    site.serve("/sitemap.xml", site_map(f"{at}/a", f"{at}/b"), "application/xml")
    await read(db, people, site)
    async with db.org(people.org_id) as conn:
        await own_pages.keep(conn, people.org_id, people.client_id, [Listed(f"{at}/given")], "given")
    site.serve("/sitemap.xml", site_map(f"{at}/b", f"{at}/c"), "application/xml")
    await read(db, people, site)
    assert await listed(db, people) == [f"{at}/b", f"{at}/c", f"{at}/given"]


async def test_a_map_of_fifty_thousand_is_read_as_it_comes(db: Database, people: People, site: Site) -> None:
    at = f"http://shop.example:{site.port}"
    urls = [f"{at}/shop/coffee-{n % 300}/bean-number-{n}" for n in range(MOST + 10)]
    site.serve("/sitemap.xml", gzip.compress(site_map(*urls)), "text/xml")
    began = time.monotonic()
    row = await read(db, people, site)
    assert (row.pages, row.notes) == (MOST, ["The site map has more than 50,000 pages; the rest was left out."])
    assert time.monotonic() - began < 60
    async with db.org(people.org_id) as conn:
        found = await own_pages.own_pages(conn, people.client_id, ["Bean", "number", "4711"], 3)
    assert found[0].url.endswith("/bean-number-4711")
    assert found[0].title == "Bean number 4711"


def test_a_long_map_is_never_held_as_a_whole() -> None:
    parser = SiteMapParser("shop.example", 10)
    head = site_map().removesuffix(b"</urlset>")
    rows = site_map("http://other.example/a")[len(head) : -len(b"</urlset>")] * 100
    tracemalloc.start()
    parser.feed(head)
    for _ in range(300):
        parser.feed(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parser.found.skipped == 30_000
    assert peak < 2_000_000


@pytest.mark.parametrize(("content", "why"), [
    (b"<html><body>Not found</body></html>", "is no site map"),
    (b"<urlset><url><loc>http://shop.example/a</loc>", "is broken as a site map (line 1)"),
    (b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><urlset><url><loc>&a;</loc></url></urlset>", "document type"),
    (b"\x1f\x8b" + b"junk" * 100, "is packed and broken"),
    (b"a" * 100_000, "is no site map"),
    (b"<urlset>" + b"<url>" * 100 + b"</urlset>", "is no site map"),
    (gzip.compress(b"<urlset>" + b" " * 200_000_000), "is larger than 60 MB"),
])  # fmt: skip
def test_what_is_no_site_map_is_refused_by_name(content: bytes, why: str) -> None:
    parser = SiteMapParser("shop.example")
    with pytest.raises(Invalid) as wrong:
        for at in range(0, len(content), 10_000):
            parser.feed(content[at : at + 10_000])
        parser.close()
    assert why in wrong.value.fields["url"]


async def test_a_site_without_a_map_says_so(db: Database, people: People, site: Site) -> None:
    with pytest.raises(AdroomError, match="no longer has this"):
        await read(db, people, site)
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /", "text/plain")
    with pytest.raises(Invalid, match="robots"):
        await read(db, await make_people(db, "Other"), site, "/sitemap.xml")


async def test_the_pages_nearest_to_a_topic_come_first(db: Database, people: People) -> None:
    at = "https://shop.example"
    paths = (
        "/",
        "/rackets",
        "/blog/choosing-padel-rackets-for-beginners",
        "/blog/padel-shoes",
        "/about",
        "/schläger-pflegen",
    )
    async with db.org(people.org_id) as conn:
        await own_pages.keep(conn, people.org_id, people.client_id, [Listed(at + path) for path in paths], "site_map")
        found = await own_pages.own_pages(conn, people.client_id, ["How", "to", "choose", "a", "padel", "racket"], 3)
        assert [page.url.removeprefix(at) for page in found][:1] == ["/blog/choosing-padel-rackets-for-beginners"]
        assert len(found) == 3
        german = await own_pages.own_pages(conn, people.client_id, ["Schläger"], 3)
        assert [page.title for page in german] == ["Schläger pflegen"]
        assert await own_pages.own_pages(conn, people.client_id, ["of", "the"], 3) == []


def test_a_page_is_called_by_the_words_of_its_address() -> None:
    assert title_of("https://shop.example/blog/keep-coffee_fresh.html?x=1") == "Keep coffee fresh"
    assert title_of("https://shop.example/2026/guide/index.html") == "Guide"
    assert title_of("https://shop.example/") == "shop.example"
    assert title_of("https://shop.example/caf%C3%A9/") == "Café"
    assert about("Rackets, racket & the RACKET") == ["racket"]
