# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
"""The named vector stores, each as its own documents say to set it up for many tenants. Only those that are installed."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np


class Peer(Protocol):
    name: str

    def add(self, tenant: str, ids: list[str], vectors: Any) -> None: ...
    def finish(self) -> None: ...
    def search(self, tenant: str, vector: Any) -> list[str]: ...
    def recall(self, tenant: str, vectors: Any) -> float: ...


def peers_there(place: Path) -> list[Peer]:
    found: list[Peer] = []
    for kind in (LanceDb, SqliteVec, Chroma):
        try:
            found.append(kind(place))
        except ImportError as missing:
            print(f"left out: {missing.name} is not installed (requirements-bench.txt)")
    return found


class _Measured:
    """Keeps what was added, to compare with exactly."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[list[str], list[Any]]] = {}

    def keep(self, tenant: str, ids: list[str], vectors: Any) -> None:
        mine = self.kept.setdefault(tenant, ([], []))
        mine[0].extend(ids)
        mine[1].append(vectors)

    def search(self, tenant: str, vector: Any) -> list[str]:
        raise NotImplementedError

    def recall(self, tenant: str, vectors: Any) -> float:
        """recall@10 against an exact scan."""
        ids, parts = self.kept[tenant]
        matrix, shares = np.concatenate(parts), list[float]()
        for vector in vectors:
            exact = {ids[at] for at in np.argsort(-(matrix @ vector))[:10]}
            shares.append(len(exact & set(self.search(tenant, vector))) / len(exact))
        return float(np.mean(shares))


class LanceDb(_Measured):
    name = "LanceDB"

    def __init__(self, place: Path) -> None:
        import lancedb

        super().__init__()
        self._db, self._table = lancedb.connect(str(place / "lance")), None

    def add(self, tenant: str, ids: list[str], vectors: Any) -> None:
        import pyarrow as pa

        self.keep(tenant, ids, vectors)
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
        rows = pa.table(
            {
                "id": ids,
                "tenant": [tenant] * len(ids),
                "vector": pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
            }
        )
        if self._table is None:
            self._table = self._db.create_table("passages", rows)
        else:
            self._table.add(rows)

    def finish(self) -> None:
        self._table.create_index(  # pyright: ignore[reportOptionalMemberAccess]
            metric="cosine", vector_column_name="vector", index_type="IVF_HNSW_SQ", m=20, ef_construction=300
        )
        self._table.create_scalar_index("tenant", index_type="BITMAP")  # pyright: ignore[reportOptionalMemberAccess]

    def search(self, tenant: str, vector: Any) -> list[str]:
        asked = self._table.search(vector).distance_type("cosine").where(f"tenant = '{tenant}'", prefilter=True)  # pyright: ignore
        return [row["id"] for row in asked.nprobes(20).ef(200).refine_factor(4).limit(10).select(["id"]).to_list()]


class SqliteVec(_Measured):
    name = "sqlite-vec"

    def __init__(self, place: Path) -> None:
        import apsw  # Python's own sqlite3 is often built without extensions
        import sqlite_vec

        super().__init__()
        self._db = apsw.Connection(str(place / "vec.db"))
        self._db.enable_load_extension(True)
        self._db.load_extension(sqlite_vec.loadable_path())
        self._pack = sqlite_vec.serialize_float32

    def add(self, tenant: str, ids: list[str], vectors: Any) -> None:
        self.keep(tenant, ids, vectors)
        self._db.execute(
            "create virtual table if not exists passages using vec0(tenant text partition key, "
            f"vector float[{vectors.shape[1]}] distance_metric=cosine, +id text)"
        )
        rows = ((tenant, self._pack(row.tolist()), id) for id, row in zip(ids, vectors, strict=True))
        with self._db:
            self._db.executemany("insert into passages (tenant, vector, id) values (?, ?, ?)", rows)

    def finish(self) -> None: ...

    def search(self, tenant: str, vector: Any) -> list[str]:
        query = "select id from passages where vector match ? and k = 10 and tenant = ?"
        return [row[0] for row in self._db.execute(query, (self._pack(vector.tolist()), tenant))]


class Chroma(_Measured):
    name = "Chroma"

    def __init__(self, place: Path) -> None:
        import chromadb

        super().__init__()
        client = chromadb.PersistentClient(str(place / "chroma"))
        self._passages = client.create_collection("passages", metadata={"hnsw:space": "cosine"})

    def add(self, tenant: str, ids: list[str], vectors: Any) -> None:
        self.keep(tenant, ids, vectors)
        for start in range(0, len(ids), 5_000):
            part = slice(start, start + 5_000)
            self._passages.add(ids[part], vectors[part], [{"tenant": tenant}] * len(ids[part]))

    def finish(self) -> None: ...

    def search(self, tenant: str, vector: Any) -> list[str]:
        found = self._passages.query(vector.tolist(), n_results=10, where={"tenant": tenant}, include=[])
        return found["ids"][0]
