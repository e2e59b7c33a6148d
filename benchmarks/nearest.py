"""The ten nearest passages under a filter, in every bucket of tenant size and filter: ours against the vector stores.

Like for like: the same vectors, the same filter on both sides, ten ids with their distances, everything warm, in turns of
a few questions each (the first one after another side's finds the processor's memory full of what that one needed).
Ours is the product's statement in a transaction of the tenant's, under the application's role. A peer with several ways
of searching is measured in the fastest that keeps a recall of 0.99 in that bucket. Recall@10 is against numpy, exact.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from benchmarks.measure import Comparison, in_turns, median
from benchmarks.peers.vectors import Facts, Peer
from benchmarks.shelves import Shelves
from knowledge.db import Database, Row
from knowledge.embeddings.halfvec import halfvec
from knowledge.ids import OrgId
from knowledge.search import queries
from knowledge.search.models import Filters

#: tenants whose buckets are measured, by their place in shelves.SHARES
BUCKETS = (0, 2, 7, 14, 19)
QUESTIONS, ROUNDS, IN_A_ROW, TRIED = 25, 12, 5, 6
LEAST_RECALL, BAR = 0.99, 0.3
NEAREST = """
select chunk_id, similarity from vector_chunks(%(model)s, %(vector)s, array['swipe'], %(filters)s, 10, null)
"""
Question = tuple[Any, dict[str, Any]]
Ask = Callable[[Question], Awaitable[list[str]]]


class Near(Row):
    chunk_id: UUID
    similarity: float


@dataclass
class Kept:
    """What was put on the shelves, to compare with exactly."""

    ids: list[str] = field(default_factory=list[str])
    vectors: list[Any] = field(default_factory=list[Any])
    facts: list[Facts] = field(default_factory=list[Facts])

    def add(self, ids: list[str], vectors: Any, facts: list[Facts]) -> None:
        self.ids += ids
        self.vectors.append(vectors)
        self.facts += facts

    def nearest(self, vector: Any, given: dict[str, Any]) -> set[str]:
        places = np.array([at for at, facts in enumerate(self.facts) if _passes(facts, given)], dtype=np.int64)
        if not len(places):
            return set()
        self.vectors = [np.concatenate(self.vectors)]
        near = np.argsort(-(self.vectors[0][places] @ vector))[:10]
        return {self.ids[places[at]] for at in near}


def _passes(facts: Facts, given: dict[str, Any]) -> bool:
    client, format, day, tags = facts
    return (
        given.get("client_id", client) == client
        and format in given.get("formats", (format,))
        and given.get("day_from", day) <= day <= given.get("day_to", day)
        and not set(given.get("tags", tags)).isdisjoint(tags)
    )


async def measure(db: Database, shelves: Shelves, peers: list[Peer], kept: dict[UUID, Kept]) -> list[Comparison]:
    """One comparison a bucket, where the recall of each side stands in its name; then all buckets together."""
    found = [
        await _bucket(db, shelves, peers, kept, number, name)
        for number in BUCKETS
        for name in shelves.filters(number)
    ]  # fmt: skip
    ours = [one for bucket in found for one in bucket.ours]
    theirs = {peer.name: [one for bucket in found for one in _of(bucket, peer)] for peer in peers}
    theirs = {name: taken for name, taken in theirs.items() if len(taken) == len(ours)}  # not every peer can do all
    bars = {name: BAR for name in theirs if name == "LanceDB"}
    return [*found, Comparison("nearest", f"all {len(found)} buckets", ours, theirs, bars)]


def _of(bucket: Comparison, peer: Peer) -> list[float]:
    return next((taken for side, taken in bucket.peers.items() if side.startswith(peer.name)), [])


async def _bucket(
    db: Database, shelves: Shelves, peers: list[Peer], kept: dict[UUID, Kept], number: int, name: str
) -> Comparison:
    tenant = shelves.tenants[number]
    asked = [(vector, shelves.filters(number)[name]) for vector in shelves.vectors(QUESTIONS)]
    right = [kept[tenant.org_id].nearest(*question) for question in asked]
    asks: dict[str, Ask] = {"ours": _ours(db, shelves, tenant.org_id)}
    for peer in peers:
        if peer.can(asked[0][1]):
            way, ask = await _fastest(peer, str(tenant.org_id), asked, right)
            asks[f"{peer.name}, {way}"] = ask
    recalls = {side: await _recall(ask, asked, right) for side, ask in asks.items()}
    taken = await in_turns({side: _next(ask, asked) for side, ask in asks.items()}, ROUNDS, 2, IN_A_ROW)
    named = {f"{side}, recall {recalls[side]:.3f}": taken[side] for side in asks if side != "ours"}
    bars = {side: BAR for side in named if side.startswith("LanceDB")}
    case = f"{tenant.rows:,}, {name}; recall {recalls['ours']:.3f}{'' if recalls['ours'] >= LEAST_RECALL else ' BELOW'}"
    found = Comparison("nearest", case, taken["ours"], named, bars)
    print("| " + " | ".join([case, *(f"{side} {median(times):.1f} ms" for side, times in taken.items())]), flush=True)
    return found


def _ours(db: Database, shelves: Shelves, org_id: UUID) -> Ask:
    async def ask(question: Question) -> list[str]:
        vector, given = question
        values = {
            "model": shelves.model,
            "vector": halfvec(vector.tolist()),
            "filters": queries.filter_json(Filters(**given)),
        }
        return [str(row.chunk_id) for row in await db.rows(OrgId(org_id), Near, NEAREST, values)]

    return ask


def _theirs(peer: Peer, tenant: str, way: str) -> Ask:
    async def ask(question: Question) -> list[str]:
        return [id for id, _ in peer.search(tenant, *question, way)]

    return ask


async def _fastest(peer: Peer, tenant: str, asked: list[Question], right: list[set[str]]) -> tuple[str, Ask]:
    """Of its ways that keep the recall; without any, the one with the highest."""
    if len(peer.ways) == 1:
        only = next(iter(peer.ways))
        return only, _theirs(peer, tenant, only)
    tried: list[tuple[bool, float, str]] = []
    for way in peer.ways:
        ask = _theirs(peer, tenant, way)
        recall = await _recall(ask, asked, right)
        times = list[float]()
        for question in asked[:TRIED]:
            begun = time.perf_counter()
            await ask(question)
            times.append(time.perf_counter() - begun)
        tried.append((recall < LEAST_RECALL, median(times) if recall >= LEAST_RECALL else 1 - recall, way))
    way = min(tried)[2]
    return way, _theirs(peer, tenant, way)


async def _recall(ask: Ask, asked: list[Question], right: list[set[str]]) -> float:
    shares = [
        len(set(await ask(question)) & exact) / len(exact) if exact else 1.0
        for question, exact in zip(asked, right, strict=True)
    ]
    return float(np.mean(shares))


def _next(ask: Ask, asked: list[Question]) -> Callable[[], Awaitable[None]]:
    """Asks one question after the other, from the first again at the end."""
    places = iter(range(1_000_000))

    async def once() -> None:
        await ask(asked[next(places) % len(asked)])

    return once
