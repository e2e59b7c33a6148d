"""Texts that say nearly the same are linked in pairs, where they belong together, and stay as they are."""

import asyncio
import random
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from knowledge.db import Database
from knowledge.imports import near_duplicates
from knowledge.imports.near_duplicates import AT_ONCE, EACH_WITH_EACH, SHORTEST
from knowledge.search.text import hamming
from tests.conftest import People, make_people
from tests.knowledge.imports import files
from tests.knowledge.imports.coming_in import Shelf, ads_json

LONG = (
    "Stop paying for cheap razors that leave you bleeding on a Monday morning. One good blade, a calm hand and three "
    "minutes are all it takes, and the mirror will thank you for years to come. Order today."
)
OTHER = "Soy candles burn without soot for forty hours, and the whole flat smells of rain on warm stone, as in June."
VOCABULARY = "blade foam mirror calm morning razor skin water towel steel minute face price gift habit"
LINKS = """
select least(x.external_ad_id, y.external_ad_id), greatest(x.external_ad_id, y.external_ad_id)
from near_duplicates n join company_swipe_assets x on x.id = n.a join company_swipe_assets y on y.id = n.b order by 1, 2
"""


@pytest.fixture
def shelf(db: Database, people: People, tmp_path: Path) -> Shelf:
    return Shelf(db, people, tmp_path)


def ad(number: int, body: str) -> dict[str, Any]:
    return files.ad(number, title=None, body=body)


def name(number: int) -> str:
    return str(files.ad(number)["id"])


def reviews(*texts: str) -> bytes:
    rows = [f"r{at};5;{text}" for at, text in enumerate(texts)]
    return "\n".join(["Review Id;Review Stars;Review Content", *rows]).encode()


async def test_each_pair_that_is_near_is_linked_once_and_all_of_them_stay(shelf: Shelf) -> None:
    bodies = [LONG, LONG.replace("today.", "today!"), LONG.replace("Stop", "STOP"), OTHER]
    row = await shelf.bring(ads_json(ad(at, body) for at, body in enumerate(bodies)))
    assert await shelf.rows(LINKS) == [(name(0), name(1)), (name(0), name(2)), (name(1), name(2))]
    assert (row.rows_new, row.rows_merged, row.near_duplicates) == (4, 0, 3)
    found = await shelf.rows("select body from company_swipe_assets order by external_ad_id")
    assert [body for (body,) in found] == bodies


@pytest.mark.parametrize("at_once", [AT_ONCE, 5])
async def test_links_are_those_that_comparing_each_with_each_finds(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(near_duplicates, "AT_ONCE", at_once)
    chance = random.Random(3)
    vocabulary = VOCABULARY.split()
    texts = [" ".join(chance.choices(vocabulary, k=60)) for _ in range(12)]
    while len(texts) < 150:
        words = chance.choice(texts).split()
        words[chance.randrange(len(words))] = chance.choice(vocabulary)
        texts.append(" ".join(words))
    for part in (texts[:70], texts[70:]):  # the second file meets what the first one brought
        start = 0 if part == texts[:70] else 70
        await shelf.bring(ads_json(ad(start + at, body) for at, body in enumerate(part)))
    marks = dict(await shelf.rows("select id, simhash from company_swipe_assets"))
    sizes = [list(marks.values()).count(mark) for mark in set(marks.values())]
    assert max(sizes) ** 2 <= EACH_WITH_EACH, "no group is so big that only its oldest is linked"
    near = {tuple(sorted(pair)): hamming(marks[pair[0]], marks[pair[1]]) for pair in combinations(marks, 2)}
    wanted = {(*pair, distance) for pair, distance in near.items() if distance <= 3}
    assert set(await shelf.rows("select a, b, distance from near_duplicates")) == wanted
    assert len(wanted) > 20, "or the texts are too unlike for this test to say anything"


async def test_links_are_stored_in_the_order_of_their_key_whatever_is_made_at_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "AT_ONCE", 5)
    many = [*[LONG] * 4, *[OTHER] * 12, LONG.replace("Stop", "Quit"), *[LONG.replace("cheap", "bad")] * 5]
    random.Random(5).shuffle(many)
    await shelf.bring(ads_json(ad(at, body) for at, body in enumerate(many)))
    stored = await shelf.rows("select a, b from near_duplicates order by ctid")
    assert stored == sorted(stored)
    assert len(stored) > 30, "or it was one part"


async def test_copies_in_many_ads_are_linked_to_the_oldest_so_that_links_do_not_grow_with_their_square(
    shelf: Shelf,
) -> None:
    row = await shelf.bring(ads_json(ad(at, LONG) for at in range(60)))
    assert await shelf.rows("select count(*), count(distinct a) from near_duplicates") == [(59, 1)]
    assert row.near_duplicates == 60, "each of them has a double"


async def test_linking_again_touches_nothing(shelf: Shelf) -> None:
    content = ads_json([ad(0, LONG), ad(1, LONG), ad(2, OTHER)])
    row = await shelf.bring(content)
    before = await shelf.versions()
    assert before["near_duplicates"]
    assert await shelf.link(row) == row.near_duplicates == 2
    await shelf.bring(content)
    assert await shelf.versions() == before


async def test_a_text_that_goes_takes_its_links_along(shelf: Shelf) -> None:
    await shelf.bring(ads_json([ad(1, LONG), ad(2, LONG), ad(3, LONG), ad(4, OTHER), ad(5, OTHER)]))
    await shelf.rows("delete from company_swipe_assets where external_ad_id = %s returning id", name(2))
    assert await shelf.rows(LINKS) == [(name(1), name(3)), (name(4), name(5))]
    await shelf.bring(reviews(LONG, LONG), "review_csv")
    await shelf.rows("delete from clients where id = %s returning id", shelf.people.client_id)
    assert await shelf.rows("select distinct kind from near_duplicates") == [("swipe",)], "the quotes went too"
    assert await shelf.rows("select count(*) from near_duplicates") == [(2,)]


async def test_two_imports_that_link_at_the_same_time_give_the_links_that_one_after_the_other_gives(
    shelf: Shelf, db: Database, tmp_path: Path
) -> None:
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    bodies = [LONG, LONG.replace("today.", "today!"), LONG, OTHER, OTHER, LONG.replace("Stop", "STOP")]
    parts = [[ad(at, body) for at, body in enumerate(bodies)][part::2] for part in (0, 1)]
    for file in parts:
        await other.bring(ads_json(file))
    rows = [await shelf.open(ads_json(file)) for file in parts]
    for row in rows:
        await shelf.load(row)
    assert all(await asyncio.gather(*map(shelf.link, rows))), "each has doubles in the other"
    assert await shelf.rows(LINKS) == await other.rows(LINKS)


async def test_another_organisation_is_nobodys_double(shelf: Shelf, db: Database, tmp_path: Path) -> None:
    other = Shelf(db, await make_people(db, "Other"), tmp_path)
    for one in (other, shelf):
        row = await one.bring(ads_json([ad(1, LONG), ad(2, OTHER)]))
        assert row.near_duplicates == 0
    assert await shelf.rows("select 1 from near_duplicates") == await other.rows("select 1 from near_duplicates") == []


async def test_quotes_are_doubles_within_their_client_only(shelf: Shelf) -> None:
    client = uuid4()
    await shelf.rows(
        "insert into clients (id, org_id, name, industry) values (%s, %s, 'Second', 'retail') returning id",
        client, shelf.people.org_id,
    )  # fmt: skip
    await shelf.bring(reviews(LONG), "review_csv", client_id=client)
    row = await shelf.bring(reviews(OTHER, LONG, LONG.replace("today.", "today!")), "review_csv")
    assert row.near_duplicates == 2
    found = await shelf.rows(
        "select n.kind, x.client_id, y.client_id from near_duplicates n "
        "join voc_snippets x on x.id = n.a join voc_snippets y on y.id = n.b"
    )
    assert found == [("voc", shelf.people.client_id, shelf.people.client_id)]
    assert await shelf.rows("select count(*) from voc_snippets") == [(4,)]


async def test_a_changed_text_loses_its_old_links_and_finds_its_new_ones(shelf: Shelf) -> None:
    await shelf.bring(ads_json([ad(1, LONG), ad(2, LONG), ad(3, LONG), ad(4, OTHER)]))
    assert len(await shelf.rows(LINKS)) == 3
    row = await shelf.bring(ads_json([ad(2, OTHER)]))
    assert (row.rows_changed, row.near_duplicates) == (1, 1)
    assert await shelf.rows(LINKS) == [(name(1), name(3)), (name(2), name(4))]


async def test_words_too_few_to_be_anybodys_copy_are_not_linked(shelf: Shelf) -> None:
    short = "Great product, would buy it again!"
    assert len(short) < SHORTEST
    row = await shelf.bring(ads_json(ad(at, short) for at in range(3)))
    assert (row.rows_new, row.near_duplicates) == (3, 0)
