"""The file's side of an import: read twice, cut into batches. Everything here is synchronous and runs in a thread.

The first reading finds which rows a later row of the same file says again (the later one counts, and only it is
stored) and how many rows there are; so what an import does with a row depends on the file alone, not on where a batch
ends or a crash fell, and the same file again touches nothing. Rows are known by hashes meanwhile: 16 bytes a row.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from knowledge.imports.models import Reject
from knowledge.imports.records import Rejected

#: rows of a batch, and letters it may have before it is cut earlier
BATCH_ROWS, BATCH_LETTERS = 2000, 8_000_000
#: remarks on one row that are kept
MOST_A_ROW = 100

Read = Callable[[], Iterable[Any]]


class Identified(Protocol):
    """What a target tells of its records to those who read them."""

    def key(self, record: Any) -> str:
        """Two records of one file with the same key are one."""
        ...

    def shared_key(self, record: Any) -> str | None:
        """The key of what several records carry along (an ad's brand): the last row that carries it counts."""
        ...

    def letters(self, record: Any) -> int:
        """About how much text a record has."""
        ...


@dataclass
class Overview:
    """What the first reading found. ``superseded``: the records, counted from 0, that a later one replaces;
    ``last_with``: for each shared key the last record that carries it and is not superseded."""

    rows: int = 0
    superseded: set[int] = field(default_factory=set[int])
    last_with: dict[str, int] = field(default_factory=dict[str, int])


@dataclass
class Batch:
    """Rows after ``came_from`` up to ``to``, with the keys of ``records``.

    ``carriers``: records (by place in ``records``) whose shared part counts.
    """

    came_from: int
    to: int
    records: list[Any] = field(default_factory=list[Any])
    keys: list[str] = field(default_factory=list[str])
    carriers: set[int] = field(default_factory=set[int])
    rejects: list[Reject] = field(default_factory=list[Reject])
    rejected: int = 0
    merged: int = 0
    letters: int = 0


def overview(read: Read, target: Identified) -> Overview:
    """The first reading. Memory grows by 16 bytes a record and an entry for each shared key."""
    rows, number = 0, 0
    keys, shared, names = array("q"), array("q"), dict[str, int]()
    for item in read():
        rows = max(rows, item.row)
        if isinstance(item, Rejected):
            continue
        keys.append(hash(target.key(item)))
        name = target.shared_key(item)
        shared.append(-1 if name is None else names.setdefault(name, len(names)))
        number += 1
    superseded = _superseded(keys)
    last = {index: place for place, index in enumerate(shared) if index >= 0 and place not in superseded}
    return Overview(rows, superseded, {name: last[index] for name, index in names.items() if index in last})


def _superseded(keys: "array[int]") -> set[int]:
    """Places of keys that come again later."""
    import numpy as np

    hashes = np.frombuffer(keys, dtype=np.int64)
    order = np.argsort(hashes, kind="stable")
    again = hashes[order[:-1]] == hashes[order[1:]]
    return {int(place) for place in order[:-1][again]}


def batches(read: Read, target: Identified, seen: Overview, after: int) -> Iterator[Batch]:
    """The second reading: what comes after row ``after``, cut where a row ends."""
    batch = Batch(after, after)
    number = -1
    ordinals: dict[int, int] = {}
    for item in read():
        refused = isinstance(item, Rejected)
        number += not refused
        if item.row <= after:
            continue
        if item.row > batch.to and _full(batch):
            yield batch
            batch = Batch(batch.to, batch.to)
            ordinals = {}
        batch.to = max(batch.to, item.row)
        if refused:
            _refuse(batch, item, ordinals)
        elif number in seen.superseded:
            batch.merged += 1
        else:
            _take(batch, item, number, target, seen)
    if batch.to > batch.came_from:
        yield batch


def _full(batch: Batch) -> bool:
    dealt_with = len(batch.records) + batch.rejected + batch.merged
    return dealt_with >= BATCH_ROWS or batch.letters >= BATCH_LETTERS


def _refuse(batch: Batch, item: Rejected, ordinals: dict[int, int]) -> None:
    ordinal = ordinals.get(item.row, 0)
    ordinals[item.row] = ordinal + 1
    batch.rejected += not item.kept
    if ordinal < MOST_A_ROW:
        reject = Reject(row=item.row, ordinal=ordinal, field=item.field, reason=item.reason, excerpt=item.excerpt)
        batch.rejects.append(reject)


def _take(batch: Batch, item: Any, number: int, target: Identified, seen: Overview) -> None:
    name = target.shared_key(item)
    if name is not None and seen.last_with.get(name) == number:
        batch.carriers.add(len(batch.records))
    batch.records.append(item)
    batch.keys.append(target.key(item))
    batch.letters += target.letters(item)
