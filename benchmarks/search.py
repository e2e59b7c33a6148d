"""Search in a library of 200,000 passages of 20 tenants: recall in every bucket, what security costs, peers, growth.

Bars (DESIGN.md): recall@10 against an exact scan at least 0.99 in every bucket of tenant size and filter; p50 at most
0.3 × LanceDB's at equal recall (both in benchmarks/nearest.py); tenant-secured hybrid search at most 1.2 × the
unsecured. ``ADROOM_BENCH_ROWS`` for another size. The peers come with requirements-bench.txt; those that are not there
are left out, and said so.
"""

import asyncio
import os
import time
from collections import defaultdict
from typing import Any

from psycopg import AsyncConnection

from benchmarks import nearest
from benchmarks.measure import Comparison, in_turns
from benchmarks.nearest import Kept
from benchmarks.peers.vectors import peers_there
from benchmarks.shelves import DIMENSIONS, Shelves
from benchmarks.stage import folder, postgres
from knowledge.db import Database
from knowledge.embedded import EmbeddedPostgres
from knowledge.embeddings import registry
from knowledge.embeddings.halfvec import HalfVec, halfvec
from knowledge.embeddings.models import QueryVector, Wanted
from knowledge.ids import OrgId
from knowledge.search import queries, service
from knowledge.search.models import Filters

ROWS = int(os.environ.get("ADROOM_BENCH_ROWS", "200000"))
ROUNDS, CLIENTS = 120, 16
# The search functions as they are, but for what makes them safe: they run as whoever calls, here the owner, past all
# policies.
PLAIN = """
select replace(replace(pg_get_functiondef(p.oid), 'SECURITY DEFINER', ''), p.proname || '(', p.proname || '_plain(')
from pg_proc p where proname in ('vector_chunks', 'lexical_chunks')
"""


def run() -> list[Comparison]:
    with postgres() as server, folder() as place:
        return asyncio.run(_run(server, place))


async def _run(server: EmbeddedPostgres, place: Any) -> list[Comparison]:
    model = await registry.register(server.owner_url, Wanted("onnx", "bench", "", DIMENSIONS))
    shelves, peers = Shelves(server.owner_url, ROWS, model.id), peers_there(place)
    kept = defaultdict[Any, Kept](Kept)

    def keep(tenant: Any, ids: Any, vectors: Any, facts: Any) -> None:
        kept[tenant.org_id].add([str(id) for id in ids], vectors, facts)
        for peer in peers:
            peer.add(str(tenant.org_id), [str(id) for id in ids], vectors, facts)

    begun = time.monotonic()
    await asyncio.to_thread(shelves.fill, 0.1, keep)
    await registry.index(server.owner_url, model.id)
    await registry.switch(server.owner_url, model.id, None)
    db = Database(server.app_url)
    await db.open()
    try:
        small = await _latency(db, shelves, 0)
        async with await AsyncConnection.connect(server.owner_url, autocommit=True) as conn:
            await conn.execute(f"drop index embeddings_{model.id}_vec")  # pyright: ignore[reportArgumentType]
        await asyncio.to_thread(shelves.fill, 1.0, keep)
        await registry.index(server.owner_url, model.id)
        for peer in peers:
            peer.finish()
        print(f"\n{ROWS:,} passages there after {time.monotonic() - begun:.0f} s")
        found = await nearest.measure(db, shelves, peers, kept)
        found += await _secured(server, db, shelves, small)
        return [*found, await _at_once(db, shelves)]
    finally:
        await db.close()


async def _ask(db: Database, shelves: Shelves, number: int) -> None:
    vector = QueryVector(shelves.model, tuple(shelves.vectors(1)[0].tolist()))
    async with db.org(OrgId(shelves.tenants[number].org_id)) as conn:
        await service.search(conn, kinds=("swipe",), words=shelves.words(2), filters=Filters(), vector=vector, limit=10)


async def _latency(db: Database, shelves: Shelves, number: int) -> list[float]:
    async def ours() -> None:
        await _ask(db, shelves, number)

    return (await in_turns({"ours": ours}, ROUNDS, 10))["ours"]


async def _secured(server: EmbeddedPostgres, db: Database, shelves: Shelves, small: list[float]) -> list[Comparison]:
    """The search's statement in a tenant's transaction, against the same past all policies; and a search as a whole."""
    found: list[Comparison] = []
    async with await AsyncConnection.connect(server.owner_url, autocommit=True) as owner:
        for (function,) in await (await owner.execute(PLAIN)).fetchall():
            await owner.execute(function)
        for number in (0, 2, 14):
            tenant = shelves.tenants[number]

            async def secured(tenant: Any = tenant) -> None:
                async with db.org(OrgId(tenant.org_id)) as own:
                    await _statement(own, shelves, tenant, "_chunks(")

            async def unsecured(tenant: Any = tenant) -> None:
                async with owner.transaction():
                    await owner.execute("select set_config('app.org_id', %s, true)", (str(tenant.org_id),))
                    await _statement(owner, shelves, tenant, "_chunks_plain(")

            async def whole(number: int = number) -> None:
                await _ask(db, shelves, number)

            taken = await in_turns({"statement": secured, "unsecured": unsecured, "whole": whole}, ROUNDS, 10)
            case = f"hybrid, {tenant.rows:,} passages"
            peers = {"unsecured": taken["unsecured"]}
            found.append(Comparison("search", case, taken["statement"], peers, {"unsecured": 1.2}))
            peers = {"tenth of the library": small} if number == 0 else {}
            found.append(Comparison("search", f"{case}, all of a search", taken["whole"], peers))
    return found


async def _statement(conn: Any, shelves: Shelves, tenant: Any, functions: str) -> None:
    legs = {"vector": queries.VECTOR, "words": queries.WORDS}
    weights = {"wv": queries.WEIGHT_VECTOR, "wl": queries.WEIGHT_LEXICAL, "k": queries.RRF}
    statement = queries.SEARCH.format(**legs, **weights).replace("_chunks(", functions)
    given = {
        "org_id": tenant.org_id, "kinds": ["swipe"], "filters": queries.filter_json(Filters()), "queries": [_query(shelves)],
        "weights": None, "share": 0.5, "model": shelves.model, "vector": _vector(shelves), "limit": 10, "offset": 0,
        "leg": 50,
    }  # fmt: skip
    await (await conn.execute(statement, given)).fetchall()


def _vector(shelves: Shelves) -> HalfVec:
    return halfvec(shelves.vectors(1)[0].tolist())


def _query(shelves: Shelves) -> str:
    one, other = shelves.words(2).split()
    return f"('{one}':A | '{one}':B) & ('{other}':A | '{other}':B)"


async def _at_once(db: Database, shelves: Shelves) -> Comparison:
    """Sixteen people at once, in tenants of all sizes."""
    taken: list[float] = []

    async def person(number: int) -> None:
        for _ in range(20):
            begun = time.perf_counter()
            await _ask(db, shelves, number % len(shelves.tenants))
            taken.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(person(number) for number in range(CLIENTS)))
    return Comparison("search", f"{CLIENTS} people at once, hybrid", taken)
