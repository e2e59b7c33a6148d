"""Customers' words and swiped ads: kept as they were said, imported once, seen by their own client only."""

from typing import Any
from uuid import UUID

from knowledge.clients import service as clients
from knowledge.swipes import queries as swipes
from knowledge.swipes.marking import Marks, OwnAd, add_own
from knowledge.voc import queries as voc
from knowledge.voc.keeping import keep_quote
from tests.knowledge.desk import Desk

WORDS = "  No smoke,\nfinally — “my flat”  smells like figs. 🕯 "


async def source(desk: Desk, content_hash: str = "a" * 64, **more: Any) -> UUID:
    given = {"org_id": desk.people.org_id, "client_id": desk.client_id, "kind": "review", "name": "Trustpilot"}
    async with desk.db.org(desk.people.org_id) as conn:
        return await voc.insert_source(conn, {**given, "uri": None, "content_hash": content_hash, **more})


async def say(desk: Desk, source_id: UUID, text: str, **more: Any) -> bool:
    given: dict[str, Any] = {"org_id": desk.people.org_id, "client_id": desk.client_id, "source_id": source_id}
    rest: dict[str, Any] = {"kind": "review", "rating": 5, "language": "en", "themes": ["smoke"]}
    async with desk.db.org(desk.people.org_id) as conn:
        return await keep_quote(conn, **{**given, "text": text, **rest, **more})


async def test_words_are_kept_verbatim_and_imported_once(desk: Desk) -> None:
    first = await source(desk)
    assert await source(desk) == first
    assert await say(desk, first, WORDS)
    assert not await say(desk, first, WORDS, rating=1)
    assert await say(desk, first, WORDS.strip())
    async with desk.db.org(desk.people.org_id) as conn:
        kept = await voc.list_snippets(conn, desk.client_id)
    assert [snippet.text for snippet in kept] == [WORDS, WORDS.strip()]
    assert kept[0].rating == 5


async def test_two_clients_may_have_the_same_words(desk: Desk) -> None:
    async with desk.db.org(desk.people.org_id) as conn:
        other = await clients.create_client(conn, desk.people.org_id, "Other")
    theirs = await source(desk, client_id=other.id)
    assert await say(desk, await source(desk), WORDS)
    assert await say(desk, theirs, WORDS, client_id=other.id)
    async with desk.db.org(desk.people.org_id) as conn:
        assert len(await voc.list_snippets(conn, desk.client_id)) == 1


async def test_a_clients_own_swipe_is_listed_with_its_marks(desk: Desk) -> None:
    own = OwnAd(title="Stop throwing glass away", body="Refill it.", channel="meta", format="IMAGE")
    marks = Marks(good=True, tags=["humor"], angle_type="pain")
    async with desk.db.org(desk.people.org_id) as conn:
        await add_own(conn, desk.people.org_id, desk.client_id, own, marks)
        [found] = await swipes.list_client_swipes(conn, desk.client_id)
    assert (found.title, found.format, found.tags, found.is_good_example) == (
        "Stop throwing glass away",
        "IMAGE",
        ["humor"],
        True,
    )


async def test_a_swipe_from_the_library_shows_the_ad_unless_the_client_has_its_own_words(desk: Desk) -> None:
    org = desk.people.org_id
    async with desk.db.org(org) as conn:
        brand = await (
            await conn.execute(
                "insert into company_swipe_brands (org_id, external_brand_id, name) values (%s, '101', 'ManClub')"
                " returning id",
                (org,),
            )
        ).fetchone()
        assert brand is not None
        await conn.execute(
            "with ad as (insert into company_swipe_assets (org_id, external_ad_id, brand_id, title, body, cta_text)"
            " values (%(org)s, '64658534', %(brand)s, 'Ad', 'Body', 'Shop now') returning id)"
            " insert into client_swipe_assets (org_id, client_id, company_swipe_id, custom_title)"
            " select %(org)s, %(client)s, id, 'Ours' from ad",
            {"org": org, "brand": brand[0], "client": desk.client_id},
        )
        [found] = await swipes.list_client_swipes(conn, desk.client_id)
    assert (found.title, found.body, found.cta, found.brand) == ("Ours", "Body", "Shop now", "ManClub")
