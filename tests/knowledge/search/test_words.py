"""Search without an embedding model: words alone still find what is meant, in the language it is written in."""

from datetime import date

import pytest

from knowledge.db import Database
from tests.conftest import People, make_people
from tests.knowledge.search.shelf import Shelf


@pytest.fixture
def shelf(db: Database, people: People) -> Shelf:
    return Shelf(db, people)


async def test_it_says_that_only_words_are_searched(shelf: Shelf) -> None:
    found = await shelf.find("anything")
    assert (found.mode, found.hits) == ("lexical", [])
    assert found.note is not None
    assert "no embedding model" in found.note


async def test_case_accents_and_other_forms_of_a_word_find_it(shelf: Shelf) -> None:
    await shelf.put(
        de={"text": "Die Lieferungen kamen pünktlich und alle Häuser waren beliefert.", "language": "de"},
        pt={"text": "As entregas não atrasaram: avaliações ótimas.", "language": "pt"},
        en="Deliveries were never late and the houses got theirs first.",
    )
    for words, name in (
        ("lieferung", "de"), ("HAUS PUNKTLICH", "de"), ("avaliacoes otimas", "pt"), ("entrega", "pt"), ("late delivery", "en")
    ):  # fmt: skip
        assert shelf.names(await shelf.find(words))[:1] == [name], words


async def test_all_words_come_first_and_the_telling_ones_next(shelf: Shelf) -> None:
    await shelf.put(
        both="A quiet razor for early mornings.",
        rare="The razor your barber keeps for himself.",
        **{f"common{n}": f"Early mornings are number {n} on our list of mornings." for n in range(12)},
    )
    names = shelf.names(await shelf.find("razor mornings", limit=3))
    assert names[:2] == ["both", "rare"]


async def test_stop_words_in_a_question_do_not_hide_the_answer(shelf: Shelf) -> None:
    await shelf.put(
        price="Too expensive, but the price fell.", other="What do they say? They say nothing at all about it."
    )
    assert shelf.names(await shelf.find("What do they say about the price?"))[:1] == ["price"]
    assert shelf.names(await shelf.find("Zeig mir Anzeigen über price"))[:1] == ["price"]
    assert shelf.names(await shelf.find("what is it")) == ["other"], "nothing but such words: then they are meant"


async def test_words_that_one_asks_with_are_searched_for_when_there_is_nothing_else(shelf: Shelf) -> None:
    await shelf.put(reviews="Read what our customers say.", other="A razor for quiet mornings.")
    assert shelf.names(await shelf.find("what customers say")) == ["reviews"]


async def test_numbers_and_article_codes_are_found_as_they_are_written(shelf: Shelf) -> None:
    await shelf.put(a="Blade AB-1234/5 fits.", b="Blade AB-1235/5 fits.", c="Call -1234 of 12.5 % today")
    assert shelf.names(await shelf.find("AB-1234/5"))[:1] == ["a"]
    assert shelf.names(await shelf.find("ab 1235"))[:1] == ["b"]
    assert shelf.names(await shelf.find("12.5"))[:1] == ["c"]


async def test_a_mistyped_brand_is_read_as_the_brand_and_said_so(shelf: Shelf) -> None:
    await shelf.brand("ManClub")
    await shelf.brand("Nordlicht Yoga")
    await shelf.put(
        razor={"text": "A razor for quiet mornings.", "also_found_by": "ManClub"},
        yoga={"text": "Ten minutes before the house wakes.", "also_found_by": "Nordlicht Yoga"},
    )
    for typed, name, read_as in (("mancub", "razor", "manclub"), ("Nordlich", "yoga", "nordlicht")):
        found = await shelf.find(typed)
        assert shelf.names(found) == [name]
        assert found.corrected == {typed.lower(): read_as}
    assert (await shelf.find("manclub")).corrected == {}
    assert (await shelf.find("mornings")).corrected == {}


async def test_filters_narrow_what_is_found(shelf: Shelf) -> None:
    brand = await shelf.brand("ManClub")
    await shelf.put(
        one={"text": "razor", "platforms": ["META", "TIKTOK"], "format": "VIDEO", "tags": ["humor"], "score": 0.9,
             "day": date(2026, 5, 1), "brand_id": brand},
        two={"text": "razor", "platforms": ["META"], "format": "IMAGE", "tags": ["br", "humor"], "score": 0.2,
             "day": date(2026, 6, 1), "language": "pt"},
        three={"text": "razor", "kind": "client_swipe", "client_id": shelf.people.client_id},
    )  # fmt: skip
    for filters, names in (
        ({"platforms": ("TIKTOK",)}, {"one"}),
        ({"platforms": ("TIKTOK", "META")}, {"one", "two"}),
        ({"formats": ("IMAGE",)}, {"two"}),
        ({"tags": ("br",)}, {"two"}),
        ({"languages": ("pt",)}, {"two"}),
        ({"score_from": 0.5}, {"one"}),
        ({"day_from": date(2026, 5, 2)}, {"two"}),
        ({"day_to": date(2026, 5, 1)}, {"one"}),
        ({"brand_ids": (brand,)}, {"one"}),
        ({"parent_ids": (shelf.ids["two"],)}, {"two"}),
        ({"kinds": ("client_swipe",), "client_id": shelf.people.client_id}, {"three"}),
        ({"kinds": ("voc",)}, set[str]()),
    ):
        assert set(shelf.names(await shelf.find("razor", **filters))) == names, filters


@pytest.mark.parametrize(
    "words",
    ["", "   ", "'; drop table chunks; --", "a & | ! ( ) <-> :* \\", "\u0000x", "%s %(x)s {0}", "🪒" * 50, "x" * 10_000,
     "the " * 2_000, "\ud800", "''", "\\'", "a:b*c"],
)  # fmt: skip
async def test_whatever_is_typed_is_only_words(shelf: Shelf, words: str) -> None:
    await shelf.put(one="A razor for quiet mornings.", two="x" * 300)
    found = await shelf.find(words)
    assert len(found.hits) <= 2
    assert shelf.names(await shelf.find("razor")) == ["one"]


async def test_a_filter_is_a_value_and_never_a_command(shelf: Shelf) -> None:
    await shelf.put(one="razor")
    for nasty in ("x') or true --", "{a,b}", 'a"b', "\\", "$1"):
        assert shelf.names(await shelf.find("razor", tags=(nasty,), formats=(nasty,), languages=(nasty,))) == []


async def test_another_organisation_finds_none_of_it(shelf: Shelf, db: Database) -> None:
    await shelf.brand("ManClub")
    await shelf.put(one={"text": "A razor for quiet mornings", "also_found_by": "ManClub"})
    stranger = Shelf(db, await make_people(db, "Other"))
    found = await stranger.find("razor mancub")
    assert (found.hits, found.corrected) == ([], {})


async def test_one_ad_is_found_once_by_its_best_passage(shelf: Shelf) -> None:
    await shelf.put(one="Something else entirely")
    parent = shelf.ids["one"]
    shelf.ids.update(hook=parent, body=parent)
    async with shelf.db.org(shelf.people.org_id) as conn:
        from knowledge.search.chunks import ChunkDraft, replace_chunks

        drafts = [
            ChunkDraft("swipe", parent, "hook", 0, "razor razor razor", language="en"),
            ChunkDraft("swipe", parent, "body", 0, "A razor among many other words in a long body", language="en"),
        ]
        await replace_chunks(conn, shelf.people.org_id, [parent], drafts)
    found = await shelf.find("razor")
    assert [hit.part for hit in found.hits] == ["hook"]
