"""Texts that say nearly the same are linked, never deleted: simhashes that differ in at most three of 64 bits.

Of six bands of about 11 bits such a pair agrees in three at least, so only texts that share three are compared (Manku,
Jain, Das Sarma 2007): here, in arrays, where a comparison takes some nanoseconds and no row. Texts of one simhash count
as one on the way: small groups are linked each with each, big ones (the same copy in a hundred ads) each with the oldest,
so that links grow with the texts and not with their square. Linking again changes nothing.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations, pairwise
from typing import Any, Literal, LiteralString, cast
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

_ALONE = "select pg_advisory_xact_lock(hashtextextended(%(alone)s, 0))"
_THERE: LiteralString = """
copy (select id, simhash, coalesce(import_id = %(import_id)s, false) from {table} where simhash is not null and {place}
  order by id) to stdout (format binary)
"""
_LINKED = """
copy (select a, b from near_duplicates where org_id = %(org_id)s and kind = %(kind)s and a = any(%(ids)s::uuid[]))
  to stdout (format binary)
"""
_STAGE = "create temp table if not exists staged_pairs (a uuid, b uuid, distance smallint) on commit drop"
_COPY = "copy staged_pairs from stdin (format binary)"
_LINK = """
insert into near_duplicates (org_id, kind, a, b, distance)
select %(org_id)s, %(kind)s, a, b, distance from staged_pairs
"""
#: how a binary COPY begins and ends, and its rows: each value after its size
_BEGIN, _END = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
_ROW_THERE = [("fields", ">i2"), ("id_size", ">i4"), ("id", "V16"), ("simhash_size", ">i4"), ("simhash", ">i8"),
              ("fresh_size", ">i4"), ("fresh", "?")]  # fmt: skip
_ROW_LINKED = [("fields", ">i2"), ("a_size", ">i4"), ("a", "V16"), ("b_size", ">i4"), ("b", "V16")]
_ROW_OF_PAIR = [*_ROW_LINKED, ("distance_size", ">i4"), ("distance", ">i2")]
#: pairs of groups whose links are made at once, and links that are stored at once: bounds the memory
AT_ONCE = 80_000
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
    """Link what an import brought, among itself and with what was there; how many of its rows have a near double.

    One import of an organisation after the other: each sees the links that the one before has stored.
    """
    values = {"org_id": org_id, "kind": kind, "import_id": import_id, "alone": f"adroom links {kind} {org_id}"}
    await conn.execute(_ALONE, values)
    there = await _copied(conn, _THERE.format(table=_TABLES[kind], place=_SAME_PLACE[kind]), values)
    await conn.execute(_STAGE)
    thread = ThreadPoolExecutor(1, thread_name_prefix="links")  # one: what it frees, it takes again
    apart: Any = partial(asyncio.get_running_loop().run_in_executor, thread)
    try:
        links: _Links = await apart(_Links, there)
        making = links.parts()
        coming = apart(next, making, None)
        while (made := await coming) is not None:
            pairs, first = made
            rows: bytes = await apart(links.rows, pairs, await _copied(conn, _LINKED, {**values, "ids": first}))
            coming = apart(next, making, None)  # made while these are stored
            async with conn.cursor() as cursor, cursor.copy(_COPY) as copy:
                await copy.write(rows)
            await conn.execute(_LINK, values)
            await conn.execute("truncate staged_pairs")
    finally:
        thread.shutdown(wait=False, cancel_futures=True)
    return links.count()


async def _copied(conn: Connection, query: LiteralString, values: dict[str, Any]) -> bytes:
    """The rows of a binary COPY."""
    gathered = bytearray()
    async with conn.cursor() as cursor, cursor.copy(query, values) as copy:
        async for piece in copy:
            gathered += piece
    return bytes(gathered[len(_BEGIN) : -len(_END)])


class _Links:
    """The pairs of texts that are to be linked: two places in the order of the texts' ids, in one number."""

    def __init__(self, there: bytes) -> None:
        import numpy as np

        rows = np.frombuffer(there, np.dtype(_ROW_THERE))
        self._hashes, self._fresh, self._ids = rows["simhash"].astype(np.int64), rows["fresh"].copy(), rows["id"].copy()
        self._linked = np.zeros(len(rows), bool)
        # texts of one simhash lie together in ``members``, the oldest first
        self._members = np.argsort(self._hashes, kind="stable")
        hashes, self._starts, self._sizes = np.unique(
            self._hashes[self._members], return_index=True, return_counts=True
        )
        fresh = np.logical_or.reduceat(self._fresh[self._members], self._starts) if len(hashes) else self._fresh
        one, other = near_pairs(hashes, fresh)
        alike = np.flatnonzero(fresh & (self._sizes > 1))
        one, other = np.concatenate((one, alike), dtype=np.int32), np.concatenate((other, alike), dtype=np.int32)
        oldest = self._members[self._starts].astype(np.int32)
        self._oldest = np.minimum(oldest[one], oldest[other])
        order = np.argsort(self._oldest)
        self._one, self._other, self._oldest = one[order], other[order], self._oldest[order]

    def parts(self) -> Iterator[tuple[Any, list[UUID]]]:
        """All of them in order, with the ids of the texts that they begin with: those of such a text lie together, and the
        index of the table is written at its end and not all over."""
        import numpy as np

        for pairs in self._in_order():
            firsts = pairs >> 32
            cuts: list[int] = np.unique(cast(Any, np.searchsorted(firsts, firsts[::AT_ONCE]))).tolist()
            for start, end in pairwise([*cuts, len(pairs)]):
                first = firsts[start:end]
                ids = self._ids[first[np.diff(first, prepend=-1) > 0]].tolist()
                yield pairs[start:end], [UUID(bytes=id) for id in ids]

    def _in_order(self) -> Iterator[Any]:
        import numpy as np

        held = np.empty(0, np.int64)
        for start in range(0, len(self._one), AT_ONCE):
            end = min(start + AT_ONCE, len(self._one))
            part = slice(start, end)
            a, b = _each_with_each(self._starts[self._one[part]], self._starts[self._other[part]], *self._sides(part))
            a, b = self._members[a], self._members[b]
            pairs = np.sort(np.concatenate((held, (np.minimum(a, b) << 32 | np.maximum(a, b))[a != b])))
            pairs = pairs[np.diff(pairs, prepend=-1) > 0]  # within a group each is met from both ends
            # groups that come later have no text before their oldest
            later: Any = self._oldest[end : end + 1].astype(np.int64) << 32
            ready = int(cast(Any, np.searchsorted(pairs, later))[0]) if len(later) else len(pairs)
            held = pairs[ready:].copy()
            yield pairs[:ready]

    def _sides(self, part: slice) -> tuple[Any, Any]:
        """How many members of the one and of the other group are linked: of many only the first, which of one group is
        linked with all."""
        import numpy as np

        x, y = self._one[part], self._other[part]
        too_many = self._sizes[x] * self._sizes[y] > np.where(x == y, 2 * EACH_WITH_EACH, EACH_WITH_EACH)
        return np.where(too_many, 1, self._sizes[x]), np.where(too_many & (x != y), 1, self._sizes[y])

    def rows(self, pairs: Any, stored: bytes) -> bytes:
        """A binary COPY of those that are not ``stored``, which is another one of all links with their first texts."""
        import numpy as np

        a, b = pairs >> 32, pairs & 0xFFFF_FFFF
        self._linked[a] = self._linked[b] = True
        there = np.frombuffer(stored, np.dtype(_ROW_LINKED))
        new = ~np.isin(pairs, self._places(there["a"]) << 32 | self._places(there["b"]), assume_unique=True)
        a, b = a[new], b[new]
        rows = np.empty(len(a), np.dtype(_ROW_OF_PAIR))
        rows["fields"], rows["a_size"], rows["b_size"], rows["distance_size"] = 3, 16, 16, 2
        rows["a"], rows["b"] = self._ids[a], self._ids[b]
        rows["distance"] = np.bitwise_count((self._hashes[a] ^ self._hashes[b]).view(np.uint64))
        return b"".join((_BEGIN, cast(Any, rows.view(np.uint8)), _END))

    def _places(self, ids: Any) -> Any:
        """Where texts are; a place beyond all of them for one that is not compared."""
        import numpy as np

        ordered, ids = self._ids.view("S16"), np.ascontiguousarray(ids).view("S16")
        places = cast(Any, np.searchsorted(ordered, ids))
        places[ordered[places.clip(max=len(ordered) - 1)] != ids] = len(ordered)
        return places

    def count(self) -> int:
        """How many fresh texts have a near double, once all parts are made."""
        return int((self._linked & self._fresh).sum())


def _each_with_each(starts: Any, other_starts: Any, sizes: Any, other_sizes: Any) -> tuple[Any, Any]:
    """For each pair of groups their members with each other."""
    import numpy as np

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
    found.clear()
    return (pairs >> 32).astype(np.int32), pairs.astype(np.int32)


async def unlink(conn: Connection, kind: Kind, ids: Sequence[UUID]) -> None:
    """Forget the links of texts that have changed; ``link`` finds the new ones."""
    if ids:
        await conn.execute(_UNLINK, {"kind": kind, "ids": list(ids)})
