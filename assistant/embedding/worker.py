"""Passages get their vectors in the background, and a new model takes over when it is ready.

What always holds: one process at a time; a batch's vectors are stored in one transaction, so a crash loses at most the
batch under way; while another model is made ready, the one before goes on answering.
"""

import asyncio
import logging
import time
from decimal import Decimal
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from assistant.embedding.room import Embedder, EmbeddingRoom
from knowledge.db import Database, alone
from knowledge.embeddings import queries, registry
from knowledge.embeddings.models import EmbeddingModel, Passage
from knowledge.errors import AdroomError, Blocked, BudgetExceeded
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
#: recall@10 that an index must have to be switched to; two vectors so near each other are equally good finds
LOWEST, EQUAL = Decimal("0.95"), 1e-4
#: seconds after which all of an organisation is looked through again: what was made first may be committed last
AGAIN = 120.0


class Embedding:
    """One for the process. ``owner_url`` makes tables and sees every organisation."""

    def __init__(self, db: Database, owner_url: str, room: EmbeddingRoom, every: float = EVERY) -> None:
        self.db, self.owner_url, self.room, self._every = db, owner_url, room, every
        self._task: asyncio.Task[None] | None = None
        # when all passages had their vectors: of which model, the newest passage, the time
        self._done: dict[OrgId, tuple[int, UUID, float]] = {}

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
            made = await self._fill_all(model)
            if model.status != "active":
                made += await self._take_over(model)
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

    async def _fill_all(self, model: EmbeddingModel) -> int:
        """One organisation's used-up budget holds up no other; it is raised when the others are done."""
        made, stopped = 0, None
        for org_id in await list_orgs(self.owner_url):
            try:
                made += await self._fill(org_id, model)
            except BudgetExceeded as error:
                stopped = stopped or error
        if stopped is not None:
            raise stopped
        return made

    async def _fill(self, org_id: OrgId, model: EmbeddingModel) -> int:
        async with self.db.org(org_id) as conn:
            newest = await queries.newest(conn, org_id)
        if newest is None or self._is_done(org_id, model.id, newest):
            return 0
        embedder = await self.room.embedder(model.wanted, ScopeKeys(org_id))
        if embedder is None:
            return 0
        made, after, begun = 0, queries.NIL, time.monotonic()
        while True:
            async with self.db.org(org_id) as conn:
                batch = await queries.missing(conn, org_id, model.id, after, BATCH)
            if not batch:
                break
            made += await self._embed(org_id, model.id, embedder, batch)
            after = batch[-1].id
        if after == queries.NIL:  # nothing was missing
            self._done[org_id] = (model.id, newest, begun)
        return made

    def _is_done(self, org_id: OrgId, model: int, newest: UUID) -> bool:
        done = self._done.get(org_id)
        return done is not None and done[:2] == (model, newest) and time.monotonic() - done[2] < AGAIN

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

    async def _take_over(self, model: EmbeddingModel) -> int:
        """Index, measure, switch: once every passage has its vector. Returns how many were made meanwhile.

        Raises Blocked when the index finds too little: the model before, or words, go on answering.
        """
        if await self._lacks(model.id):
            return 0
        await registry.index(self.owner_url, model.id)
        made = await self._fill_all(model)  # what came in while the index was built
        if await self._lacks(model.id):
            return made
        recall = await self._recall(model.id)
        if recall is not None and recall < LOWEST:
            raise Blocked(f"the index of {model.name} finds too little to be switched to (recall {recall})")
        for org_id in await list_orgs(self.owner_url):
            async with self.db.org(org_id) as conn:
                await queries.refresh(conn, org_id, model.id)
        await registry.switch(self.owner_url, model.id, recall)
        logger.info("questions are asked of %s now (recall of its index: %s)", model.name, recall)
        return made

    async def _lacks(self, model: int) -> bool:
        """Whether any passage of any organisation has no vector."""
        for org_id in await list_orgs(self.owner_url):
            async with self.db.org(org_id) as conn:
                if await queries.missing(conn, org_id, model, queries.NIL, 1):
                    return True
        return False

    async def _recall(self, model: int) -> Decimal | None:
        """recall@10 of the index against an exact scan, in the organisation with the most passages."""
        sizes = {org_id: await self._size(org_id, model) for org_id in await list_orgs(self.owner_url)}
        largest = max(sizes, key=lambda org_id: sizes[org_id], default=None)
        if largest is None or sizes[largest] == 0:
            return None
        found = there = 0
        async with self.db.org(largest) as conn:
            for vec in await queries.own_sample(conn, largest, model, TRIED):
                exact = await queries.nearest(conn, model, vec, exact=True)
                near = await queries.nearest(conn, model, vec, exact=False)
                there += len(exact)  # one at least: the passage itself
                found += sum(similarity >= min(exact) - EQUAL for similarity in near)
        return (Decimal(found) / there).quantize(Decimal("0.0001")) if there else None

    async def _size(self, org_id: OrgId, model: int) -> int:
        async with self.db.org(org_id) as conn:
            return (await queries.counts(conn, org_id, model))[1]
