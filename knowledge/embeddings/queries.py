"""SQL over vectors, within one organisation. A model's table is named by its id, a number."""

from collections.abc import Sequence
from uuid import UUID

from psycopg import sql

from knowledge.copy_text import copy_data
from knowledge.db import Connection, fetch_one
from knowledge.embeddings.models import EmbeddingModel, Passage
from knowledge.ids import OrgId

COLUMNS = "id, provider, name, revision, dimensions, status, recall, created_at, activated_at, retired_at"
ACTIVE = f"select {COLUMNS} from embedding_models where status = 'active'"
_FILTERS = "kind, client_id, language, platforms, format, brand_id, day, score, tags"
_MISSING = """
select c.id, c.content_hash, c.text from chunks c
left join {vectors} e on e.org_id = c.org_id and e.chunk_id = c.id and e.content_hash = c.content_hash
where c.org_id = %(org_id)s and c.id > %(after)s and e.chunk_id is null order by c.id limit %(limit)s
"""
_KNOWN = """
select distinct on (content_hash) content_hash, vec::text from {vectors}
where org_id = %(org_id)s and content_hash = any(%(hashes)s)
"""
_STAGE = "create temporary table if not exists vector_stage (chunk_id uuid, content_hash bytea, vec text) on commit delete rows"
_STORE = f"""
insert into {{vectors}} (org_id, chunk_id, parent_id, content_hash, {_FILTERS}, vec)
select c.org_id, c.id, c.parent_id, c.content_hash, {", ".join(f"c.{name}" for name in _FILTERS.split(", "))},
  s.vec::halfvec
from vector_stage s join chunks c on c.org_id = %(org_id)s and c.id = s.chunk_id and c.content_hash = s.content_hash
for share of c skip locked
on conflict (org_id, chunk_id) do update set content_hash = excluded.content_hash, vec = excluded.vec
"""
_COUNT = """
select (select count(*) from chunks where org_id = %(org_id)s),
  (select count(*) from {vectors} where org_id = %(org_id)s)
"""
_REFRESH = f"""
update {{vectors}} e set ({_FILTERS}) = ({", ".join(f"c.{name}" for name in _FILTERS.split(", "))})
from chunks c where c.org_id = %(org_id)s and e.org_id = c.org_id and e.chunk_id = c.id
and ({", ".join(f"e.{name}" for name in _FILTERS.split(", "))})
    is distinct from ({", ".join(f"c.{name}" for name in _FILTERS.split(", "))})
"""
_NEAREST = """
select similarity from vector_chunks(%(model)s, %(vec)s, array['swipe', 'client_swipe', 'voc', 'document'], '{}', 10, %(few)s)
"""
NIL = UUID(int=0)


def _sql(text: str, model: int) -> sql.Composed:
    return sql.SQL(text).format(vectors=sql.Identifier(f"embeddings_{int(model)}"))  # pyright: ignore[reportArgumentType] - constants only


async def active(conn: Connection) -> EmbeddingModel | None:
    """The model that questions are asked of; None when only words are searched."""
    return await fetch_one(conn, EmbeddingModel, ACTIVE, {})


async def missing(conn: Connection, org_id: OrgId, model: int, after: UUID, limit: int) -> list[Passage]:
    """Passages without a vector of this model, by id, after ``after`` (``NIL``: from the first)."""
    given = {"org_id": org_id, "after": after, "limit": limit}
    rows = await (await conn.execute(_sql(_MISSING, model), given)).fetchall()
    return [Passage(id=row[0], content_hash=row[1], text=row[2]) for row in rows]


async def newest(conn: Connection, org_id: OrgId) -> UUID | None:
    """The passage that was made last: another one tells that there is something to do."""
    query = "select id from chunks where org_id = %s order by id desc limit 1"
    row = await (await conn.execute(query, (org_id,))).fetchone()
    return row[0] if row else None


async def known(conn: Connection, org_id: OrgId, model: int, hashes: Sequence[bytes]) -> dict[bytes, str]:
    """Vectors that this organisation has of the same texts, as halfvec's text."""
    rows = await conn.execute(_sql(_KNOWN, model), {"org_id": org_id, "hashes": list(hashes)})
    return {bytes(row[0]): row[1] for row in await rows.fetchall()}


async def store(conn: Connection, org_id: OrgId, model: int, vectors: Sequence[tuple[UUID, bytes, str]]) -> int:
    """(passage, its content hash, halfvec's text) each; returns how many were stored.

    A passage that has changed or gone meanwhile is passed over. So is one that somebody is changing right now: its
    filters would be copied as they were.
    """
    await conn.execute(_STAGE)
    lines = [f"{id}\t\\\\x{hash.hex()}\t{vec}" for id, hash, vec in vectors]
    async with conn.cursor() as cursor:
        async with cursor.copy("copy vector_stage from stdin") as copy:
            await copy.write(copy_data(lines))
        await cursor.execute(_sql(_STORE, model), {"org_id": org_id})
        return cursor.rowcount


async def counts(conn: Connection, org_id: OrgId, model: int) -> tuple[int, int]:
    """(passages, vectors)."""
    row = await (await conn.execute(_sql(_COUNT, model), {"org_id": org_id})).fetchone()
    return (row[0], row[1]) if row else (0, 0)


async def refresh(conn: Connection, org_id: OrgId, model: int) -> None:
    """Bring all filter columns in step with the passages': those of a model out of use were not kept so."""
    await conn.execute(_sql(_REFRESH, model), {"org_id": org_id})


def as_halfvec(values: Sequence[float]) -> str:
    """As Postgres reads it."""
    return "[" + ",".join(("%.5g",) * len(values)) % tuple(values) + "]"


async def own_sample(conn: Connection, org_id: OrgId, model: int, n: int) -> list[str]:
    """Some of the organisation's vectors, spread over it, to measure the index with."""
    query = "select vec::text from {vectors} where org_id = %(org_id)s order by md5(chunk_id::text) limit %(n)s"
    rows = await conn.execute(_sql(query, model), {"org_id": org_id, "n": n})
    return [row[0] for row in await rows.fetchall()]


async def nearest(conn: Connection, model: int, vec: str, *, exact: bool) -> list[float]:
    """How near the ten nearest passages are, as search finds them: through the index, or by comparing all."""
    given = {"model": model, "vec": vec, "few": 2_000_000_000 if exact else 0}
    rows = await conn.execute(_NEAREST, given)
    return [row[0] for row in await rows.fetchall()]
