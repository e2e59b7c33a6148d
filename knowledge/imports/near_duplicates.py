"""Texts that say nearly the same are linked, never deleted: simhashes that differ in at most three of 64 bits.

Of six bands of about 11 bits such a pair agrees in three at least, so only texts that share three are compared (Manku,
Jain, Das Sarma 2007): here, in arrays, where a comparison takes some nanoseconds and no row. Texts of one simhash count
as one on the way: small groups are linked each with each, big ones (the same copy in a hundred ads) each with the oldest,
so that links grow with the texts and not with their square. Linking again changes nothing.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
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

_THERE: LiteralString = """
copy (select id, simhash, coalesce(import_id = %(import_id)s, false) from {table} where simhash is not null and {place}
  order by id) to stdout (format binary)
"""
_STAGE = "create temp table if not exists staged_pairs (a uuid, b uuid, distance smallint) on commit drop"
_COPY = "copy staged_pairs from stdin (format binary)"
_LINK = """
insert into near_duplicates (org_id, kind, a, b, distance)
select %(org_id)s, %(kind)s, a, b, distance from staged_pairs on conflict do nothing
"""
#: how a binary COPY begins and ends, and its rows: each value after its size
_BEGIN, _END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
_ROW_THERE = [("fields", ">i2"), ("id_size", ">i4"), ("id", "V16"), ("simhash_size", ">i4"), ("simhash", ">i8"),
              ("fresh_size", ">i4"), ("fresh", "?")]  # fmt: skip
_ROW_OF_PAIR = [("fields", ">i2"), ("a_size", ">i4"), ("a", "V16"), ("b_size", ">i4"), ("b", "V16"),
                ("distance_size", ">i4"), ("distance", ">i2")]  # fmt: skip
#: pairs of groups whose links are made and stored at once: bounds the memory
AT_ONCE = 10_000
_COUNT: LiteralString = """
select count(*) from {table} t where t.import_id = %(import_id)s and t.id in (
  select a from near_duplicates where org_id = %(org_id)s and kind = %(kind)s
  union all select b from near_duplicates where org_id = %(org_id)s and kind = %(kind)s)
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
    there = bytearray()
    async with conn.cursor() as cursor, cursor.copy(_THERE.format(table=table, place=place), values) as copy:
        async for piece in copy:
            there += piece
    links = await asyncio.to_thread(_links, bytes(there))
    await conn.execute(_STAGE)
    while (rows := await asyncio.to_thread(next, links, None)) is not None:
        async with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
            await copy.write(rows)
        await conn.execute(_LINK, values)
        await conn.execute("truncate staged_pairs")
    # nothing is known yet of what has just been stored: all of it might be looked through for each text
    await conn.execute("set local enable_nestloop = off")
    row: Any = await (await conn.execute(_COUNT.format(table=table), values)).fetchone()
    await conn.execute("set local enable_nestloop to default")
    return int(row[0])


def _rows(a: Any, b: Any, distances: Any) -> bytes:
    import numpy as np

    rows = np.empty(len(a), np.dtype(_ROW_OF_PAIR))
    rows["fields"], rows["a_size"], rows["b_size"], rows["distance_size"] = 3, 16, 16, 2
    rows["a"], rows["b"], rows["distance"] = a, b, distances
    return _BEGIN + rows.tobytes() + _END


def _links(there: bytes) -> Iterator[bytes]:
    """The pairs to be linked, a part after the other, those of the oldest texts first; all of it ready to begin."""
    import numpy as np

    rows = np.frombuffer(there[len(_BEGIN) : -len(_END)], np.dtype(_ROW_THERE))
    all_hashes, all_fresh, ids = rows["simhash"].astype(np.int64), rows["fresh"].copy(), rows["id"].copy()
    members = np.argsort(all_hashes, kind="stable")
    hashes, starts, sizes = np.unique(all_hashes[members], return_index=True, return_counts=True)
    fresh = np.logical_or.reduceat(all_fresh[members], starts) if len(starts) else all_fresh
    one, other = near_pairs(hashes, fresh)
    oldest = members[starts]
    order = np.argsort(np.minimum(oldest[one], oldest[other]))
    alike = np.flatnonzero(fresh & (sizes > 1))

    def parts() -> Iterator[tuple[Any, Any]]:
        for at in range(0, len(order), AT_ONCE):
            x, y = one[order[at : at + AT_ONCE]], other[order[at : at + AT_ONCE]]
            too_many = sizes[x] * sizes[y] > EACH_WITH_EACH
            yield _each_with_each(starts[x], sizes[x], starts[y], sizes[y], too_many, too_many)
        for at in range(0, len(alike), AT_ONCE):
            x = alike[at : at + AT_ONCE]
            too_many = sizes[x] * sizes[x] > 2 * EACH_WITH_EACH
            yield _each_with_each(starts[x], sizes[x], starts[x], sizes[x], too_many, np.zeros_like(too_many))

    def made() -> Iterator[bytes]:
        for x, y in parts():
            x, y = members[x], members[y]
            pairs = np.unique((np.minimum(x, y) << 32 | np.maximum(x, y))[x != y])
            a, b = pairs >> 32, pairs & 0xFFFF_FFFF
            yield _rows(ids[a], ids[b], np.bitwise_count((all_hashes[a] ^ all_hashes[b]).view(np.uint64)))

    return made()


def _each_with_each(
    starts: Any, sizes: Any, other_starts: Any, other_sizes: Any, only_first: Any, only_first_other: Any
) -> tuple[Any, Any]:
    """For each pair of groups their members with each other, or only the first of one."""
    import numpy as np

    sizes, other_sizes = np.where(only_first, 1, sizes), np.where(only_first_other, 1, other_sizes)
    counts = sizes * other_sizes
    of = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    return starts[of] + place // other_sizes[of], other_starts[of] + place % other_sizes[of]


def near_pairs(hashes: Any, fresh: Any) -> tuple[Any, Any]:
    """Places of different simhashes that are near, one of them at least fresh: each pair once."""
    import numpy as np

    found = [np.empty(0, np.int64)]
    for number, mask in enumerate(MASKS):
        keys = hashes & np.int64(mask)
        order = np.argsort(keys)
        keys = keys[order]
        # each with the next, then with the one after it, and so on, as long as they share the bands
        first, away = np.arange(max(len(keys) - 1, 0)), 1
        while len(first := first[first + away < len(keys)]):
            first = first[keys[first] == keys[first + away]]
            one, other = order[first], order[first + away]
            apart = hashes[one] ^ hashes[other]
            near = (np.bitwise_count(apart.view(np.uint64)) <= NEAR) & (fresh[one] | fresh[other])
            for earlier in MASKS[:number]:  # there they have been found
                near &= (apart & np.int64(earlier)) != 0
            one, other = one[near], other[near]
            found.append(np.minimum(one, other) << 32 | np.maximum(one, other))
            away += 1
    pairs = np.concatenate(found)
    return pairs >> 32, pairs & 0xFFFF_FFFF


async def unlink(conn: Connection, kind: Kind, ids: Sequence[UUID]) -> None:
    """Forget the links of texts that have changed; ``link`` finds the new ones."""
    if ids:
        await conn.execute(_UNLINK, {"kind": kind, "ids": list(ids)})
