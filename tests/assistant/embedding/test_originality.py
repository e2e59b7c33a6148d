"""A piece that says what an ad says, in other words or another language, is found before anybody approves it."""

from pathlib import Path
from typing import Any

from knowledge.artifacts.queries import latest
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection, Database
from knowledge.originality import service as originality
from knowledge.originality.meaning import passages
from knowledge.originality.queries import REVIEWER
from knowledge.people.models import Caller
from tests.assistant.embedding.conftest import Meaning
from tests.conftest import People, TestDatabase
from tests.knowledge.shelves import add_ad

AD = "Rasieren am Morgen, ohne Brennen im Gesicht: eine Klinge, kein Risiko."
COPY = "Shaving in the morning, no cuts on your face: one blade, no risk at all."
TEXT = f"# Mornings\n\nWe roast our coffee on Tuesdays and ship it on Wednesdays to your door.\n\n{COPY} Short."


async def add_article(conn: Connection, people: People, markdown: str) -> Asset:
    return await assets.create(
        conn,
        {
            "org_id": people.org_id, "client_id": people.client_id, "campaign_id": None, "run_id": None,
            "channel": "blog", "format": "blog_post", "title": "Mornings", "content": {"markdown": markdown}, "seo": {},
            "agent": "seo_writer", "model": "offline", "idempotency_key": None,
        },
    )  # fmt: skip


async def compared(db: Database, database: TestDatabase, people: People, folder: Path) -> list[dict[str, Any]]:
    meaning = Meaning(db, database, folder)
    await meaning.worker.once()
    async with db.org(people.org_id) as conn:
        asset = await add_article(conn, people, TEXT)
    said = passages(originality.piece_text(asset))
    vectors = await meaning.library.embed(
        Caller(people.org_id, people["partner"], "partner"), [passage.text for passage in said]
    )
    assert vectors is not None
    async with db.org(people.org_id) as conn:
        await originality.compare(conn, asset, said, vectors)
        report = await latest(conn, people.client_id, "qa_report", None, f"{asset.id}:{REVIEWER}")
    assert report is not None
    return report.data["checks"]


async def test_the_same_in_other_words_is_a_finding_that_names_the_ad_and_the_passage(
    db: Database, database: TestDatabase, people: People, folder: Path
) -> None:
    async with db.org(people.org_id) as conn:
        ad = await add_ad(conn, people, AD, brand="Klingenhaus", external_ad_id="KH-1")
        await add_ad(conn, people, "Die Matratze für alle, die endlich durchschlafen wollen.", brand="Traumwerk")
    [check] = await compared(db, database, people, folder)
    assert check["id"] == f"swipe-{ad}"
    assert "Klingenhaus" in check["rule"] and "KH-1" in check["evidence"] and "alike" in check["evidence"]
    where = check["where"]
    assert where["text"] == COPY
    assert check["severity"] == "minor"


async def test_an_idea_that_three_brands_have_is_nobodys(
    db: Database, database: TestDatabase, people: People, folder: Path
) -> None:
    async with db.org(people.org_id) as conn:
        for number in range(3):
            await add_ad(conn, people, f"{AD} {number}", brand=f"Brand {number}")
    [check] = await compared(db, database, people, folder)
    assert check["passed"] is True
    assert "by meaning" in check["rule"]


def test_passages_stand_where_they_are_in_the_text() -> None:
    found = passages(TEXT)
    assert [TEXT[one.start : one.start + len(one.text)] for one in found] == [one.text for one in found]
    assert COPY in [one.text for one in found]
    assert all(len(one.text.split()) >= 7 for one in found)


async def test_what_a_person_writes_into_a_piece_is_compared_by_meaning_in_the_background_once(
    db: Database, database: TestDatabase, people: People, folder: Path
) -> None:
    async with db.org(people.org_id) as conn:
        ad = await add_ad(conn, people, AD, brand="Klingenhaus", external_ad_id="KH-1")
    meaning = Meaning(db, database, folder)
    await meaning.worker.once()
    async with db.org(people.org_id) as conn:
        asset = await add_article(conn, people, "Hello.")
        hash, content = asset.content_hash, {"markdown": TEXT}
        asset = await assets.edit(conn, asset.id, title="Mornings", content=content, shown_hash=hash)
    key = f"{asset.id}:{REVIEWER}"
    async with db.org(people.org_id) as conn:
        before = await latest(conn, people.client_id, "qa_report", None, key)
    await meaning.worker.once()
    await meaning.worker.once()
    async with db.org(people.org_id) as conn:
        after = await latest(conn, people.client_id, "qa_report", None, key)
    assert before is not None and after is not None
    assert before.data["verdict"] == "pass" and after.version == before.version + 1
    [check] = after.data["checks"]
    assert check["id"] == f"swipe-{ad}" and check["where"]["text"] == COPY
