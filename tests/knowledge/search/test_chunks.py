"""Passages: cut at sentences, written once, in step with what they were cut from."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from knowledge.db import Database
from knowledge.search.chunking import LONGEST, TURN, ad_chunks, pack, passage_chunks, quote_chunks, turn_chunks
from knowledge.search.chunks import ChunkDraft, replace_chunks
from knowledge.search.text import plain_words
from tests.conftest import People, make_people


def test_an_ad_is_cut_into_hook_body_and_headline_and_a_button_alone_is_no_passage() -> None:
    body = "Your face called. It wants its mornings back. Three minutes, one tool."
    pieces = ad_chunks(title="The razor", body=body, link_description="Free returns", cta_text="Shop now")
    assert [(one.part, one.text) for one in pieces] == [
        ("hook", "Your face called."),
        ("body", body),
        ("headline", "The razor\nFree returns\nShop now"),
    ]
    assert ad_chunks(cta_text="Shop now") == []


@given(st.lists(st.text(alphabet="ab .!?\n", max_size=400), max_size=12))
def test_no_word_is_lost_and_no_passage_too_long(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    pieces = passage_chunks(text)
    assert " ".join(one.text for one in pieces).split() == text.split()
    assert all(len(one.text.split()) <= LONGEST for one in pieces)
    assert [one.ordinal for one in pieces] == list(range(len(pieces)))


def test_a_long_turn_overlaps_by_a_sentence_and_keeps_its_speaker() -> None:
    sentences = [f"Sentence number {n} has exactly seven words." for n in range(60)]
    pieces = turn_chunks([("Anna", 12.5, " ".join(sentences)), ("Ben", 90.0, "Short.")])
    assert {one.speaker for one in pieces} == {"Anna", "Ben"}
    assert all(len(one.text.split()) <= TURN + 7 for one in pieces)
    first, second = pieces[0].text, pieces[1].text
    assert second.startswith(first[first.rindex("Sentence") :])


def test_a_cell_of_a_megabyte_without_a_space_becomes_passages() -> None:
    pieces = quote_chunks("x" * 1_000_000)
    assert all(len(one.text) <= 40_000 for one in pieces)
    assert sum(len(one.text.replace(" ", "")) for one in pieces) == 1_000_000


@given(st.lists(st.integers(1, 60), max_size=30), st.integers(0, 2))
def test_packing_keeps_the_order(sizes: list[int], overlap: int) -> None:
    parts = [" ".join([f"w{n}"] * size) for n, size in enumerate(sizes)]
    joined = " ".join(pack(parts, overlap=0)).split()
    assert joined == " ".join(parts).split()
    assert all(part in " | ".join(pack(parts, " | ", overlap=overlap)) for part in parts)


def draft(**more: Any) -> ChunkDraft:
    given_: dict[str, Any] = {
        "kind": "swipe",
        "parent_id": uuid4(),
        "part": "hook",
        "ordinal": 0,
        "text": "Crème brûlée",
    }
    return ChunkDraft(**{**given_, "language": "fr", "platforms": ("FACEBOOK",), "tags": ("dessert",), **more})


async def rows(db: Database, people: People) -> list[Any]:
    async with db.org(people.org_id) as conn:
        query = "select id, xmin::text, text, platforms, tags, tsv::text from chunks order by parent_id, part, ordinal"
        return await (await conn.execute(query)).fetchall()


async def test_the_same_passages_again_touch_no_row(db: Database, people: People) -> None:
    one = draft()
    drafts = [one, replace(one, part="body", text="Three minutes, one tool, no mess.")]
    for expected in (2, 0):
        async with db.org(people.org_id) as conn:
            assert await replace_chunks(conn, people.org_id, [one.parent_id], drafts) == expected
        if expected:
            before = await rows(db, people)
    assert await rows(db, people) == before
    assert "creme" in before[1][5]


async def test_changed_words_are_a_new_row_and_a_changed_tag_the_same_one(db: Database, people: People) -> None:
    one = draft()
    for given_ in (one, replace(one, tags=("dessert", "humor")), replace(one, text="Other words", tags=("humor",))):
        async with db.org(people.org_id) as conn:
            await replace_chunks(conn, people.org_id, [one.parent_id], [given_])
        [now] = await rows(db, people)
        assert (now[2], now[4]) == (given_.text, list(given_.tags))
        if given_ is one:
            first = now[0]
        elif given_.text == one.text:
            assert now[0] == first
        else:
            assert now[0] != first


async def test_passages_that_are_no_longer_there_go_and_other_parents_keep_theirs(db: Database, people: People) -> None:
    one, other = draft(), draft(text="Something else")
    async with db.org(people.org_id) as conn:
        await replace_chunks(conn, people.org_id, [one.parent_id, other.parent_id], [one, other])
        assert await replace_chunks(conn, people.org_id, [one.parent_id], []) == 1
    assert [row[2] for row in await rows(db, people)] == ["Something else"]


async def test_a_name_finds_a_passage_it_does_not_stand_in(db: Database, people: People) -> None:
    one = draft(also_found_by="ManClub 3265105363664183")
    async with db.org(people.org_id) as conn:
        await replace_chunks(conn, people.org_id, [one.parent_id], [one])
    [row] = await rows(db, people)
    assert "manclub" in row[5]
    assert "3265105363664183" in row[5]
    assert row[2] == "Crème brûlée"


async def test_words_are_indexed_as_postgres_itself_would_take_them_apart(db: Database, people: People) -> None:
    texts = [
        "Don't stop-me now: AB-1234, don't!",
        "Crème BRÛLÉE für 3,50 € – 10ml, 1e5 or 0x1f, v2.0 & e.g. http://shop.example/a_b?c=1",
        "Цена слишком высокая; 価格が高い。 x² ½ \\ ' : \t*",
        "same same " * 100,
        "y" * 3000 + " after a word beyond all limits",
        "!?",
    ]
    drafts = [draft(text=text, also_found_by="ManClub 3265105363664183") for text in texts]
    async with db.org(people.org_id) as conn:
        await replace_chunks(conn, people.org_id, [one.parent_id for one in drafts], drafts)
        for one in drafts:
            found = " ".join(plain_words(f"{one.text} {one.also_found_by}"))
            query = "select tsv::text, chunk_tsv(%s, %s, 'french')::text from chunks where parent_id = %s"
            [(ours, theirs)] = await (await conn.execute(query, (found, one.text, one.parent_id))).fetchall()
            assert ours == theirs, one.text[:40]


async def test_another_organisation_neither_sees_nor_changes_them(db: Database, people: People) -> None:
    stranger = await make_people(db, "Other")
    one = draft()
    async with db.org(people.org_id) as conn:
        await replace_chunks(conn, people.org_id, [one.parent_id], [one])
    async with db.org(stranger.org_id) as conn:
        assert await replace_chunks(conn, stranger.org_id, [one.parent_id], []) == 0
    assert len(await rows(db, people)) == 1
    assert await rows(db, stranger) == []
