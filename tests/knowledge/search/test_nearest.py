"""The nearest passages by bits first: the same as comparing every whole vector, whatever the model and the filter."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import pytest
from alembic import command
from alembic.config import Config

from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres
from knowledge.embeddings import registry
from knowledge.embeddings.models import Wanted
from knowledge.embeddings.queries import as_halfvec
from knowledge.ids import OrgId
from knowledge.migrate import MIGRATIONS, migrate, sqlalchemy_url
from knowledge.search.models import Filters
from knowledge.search.queries import filter_json
from tests.conftest import People, TestDatabase

ROWS, WIDTH, QUESTIONS = 4_000, 96, 20
CLIENTS, TAGS = [UUID(int=7_000 + number) for number in range(4)], [f"tag {number}" for number in range(12)]
NEAREST = "select chunk_id from vector_chunks(%(model)s, %(vector)s, array['swipe'], %(filters)s, 10, %(few)s)"
CHUNKS = """
insert into chunks (org_id, id, kind, parent_id, part, text, content_hash, tsv)
select %(org_id)s, id, 'swipe', id, 'body', '', '', '' from unnest(%(ids)s::uuid[]) id
"""
#: whatever it costs; ``None``: as is likely to cost least, which among so few is something else
BITS_FIRST = -1
Vectors = Callable[[np.random.Generator, int], Any]


def alike(random: np.random.Generator, n: int) -> Any:
    """Texts on fifty subjects."""
    centres = np.random.default_rng(1).normal(0, 1, (50, WIDTH))
    return centres[random.integers(0, 50, n)] + random.normal(0, 0.8, (n, WIDTH))


def scattered(random: np.random.Generator, n: int) -> Any:
    """No two texts have to do with each other."""
    return random.normal(0, 1, (n, WIDTH))


def with_the_same_signs(random: np.random.Generator, n: int) -> Any:
    """A model whose bits say nothing: all numbers are above nought."""
    return 3 + np.clip(random.normal(0, 1, (n, WIDTH)), -2.9, None)


def with_bits_that_mislead(random: np.random.Generator, n: int) -> Any:
    """A model in which a few big numbers decide, and many tiny ones flip their signs by chance."""
    made = random.normal(0, 0.01, (n, WIDTH))
    made[:, :8] += random.normal(0, 1, (n, 8))
    return made


class Library:
    def __init__(self, database: TestDatabase, db: Database, org_id: OrgId, model: int) -> None:
        self.database, self.db, self.org_id, self.model = database, db, org_id, model

    def fill(self, vectors: Any, tags: list[list[str]] | None = None) -> list[UUID]:
        random = np.random.default_rng(3)
        ids = [UUID(int=(9 << 64) | at) for at in range(len(vectors))]
        table = f"embeddings_{self.model}"
        with psycopg.connect(self.database.owner_url, autocommit=True) as conn:
            conn.execute(CHUNKS, {"org_id": self.org_id, "ids": ids})
            columns = "org_id, chunk_id, parent_id, content_hash, kind, client_id, format, platforms, day, tags, vec"
            with conn.cursor().copy(f"copy {table} ({columns}) from stdin") as copy:  # pyright: ignore[reportArgumentType]
                for at, (id, row) in enumerate(zip(ids, vectors, strict=True)):
                    mine = tags[at] if tags else [TAGS[place] for place in random.choice(12, 2, replace=False)]
                    day = date(2026, 1, 1) + timedelta(days=at % 300)
                    given = (
                        self.org_id,
                        id,
                        id,
                        b"",
                        "swipe",
                        CLIENTS[at % 4],
                        ("VIDEO", "IMAGE")[at // 4 % 2],
                        ["TIKTOK"],
                    )
                    copy.write_row((*given, day, mine, as_halfvec(row.tolist())))
            conn.execute(f"vacuum (analyze) {table}")  # pyright: ignore[reportArgumentType]
        return ids

    async def nearest(self, vector: Any, filters: Filters, few: int | None = None) -> set[UUID]:
        given = {
            "model": self.model,
            "vector": as_halfvec(vector.tolist()),
            "filters": filter_json(filters),
            "few": few,
        }
        async with self.db.org(self.org_id) as conn:
            return {row[0] for row in await (await conn.execute(NEAREST, given)).fetchall()}

    async def recall(self, questions: Any, filters: Filters, few: int | None) -> float:
        shares = list[float]()
        for vector in questions:
            exact = await self.nearest(vector, filters, few=2_000_000_000)
            shares.append(len(await self.nearest(vector, filters, few) & exact) / len(exact))
        return float(np.mean(shares))


@pytest.fixture
async def library(database: TestDatabase, db: Database, people: People) -> Library:
    model = await registry.register(database.owner_url, Wanted("onnx", "bits", "", WIDTH))
    return Library(database, db, people.org_id, model.id)


FILTERS = {
    "nothing": Filters(),
    "client": Filters(client_id=CLIENTS[1]),
    "client and format": Filters(client_id=CLIENTS[2], formats=("IMAGE",)),
    "dates": Filters(day_from=date(2026, 2, 1), day_to=date(2026, 3, 20)),
    "tags": Filters(tags=(TAGS[5],)),
    "tags or platforms": Filters(tags=(TAGS[1], TAGS[2]), platforms=("TIKTOK",)),
}


@pytest.mark.parametrize("indexed", [False, True], ids=["before the index", "with the index"])
@pytest.mark.parametrize("vectors", [alike, scattered, with_the_same_signs, with_bits_that_mislead])
async def test_bits_first_finds_what_comparing_all_finds(library: Library, vectors: Vectors, indexed: bool) -> None:
    random = np.random.default_rng(2)
    library.fill(vectors(random, ROWS))
    if indexed:
        await registry.index(library.database.owner_url, library.model)
    questions = vectors(random, QUESTIONS)
    recalls = {
        (name, few): await library.recall(questions, filters, few)
        for name, filters in FILTERS.items()
        for few in (BITS_FIRST, None)
    }
    assert min(recalls.values()) >= 0.99, recalls


async def test_a_list_that_only_looks_alike_is_not_taken_for_the_one_asked_for(library: Library) -> None:
    """Two tags of one mark: nearly all that passes the marks has the wrong one, and lies nearer."""
    with psycopg.connect(library.database.owner_url) as conn:
        query = "select list_marks(array[t], 64) from unnest(%s::text[]) t"
        names = [f"name {number}" for number in range(100)]
        marks = [row[0] for row in conn.execute(query, (names,)).fetchall()]
    one, other = next((a, b) for a in range(100) for b in range(a) if marks[a] == marks[b])
    random = np.random.default_rng(4)
    asked = scattered(random, 1)[0]
    near = asked + random.normal(0, 0.3, (3_000, WIDTH))
    far = scattered(random, 40)
    ids = library.fill(np.concatenate((near, far)), [[names[other]]] * 3_000 + [[names[one]]] * 40)
    exact = await library.nearest(asked, Filters(tags=(names[one],)), few=2_000_000_000)
    for few in (BITS_FIRST, None):
        found = await library.nearest(asked, Filters(tags=(names[one],)), few)
        assert len(found) == 10
        assert found <= set(ids[3_000:])
        assert found == exact


async def test_a_passage_with_hundreds_of_tags_is_found_by_each(library: Library) -> None:
    tags = [f"a tag that is quite long, number {number}" for number in range(500)]
    ids = library.fill(scattered(np.random.default_rng(5), 3), [tags, ["other"], tags[:1]])
    vector = scattered(np.random.default_rng(6), 1)[0]
    assert await library.nearest(vector, Filters(tags=(tags[499],))) == {ids[0]}
    assert await library.nearest(vector, Filters(tags=(tags[0], "other"))) == set(ids)


async def test_a_vector_is_looked_for_in_the_part_that_it_is_in(database: TestDatabase) -> None:
    model = await registry.register(database.owner_url, Wanted("onnx", "parts", "", WIDTH))
    query = """
        select count(*), count(*) filter (where satisfies_hash_partition(
          to_regclass(format('embeddings_%%s', %(model)s::int)), 16,
          split_part(embeddings_part(%(model)s, id), '_', 3)::int, id))
        from (select md5(n::text)::uuid as id from generate_series(1, 500) n) ids
    """
    with psycopg.connect(database.owner_url) as conn:
        assert conn.execute(query, {"model": model.id}).fetchone() == (500, 500)


async def test_vectors_that_were_there_before_their_bits_are_found(postgres: EmbeddedPostgres) -> None:
    """As 0025 left them; the cosine index, which the migration drops, is made again by who makes vectors."""
    url = postgres.url("before_bits")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
        conn.execute("create database before_bits")
    try:
        _to_revision(url, "0025")
        org_id, random = OrgId(UUID(int=77)), np.random.default_rng(7)
        model = await registry.register(url, Wanted("onnx", "before", "", WIDTH))
        with psycopg.connect(url) as conn:
            conn.execute("insert into orgs (id, name) values (%s, 'Before')", (org_id,))
        library = Library(TestDatabase("before_bits", url, ""), Database(""), org_id, model.id)
        vectors = scattered(random, 300)
        ids = library.fill(vectors, [[f"tag {at % 3}", "all"] for at in range(300)])
        with psycopg.connect(url) as conn:
            name = f"embeddings_{model.id}"
            conn.execute(f"create index {name}_vec on {name} using hnsw (vec halfvec_cosine_ops)")  # pyright: ignore[reportArgumentType]
        assert migrate(url)
        assert not await registry.is_indexed(url, model.id)
        await registry.index(url, model.id)
        assert await registry.is_indexed(url, model.id)
        with psycopg.connect(url) as conn:
            conn.execute("select set_config('app.org_id', %s, false)", (str(org_id),))
            given = {"model": model.id, "vector": as_halfvec(vectors[42].tolist()), "few": None}
            found = conn.execute(NEAREST, given | {"filters": filter_json(Filters())}).fetchall()
            tagged = conn.execute(
                NEAREST, given | {"few": BITS_FIRST, "filters": filter_json(Filters(tags=("tag 0",)))}
            )
            of_tag = {row[0] for row in tagged.fetchall()}
            bits = conn.execute(
                f"select count(*) from embeddings_{model.id} where length(bits) = {2 * WIDTH}"
            ).fetchone()  # pyright: ignore[reportArgumentType]
        assert found[0] == (ids[42],)
        assert ids[42] in of_tag
        assert len(of_tag) == 10
        assert of_tag <= set(ids[::3])
        assert bits == (300,)
    finally:
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as conn:
            conn.execute("drop database before_bits with (force)")


async def test_a_passage_is_found_by_the_tags_that_it_has_now(library: Library) -> None:
    """Its rows of tags are in step when its tags, its filters or its vector change, and gone when it is."""
    random = np.random.default_rng(8)
    vectors = scattered(random, 60)
    ids = library.fill(vectors, [["old", "both"]] * 60)
    table, asked = f"embeddings_{library.model}", scattered(random, 1)[0]

    async def found(filters: Filters) -> set[UUID]:
        assert await library.nearest(asked, filters) == await library.nearest(asked, filters, BITS_FIRST)
        return await library.nearest(asked, filters, BITS_FIRST)

    async with library.db.org(library.org_id) as conn:
        query = f"update {table} set tags = %s, format = 'DCO', vec = %s where chunk_id = %s"
        await conn.execute(query, (["new", "new", "both"], as_halfvec(asked.tolist()), ids[7]))  # pyright: ignore[reportArgumentType]
        await conn.execute("delete from chunks where id = any(%s)", (ids[:5],))
    assert await found(Filters(tags=("new",))) == {ids[7]}
    assert await found(Filters(tags=("old",), formats=("DCO",))) == set()
    assert await found(Filters(tags=("both",), formats=("DCO",))) == {ids[7]}
    assert ids[7] in await found(Filters(tags=("both", "new", "old")))
    assert len(await found(Filters(tags=("both", "new", "old")))) == 10
    async with library.db.org(library.org_id) as conn:
        await conn.execute("delete from chunks where id = any(%s)", (ids[9:],))
    assert await found(Filters(tags=("old",))) == {ids[5], ids[6], ids[8]}
    assert await found(Filters(tags=("both", "new"), parent_ids=(ids[7], ids[20]))) == {ids[7]}
    with psycopg.connect(library.database.owner_url) as conn:
        assert conn.execute(f"select count(*) from {table}_tags").fetchone() == (8,)  # pyright: ignore[reportArgumentType]


def _to_revision(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = sqlalchemy_url(url)
    command.upgrade(config, revision)


async def test_the_longest_vectors_have_their_bits_in_the_index(database: TestDatabase) -> None:
    model = await registry.register(database.owner_url, Wanted("onnx", "long", "", 4000))
    assert model.dimensions == 4000
