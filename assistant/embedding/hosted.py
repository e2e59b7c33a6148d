"""A model behind an OpenAI-compatible endpoint, paid for from the budgets of whoever asks.

What always holds: what a call may cost is held before it and settled after it; no connection is held meanwhile; a call
that the provider certainly did not bill costs nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from openai import APIError, AsyncOpenAI

from assistant.models.faults import explain
from assistant.models.prices import Price, Tokens
from knowledge.db import Connection, Database
from knowledge.errors import AdroomError, Upstream
from knowledge.money import service as money
from knowledge.money.models import LedgerEntry, Reservation, ScopeKeys

#: told the texts of a call and their vectors, in the transaction that pays for it
Keep = Callable[[Connection, list[str], list[list[float]]], Awaitable[None]]
#: texts of one call
BATCH = 64
#: letters of a text that are sent: the models read 8,191 tokens
LONGEST = 8_000
HOLD = 180.0


@dataclass(frozen=True)
class HostedEmbedder:
    """``keys``: whose money it is. ``dimensions``: the vectors are cut to so many (text-embedding-3 and later)."""

    client: AsyncOpenAI
    db: Database
    name: str
    dimensions: int
    price: Price
    keys: ScopeKeys

    async def embed(self, texts: list[str], keep: Keep | None = None) -> list[list[float]]:
        """Raises BudgetExceeded, Upstream. ``keep`` is told of each call's vectors in the transaction that pays it."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            vectors += await self._paid(texts[start : start + BATCH], keep)
        return vectors

    async def _paid(self, texts: list[str], keep: Keep | None) -> list[list[float]]:
        sent = [text[:LONGEST] or " " for text in texts]
        held = await self._hold(sent)
        try:
            vectors, used = await self._call(sent)
        except AdroomError as error:
            await self._close(held, None if error.facts.get("billed") is False else held.amount if held else None, 0)
            raise
        except BaseException:
            await self._close(held, held.amount if held else None, 0)
            raise

        async def store(conn: Connection) -> None:
            if keep is not None:
                await keep(conn, texts, vectors)

        await self._close(held, self.price.cost(Tokens(input=used)), used, store)
        return vectors

    async def _hold(self, texts: list[str]) -> Reservation | None:
        if self.price.free:
            return None
        most = self.price.worst(sum(len(text.encode()) for text in texts) + len(texts), 0)  # a token is a byte at least
        async with self.db.org(self.keys.org_id) as conn:
            return await money.reserve(conn, self.keys, most, f"embed:{uuid4()}", HOLD)

    async def _close(
        self,
        held: Reservation | None,
        cost: Decimal | None,
        used: int,
        store: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> None:
        async with self.db.org(self.keys.org_id) as conn:
            if store is not None:
                await store(conn)
            if held is None:
                return
            if cost is None:
                await money.release(conn, self.keys, held)
                return
            entry = LedgerEntry(
                model=self.name,
                cost=min(cost, held.amount) if used == 0 else cost,
                price_source=self.price.source,
                agent="library",
                input_tokens=used,
                unit_cost=self.price.unit_cost,
            )
            await money.settle(conn, self.keys, held, entry)

    async def _call(self, texts: list[str]) -> tuple[list[list[float]], int]:
        try:
            found = await self.client.embeddings.create(model=self.name, input=texts, dimensions=self.dimensions)
        except APIError as fault:
            raise explain(fault, self.name) from fault
        rows = [list(one.embedding) for one in sorted(found.data, key=lambda one: one.index)]
        if len(rows) != len(texts) or any(len(row) != self.dimensions for row in rows):
            raise Upstream(f"{self.name} gave vectors of another number or size than was asked for.")
        return [_unit(row) for row in rows], found.usage.prompt_tokens if found.usage else 0


def _unit(row: list[float]) -> list[float]:
    length = sum(value * value for value in row) ** 0.5 or 1.0
    return [value / length for value in row]
