"""Passages get their vectors in the background, and a new model takes over when it is ready.

What always holds: one process at a time; a batch's vectors are stored in one transaction, so a crash loses at most the
batch under way; while another model is made ready, the one before goes on answering.
"""

import asyncio
import logging
from decimal import Decimal
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout

from assistant.embedding.room import Embedder, EmbeddingRoom
from knowledge.db import Database, alone
from knowledge.embeddings import queries, registry
from knowledge.embeddings.models import EmbeddingModel, Passage
from knowledge.errors import AdroomError
from knowledge.ids import OrgId
from knowledge.money.models import ScopeKeys
from knowledge.people.queries import list_orgs

logger = logging.getLogger(__name__)

#: passages of one batch
BATCH = 128
#: seconds between two looks; after a fault, the longest wait
EVERY, PATIENCE = 5.0, 300.0
#: vectors that the index is tried with, in the largest organisation
TRIED = 50


class Embedding:
    """One for the process. ``owner_url`` makes tables and sees every organisation."""

    def __init__(self, db: Database, owner_url: str, room: EmbeddingRoom, every: float = EVERY) -> None:
        self.db, self.owner_url, self.room, self._every = db, owner_url, room, every
        self._task: asyncio.Task[None] | None = None
        self._done: dict[OrgId, Any] = {}  # the newest passage when all had their vectors

    def start(self) -> None:
        if self.room.settings.is_set:
            self._task = asyncio.create_task(self._forever(), name="embedding")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def once(self) -> int | None:
        """Do all there is to do; how many vectors were made. None when another process is at it."""
        wanted = await self.room.wanted()
        if wanted is None:
            return None
        async with alone(self.owner_url, "embedding") as ours:
            if not ours:
                return None
            model = await registry.register(self.owner_url, wanted)
            made = sum([await self._fill(org_id, model) for org_id in await list_orgs(self.owner_url)])
            if model.status != "active":
                await self._take_over(model)
            await registry.drop_retired(self.owner_url)
        return made

    async def _forever(self) -> None:
        wait = self._every
        while True:
            try:
                await self.once()
                wait = self._every
            except (psycopg.OperationalError, PoolTimeout) as error:
                logger.warning("embedding waits, the database does not answer: %s", error)
            except AdroomError as error:  # a budget, an endpoint, a folder: said once a wait, tried again
                logger.warning("embedding waits: %s", error.message)
                wait = min(PATIENCE, wait * 2)
            except psycopg.Error:  # a mistake of ours; whatever else the process does goes on
                logger.exception("embedding failed")
                wait = min(PATIENCE, wait * 2)
            await asyncio.sleep(wait)

    async def _fill(self, org_id: OrgId, model: EmbeddingModel) -> int:
        async with self.db.org(org_id) as conn:
            newest = await queries.newest(conn, org_id)
        if newest is None or self._done.get(org_id) == (model.id, newest):
            return 0
        embedder = await self.room.embedder(model.wanted, ScopeKeys(org_id))
        if embedder is None:
            return 0
        made, after = 0, queries.NIL
        while True:
            async with self.db.org(org_id) as conn:
                batch = await queries.missing(conn, org_id, model.id, after, BATCH)
            if not batch:
                break
            made += await self._embed(org_id, model.id, embedder, batch)
            after = batch[-1].id
        if made == 0:  # a second look found nothing more
            self._done[org_id] = (model.id, newest)
        return made

    async def _embed(self, org_id: OrgId, model: int, embedder: Embedder, batch: list[Passage]) -> int:
        """Each text once: what the organisation has a vector of already is copied."""
        texts = {passage.content_hash: passage.text for passage in batch}
        async with self.db.org(org_id) as conn:
            vectors = await queries.known(conn, org_id, model, list(texts))
        new = [hash for hash in texts if hash not in vectors]
        if new:
            made = await embedder.embed([texts[hash] for hash in new])
            vectors |= {hash: queries.as_halfvec(values) for hash, values in zip(new, made, strict=True)}
        async with self.db.org(org_id) as conn:
            rows = [(passage.id, passage.content_hash, vectors[passage.content_hash]) for passage in batch]
            return await queries.store(conn, org_id, model, rows)

    async def _take_over(self, model: EmbeddingModel) -> None:
        """Index, measure, switch: once every passage that there was has its vector."""
        await registry.index(self.owner_url, model.id)
        recall = await self._recall(model.id)
        await registry.switch(self.owner_url, model.id, recall)
        logger.info("questions are asked of %s now (recall of its index: %s)", model.name, recall)

    async def _recall(self, model: int) -> Decimal | None:
        """recall@10 of the index against an exact scan, in the organisation with the most passages."""
        sizes = {org_id: await self._size(org_id, model) for org_id in await list_orgs(self.owner_url)}
        largest = max(sizes, key=lambda org_id: sizes[org_id], default=None)
        if largest is None or sizes[largest] == 0:
            return None
        found = there = 0
        async with self.db.org(largest) as conn:
            for vec in await queries.own_sample(conn, largest, model, TRIED):
                exact = set(await queries.nearest(conn, model, vec, exact=True))
                there += len(exact)
                found += len(exact & set(await queries.nearest(conn, model, vec, exact=False)))
        return (Decimal(found) / there).quantize(Decimal("0.0001")) if there else None

    async def _size(self, org_id: OrgId, model: int) -> int:
        async with self.db.org(org_id) as conn:
            return (await queries.counts(conn, org_id, model))[1]
