"""What a switch of models must never do, and what a look costs when there is nothing to do."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from assistant.embedding import local, room
from assistant.embedding.room import Embedder, EmbeddingRoom
from assistant.embedding.settings import EmbeddingSettings
from assistant.embedding.worker import Embedding
from knowledge.db import Database
from knowledge.embeddings import registry
from knowledge.embeddings.models import Wanted
from knowledge.errors import Blocked, BudgetExceeded
from knowledge.money.models import ScopeKeys
from tests.assistant.embedding.conftest import Meaning
from tests.conftest import People, TestDatabase, make_people
from tests.knowledge.search.shelf import Shelf


@pytest.fixture
async def shelf(db: Database, people: People) -> Shelf:
    shelf = Shelf(db, people)
    await shelf.put(price="Viel zu teuer.", late="A entrega atrasou.")
    return shelf


async def statuses(db: Database, people: People) -> list[tuple[int, str]]:
    async with db.org(people.org_id) as conn:
        return await (await conn.execute("select id, status from embedding_models order by id")).fetchall()


async def test_a_model_that_cannot_be_reached_is_never_switched_to(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    await Meaning(db, database, folder).worker.once()
    unreachable = EmbeddingRoom(EmbeddingSettings(name="gone", dimensions=64), db, None)
    assert await Embedding(db, database.owner_url, unreachable).once() == 0
    assert await statuses(db, people) == [(1, "active"), (2, "building")]


async def test_an_index_that_finds_too_little_is_not_switched_to(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, other_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await Meaning(db, database, folder).worker.once()
    new = Meaning(db, database, other_folder)

    async def poor(model: int) -> Decimal:
        return Decimal("0.4")

    monkeypatch.setattr(new.worker, "_recall", poor)
    with pytest.raises(Blocked):
        await new.worker.once()
    assert await statuses(db, people) == [(1, "active"), (2, "building")]


async def test_passages_that_are_the_same_do_not_count_against_the_index(
    db: Database, database: TestDatabase, people: People, folder: Path
) -> None:
    await Shelf(db, people).put(**{f"same{n}": "Viel zu teuer." for n in range(60)})
    await Meaning(db, database, folder).worker.once()
    async with db.org(people.org_id) as conn:
        assert await (await conn.execute("select recall from embedding_models")).fetchone() == (Decimal(1),)


async def test_what_came_in_while_the_index_was_built_has_its_vector_at_the_switch(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = registry.index

    async def meanwhile(owner_url: str, model: int) -> None:
        await built(owner_url, model)
        await shelf.put(new="Fast shipping.")

    monkeypatch.setattr(registry, "index", meanwhile)
    await Meaning(db, database, folder).worker.once()
    async with db.org(people.org_id) as conn:
        assert await (await conn.execute("select count(*) from embeddings_1")).fetchone() == (3,)


async def test_an_index_that_a_migration_took_away_is_built_again(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path
) -> None:
    await Meaning(db, database, folder).worker.once()
    async with await AsyncConnection.connect(database.owner_url, autocommit=True) as conn:
        await conn.execute("drop index embeddings_1_vec")
    assert not await registry.is_indexed(database.owner_url, 1)
    await Meaning(db, database, folder).worker.once()
    assert await registry.is_indexed(database.owner_url, 1)


async def test_a_used_up_budget_of_one_organisation_does_not_hold_up_another(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await make_people(db, "Other")
    await Shelf(db, other).put(theirs="Fast shipping.")
    meaning = Meaning(db, database, folder)
    given = meaning.room.embedder

    async def paid(model: Wanted, keys: ScopeKeys) -> Embedder | None:
        if keys.org_id == people.org_id:
            raise BudgetExceeded("used up")
        return await given(model, keys)

    for first, second in ((people, other), (other, people)):
        monkeypatch.setattr("assistant.embedding.worker.list_orgs", lambda _url, a=first, b=second: both(a, b))
        monkeypatch.setattr(meaning.room, "embedder", paid)
        with pytest.raises(BudgetExceeded):
            await meaning.worker.once()
        async with db.org(other.org_id) as conn:
            assert await (await conn.execute("select count(*) from embeddings_1")).fetchone() == (1,)
    assert await statuses(db, people) == [(1, "building")], "half the vectors are not enough"


async def both(one: People, other: People) -> list[object]:
    return [one.org_id, other.org_id]


async def test_a_model_that_is_taken_up_again_filters_by_what_holds_now(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, other_folder: Path
) -> None:
    await Meaning(db, database, folder).worker.once()
    await Meaning(db, database, other_folder).worker.once()
    await shelf.put(price={"text": "Viel zu teuer.", "tags": ["price"]})
    await Meaning(db, database, folder).worker.once()
    assert await statuses(db, people) == [(1, "active"), (2, "retired")]
    async with db.org(people.org_id) as conn:
        found = await (await conn.execute("select tags from embeddings_1 where tags <> '{}'")).fetchall()
    assert found == [(["price"],)]


async def test_a_look_with_nothing_to_do_reads_no_model_and_writes_no_row(
    db: Database, database: TestDatabase, people: People, shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = Meaning(db, database, folder)
    await meaning.worker.once()
    await meaning.worker.once()
    monkeypatch.setattr(room, "wanted_of", lambda *_: pytest.fail("the whole model was read"))
    monkeypatch.setattr(local, "revision_of", lambda _folder: pytest.fail("the whole model was read"))

    async def row() -> object:
        async with db.org(people.org_id) as conn:
            return await (await conn.execute("select xmin::text, ctid::text from embedding_models")).fetchone()

    before = await row()
    assert await asyncio.wait_for(meaning.worker.once(), 5) == 0
    assert await row() == before
