# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
"""The named vector stores, each as its own documents say to set it up for many tenants and for filters. Only those that
are installed. A search gives ids with their cosine distances, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

#: one passage's client, format, day and tags
Facts = tuple[UUID, str, date, list[str]]
Near = list[tuple[str, float]]
#: as knowledge.search.models.Filters takes them
Given = dict[str, Any]


class Peer(Protocol):
    name: str
    #: what may be tried to be fast at the same recall, the first being what its documents recommend
    ways: dict[str, Any]

    def add(self, tenant: str, ids: list[str], vectors: Any, facts: Sequence[Facts]) -> None: ...
    def finish(self) -> None: ...
    def can(self, given: Given) -> bool: ...
    def search(self, tenant: str, vector: Any, given: Given, way: str) -> Near: ...


def peers_there(place: Path) -> list[Peer]:
    found: list[Peer] = []
    for kind in (LanceDb, SqliteVec, Chroma):
        try:
            found.append(kind(place))
        except ImportError as missing:
            print(f"left out: {missing.name} is not installed (requirements-bench.txt)")
    return found


@dataclass
class LanceDb:
    """IVF_HNSW_SQ, which its documents recommend for speed at a high recall, with an index for each filter (BITMAP for
    few values, BTREE for ranges, LABEL_LIST for lists); filters before the search, its default. Ways: candidates of the
    graph (``ef``) and how many of them are compared again by their whole vectors (``refine_factor``); or no index of
    vectors at all, which it recommends for less than 100,000."""

    place: Path
    name: str = "LanceDB"
    ways: dict[str, Any] = field(
        default_factory=lambda: {"ef 100, refine 2": (100, 2), "ef 60, refine 1": (60, 1), "ef 200, refine 4": (200, 4),
                                 "flat": None}
    )  # fmt: skip

    def __post_init__(self) -> None:
        import lancedb

        self._db, self._table = lancedb.connect(str(self.place / "lance")), None

    def add(self, tenant: str, ids: list[str], vectors: Any, facts: Sequence[Facts]) -> None:
        import numpy as np
        import pyarrow as pa

        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
        rows = pa.table(
            {
                "id": ids,
                "tenant": [tenant] * len(ids),
                "client": [str(client) for client, _, _, _ in facts],
                "format": [format for _, format, _, _ in facts],
                "day": [day for _, _, day, _ in facts],
                "tags": [tags for _, _, _, tags in facts],
                "vector": pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
            }
        )
        if self._table is None:
            self._table = self._db.create_table("passages", rows)
        else:
            self._table.add(rows)

    def finish(self) -> None:
        table: Any = self._table
        table.create_index(
            metric="cosine", vector_column_name="vector", index_type="IVF_HNSW_SQ", m=20, ef_construction=300
        )
        kinds = {"tenant": "BITMAP", "client": "BITMAP", "format": "BITMAP", "day": "BTREE", "tags": "LABEL_LIST"}
        for column, kind in kinds.items():
            table.create_scalar_index(column, index_type=kind)
        table.optimize()

    def can(self, given: Given) -> bool:
        return True

    def search(self, tenant: str, vector: Any, given: Given, way: str) -> Near:
        said = [f"tenant = '{tenant}'"]
        if "client_id" in given:
            said.append(f"client = '{given['client_id']}'")
        if "formats" in given:
            said.append(f"format = '{given['formats'][0]}'")
        if "day_from" in given:
            said.append(f"day >= date '{given['day_from']}' and day <= date '{given['day_to']}'")
        if "tags" in given:
            said.append(f"array_has_any(tags, ['{given['tags'][0]}'])")
        table: Any = self._table
        asked = table.search(vector).distance_type("cosine").where(" and ".join(said), prefilter=True)
        chosen = self.ways[way]
        asked = asked.bypass_vector_index() if chosen is None else asked.ef(chosen[0]).refine_factor(chosen[1])
        found = asked.limit(10).select(["id", "_distance"]).to_arrow()
        return list(zip(found["id"].to_pylist(), found["_distance"].to_pylist(), strict=True))


@dataclass
class SqliteVec:
    """Compares every vector of its partition (the tenant); filters are metadata columns. It has none for lists."""

    place: Path
    name: str = "sqlite-vec"
    ways: dict[str, Any] = field(default_factory=lambda: {"exact": None})

    def __post_init__(self) -> None:
        import apsw  # Python's own sqlite3 is often built without extensions
        import sqlite_vec

        self._db = apsw.Connection(str(self.place / "vec.db"))
        self._db.enable_load_extension(True)
        self._db.load_extension(sqlite_vec.loadable_path())
        self._pack = sqlite_vec.serialize_float32

    def add(self, tenant: str, ids: list[str], vectors: Any, facts: Sequence[Facts]) -> None:
        self._db.execute(
            "create virtual table if not exists passages using vec0(tenant text partition key, client text, format text, "
            f"day integer, vector float[{vectors.shape[1]}] distance_metric=cosine, +id text)"
        )
        rows = (
            (tenant, str(client), format, day.toordinal(), self._pack(row.tolist()), id)
            for id, row, (client, format, day, _) in zip(ids, vectors, facts, strict=True)
        )
        with self._db:
            self._db.executemany(
                "insert into passages (tenant, client, format, day, vector, id) values (?, ?, ?, ?, ?, ?)", rows
            )

    def finish(self) -> None: ...

    def can(self, given: Given) -> bool:
        return "tags" not in given

    def search(self, tenant: str, vector: Any, given: Given, way: str) -> Near:
        query, values = (
            "select id, distance from passages where vector match ? and k = 10 and tenant = ?",
            [self._pack(vector.tolist()), tenant],
        )
        if "client_id" in given:
            query, values = f"{query} and client = ?", [*values, str(given["client_id"])]
        if "formats" in given:
            query, values = f"{query} and format = ?", [*values, given["formats"][0]]
        if "day_from" in given:
            days = [given["day_from"].toordinal(), given["day_to"].toordinal()]
            query, values = f"{query} and day >= ? and day <= ?", [*values, *days]
        return [(row[0], row[1]) for row in self._db.execute(query, values)]


@dataclass
class Chroma:
    """Its HNSW index with cosine; filters are metadata, a tag is a key of its own (its documents' way for lists)."""

    place: Path
    name: str = "Chroma"
    ways: dict[str, Any] = field(default_factory=lambda: {"HNSW": None})

    def __post_init__(self) -> None:
        import chromadb

        client = chromadb.PersistentClient(str(self.place / "chroma"))
        self._passages = client.create_collection("passages", metadata={"hnsw:space": "cosine"})

    def add(self, tenant: str, ids: list[str], vectors: Any, facts: Sequence[Facts]) -> None:
        told = [
            {"tenant": tenant, "client": str(client), "format": format, "day": day.toordinal(),
             **dict.fromkeys(tags, True)}
            for client, format, day, tags in facts
        ]  # fmt: skip
        for start in range(0, len(ids), 5_000):
            part = slice(start, start + 5_000)
            self._passages.add(ids[part], vectors[part], told[part])  # pyright: ignore[reportArgumentType]

    def finish(self) -> None: ...

    def can(self, given: Given) -> bool:
        return True

    def search(self, tenant: str, vector: Any, given: Given, way: str) -> Near:
        said: list[Any] = [{"tenant": tenant}]
        if "client_id" in given:
            said.append({"client": str(given["client_id"])})
        if "formats" in given:
            said.append({"format": given["formats"][0]})
        if "day_from" in given:
            said += [{"day": {"$gte": given["day_from"].toordinal()}}, {"day": {"$lte": given["day_to"].toordinal()}}]
        if "tags" in given:
            said.append({given["tags"][0]: True})
        where: Any = {"$and": said} if len(said) > 1 else said[0]
        found: Any = self._passages.query(vector.tolist(), n_results=10, where=where, include=["distances"])
        return list(zip(found["ids"][0], found["distances"][0], strict=True))
