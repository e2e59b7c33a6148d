"""A piece is compared with the swipe library before anybody approves it."""

from typing import Any
from uuid import UUID, uuid4

from knowledge.artifacts.queries import latest
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Database
from knowledge.originality.queries import REVIEWER
from knowledge.search.chunking import ad_chunks
from knowledge.search.chunks import ChunkDraft, replace_chunks
from tests.conftest import People, make_people

BODY = (
    "Your face called and it wants its quiet mornings back before the coffee is cold. "
    "Three minutes, one tool, no mess in the sink, and a shave your barber would sign."
)


async def add_ad(db: Database, people: People, brand: str = "ManClub", body: str = BODY) -> UUID:
    async with db.org(people.org_id) as conn:
        row = await (
            await conn.execute(
                "insert into company_swipe_brands (org_id, external_brand_id, name) values (%s, %s, %s) returning id",
                (people.org_id, str(uuid4()), brand),
            )
        ).fetchone()
        assert row is not None
        ad = await (
            await conn.execute(
                "insert into company_swipe_assets (org_id, external_ad_id, brand_id, title, body) "
                "values (%s, %s, %s, 'The razor', %s) returning id",
                (people.org_id, str(uuid4().int)[:9], row[0], body),
            )
        ).fetchone()
        assert ad is not None
        pieces = [
            ChunkDraft("swipe", ad[0], one.part, one.ordinal, one.text, language="en") for one in ad_chunks(body=body)
        ]
        await replace_chunks(conn, people.org_id, [ad[0]], pieces)
    return ad[0]


async def write(db: Database, people: People, text: str) -> Asset:
    values: dict[str, Any] = {
        "org_id": people.org_id, "client_id": people.client_id, "campaign_id": None, "run_id": None, "channel": "blog",
        "format": "blog_post", "title": "Mornings", "content": {"markdown": text}, "seo": {}, "agent": "seo_writer",
        "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    async with db.org(people.org_id) as conn:
        return await assets.create(conn, values)


async def report(db: Database, people: People, asset: Asset) -> dict[str, Any]:
    async with db.org(people.org_id) as conn:
        found = await latest(conn, people.client_id, "qa_report", None, f"{asset.id}:{REVIEWER}")
    assert found is not None
    assert found.data["assetVersion"] == asset.version
    return found.data


async def test_a_copied_passage_is_a_finding_that_names_the_ad_and_the_passage(db: Database, people: People) -> None:
    ad = await add_ad(db, people)
    copied = "It wants its quiet mornings back before the coffee is cold"
    asset = await write(db, people, f"# Mornings\n\nThe face knows. {copied}. So it goes.")
    data = await report(db, people, asset)
    [check] = data["checks"]
    assert data["verdict"] == "needs_changes"
    assert check["id"] == f"swipe-{ad}"
    assert check["where"]["text"] == copied
    assert "ManClub" in check["rule"]
    assert "11 words in a row" in check["evidence"]


async def test_own_words_pass_and_say_with_what_they_were_compared(db: Database, people: People) -> None:
    await add_ad(db, people)
    data = await report(db, people, await write(db, people, "A quiet morning is worth more than a loud razor."))
    assert data["verdict"] == "pass"
    assert data["checks"][0]["passed"]


async def test_an_edit_is_compared_again(db: Database, people: People) -> None:
    await add_ad(db, people)
    asset = await write(db, people, f"Nearly the same: {BODY}")
    assert (await report(db, people, asset))["verdict"] == "needs_changes"
    async with db.org(people.org_id) as conn:
        content = {"markdown": "Said in other words altogether."}
        edited = await assets.edit(conn, asset.id, title="Mornings", content=content, shown_hash=asset.content_hash)
    assert (await report(db, people, edited))["verdict"] == "pass"


async def test_what_three_brands_say_is_a_stock_phrase_and_two_is_a_copy(db: Database, people: People) -> None:
    legal = "Results may vary from person to person and are not guaranteed by anyone"
    for brand, verdict in (("One", "needs_changes"), ("Two", "needs_changes"), ("Three", "pass")):
        await add_ad(db, people, brand, f"{brand} is here. {legal}.")
        asset = await write(db, people, f"Our promise for {brand}. {legal}.")
        assert (await report(db, people, asset))["verdict"] == verdict


async def test_the_clients_own_ads_are_its_own_words(db: Database, people: People) -> None:
    await add_ad(db, people, "agency's CLIENT")
    assert (await report(db, people, await write(db, people, BODY)))["verdict"] == "pass"


async def test_another_organisations_ads_are_never_compared_with(db: Database, people: People) -> None:
    stranger = await make_people(db, "Other")
    await add_ad(db, stranger)
    assert (await report(db, people, await write(db, people, BODY)))["verdict"] == "pass"


async def test_an_article_of_five_thousand_words_is_compared_whole(db: Database, people: People) -> None:
    ad = await add_ad(db, people)
    filler = " ".join(f"word{n} of{n % 97} many{n % 31}" for n in range(1_700))
    asset = await write(db, people, f"{filler}\n\n{BODY}\n\n{filler}")
    data = await report(db, people, asset)
    assert data["checks"][0]["id"] == f"swipe-{ad}"
    assert data["checks"][0]["severity"] == "major"
