"""A page of the web as an import over HTTP: fetched from a real server, previewed, refused by name."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.assistant.api.conftest import Door
from tests.knowledge.artifacts.briefs import pdf_of
from tests.knowledge.fetching.loopback import Site, open_site

PAGE = """<!doctype html><title>Preços · Loja</title><script>steal()</script>
<h1>Sem fuligem</h1><p>Velas de cera de soja.</p>"""


@pytest.fixture
async def site(door: Door) -> AsyncIterator[Site]:
    async with open_site() as opened:
        door.work.web = opened.web(inside_example=["192.168.0.1"])
        yield opened


async def bring(door: Door, site: Site, path: str, status: int = 201, **more: Any) -> Any:
    url = path if "://" in path else f"http://loja.example:{site.port}{path}"
    return await door.post("/imports", {"url": url, **more}, status)


async def test_a_page_is_fetched_and_shown_before_it_comes_in(door: Door, site: Site) -> None:
    site.serve("/pre%C3%A7os.html", PAGE.encode("cp1252"), "text/html; charset=windows-1252")
    site.move("/p", "/pre%C3%A7os.html")
    view = await bring(door, site, "/p", clientId=str(door.people.client_id))
    assert (view["kind"], view["format"], view["status"]) == ("document", "html", "preview")
    assert view["filename"] == "loja.example preços.html"
    assert view["options"] == {"encoding": "cp1252", "uri": f"http://loja.example:{site.port}/pre%C3%A7os.html"}
    [sample] = view["preview"]["samples"]
    assert sample["title"] == "Preços · Loja"
    assert "Velas de cera de soja." in sample["text"] and "steal" not in sample["text"]


async def test_a_pdf_of_the_web_is_shown_as_one(door: Door, site: Site) -> None:
    site.serve("/brand", pdf_of(["Soy candles burn without soot."]), "application/pdf")
    view = await bring(door, site, "/brand", clientId=str(door.people.client_id))
    assert (view["kind"], view["format"], view["filename"]) == ("document", "pdf", "loja.example brand.pdf")
    assert "without soot" in view["preview"]["samples"][0]["text"]


@pytest.mark.parametrize(("path", "said"), [
    ("http://127.0.0.2/", "not public"), ("http://169.254.169.254/latest/meta-data", "not public"),
    ("http://inside.example/", "not public"), ("http://[::1]/", "not public"), ("/moved", "not public"),
    ("/bomb", "larger than"), ("ftp://loja.example/", "http://"), ("/picture", "image/png"), ("/empty", "empty"),
    ("http://loja.example:22/", "port 22"),
])  # fmt: skip
async def test_what_may_not_be_fetched_is_refused_by_name(door: Door, site: Site, path: str, said: str) -> None:
    site.move("/moved", "http://192.168.1.1/admin")
    site.serve("/bomb", gzip.compress(b"<p>" + b"a" * 30_000_000), Content_Encoding="gzip")
    site.serve("/picture", b"x", "image/png")
    site.serve("/empty", b" \n")
    problem = await bring(door, site, path, 422)
    assert [one["field"] for one in problem["fields"]] == ["url"]
    assert said in problem["fields"][0]["message"]
    assert (await door.get("/imports"))["items"] == []


async def test_a_host_that_does_not_answer_as_it_should_is_told_apart(door: Door, site: Site) -> None:
    assert "no longer has this" in (await bring(door, site, "/gone", 502))["detail"]


async def test_a_page_is_one_thing_and_a_document(door: Door, site: Site) -> None:
    assert [one["field"] for one in (await bring(door, site, "/p", 422, text="x"))["fields"]] == ["url"]
    assert [one["field"] for one in (await bring(door, site, "/p", 422, kind="swipes"))["fields"]] == ["kind"]
    assert site.asked == []


async def test_another_organisations_client_gets_no_page(door: Door, site: Site) -> None:
    site.serve("/p", PAGE.encode())
    await bring(door, site, "/p", 404, clientId="00000000-0000-0000-0000-00000000000a")
    assert site.asked == []
