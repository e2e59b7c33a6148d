"""Passages get their vectors in the background, and a new model takes over when it is ready.

What always holds: one process at a time; a batch's vectors are stored in one transaction, so a crash loses at most the
batch under way; while another model is made ready, the one before goes on answering.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from assistant.embedding.pieces import compare_pieces
from assistant.embedding.room import Embedder, EmbeddingRoom
from knowledge.background import end
from knowledge.db import Connection, Database, alone
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
        self._indexed: set[int] = set()

    def start(self) -> None:
        if self.room.settings.is_set:
            self._task = asyncio.create_task(self._forever(), name="embedding")

    async def stop(self) -> None:
        await end(self._task)

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
            active = model.status == "active"
            if not active:
                made += await self._take_over(model)
            elif model.id not in self._indexed:  # once a process: a migration that writes a table anew leaves it to us
                if not await registry.is_indexed(self.owner_url, model.id):
                    await registry.index(self.owner_url, model.id)
                self._indexed.add(model.id)
            await registry.drop_retired(self.owner_url)
            if active:
                await self._each(lambda org_id: self._compare(org_id, model))
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
        return await self._each(lambda org_id: self._fill(org_id, model))

    async def _each(self, work: Callable[[OrgId], Awaitable[int]]) -> int:
        """One organisation's used-up budget holds up no other; it is raised when the others are done."""
        done, stopped = 0, None
        for org_id in await list_orgs(self.owner_url):
            try:
                done += await work(org_id)
            except BudgetExceeded as error:
                stopped = stopped or error
        if stopped is not None:
            raise stopped
        return done

    async def _compare(self, org_id: OrgId, model: EmbeddingModel) -> int:
        embedder = await self.room.embedder(model.wanted, ScopeKeys(org_id))
        return await compare_pieces(self.db, org_id, model, embedder) if embedder else 0

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
        """Each text once: what the organisation has a vector of already is copied, what is paid for is kept at once."""
        texts = {passage.content_hash: passage.text for passage in batch}
        stored = 0

        async def store(conn: Connection, vectors: dict[bytes, str]) -> None:
            nonlocal stored
            mine = [passage for passage in batch if passage.content_hash in vectors]
            rows = [(passage.id, passage.content_hash, vectors[passage.content_hash]) for passage in mine]
            stored += await queries.store(conn, org_id, model, rows)

        async with self.db.org(org_id) as conn:
            known = await queries.known(conn, org_id, model, list(texts))
            if known:
                await store(conn, known)
        new = {texts[hash]: hash for hash in texts if hash not in known}
        kept = set[str]()

        async def keep(conn: Connection, said: list[str], made: list[list[float]]) -> None:
            await store(conn, {new[text]: queries.as_halfvec(row) for text, row in zip(said, made, strict=True)})
            kept.update(said)

        made = await embedder.embed(list(new), keep) if new else []
        left = {new[text]: queries.as_halfvec(row) for text, row in zip(new, made, strict=True) if text not in kept}
        if left:
            async with self.db.org(org_id) as conn:
                await store(conn, left)
        return stored

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
