"""What comes of a file's rows: stored once, in step with the file, each counted as what became of it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from knowledge.db import Connection, Database
from knowledge.errors import Conflict
from knowledge.imports import queries, service
from knowledge.imports.swipe_rows import Ads, PreparedAds
from tests.conftest import People, TestDatabase, make_people
from tests.knowledge.imports import files
from tests.knowledge.imports.coming_in import TABLES, Shelf, ads_json, many, small_batches


@pytest.fixture
def shelf(db: Database, people: People, tmp_path: Path) -> Shelf:
    return Shelf(db, people, tmp_path)


async def test_the_same_file_again_touches_no_row(shelf: Shelf) -> None:
    content = ads_json(many(60))
    first = await shelf.bring(content)
    assert (first.rows_new, first.rows_unchanged) == (60, 0)
    before = await shelf.versions()
    assert before["company_swipe_assets"] and before["chunks"] and before["company_swipe_media"]
    again = await shelf.bring(content)
    assert (again.rows_new, again.rows_changed, again.rows_unchanged, again.rows_merged) == (0, 0, 60, 0)
    assert await shelf.versions() == before


async def test_the_same_reviews_and_texts_again_touch_no_row(shelf: Shelf) -> None:
    given = [(files.TRUSTPILOT, "review_csv"), (files.TEXT, "text"), (b"Our brand is calm.", "text_document")]
    for content, format in given:
        await shelf.bring(content, format)
    before = await shelf.versions()
    assert all(before[table] for table in ("voc_snippets", "voc_sources", "documents"))
    for content, format in given:
        again = await shelf.bring(content, format)
        assert again.rows_new == again.rows_changed == 0 and again.rows_unchanged > 0
    assert await shelf.versions() == before


async def test_a_batch_goes_over_while_the_one_before_it_is_stored_and_waits_for_its_turn(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*small_batches(3))
    stage, write = Ads.stage, Ads.write
    gone_over, said = [asyncio.Event() for _ in range(3)], list[str]()

    async def staging(self: Ads, conn: Connection, made: PreparedAds) -> None:
        await stage(self, conn, made)
        number = sum(event.is_set() for event in gone_over)
        said.append(f"staged {number}")
        gone_over[number].set()

    async def writing(self: Ads, conn: Connection, made: PreparedAds) -> None:
        number = sum(word.startswith("stored") for word in said)
        if number < 2:
            await asyncio.wait_for(gone_over[number + 1].wait(), 30)
        await write(self, conn, made)
        said.append(f"stored {number}")

    monkeypatch.setattr(Ads, "stage", staging)
    monkeypatch.setattr(Ads, "write", writing)
    row = await shelf.bring(ads_json(many(9)))
    assert said == ["staged 0", "staged 1", "stored 0", "staged 2", "stored 1", "stored 2"]
    assert (row.position, row.rows_new) == (9, 9)


async def test_an_organisation_that_goes_takes_along_all_that_came_in_and_no_more(
    shelf: Shelf, db: Database, database: TestDatabase, tmp_path: Path
) -> None:
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    twice = "Stop paying for cheap razors that leave you bleeding on a Monday morning."
    reviews = f"Review Id;Review Stars;Review Content\nr1;5;{twice}\nr2;5;{twice}".encode()
    given = [
        (ads_json({**one, "body": twice} for one in many(3)), "ad_json"),
        (reviews, "review_csv"),
        (b"Our brand is calm.", "text_document"),
    ]
    for content, format in given:
        await shelf.bring(content, format)
        await other.bring(content, format)
    before = await other.versions()
    assert all(before.values()), "there is something of everything"
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("delete from orgs where id = %s", (shelf.people.org_id,))
        for table in TABLES:
            left = owner.execute(sql.SQL("select distinct org_id from {}").format(sql.Identifier(table))).fetchall()
            assert left == [(other.people.org_id,)], table
    assert await other.versions() == before


async def test_a_changed_file_touches_what_changed_and_nothing_else(shelf: Shelf) -> None:
    entries = many(30)
    await shelf.bring(ads_json(entries))
    before = dict(await shelf.rows("select id, xmin::text from chunks"))
    entries[4]["body"] = "A new first line.\n\nThree minutes, one tool."
    entries[9]["winning_score"] = 0.1
    row = await shelf.bring(ads_json(entries))
    assert (row.rows_new, row.rows_changed, row.rows_unchanged) == (0, 2, 28)
    after = dict(await shelf.rows("select id, xmin::text from chunks"))
    touched = [id for id, version in after.items() if before.get(id) != version]
    found = await shelf.rows(
        "select a.external_ad_id, c.part from chunks c join company_swipe_assets a on a.id = c.parent_id "
        "where c.id = any(%s) order by 1, 2", touched
    )  # fmt: skip
    ads = {ad for ad, _ in found}
    assert ads == {str(entries[4]["id"]), str(entries[9]["id"])}
    assert "headline" not in [part for ad, part in found if ad == str(entries[4]["id"])], "its headline is as it was"


async def test_a_row_that_comes_again_in_the_file_counts_once_and_its_last_word_stays(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*small_batches(3))
    entries = [
        files.ad(1, title="First"),
        *many(8)[2:],
        files.ad(1, title="Second"),
        files.ad(9),
        files.ad(1, title="Last"),
    ]
    row = await shelf.bring(ads_json(entries))
    assert (row.rows_new, row.rows_changed, row.rows_merged) == (8, 0, 2)
    titles = await shelf.rows(
        "select title from company_swipe_assets where external_ad_id = %s", str(files.ad(1)["id"])
    )
    assert titles == [("Last",)]
    again = await shelf.bring(ads_json(entries))
    assert (again.rows_new, again.rows_changed, again.rows_unchanged, again.rows_merged) == (0, 0, 8, 2)


async def test_a_brand_is_there_once_and_is_what_its_last_ad_says(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*small_batches(4))
    entries = many(25)
    entries[-1]["brand"] |= {"name": "Renamed"}
    await shelf.bring(ads_json(entries))
    brands = await shelf.rows("select external_brand_id, name from company_swipe_brands order by 1")
    assert len(brands) == 7
    assert [name for _, name in brands].count("Renamed") == 1
    before = await shelf.versions()
    await shelf.bring(ads_json(entries))
    assert await shelf.versions() == before


async def test_rows_that_cannot_be_used_are_listed_with_row_field_and_reason(shelf: Shelf) -> None:
    good = many(3)
    entries: list[Any] = [
        good[0],
        {"title": "who am I"},
        good[1],
        "not an ad",
        {**good[2], "start_date": "yesterday-ish"},
    ]
    row = await shelf.bring(ads_json(entries))
    assert (row.rows_new, row.rows_rejected, row.position) == (3, 2, 5)
    async with shelf.db.org(row.org_id) as conn:
        listed = await service.rejects(conn, row.id)
        assert await service.rejects(conn, row.id, limit=1, offset=1) == listed[1:2]
    assert [one.row for one in listed] == [2, 4, 5]
    assert all(one.reason for one in listed)
    assert listed[2].field == "start_date" and "yesterday-ish" in listed[2].excerpt


async def test_what_nearly_says_the_same_is_linked_within_the_organisation_and_kept(
    shelf: Shelf, db: Database, tmp_path: Path
) -> None:
    text = (
        "Stop paying for cheap razors that leave you bleeding on a Monday morning. One good blade, a calm hand and three "
        "minutes are all it takes, and the mirror will thank you for years to come. {} Free delivery within two days."
    )
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    await other.bring(ads_json([files.ad(1, body=text.format("Order today."))]))
    row = await shelf.bring(ads_json([files.ad(2, body=text.format("Order today.")), *many(5)[3:]]))
    assert row.near_duplicates == 0, "another organisation's copy is nobody's business"
    copy = await shelf.bring(ads_json([files.ad(7, body=text.format("Order today!"))]))
    assert copy.near_duplicates == 1
    links = await shelf.rows("select a, b, distance from near_duplicates")
    assert len(links) == 1 and links[0][2] <= 3
    assert await shelf.rows("select count(*) from company_swipe_assets") == [(4,)], "both are kept"
    assert await other.rows("select count(*) from near_duplicates") == [(0,)]
    await shelf.bring(
        ads_json([files.ad(7, body="Something else entirely, about coffee that is roasted on a Tuesday.")])
    )
    assert await shelf.rows("select count(*) from near_duplicates") == [(0,)], "the copy is none any more"


async def test_themes_and_sentiment_of_quotes_are_the_same_each_time(
    shelf: Shelf, db: Database, tmp_path: Path
) -> None:
    query = "select text, themes, sentiment, language, said_on from voc_snippets order by text"
    await shelf.bring(files.TRUSTPILOT, "review_csv")
    await shelf.bring(files.TEXT, "text")
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    await other.bring(files.TEXT, "text")
    await other.bring(files.TRUSTPILOT, "review_csv")
    said = await shelf.rows(query)
    assert said == await other.rows(query)
    by_text = {text: (themes, mood) for text, themes, mood, *_ in said}
    expensive = next(value for text, value in by_text.items() if "expensive" in text and "Too" in text)
    assert "price" in expensive[0] and expensive[1] == "negative"


async def test_an_import_that_was_stopped_goes_on_where_it_was(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*small_batches(7))
    row = await shelf.open(ads_json(many(40)))
    part, told = await shelf.load(row, stop_after=2)
    assert part.position == 14 and part.rows_new == 14
    assert await shelf.rows("select count(*) from company_swipe_assets") == [(14,)]
    whole, more = await shelf.load(row)
    assert (whole.position, whole.rows_new, whole.rows_total) == (40, 40, 40)
    assert [one.rows for one in told + more] == [7, 14, 21, 28, 35, 40]
    assert more[-1].data == {
        "importId": str(row.id), "rows": 40, "total": 40, "new": 40, "changed": 0, "unchanged": 0, "merged": 0,
        "rejected": 0,
    }  # fmt: skip
    before = await shelf.versions()
    await shelf.load(row)
    assert await shelf.versions() == before, "nothing was left to do"


async def test_where_batches_end_and_where_it_was_stopped_make_no_difference(
    shelf: Shelf, db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [*many(30), {"no": "id"}, *many(12, title="Again"), files.ad(99, brand=None)]
    one = await shelf.bring(ads_json(entries))
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    row = await other.open(ads_json(entries))
    for size in (1, 5, 2, 3, 1000):
        monkeypatch.setattr(*small_batches(size))
        done, _ = await other.load(row, stop_after=2)
    await other.link(row)
    counts = [(it.position, it.rows_new, it.rows_merged, it.rows_rejected) for it in (one, done)]
    assert counts[0] == counts[1]
    assert await other.content() == await shelf.content()


async def test_two_who_bring_in_overlapping_files_at_once_lose_and_double_nothing(
    shelf: Shelf, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*small_batches(9))
    entries = many(90)
    rows = [await shelf.open(ads_json(part)) for part in (entries[:60], entries[30:], list(reversed(entries)))]
    done = await asyncio.gather(*[shelf.load(row) for row in rows])
    assert [row.position for row, _ in done] == [60, 60, 90]
    assert sum(row.rows_new for row, _ in done) == 90
    assert await shelf.rows("select count(*), count(distinct external_ad_id) from company_swipe_assets") == [(90, 90)]
    chunks = await shelf.rows("select count(*), count(distinct (parent_id, part, ordinal)) from chunks")
    assert chunks[0][0] == chunks[0][1] > 90


async def test_two_at_the_same_import_store_each_row_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*small_batches(5))
    row = await shelf.open(ads_json(many(50)))
    ended = await asyncio.gather(shelf.load(row), shelf.load(row), return_exceptions=True)
    assert all(not isinstance(one, BaseException) or isinstance(one, Conflict) for one in ended), ended
    done, _ = await shelf.load(row)
    assert (done.position, done.rows_new, done.rows_changed, done.rows_unchanged) == (50, 50, 0, 0)


async def test_one_place_is_taken_by_one_import_of_a_file(shelf: Shelf) -> None:
    content = ads_json(many(2))
    first = await shelf.open(content)
    with pytest.raises(Conflict, match="being imported"):
        await shelf.open(content)
    async with shelf.db.org(first.org_id) as conn:
        assert (await service.claim(conn, first.id)).id == first.id, "claimed again by itself"
        await queries.finish(conn, first.id)
        with pytest.raises(Conflict, match="already"):
            await service.claim(conn, first.id)
    await shelf.open(content)


async def test_an_empty_file_and_one_of_rejects_alone_come_to_their_end(shelf: Shelf) -> None:
    for content, rejected in ((b"[]", None), (json.dumps([{"a": 1}] * 3).encode(), 3)):
        row = await shelf.bring(content)
        assert row.status == "completed" and row.rows_new == 0
        assert rejected is None or row.rows_rejected == rejected
