"""The models there are, as their owner keeps them: registered, indexed, switched to, dropped.

What always holds: one model is active at most; a model is switched to in one transaction, when every passage has its
vector and its index finds what an exact scan finds; the one before goes when no search can still be using it.
"""

from decimal import Decimal
from typing import Any

from psycopg import AsyncConnection, sql
from psycopg.rows import class_row

from knowledge.embeddings.models import EmbeddingModel, Wanted
from knowledge.embeddings.queries import COLUMNS

#: minutes that a retired model's vectors stay, for searches under way
GRACE = 10
REGISTER = f"""
insert into embedding_models (provider, name, revision, dimensions)
values (%(provider)s, %(name)s, %(revision)s, %(dimensions)s)
on conflict (provider, name, revision, dimensions) do update
  set status = case when embedding_models.status = 'retired' then 'building' else embedding_models.status end,
      retired_at = null
returning {COLUMNS}
"""
OTHERS = """
update embedding_models set status = 'retired', retired_at = now()
where status = 'building' and id <> %(id)s returning id
"""
THERE = f"""
select {COLUMNS} from embedding_models where provider = %(provider)s and name = %(name)s and revision = %(revision)s
  and dimensions = %(dimensions)s and status <> 'retired'
"""
# A table's birth and death lock passages for a moment; when others are at work there it is left for the next look.
PATIENT = "set local lock_timeout = '5s'"
PARTS = 16
# Values: docs/decisions/0006-search.md.
INDEX_WHOLE = sql.SQL(
    "create index if not exists {} on only {} using hnsw (vec halfvec_cosine_ops) with (m = 24, ef_construction = 128)"
)
INDEX_PART = sql.SQL(
    "create index concurrently if not exists {} on {} using hnsw (vec halfvec_cosine_ops) "
    "with (m = 24, ef_construction = 128)"
)
VALID = "select indisvalid from pg_index where indexrelid = to_regclass(%(name)s)"
DROPPABLE = """
select id from embedding_models
where status = 'retired' and retired_at < now() - make_interval(mins => %(grace)s)
"""


async def register(owner_url: str, wanted: Wanted) -> EmbeddingModel:
    """The model with its table; another that was being built is given up."""
    async with await AsyncConnection.connect(owner_url) as conn:
        async with conn.cursor(row_factory=class_row(EmbeddingModel)) as cursor:
            await cursor.execute(THERE, vars(wanted))
            model = await cursor.fetchone()
            if model is None:
                await cursor.execute(PATIENT)
                await cursor.execute(REGISTER, vars(wanted))
                model = await cursor.fetchone()
                assert model is not None  # noqa: S101 - insert … returning gives the row or raises
                await cursor.execute("select create_embedding_table(%s)", (model.id,))
        await conn.execute(OTHERS, {"id": model.id})
    return model


async def index(owner_url: str, model: int) -> None:
    """Build the cosine index, if it is not there; takes minutes for a large library, and nobody waits for it.

    One part of the table after another, while others write to it; one that a crash left half made is begun anew.
    """
    whole = sql.Identifier(f"embeddings_{model}_vec")
    async with await AsyncConnection.connect(owner_url, autocommit=True) as conn:
        await conn.execute("set maintenance_work_mem = '512MB'")
        await conn.execute(INDEX_WHOLE.format(whole, sql.Identifier(f"embeddings_{model}")))
        for number in range(PARTS):
            name = f"embeddings_{model}_{number}"
            part = sql.Identifier(f"{name}_vec")
            row = await (await conn.execute(VALID, {"name": f"{name}_vec"})).fetchone()
            if row is not None and not row[0]:
                await conn.execute(sql.SQL("drop index concurrently {}").format(part))
            await conn.execute(INDEX_PART.format(part, sql.Identifier(name)))
            await conn.execute(sql.SQL("alter index {} attach partition {}").format(whole, part))
        # without it the index of bits cannot answer by itself, and how many rows there are is unknown
        for name in (f"embeddings_{model}", f"embeddings_{model}_tags"):
            await conn.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(name)))


async def is_indexed(owner_url: str, model: int) -> bool:
    """Whether the cosine index is there as a whole: a crash leaves parts of it, a migration that writes the table none."""
    async with await AsyncConnection.connect(owner_url, autocommit=True) as conn:
        row = await (await conn.execute(VALID, {"name": f"embeddings_{model}_vec"})).fetchone()
        return row is not None and bool(row[0])


async def switch(owner_url: str, model: int, recall: Decimal | None) -> None:
    async with await AsyncConnection.connect(owner_url) as conn:
        await conn.execute("select switch_embedding_model(%s, %s)", (model, recall))


async def drop_retired(owner_url: str, grace: int = GRACE) -> list[int]:
    """Vectors of models that nobody asks any more; ``grace`` in minutes."""
    async with await AsyncConnection.connect(owner_url) as conn:
        await conn.execute(PATIENT)
        rows: list[Any] = await (await conn.execute(DROPPABLE, {"grace": grace})).fetchall()
        for (model,) in rows:
            names = sql.SQL(", ").join(sql.Identifier(f"embeddings_{model}{part}") for part in ("", "_tags"))
            await conn.execute(sql.SQL("drop table if exists {}").format(names))
            await conn.execute("delete from embedding_models where id = %s", (model,))
    return [row[0] for row in rows]
