"""WordPress: a draft first, then live, one post however often and wherever it breaks off."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from assistant.publishing.settings import WordPressSettings
from assistant.publishing.wordpress import WordPress
from knowledge.assets import service as assets
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict, Denied, Upstream
from knowledge.publishing import queries
from knowledge.publishing.models import Publication
from knowledge.publishing.service import publish
from tests.assistant.publishing.conftest import Shop
from tests.assistant.publishing.wordpress_server import USER, WordPressServer
from tools.assets.view import get_view


async def send(shop: Shop) -> None:
    await publish(shop.db, shop.caller, shop.asset.id, shop.publisher)


async def test_an_approved_article_goes_out_as_a_draft_and_then_live(shop: Shop, wordpress: WordPressServer) -> None:
    await shop.approve()
    await send(shop)
    (post,) = wordpress.posts.values()
    assert post["status"] == "publish" and post["title"] == "Fresh coffee" and post["excerpt"] == "Keep it dry."
    assert [given.get("status") for _, _, given in wordpress.writes] == ["draft", "publish"]
    assert "<h1>" not in post["content"] and "voc:" not in post["content"] and "<em>dry</em>" in post["content"]
    assert 'type="application/ld+json"' in post["content"] and f"adroom-{shop.asset.id}" in post["content"]
    assert (await shop.now()).status == "published"
    async with shop.db.org(shop.caller.org_id) as conn:
        there = await queries.newest(conn, shop.asset.id)
    assert there is not None and (there.state, there.claimed_until) == ("live", None)
    assert there.url == f"{wordpress.url}/fresh-coffee/" and there.external_id == str(post["id"])


async def test_publishing_twice_makes_one_post_and_asks_nothing_again(shop: Shop, wordpress: WordPressServer) -> None:
    await shop.approve()
    await send(shop)
    before = len(wordpress.asked)
    await send(shop)
    assert len(wordpress.posts) == 1 and len(wordpress.asked) == before


async def test_what_is_not_approved_does_not_go_out(shop: Shop, wordpress: WordPressServer) -> None:
    with pytest.raises(Blocked, match=r"the piece is draft \(v1\)"):
        await send(shop)
    with pytest.raises(Denied):
        await publish(shop.db, replace(shop.caller, role="viewer"), shop.asset.id, shop.publisher)
    assert wordpress.asked == []


@pytest.mark.parametrize("at", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("fault", ["lost", 503, "html"])
async def test_wherever_it_breaks_off_publishing_again_makes_no_second_post(
    shop: Shop, wordpress: WordPressServer, at: int, fault: object
) -> None:
    """Requests: look by key, look by slug, make the draft, read it back, go live."""
    await shop.approve()
    wordpress.faults = [None] * at + [fault]
    with pytest.raises(Upstream):
        await send(shop)
    assert (await shop.now()).status == "approved"
    await send(shop)
    (post,) = wordpress.posts.values()
    assert post["status"] == "publish" and post["slug"] == "fresh-coffee"
    assert (await shop.now()).status == "published"


async def test_a_process_that_died_while_sending_is_made_up_for(shop: Shop, wordpress: WordPressServer) -> None:
    """Its claim is still there: whoever comes at once is told to wait, whoever comes later goes on with the same post."""
    await shop.approve()
    task = asyncio.create_task(send(shop))
    wordpress.faults = [None, None, "slow"]
    while not wordpress.posts:
        await asyncio.sleep(0.01)
    with pytest.raises(Conflict, match="being published right now"):
        await send(shop)
    task.cancel()
    await asyncio.wait({task})
    async with shop.db.org(shop.caller.org_id) as conn:  # as kill -9 leaves it: claimed, without an id
        await conn.execute("update publications set claimed_until = now() - interval '1 second', external_id = null")
    await send(shop)
    assert len(wordpress.posts) == 1 and (await shop.now()).status == "published"


async def test_ten_at_once_make_one_post(shop: Shop, wordpress: WordPressServer) -> None:
    await shop.approve()
    ended = await asyncio.gather(*(send(shop) for _ in range(10)), return_exceptions=True)
    assert all(end is None or isinstance(end, Conflict) for end in ended) and None in ended
    assert len(wordpress.posts) == 1


async def test_a_new_version_takes_the_place_of_the_old_one_once_it_is_approved(
    shop: Shop, wordpress: WordPressServer
) -> None:
    await shop.approve()
    await send(shop)
    await shop.edit("# Fresh coffee\n\nKeep it dry and dark.")
    with pytest.raises(Blocked):
        await send(shop)
    await shop.approve()
    await send(shop)
    (post,) = wordpress.posts.values()
    assert "dry and dark" in post["content"] and post["status"] == "publish"


async def test_an_edit_before_it_goes_live_keeps_it_from_going_live(shop: Shop, wordpress: WordPressServer) -> None:
    await shop.approve()
    wordpress.faults = [None, None, "slow", None]
    task = asyncio.create_task(send(shop))
    while not wordpress.posts:
        await asyncio.sleep(0.01)
    await shop.edit("# Fresh coffee\n\nOther words.")
    with pytest.raises(Blocked, match=r"the piece is draft \(v2\)"):
        await task
    (post,) = wordpress.posts.values()
    assert post["status"] == "draft" and (await shop.now()).status == "draft"
    await shop.approve()
    await send(shop)
    (post,) = wordpress.posts.values()
    assert post["status"] == "publish" and "Other words" in post["content"]


async def until_live(wordpress: WordPressServer) -> None:
    while not any(post["status"] == "publish" for post in wordpress.posts.values()):
        await asyncio.sleep(0.01)


async def test_an_edit_while_it_goes_live_leaves_the_new_words_a_draft_and_keeps_the_address(
    shop: Shop, wordpress: WordPressServer
) -> None:
    await shop.approve()
    wordpress.faults = [None] * 4 + ["slow"]
    task = asyncio.create_task(send(shop))
    await until_live(wordpress)
    await shop.edit("# Fresh coffee\n\nOther words.")
    await task
    assert (await shop.now()).status == "draft"
    (post,) = wordpress.posts.values()
    assert "Other words" not in post["content"] and post["status"] == "publish"
    assert await shop.rows("select state, url, asset_version from publications") == [
        ("live", f"{wordpress.url}/fresh-coffee/", 1)
    ]


async def test_what_gets_in_the_way_while_it_goes_live_is_told_with_the_address_which_is_kept(
    shop: Shop, wordpress: WordPressServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.approve()
    wordpress.faults = [None] * 4 + ["slow"]
    task = asyncio.create_task(send(shop))
    await until_live(wordpress)

    async def flagged(*_: object) -> list[str]:
        return ["client_canon is flagged for review (v1): a price changed"]

    monkeypatch.setattr(assets, "_flagged_behind", flagged)
    with pytest.raises(Blocked, match=r"went live at http.*/fresh-coffee/ .*a price changed") as refused:
        await task
    assert refused.value.reasons == ["client_canon is flagged for review (v1): a price changed"]
    assert await shop.rows("select state, url, claimed_until from publications") == [
        ("live", f"{wordpress.url}/fresh-coffee/", None)
    ]
    assert (await shop.now()).status == "approved"
    monkeypatch.undo()
    before = len(wordpress.asked)
    await send(shop)
    assert (await shop.now()).status == "published" and len(wordpress.asked) == before


@pytest.mark.parametrize("times", [1, 2])
async def test_a_database_that_fails_after_it_is_live_is_tried_again_and_else_the_address_is_told(
    shop: Shop, wordpress: WordPressServer, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    await shop.approve()
    left, really = [times], queries.set_state

    async def failing(conn: Connection, id: UUID, values: dict[str, Any]) -> Publication:
        if values["state"] == "live" and left[0]:
            left[0] -= 1
            raise psycopg.OperationalError("the connection is closed")
        return await really(conn, id, values)

    monkeypatch.setattr(queries, "set_state", failing)
    if times == 1:
        await send(shop)
    else:
        with pytest.raises(Upstream, match=r"It is live at http.*/fresh-coffee/"):
            await send(shop)
        await shop.rows("update publications set claimed_until = now() - interval '1 second' returning 1")
        await send(shop)
    assert (await shop.now()).status == "published" and len(wordpress.posts) == 1
    assert await shop.rows("select state, url from publications") == [("live", f"{wordpress.url}/fresh-coffee/")]


async def test_structured_data_that_the_site_takes_out_is_told_and_sent_again_once_it_may_stay(
    shop: Shop, wordpress: WordPressServer
) -> None:
    await shop.approve()
    wordpress.strips = True
    await send(shop)
    async with shop.db.org(shop.caller.org_id) as conn:
        view = await get_view(conn, shop.caller, shop.asset.id)
    assert view.status == "published" and view.publication is not None and view.publication.state == "live"
    assert "took the structured data (JSON-LD) out" in view.publication.lost
    assert "unfiltered_html" in view.publication.lost and "publish again" in view.publication.lost
    wordpress.strips = False
    await send(shop)
    async with shop.db.org(shop.caller.org_id) as conn:
        view = await get_view(conn, shop.caller, shop.asset.id)
    (post,) = wordpress.posts.values()
    assert 'type="application/ld+json"' in post["content"] and post["status"] == "publish"
    assert view.publication is not None and view.publication.lost == ""


async def test_a_post_that_was_deleted_there_is_made_again(shop: Shop, wordpress: WordPressServer) -> None:
    await shop.approve()
    await send(shop)
    wordpress.posts.clear()
    await shop.edit("# Fresh coffee\n\nAgain.")
    await shop.approve()
    await send(shop)
    assert len(wordpress.posts) == 1


async def test_an_older_post_under_the_same_address_is_left_alone(shop: Shop, wordpress: WordPressServer) -> None:
    old = {"id": 7, "kind": "posts", "status": "publish", "slug": "fresh-coffee", "title": "Old", "content": "By hand."}
    wordpress.posts[7] = dict(old)
    await shop.approve()
    await send(shop)
    assert wordpress.posts[7] == old and wordpress.posts[8]["slug"] == "fresh-coffee-2"


@pytest.mark.parametrize(
    ("fault", "said"),
    [(401, "does not let this user"), (301, "sends on to another"), (404, "no REST API"), (500, "error")],
)
async def test_what_is_wrong_is_said_plainly(shop: Shop, wordpress: WordPressServer, fault: int, said: str) -> None:
    await shop.approve()
    wordpress.faults = [fault]
    with pytest.raises(Upstream, match=said):
        await send(shop)


async def test_a_wrong_password_and_nobody_there_are_said_and_the_password_is_not(shop: Shop) -> None:
    await shop.approve()
    settings = WordPressSettings(shop.publisher.settings.url, USER, "hunter2hunter2")
    with pytest.raises(Upstream) as refused:
        await publish(shop.db, shop.caller, shop.asset.id, WordPress(settings))
    assert "hunter2" not in str(refused.value) and "hunter2" not in repr(settings)
    with pytest.raises(Upstream, match="does not answer"):
        await publish(shop.db, shop.caller, shop.asset.id, WordPress(replace(settings, url="http://127.0.0.1:9")))


async def test_without_a_content_system_it_is_marked_as_published(shop: Shop) -> None:
    await shop.approve()
    await publish(shop.db, shop.caller, shop.asset.id, None)
    assert (await shop.now()).status == "published" and await shop.rows("select * from publications") == []
