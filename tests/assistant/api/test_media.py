"""Pictures of ads over HTTP: fetched from a real host when they are first asked for, kept, and refused in words."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.assistant.api.conftest import Door
from tests.assistant.api.test_imports import bring
from tests.knowledge.fetching.loopback import Site, open_site
from tests.knowledge.media.drawn import opened, picture
from tests.knowledge.shelves import add_ad


@pytest.fixture
async def site(door: Door) -> AsyncIterator[Site]:
    async with open_site() as opened_site:
        door.work.web = opened_site.web(inside_example=["10.0.0.1"])
        yield opened_site


async def add_medium(door: Door, site: Site, type: str | None = "image", **addresses: str) -> str:
    """The address of its medium under /api. ``addresses``: paths at the site, or whole addresses."""
    urls = {
        name: at if "://" in at else f"http://cdn.example:{site.port}{at}"
        for name, at in {"url": "", "thumbnail_url": "", "download_url": "", **addresses}.items()
    }
    async with door.parts.db.org(door.people.org_id) as conn:
        ad = await add_ad(conn, door.people, f"A razor for quiet mornings {uuid4()}")
        row = await (
            await conn.execute(
                "insert into company_swipe_media"
                " (org_id, swipe_asset_id, external_media_id, type, url, thumbnail_url, download_url)"
                " values (%s, %s, '1', %s, %s, %s, %s) returning id",
                (door.people.org_id, ad, type, *[at if addresses.get(name) else None for name, at in urls.items()]),
            )
        ).fetchone()
    assert row is not None
    return f"/swipes/{ad}/media/{row[0]}"


async def medium(door: Door, at: str) -> Any:
    ad, id = at.split("/")[2], at.split("/")[4]
    return next(one for one in (await door.get(f"/swipes/{ad}"))["media"] if one["id"] == id)


async def test_a_thumbnail_is_fetched_when_first_asked_for_and_then_kept(door: Door, site: Site) -> None:
    site.serve("/a.jpg", picture(), "image/jpeg")
    at = await add_medium(door, site, url="/a.jpg")
    before = await medium(door, at)
    assert (before["state"], before["thumb"], before["file"]) == ("none", f"/api{at}/thumb", None)
    answers = await asyncio.gather(*[door.http.get(f"/api{at}/thumb") for _ in range(5)])
    assert {answer.status_code for answer in answers} == {200}
    assert opened(answers[0].content).size == (640, 320)
    assert len(site.asked) == 1, "once, whoever asks at the same time"
    headers = answers[0].headers
    assert headers["content-type"] == "image/webp"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"].startswith("private")
    after = await medium(door, at)
    assert (after["state"], after["reason"], after["file"]) == ("fetched", None, f"/api{at}/file")
    original = await door.http.get(after["file"])
    assert (original.content, original.headers["content-type"]) == (picture(), "image/jpeg")
    assert "content-disposition" not in original.headers


async def test_the_small_picture_of_an_export_is_taken_first_and_the_large_one_on_request(
    door: Door, site: Site
) -> None:
    site.serve("/small.png", picture(100, 100, "PNG"), "image/png")
    site.serve("/large.png", picture(900, 900, "PNG"), "binary/octet-stream")
    at = await add_medium(door, site, url="/large.png", thumbnail_url="/small.png")
    assert opened((await door.http.get(f"/api{at}/thumb")).content).size == (100, 100)
    await door.get(f"{at}/file", 404)
    view = await door.post(f"{at}/fetch")
    assert (view["state"], view["file"]) == ("fetched", f"/api{at}/file")
    assert opened((await door.http.get(f"/api{at}/thumb")).content).size == (640, 640)
    assert (await door.http.get(f"/api{at}/file")).content == picture(900, 900, "PNG")


async def test_a_film_is_shown_by_its_picture_and_given_to_be_saved(door: Door, site: Site) -> None:
    site.serve("/p.jpg", picture(), "image/jpeg")
    film = b"\x00\x00\x00\x18ftypmp42" + bytes(3_000_000)
    site.serve("/f.mp4", film, "video/mp4")
    at = await add_medium(door, site, "video", url="/f.mp4", thumbnail_url="/p.jpg")
    assert (await door.http.get(f"/api{at}/thumb")).status_code == 200
    assert len(site.asked) == 1
    swipe = at.split("/")[2]
    assert [one["state"] for one in await door.post(f"/swipes/{swipe}/media/fetch")] == ["fetched"]
    answer = await door.http.get(f"/api{at}/file")
    assert answer.content == film
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(("addresses", "said"), [
    ({"url": "/gone.jpg"}, "no longer has this"), ({"url": "http://inside.example/a.jpg"}, "not public"),
    ({"url": "http://169.254.169.254/latest"}, "not public"), ({"url": "/svg"}, "no picture"), ({"url": "/page"}, "text/html"),
    ({"url": "/moved"}, "not public"), ({"thumbnail_url": "/broken.jpg"}, "broken picture"), ({}, "missing"),
])  # fmt: skip
async def test_what_cannot_be_shown_says_why_and_is_not_tried_again_unasked(
    door: Door, site: Site, addresses: dict[str, str], said: str
) -> None:
    site.serve("/svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    site.serve("/page", b"<html>", "text/html")
    site.serve("/broken.jpg", picture()[:900], "image/jpeg")
    site.move("/moved", "http://127.0.0.2/secret.jpg")
    at = await add_medium(door, site, **addresses)
    assert said in (await door.get(f"{at}/thumb", 404))["detail"]
    view, asked = await medium(door, at), len(site.asked)
    assert (view["state"], view["thumb"], view["file"]) == ("failed", None, None)
    assert said in view["reason"]
    await door.get(f"{at}/thumb", 404)
    assert len(site.asked) == asked


async def test_many_who_look_at_once_try_what_fails_once(door: Door, site: Site) -> None:
    at = await add_medium(door, site, url="/gone.jpg")
    answers = await asyncio.gather(*[door.http.get(f"/api{at}/thumb") for _ in range(5)])
    assert {answer.status_code for answer in answers} == {404}
    assert len(site.asked) == 1


async def test_a_picture_that_failed_is_tried_again_on_request(door: Door, site: Site) -> None:
    at = await add_medium(door, site, url="/a.jpg")
    await door.get(f"{at}/thumb", 404)
    site.serve("/a.jpg", picture(), "image/jpeg")
    view = await door.post(f"{at}/fetch")
    assert (view["state"], view["reason"]) == ("fetched", None)
    assert (await door.http.get(f"/api{at}/thumb")).status_code == 200


async def test_another_ads_picture_is_not_there_under_this_ad(door: Door, site: Site) -> None:
    site.serve("/a.jpg", picture(), "image/jpeg")
    one, other = await add_medium(door, site, url="/a.jpg"), await add_medium(door, site, url="/a.jpg")
    mixed = f"/swipes/{one.split('/')[2]}/media/{other.split('/')[4]}"
    for part in ("thumb", "file"):
        await door.get(f"{mixed}/{part}", 404)
    await door.post(f"{mixed}/fetch", status=404)
    assert site.asked == []


async def test_a_clients_own_ad_has_the_picture_that_was_brought(door: Door) -> None:
    brought = await bring(door, picture(), "../our ad.jpg")
    own = {"title": "Ours", "uploadId": brought["uploadId"]}
    made = await door.post(f"/clients/{door.people.client_id}/swipes", own, 201)
    [shown] = made["media"]
    assert (shown["type"], shown["state"]) == ("image", "fetched")
    assert opened((await door.http.get(shown["thumb"])).content).size == (640, 320)
    assert (await door.http.get(shown["file"])).content == picture()
    assert (await door.post(shown["thumb"].removeprefix("/api").replace("/thumb", "/fetch")))["state"] == "fetched"
    assert UUID(made["id"])


async def test_a_brought_file_that_is_no_picture_is_no_ad(door: Door) -> None:
    brought = await bring(door, b"<svg/>", "ad.png")
    own = {"title": "Ours", "uploadId": brought["uploadId"]}
    problem = await door.post(f"/clients/{door.people.client_id}/swipes", own, 422)
    assert [one["field"] for one in problem["fields"]] == ["uploadId"]
    await door.post(f"/clients/{door.people.client_id}/swipes", {"uploadId": str(uuid4())}, 404)
