"""Pages opened from a real server: by its rules, once within their age, and what cannot be opened says why."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from knowledge.db import Database
from knowledge.research.opening import LARGEST, Opener
from tests.conftest import People, make_people
from tests.knowledge.fetching.loopback import Site, open_site
from tests.knowledge.research.pages import GUIDE, ROBOTS, STORAGE


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        opened.serve("/robots.txt", ROBOTS.encode(), "text/plain")
        opened.serve("/guide", GUIDE.encode())
        yield opened


def at(site: Site, path: str, host: str = "shop.example") -> str:
    return f"http://{host}:{site.port}{path}"


def asked(site: Site) -> list[str]:
    return [head.split(" ", 2)[1] for head in site.asked]


async def test_a_page_is_opened_once_within_its_age_and_kept(db: Database, people: People, site: Site) -> None:
    opener = Opener(db, people.org_id, site.web())
    page = await opener.open(at(site, "/guide#part"))
    assert (page.status, page.url, page.title) == (
        "opened",
        at(site, "/guide"),
        "How to keep coffee fresh | Beans & Co",
    )
    assert page.words > 80
    assert page.outline[0] == {"level": 1, "text": "How to keep coffee fresh"}
    assert any(one["term"] == "airtight container" for one in page.terms)
    assert all("user-agent: adroombot/1" in head.lower() for head in site.asked)
    assert asked(site) == ["/robots.txt", "/guide"]
    again = await Opener(db, people.org_id, site.web()).open(at(site, "/guide"))
    assert again == page
    assert asked(site) == ["/robots.txt", "/guide"], "neither the page nor the rules were asked for again"
    site.serve("/guide", STORAGE.encode())
    newer = await Opener(db, people.org_id, site.web(), kept=timedelta(0)).open(at(site, "/guide"))
    assert (newer.id, newer.title) == (page.id, "Coffee storage: the complete guide")


async def test_what_was_once_read_stays_when_the_page_is_gone(db: Database, people: People, site: Site) -> None:
    page = await Opener(db, people.org_id, site.web()).open(at(site, "/guide"))
    site.serve("/guide", b"", status="410 Gone")
    gone = await Opener(db, people.org_id, site.web(), kept=timedelta(0)).open(at(site, "/guide"))
    assert (gone.status, gone.text, gone.terms) == ("failed", "", [])
    assert await Opener(db, people.org_id, site.web()).open(at(site, "/guide")) == page


async def test_what_robots_txt_forbids_to_us_is_never_asked_for(db: Database, people: People, site: Site) -> None:
    site.serve("/no-bots/a", GUIDE.encode())
    site.serve("/private", GUIDE.encode())
    site.move("/way-in", "/no-bots/a")
    opener = Opener(db, people.org_id, site.web())
    for path in ("/no-bots/a", "/way-in"):
        page = await opener.open(at(site, path))
        assert page.status == "forbidden"
        assert page.reason == "may not be opened by programs; its host says so in robots.txt"
        assert page.text == ""
    assert "/no-bots/a" not in asked(site)
    assert (await opener.open(at(site, "/private"))).opened, "what is said to others only is not said to us"


async def test_a_host_that_cannot_say_what_is_allowed_is_left_alone(db: Database, people: People, site: Site) -> None:
    site.serve("/robots.txt", b"", status="503 Busy")
    page = await Opener(db, people.org_id, site.web()).open(at(site, "/guide"))
    assert (page.status, page.reason) == ("failed", "shop.example could not be asked what may be opened (robots.txt).")
    assert asked(site) == ["/robots.txt"]


async def test_a_host_without_rules_allows_everything_and_endless_rules_end(
    db: Database, people: People, site: Site
) -> None:
    del site.answers["/robots.txt"]
    assert (await Opener(db, people.org_id, site.web()).open(at(site, "/guide"))).opened
    site.answers["/robots.txt"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /guide\n"
    )
    site.endless.add("/robots.txt")
    other = await Opener(db, people.org_id, site.web()).open(at(site, "/guide", "other.example"))
    assert other.status == "forbidden"


async def test_pages_of_one_host_come_with_the_pause_it_asks_for(db: Database, people: People, site: Site) -> None:
    site.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3", "text/plain")
    site.serve("/storage", STORAGE.encode())
    began = time.monotonic()
    pages = await Opener(db, people.org_id, site.web()).open_all([at(site, "/guide"), at(site, "/storage")])
    assert [page.opened for page in pages] == [True, True]
    assert time.monotonic() - began >= 0.3


async def test_what_cannot_be_opened_says_why(db: Database, people: People, site: Site) -> None:
    site.serve("/large", b"<p>" + b"a" * 20_000_000)
    site.answers["/endless"] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"
    site.endless.add("/endless")
    site.serve("/picture", b"\x89PNG", "image/png")
    site.serve("/empty", b"<html><body> </body></html>")
    site.serve("/broken", b"", status="500 Oops")
    urls = [at(site, path) for path in ("/large", "/endless", "/picture", "/empty", "/gone", "/broken")]
    urls += ["http://10.0.0.1/", "file:///etc/passwd", "no address", at(site, "/large")]
    pages = await Opener(db, people.org_id, site.web()).open_all(urls)
    assert [(page.status, page.reason) for page in pages] == [
        ("refused", f"is larger than {LARGEST / 1_000_000:.0f} MB"),
        ("refused", f"is larger than {LARGEST / 1_000_000:.0f} MB"),
        ("refused", "is of a kind that is not taken here (image/png)"),
        ("refused", "has no text that could be read"),
        ("failed", "shop.example no longer has this."),
        ("failed", "shop.example answered with an error (500)."),
        ("refused", "leads to an address that is not public (10.0.0.1); only public pages are fetched"),
        ("refused", "must begin with http:// or https://"),
        ("refused", "must begin with http:// or https://"),
    ]
    assert all(page.text == "" and page.terms == [] for page in pages)


async def test_pages_in_other_scripts_and_encodings_are_read(db: Database, people: People, site: Site) -> None:
    japanese = "<title>コーヒー豆の保存</title><h1>保存方法</h1><p>" + "コーヒー豆は密閉容器で保存します。" * 20
    site.serve("/ja", japanese.encode("shift_jis"), "text/html; charset=Shift_JIS")
    arabic = (
        "<html dir=rtl lang=ar><title>حفظ القهوة</title><h1>كيف تحفظ القهوة؟</h1><p>" + "القهوة في علبة محكمة " * 30
    )
    site.serve("/ar", arabic.encode())
    ja, ar = await Opener(db, people.org_id, site.web()).open_all([at(site, "/ja"), at(site, "/ar")])
    assert (ja.title, ja.language) == ("コーヒー豆の保存", "ja")
    assert (ar.title, ar.language, ar.questions) == ("حفظ القهوة", "ar", ["كيف تحفظ القهوة؟"])


async def test_pages_are_an_organisations_own(db: Database, people: People, site: Site) -> None:
    await Opener(db, people.org_id, site.web()).open(at(site, "/guide"))
    other = await make_people(db, "Other")
    await Opener(db, other.org_id, site.web()).open(at(site, "/guide"))
    assert asked(site).count("/guide") == 2
