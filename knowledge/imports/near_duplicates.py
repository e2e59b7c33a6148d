"""Texts that say nearly the same are linked, never deleted: simhashes that differ in at most three of 64 bits.

Of six bands of about 11 bits such a pair agrees in three at least, so only texts that share three are compared (Manku,
Jain, Das Sarma 2007): here, in arrays, where a comparison takes some nanoseconds and no row. Texts of one simhash count
as one on the way: small groups are linked each with each, big ones (the same copy in a hundred ads) each with the oldest,
so that links grow with the texts and not with their square. Linking again changes nothing.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Literal, LiteralString
from uuid import UUID

from knowledge.db import Connection
from knowledge.search.runs import Runs
from knowledge.search.text import NEAR
from knowledge.search.together import simhashes

Kind = Literal["swipe", "voc"]

#: letters below which two texts are alike by chance ("Great product!")
SHORTEST = 40
#: pairs between two groups (or within one) up to which every text is linked with every other
EACH_WITH_EACH = 100
#: where each band begins, and where the last ends
_BANDS = (0, 11, 22, 33, 44, 54, 64)
#: a number for each three bands, signed as an int64: the bits that are in them
MASKS = [
    int.from_bytes(sum((1 << _BANDS[at + 1]) - (1 << _BANDS[at]) for at in three).to_bytes(8), signed=True)
    for three in combinations(range(6), 3)
]

_TABLES: dict[Kind, LiteralString] = {"swipe": "company_swipe_assets", "voc": "voc_snippets"}
# Only texts of one client are compared with each other, and the organisation's own with its own.
_SAME_PLACE: dict[Kind, LiteralString] = {
    "swipe": "true",
    "voc": "client_id = (select client_id from imports where id = %(import_id)s)",
}

_SIMHASHES: LiteralString = """
select simhash, bool_or(import_id = %(import_id)s) from {table} where simhash is not null and {place} group by simhash
"""
_LINK: LiteralString = """
with near as (
  select * from unnest(%(ones)s::bigint[], %(others)s::bigint[], %(distances)s::smallint[]) n (one, other, distance)
), grouped as materialized (
  select simhash, array_agg(id order by id) as ids, bool_or(import_id = %(import_id)s) as fresh
  from {table} where simhash is not null and {place} group by simhash
), pairs as (
  select x.id as one, y.id as other, near.distance
  from near join grouped f on f.simhash = near.one join grouped g on g.simhash = near.other
    cross join lateral (select cardinality(f.ids) * cardinality(g.ids) > %(most)s as too_many) size
    cross join lateral unnest(case when too_many then f.ids[:1] else f.ids end) x (id)
    cross join lateral unnest(case when too_many then g.ids[:1] else g.ids end) y (id)
  union all
  select x.id, y.id, 0
  from grouped
    cross join lateral (select cardinality(ids) * cardinality(ids) > 2 * %(most)s as too_many) size
    cross join lateral unnest(case when too_many then ids[:1] else ids end) x (id)
    cross join lateral unnest(ids) y (id)
  where fresh and cardinality(ids) > 1 and x.id < y.id
)
insert into near_duplicates (org_id, kind, a, b, distance)
select %(org_id)s, %(kind)s, least(one, other), greatest(one, other), distance from pairs
on conflict do nothing
"""
_COUNT: LiteralString = """
select count(*) from {table} t where t.import_id = %(import_id)s and (
  exists (select from near_duplicates n where n.org_id = %(org_id)s and n.kind = %(kind)s and n.a = t.id)
  or exists (select from near_duplicates n where n.org_id = %(org_id)s and n.kind = %(kind)s and n.b = t.id))
"""
_UNLINK: LiteralString = """
delete from near_duplicates where kind = %(kind)s and (a = any(%(ids)s) or b = any(%(ids)s))
"""


def fingerprints(runs: Runs, rows: Iterable[Sequence[str | None]]) -> list[int | None]:
    """The simhash of each row's texts together, or None when they are too short to be anybody's copy."""
    joined = ["\n".join(text for text in texts if text) for texts in rows]
    found: list[int | None] = [None] * len(joined)
    places = [place for place, text in enumerate(joined) if len(text) >= SHORTEST]
    for place, simhash in zip(places, simhashes(runs, [joined[place] for place in places]), strict=True):
        found[place] = simhash
    return found


async def link(conn: Connection, org_id: UUID, kind: Kind, import_id: UUID) -> int:
    """Link what an import brought, among itself and with what was there; how many of its rows have a near double."""
    values = {"org_id": org_id, "kind": kind, "import_id": import_id, "most": EACH_WITH_EACH}
    table, place = _TABLES[kind], _SAME_PLACE[kind]
    there = await (await conn.execute(_SIMHASHES.format(table=table, place=place), values)).fetchall()
    ones, others, distances = await asyncio.to_thread(_near, there)
    near = {"ones": ones, "others": others, "distances": distances}
    await conn.execute(_LINK.format(table=table, place=place), {**values, **near})
    found = await conn.execute(_COUNT.format(table=table), values)
    row: Any = await found.fetchone()
    return int(row[0])


def _near(there: Sequence[tuple[int, bool]]) -> tuple[list[int], list[int], list[int]]:
    """Pairs of different simhashes that are near, one of them at least fresh, and in how many bits they differ."""
    import numpy as np

    hashes = np.array([simhash for simhash, _ in there], dtype=np.int64)
    fresh = np.array([is_fresh for _, is_fresh in there], dtype=bool)
    found: dict[tuple[int, int], int] = {}
    for mask in MASKS:
        keys = hashes & np.int64(mask)
        order = np.argsort(keys)
        keys, sorted_hashes, sorted_fresh = keys[order], hashes[order], fresh[order]
        # each with the next, then with the one after it, and so on, as long as they share the bands
        first, away = np.arange(max(len(keys) - 1, 0)), 1
        while len(first := first[first + away < len(keys)]):
            first = first[keys[first] == keys[first + away]]
            one, other = sorted_hashes[first], sorted_hashes[first + away]
            apart = np.bitwise_count((one ^ other).view(np.uint64))
            near = (apart <= NEAR) & (sorted_fresh[first] | sorted_fresh[first + away])
            least, most = np.minimum(one, other)[near].tolist(), np.maximum(one, other)[near].tolist()
            found.update(zip(zip(least, most, strict=True), apart[near].tolist(), strict=True))
            away += 1
    return [one for one, _ in found], [other for _, other in found], list(found.values())


async def unlink(conn: Connection, kind: Kind, ids: Sequence[UUID]) -> None:
    """Forget the links of texts that have changed; ``link`` finds the new ones."""
    if ids:
        await conn.execute(_UNLINK, {"kind": kind, "ids": list(ids)})
