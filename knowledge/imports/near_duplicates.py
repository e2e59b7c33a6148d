"""Texts that say nearly the same are linked, never deleted: simhashes that differ in at most three of 64 bits.

Of four bands of 16 bits such a pair agrees in at least one, so only texts that share a band are compared. Texts of
one simhash count as one on the way: small groups are linked each with each, big ones (the same copy in a hundred ads)
each with the oldest, so that links grow with the texts and not with their square. Linking again changes nothing.
"""

from collections.abc import Sequence
from typing import Any, Literal, LiteralString
from uuid import UUID

from knowledge.db import Connection
from knowledge.search.text import simhash

Kind = Literal["swipe", "voc"]

#: letters below which two texts are alike by chance ("Great product!")
SHORTEST = 40
#: pairs between two groups (or within one) up to which every text is linked with every other
EACH_WITH_EACH = 100

_TABLES: dict[Kind, LiteralString] = {"swipe": "company_swipe_assets", "voc": "voc_snippets"}
# Only texts of one client are compared with each other, and the organisation's own with its own.
_SAME_PLACE: dict[Kind, LiteralString] = {
    "swipe": "true",
    "voc": "client_id = (select client_id from imports where id = %(import_id)s)",
}

_LINK: LiteralString = """
with grouped as materialized (
  select simhash, array_agg(id order by id) as ids, bool_or(import_id = %(import_id)s) as fresh
  from {table} where simhash is not null and {place} group by simhash
), keyed as materialized (
  select simhash, fresh, band, (simhash >> (band * 16)) & 65535 as key from grouped, generate_series(0, 3) band
), near as (
  select distinct f.simhash as one, g.simhash as other, bit_count((f.simhash # g.simhash)::bit(64)) as distance
  from keyed f join keyed g on g.band = f.band and g.key = f.key
  where f.fresh and (f.simhash < g.simhash or (f.simhash > g.simhash and not g.fresh))
    and bit_count((f.simhash # g.simhash)::bit(64)) <= 3
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


def fingerprint(*texts: str | None) -> int | None:
    """The simhash of the texts together, or None when they are too short to be anybody's copy."""
    joined = "\n".join(text for text in texts if text)
    return simhash(joined) if len(joined) >= SHORTEST else None


async def link(conn: Connection, org_id: UUID, kind: Kind, import_id: UUID) -> int:
    """Link what an import brought, among itself and with what was there; how many of its rows have a near double."""
    values = {"org_id": org_id, "kind": kind, "import_id": import_id, "most": EACH_WITH_EACH}
    table, place = _TABLES[kind], _SAME_PLACE[kind]
    await conn.execute(_LINK.format(table=table, place=place), values)
    found = await conn.execute(_COUNT.format(table=table), values)
    row: Any = await found.fetchone()
    return int(row[0])


async def unlink(conn: Connection, kind: Kind, ids: Sequence[UUID]) -> None:
    """Forget the links of texts that have changed; ``link`` finds the new ones."""
    if ids:
        await conn.execute(_UNLINK, {"kind": kind, "ids": list(ids)})
