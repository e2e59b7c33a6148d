"""SQL of search. The work is in the functions of migration 0004; here they are called and what they found is joined."""

import json
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.db import Connection, Row, fetch_all, fetch_one
from knowledge.embeddings.halfvec import HalfVec
from knowledge.search.models import Filters, Hit, Kind

#: ranks are fused as w / (60 + rank) (reciprocal rank fusion: Cormack, Clarke, Büttcher 2009)
RRF = 60
#: of the weight of the words asked for, a passage holds at least this share
MOST = 0.5
#: what a leg counts; equal, since the word leg is gated: it speaks only where it is sure
WEIGHT_VECTOR, WEIGHT_LEXICAL = 1.0, 1.0

WORD_QUERIES = "select word_queries(%(words)s::text[], %(also)s::text[], %(configs)s::regconfig[])::text[]"
WORD_COUNTS = "select word_counts(%(queries)s::text[]::tsquery[], %(kinds)s::text[], %(filters)s, %(most)s)"

_NO_VECTOR = (
    "select null::uuid as chunk_id, null::uuid as parent_id, null::bigint as rank, null::real as similarity where false"
)
VECTOR = "select * from vector_chunks(%(model)s, %(vector)s, %(kinds)s::text[], %(filters)s, %(leg)s, null)"
_NO_WORDS = "select null::uuid as chunk_id, null::uuid as parent_id, null::bigint as rank where false"
WORDS = """select * from lexical_chunks(%(queries)s::text[]::tsquery[], %(weights)s::float8[], %(share)s, %(kinds)s::text[],
                                         %(filters)s, %(leg)s)"""
# A leg ranks parents, by the best passage of each; the two rankings are fused by parent, and its best passage shown.
SEARCH = """
with v as (select distinct on (parent_id) * from ({vector}) s order by parent_id, rank),
l as (select distinct on (parent_id) * from ({words}) s order by parent_id, rank),
vr as (select *, row_number() over (order by rank) as place from v),
lr as (select *, row_number() over (order by rank) as place from l),
fused as (
  select coalesce(vr.parent_id, lr.parent_id) as parent_id, coalesce(vr.chunk_id, lr.chunk_id) as chunk_id,
    coalesce({wv} / ({k} + vr.place), 0) + coalesce({wl} / ({k} + lr.place), 0) as score,
    vr.place::int as rank_vector, lr.place::int as rank_lexical, vr.similarity
  from vr full join lr on lr.parent_id = vr.parent_id
  order by score desc, 1 limit %(limit)s offset %(offset)s
)
select c.id as chunk_id, c.parent_id, c.kind, c.part, c.ordinal, c.text, f.score, f.rank_vector, f.rank_lexical,
  f.similarity
from fused f join chunks c on c.org_id = current_org() and c.id = f.chunk_id order by f.score desc, c.parent_id
"""
OWN_VECTOR = """
select e.vec::text as vector from {vectors} e join chunks c on c.org_id = e.org_id and c.id = e.chunk_id
where e.org_id = %(org_id)s and e.parent_id = %(parent_id)s and c.content_hash = e.content_hash
order by array_position(array['body', 'hook', 'quote', 'passage', 'turn', 'headline', 'script'], c.part), c.ordinal limit 1
"""
OWN_TEXT = """
select string_agg(text, ' ' order by array_position(array['hook', 'body', 'headline', 'quote', 'passage', 'turn', 'script'],
                                                    part), ordinal) as text
from chunks where org_id = %(org_id)s and parent_id = %(parent_id)s
"""


class _Vector(Row):
    vector: str


class _Text(Row):
    text: str | None


def filter_json(filters: Filters) -> Jsonb:
    """Only what is asked for: an empty filter is no condition."""
    given = {
        "client_id": filters.client_id,
        "platforms": filters.platforms,
        "formats": filters.formats,
        "languages": filters.languages,
        "brand_ids": [str(one) for one in filters.brand_ids],
        "tags": filters.tags,
        "day_from": filters.day_from,
        "day_to": filters.day_to,
        "score_from": filters.score_from,
        "score_to": filters.score_to,
        "parent_ids": [str(one) for one in filters.parent_ids],
    }
    return Jsonb(json.loads(json.dumps({name: value for name, value in given.items() if _is_set(value)}, default=str)))


def _is_set(value: Any) -> bool:
    return value is not None and value != () and value != []


async def word_queries(conn: Connection, words: list[str], also: list[str], configs: list[str]) -> list[str | None]:
    """Each word as a tsquery's text; None for a stop word. ``also``: of the same length, '' for nothing."""
    row = await (await conn.execute(WORD_QUERIES, {"words": words, "also": also, "configs": configs})).fetchone()
    return list(row[0] or []) if row else []


async def word_counts(conn: Connection, queries: list[str], kinds: tuple[Kind, ...], filters: Filters) -> list[int]:
    """In how many passages each query is found, counted up to 1,000."""
    given = {"queries": queries, "kinds": list(kinds), "filters": filter_json(filters), "most": 1_000}
    row = await (await conn.execute(WORD_COUNTS, given)).fetchone()
    return list(row[0] or []) if row else []


async def search(
    conn: Connection,
    *,
    kinds: tuple[Kind, ...],
    filters: Filters,
    queries: list[str],
    weights: list[float] | None,
    share: float = MOST,
    vector: tuple[int, HalfVec] | None,
    limit: int,
    offset: int,
    leg: int,
) -> list[Hit]:
    """``share``: of the weights that a passage must hold; ``vector``: the model and the question;
    ``leg``: how many passages each leg gives."""
    statement = SEARCH.format(
        vector=VECTOR if vector else _NO_VECTOR,
        words=WORDS if queries else _NO_WORDS,
        wv=WEIGHT_VECTOR,
        wl=WEIGHT_LEXICAL,
        k=RRF,
    )
    given = {
        "kinds": list(kinds), "filters": filter_json(filters), "queries": queries,
        "weights": weights, "share": share,
        "model": vector[0] if vector else None, "vector": vector[1] if vector else None, "limit": limit,
        "offset": offset, "leg": leg,
    }  # fmt: skip
    return await fetch_all(conn, Hit, statement, given)  # pyright: ignore[reportArgumentType] - constants only


async def active_model(conn: Connection) -> tuple[int, str] | None:
    """Id and name of the embedding model that questions are asked of; None when only words are searched."""
    row = await (await conn.execute("select id, name from embedding_models where status = 'active'")).fetchone()
    return (row[0], row[1]) if row else None


async def own_vector(conn: Connection, org_id: UUID, parent_id: UUID, model_id: int) -> str | None:
    """The vector of a parent's main passage, as halfvec's text."""
    statement = OWN_VECTOR.format(vectors=f"embeddings_{int(model_id)}")
    found = await fetch_one(conn, _Vector, statement, {"org_id": org_id, "parent_id": parent_id})  # pyright: ignore[reportArgumentType]
    return found.vector if found else None


async def own_text(conn: Connection, org_id: UUID, parent_id: UUID) -> str:
    found = await fetch_one(conn, _Text, OWN_TEXT, {"org_id": org_id, "parent_id": parent_id})
    return (found.text if found else None) or ""
