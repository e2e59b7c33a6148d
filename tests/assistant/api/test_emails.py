"""Emails and series over HTTP: previewed, edited, drawn, taken out, tried, scheduled; closed to strangers."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from assistant.pictures import Pictures, find_chromium
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.errors import Upstream
from knowledge.series import service as series
from knowledge.series.service import Place
from tests.assistant.api.conftest import Door
from tests.tools.test_emails import Post

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine")
BODY = 'Hi {{ first_name | default: "there" }},\n\nhere it is.\n\n**[See it](https://bona.example/a)**\n\nBona'


@pytest.fixture
async def email(door: Door) -> Asset:
    content = {
        "subject": "Größe zählt",
        "preheader": "What happens next, and what you can change at any point.",
        "bodyMarkdown": BODY,
        "callToAction": {"label": "See it", "url": "https://bona.example/a"},
        "language": "en",
        "unsubscribeUrl": "https://bona.example/u",
    }
    values: dict[str, Any] = {
        "org_id": door.people.org_id, "client_id": door.people.client_id, "campaign_id": None, "run_id": None,
        "channel": "email", "format": "email_html", "title": "Größe zählt", "content": content, "seo": {},
        "agent": "email_marketer", "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute(
            "update clients set website = 'https://bona.example' where id = %s", (door.people.client_id,)
        )
        return await assets.create(conn, values)


async def test_a_preview_says_what_is_possible_here(door: Door, email: Asset) -> None:
    seen = await door.get(f"/assets/{email.id}/email")
    assert "Hi Anna," in seen["html"] and seen["mail"] is False and 0 < seen["bytes"] < 20_000
    assert seen["pictures"] == (find_chromium() is not None) and seen["problems"] == []
    nobody = await door.get(f"/assets/{email.id}/email?person=1")
    assert "Hi there," in nobody["plainText"]
    await door.get(f"/assets/{email.id}/email?person=9", 422)
    await door.get(f"/assets/{uuid4()}/email", 404)


async def test_an_edit_over_http_makes_the_next_version(door: Door, email: Asset) -> None:
    path = f"/assets/{email.id}/email"
    body = {"contentHash": email.content_hash, "subject": "Another", "subjects": ["B"]}
    response = await door.http.patch(f"/api{path}", json=body)
    assert response.status_code == 200, response.text
    assert response.json()["version"] == 2 and response.json()["content"]["subjects"] == ["B"]
    assert (await door.http.patch(f"/api{path}", json=body)).status_code == 409
    converted = await door.post(
        f"{path}/dialect", {"contentHash": response.json()["contentHash"], "dialect": "handlebars"}
    )
    assert "{{#if first_name}}" in converted["content"]["html"]
    await door.post(f"{path}/dialect", {"contentHash": converted["contentHash"], "dialect": "other"}, 422)


@pytest.mark.parametrize(("form", "media", "within"), [
    ("html", "text/html", "See it"), ("eml", "message/rfc822", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
    ("text", "text/plain", "Unsubscribe: https://bona.example/u"), ("mjml", "text/plain", "<mj-body"),
])  # fmt: skip
async def test_a_file_is_named_typed_and_cannot_run_here(
    door: Door, email: Asset, form: str, media: str, within: str
) -> None:
    response = await door.http.get(f"/api/assets/{email.id}/email/file?format={form}")
    assert response.status_code == 200 and within in response.text
    assert response.headers["content-type"].startswith(media)
    assert "attachment" in response.headers["content-disposition"]
    assert "gr%C3%B6%C3%9Fe-z%C3%A4hlt-draft" in response.headers["content-disposition"]
    assert response.headers["content-security-policy"].startswith("sandbox")


async def test_a_test_is_sent_once_for_one_key(door: Door, email: Asset) -> None:
    path = f"/assets/{email.id}/email/test"
    problem = await door.post(path, {"to": "me@bona.example"}, 409)
    assert "ADROOM_SMTP_HOST" in problem["detail"]
    door.work.mail = post = Post()
    for _ in range(2):
        told = await door.post(path, {"to": "me@bona.example"}, headers={"Idempotency-Key": "one-and-the-same"})
        assert told["to"] == "me@bona.example"
    assert len(post.sent) == 1
    await door.post(path, {"to": "not an address"}, 422)


async def test_a_series_is_shown_scheduled_and_taken_back(door: Door, email: Asset) -> None:
    values: dict[str, Any] = {
        "org_id": door.people.org_id, "client_id": door.people.client_id, "campaign_id": None, "run_id": None,
        "title": "Welcome", "goal": "first order", "tone": "", "language": "en", "idempotency_key": None,
    }  # fmt: skip
    async with door.parts.db.org(door.people.org_id) as conn:
        made = await series.create(conn, values, [Place(UUID(str(email.id)), 0, "say hello")])
    (listed,) = (await door.get("/series"))["items"]
    assert listed["id"] == str(made.id)
    shown = await door.get(f"/series/{made.id}")
    plan = {
        "startsOn": (datetime.now(UTC) + timedelta(days=2)).date().isoformat(), "sendTime": "08:15", "timezone": "UTC",
        "emails": [{name: one[name] for name in ("assetId", "contentHash")} for one in shown["emails"]],
    }  # fmt: skip
    await door.post(f"/series/{made.id}/schedule", {**plan, "timezone": "Nowhere"}, 422)
    await door.post(f"/series/{made.id}/schedule", {**plan, "emails": []}, 422)
    planned = await door.post(f"/series/{made.id}/schedule", plan)
    assert planned["status"] == "scheduled" and planned["emails"][0]["status"] == "approved"
    back = await door.http.delete(f"/api/series/{made.id}/schedule")
    assert back.status_code == 200 and back.json()["status"] == "draft"
    await door.get(f"/series/{uuid4()}", 404)


@needs_chromium
async def test_a_picture_is_drawn_in_each_view(door: Door, email: Asset) -> None:
    sizes: dict[str, tuple[int, int]] = {}
    ground: dict[str, Any] = {}
    for view in ("desktop", "phone", "dark"):
        response = await door.http.get(f"/api/assets/{email.id}/email/picture?view={view}")
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "image/png"
        with Image.open(BytesIO(response.content)) as picture:
            sizes[view], ground[view] = picture.size, picture.convert("RGB").getpixel((1, 1))
    assert (sizes["desktop"][0], sizes["phone"][0], sizes["dark"][0]) == (680, 390, 680)
    assert all(150 < height < 1_200 for _, height in sizes.values())
    assert sum(ground["dark"]) < 150 < 600 < sum(ground["desktop"])
    await door.get(f"/assets/{email.id}/email/picture?view=watch", 422)


@needs_chromium
async def test_a_hostile_page_runs_nothing_reaches_nothing_and_is_still_drawn() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    html = (
        "<html><head></head><body style='background:#fff'><p>Here</p><script>document.body.innerHTML='<h1>ran</h1>'</script>"
        f"<img src='http://127.0.0.1:{port}/pixel.png'><link rel=stylesheet href='http://127.0.0.1:{port}/x.css'>"
        f"<iframe src='http://127.0.0.1:{port}/f'></iframe><iframe src='file:///etc/passwd'></iframe></body></html>"
    )
    async with server:
        drawn = await Pictures(find_chromium()).draw(html, "desktop")
    assert asked == []
    with Image.open(BytesIO(drawn)) as picture:
        assert picture.width == 680


async def test_without_chromium_it_is_said(door: Door) -> None:
    with pytest.raises(Upstream, match="no Chromium"):
        await Pictures(None).draw("<p>a</p>", "phone")
