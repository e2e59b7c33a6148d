"""Vectors made in the background, and a model that takes over from another while people search."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from knowledge.db import Database
from knowledge.embeddings import queries, registry
from knowledge.people.models import Caller
from knowledge.search import service as search
from knowledge.search.models import Filters, Found
from tests.assistant.embedding.conftest import Meaning
from tests.conftest import People, TestDatabase, make_people
from tests.knowledge.search.shelf import Shelf
from tools.meaning import meaning_of


@pytest.fixture
async def shelf(db: Database, people: People) -> Shelf:
    shelf = Shelf(db, people)
    await shelf.put(
        price="Viel zu teuer.", late="A entrega atrasou.", easy="Done in a minute, so simple.",
        **{f"other{n}": f"Nothing of the kind, number {n}." for n in range(30)},
    )  # fmt: skip
    return shelf


async def ask(db: Database, people: People, meaning: Meaning, words: str) -> Found:
    """As the tools do it."""
    vector, _ = await meaning_of(meaning.library, Caller(people.org_id, people["partner"], "partner"), words)
    async with db.org(people.org_id) as conn:
        return await search.search(conn, kinds=("swipe",), words=words, filters=Filters(), vector=vector, limit=5)


async def rows(db: Database, people: People, query: str) -> list[tuple[Any, ...]]:
    async with db.org(people.org_id) as conn:
        return await (await conn.execute(query)).fetchall()  # type: ignore[arg-type]


async def test_what_is_on_the_shelf_is_found_by_meaning_once_it_has_its_vectors(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    meaning = Meaning(db, database, folder)
    before = await ask(db, people, meaning, "too expensive")
    assert (before.mode, before.hits) == ("lexical", []), "words alone do not find it"
    assert await meaning.worker.once() == 33
    found = await ask(db, people, meaning, "too expensive")
    assert (found.mode, found.model, found.note) == ("hybrid", folder.name, None)
    assert shelf.names(found)[0] == "price"
    assert shelf.names(await ask(db, people, meaning, "delayed parcel"))[0] == "late"
    [(status, recall)] = await rows(db, people, "select status, recall from embedding_models")
    assert status == "active" and recall >= 0.99


async def test_only_what_is_new_or_changed_is_embedded_and_the_same_text_once(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = Meaning(db, database, folder)
    await meaning.worker.once()
    assert await meaning.worker.once() == 0
    asked: list[str] = []
    embedder = await meaning.room._of_folder(await meaning.room.wanted())  # type: ignore[arg-type]
    assert embedder is not None
    once = embedder.embed

    async def counted(texts: list[str], keep: object = None) -> list[list[float]]:
        asked.extend(texts)
        return await once(texts)

    monkeypatch.setattr(embedder, "embed", counted)
    await shelf.put(copy="Viel zu teuer.", new="Fast shipping.", new2="Fast shipping.", late="Now it is on time.")
    assert await meaning.worker.once() == 4
    assert sorted(asked) == ["Fast shipping.", "Now it is on time."], "what there is a vector of is copied"
    (chunks,), (vectors,) = [await rows(db, people, f"select count(*) from {t}") for t in ("chunks", "embeddings_1")]
    assert chunks == vectors == (36,)


async def test_a_deleted_passage_takes_its_vector_along(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    await Meaning(db, database, folder).worker.once()
    async with db.org(people.org_id) as conn:
        await conn.execute(
            "delete from chunks where org_id = %s and parent_id = %s", (people.org_id, shelf.ids["price"])
        )
    assert await rows(db, people, f"select 1 from embeddings_1 where parent_id = '{shelf.ids['price']}'") == []


async def test_vectors_are_closed_to_other_organisations_and_never_copied_from_them(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    other = await make_people(db, "Other")
    stranger = Shelf(db, other)
    await stranger.put(theirs="Viel zu teuer.")
    meaning = Meaning(db, database, folder)
    await meaning.worker.once()
    assert await rows(db, other, "select count(*) from embeddings_1") == [(1,)]
    found = await ask(db, other, meaning, "too expensive")
    assert [hit.parent_id for hit in found.hits] == [stranger.ids["theirs"]]
    async with db.org(other.org_id) as conn:
        assert await queries.known(conn, people.org_id, 1, [b"x" * 32]) == {}


async def test_another_model_takes_over_while_people_search_and_no_answer_is_empty_or_mixed(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, other_folder: Path
) -> None:
    old, new = Meaning(db, database, folder), Meaning(db, database, other_folder)
    await old.worker.once()
    answers: list[Found] = []
    switching = True

    async def searching() -> None:
        while switching:
            answers.append(await ask(db, people, new, "too expensive"))

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(searching())
        await asyncio.sleep(0.1)
        await new.worker.once()
        await asyncio.sleep(0.2)
        switching = False
    assert {found.model for found in answers} == {folder.name, other_folder.name}
    for found in answers:
        assert found.mode == "hybrid"
        assert shelf.names(found)[0] == "price"
    seen = [found.model for found in answers]
    assert seen[-1] == other_folder.name
    assert await rows(db, people, "select id, status from embedding_models order by id") == [
        (1, "retired"),
        (2, "active"),
    ]
    assert await registry.drop_retired(database.owner_url) == [], "somebody may still be searching in it"
    assert await registry.drop_retired(database.owner_url, grace=0) == [1]
    assert await rows(db, people, "select to_regclass('embeddings_1')") == [(None,)]


async def test_a_crash_in_the_middle_of_a_switch_goes_on_where_it_was(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, other_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await Meaning(db, database, folder).worker.once()
    monkeypatch.setattr("assistant.embedding.worker.BATCH", 8)
    dying = Meaning(db, database, other_folder)
    whole, batches = dying.worker._embed, 0

    async def dies(*args: Any) -> int:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise asyncio.CancelledError
        return await whole(*args)

    monkeypatch.setattr(dying.worker, "_embed", dies)
    with pytest.raises(asyncio.CancelledError):
        await dying.worker.once()
    assert (await ask(db, people, dying, "too expensive")).model == folder.name, "the one before goes on answering"
    assert await Meaning(db, database, other_folder).worker.once() == 33 - 16
    after = await ask(db, people, dying, "too expensive")
    assert (after.model, shelf.names(after)[0]) == (other_folder.name, "price")


async def test_without_the_models_folder_only_words_are_searched_and_it_says_so(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    await Meaning(db, database, folder).worker.once()
    found = await ask(db, people, Meaning(db, database, None), "teuer")
    assert (found.mode, shelf.names(found)) == ("lexical", ["price"])
    assert found.note is not None and "Only words" in found.note


async def test_two_processes_do_not_embed_at_once(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    one, other = Meaning(db, database, folder), Meaning(db, database, folder)
    made = await asyncio.gather(one.worker.once(), other.worker.once())
    assert None in made
    assert sum(n or 0 for n in made) == 33
