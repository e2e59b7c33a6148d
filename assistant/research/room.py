"""The search provider that the settings name, and what a search costs whoever asks for it.

What always holds: the most a search may cost is held before it and what it did cost is settled after it, in one
transaction with its results; a search the provider certainly did not bill costs nothing; no connection is held meanwhile.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

from openai import AsyncOpenAI

from assistant.models.guard import UNREPORTED, uninterrupted
from assistant.models.prices import Price
from assistant.research.http_providers import Brave, SearXNG, Tavily
from assistant.research.openai_search import OpenAISearch
from assistant.research.provider import Found, Query, SearchProvider
from assistant.research.settings import SearchSettings
from knowledge.db import Connection, Database
from knowledge.errors import AdroomError
from knowledge.money import service as money
from knowledge.money.models import LedgerEntry, Reservation, ScopeKeys

#: seconds a hold lives: longer than any search
HOLD = 300.0
#: told a search's results in the transaction that pays for it
Keep = Callable[[Connection, Found], Awaitable[None]]


@dataclass(frozen=True)
class SearchRoom:
    """``client`` and ``tokens``: the model endpoint and its price, for OpenAI's own search."""

    settings: SearchSettings
    db: Database
    client: AsyncOpenAI | None = None
    tokens: Price | None = None

    def provider(self) -> SearchProvider | None:
        """None when no search is set up."""
        given = self.settings
        match given.provider:
            case "tavily":
                return Tavily(given.url, given.key or "", given.price)
            case "brave":
                return Brave(given.url, given.key or "", given.price)
            case "searxng":
                return SearXNG(given.url, given.price)
            case "openai" if self.client is not None and self.tokens is not None:
                return OpenAISearch(self.client, given.model, given.price, self.tokens)
            case _:
                return None

    async def search(self, keys: ScopeKeys, call_key: str, query: Query, keep: Keep, agent: str) -> Found:
        """``call_key`` names the search over all its attempts. Raises BudgetExceeded, Upstream."""
        provider = self.provider()
        assert provider is not None  # noqa: S101 - whoever asks has looked
        worst = provider.worst(query)
        held: Reservation | None = None
        if worst:
            async with self.db.org(keys.org_id) as conn:
                held = await money.reserve(conn, keys, worst, call_key, HOLD)
        try:
            found = await provider.find(query)
        except BaseException as fault:
            billed = fault.facts.get("billed", True) if isinstance(fault, AdroomError) else True
            if held is not None:
                entry = self._entry(provider, agent, held.amount, UNREPORTED) if billed else None
                await uninterrupted(self._close(keys, held, call_key, entry, None))
            raise
        entry = self._entry(provider, agent, found.cost, "", found)
        await uninterrupted(self._close(keys, held, call_key, entry, lambda conn: keep(conn, found)))
        return found

    def _entry(
        self, provider: SearchProvider, agent: str, cost: Decimal, more: str, found: Found | None = None
    ) -> LedgerEntry:
        return LedgerEntry(
            model=provider.name,
            cost=cost,
            price_source=self.settings.price_source + more,
            kind="web_search",
            agent=agent,
            calls=found.searches if found else 1,
            input_tokens=found.input_tokens if found else 0,
            output_tokens=found.output_tokens if found else 0,
            unit_cost={"search": str(self.settings.price), **(self.tokens.unit_cost if self.tokens else {})},
        )

    async def _close(
        self,
        keys: ScopeKeys,
        held: Reservation | None,
        call_key: str,
        entry: LedgerEntry | None,
        keep: Callable[[Connection], Awaitable[None]] | None,
    ) -> None:
        async with self.db.org(keys.org_id) as conn:
            if entry is None and held is not None:
                await money.release(conn, keys, held)
            elif entry is not None and held is not None:
                await money.settle(conn, keys, held, entry)
            elif entry is not None:
                await money.enter(conn, keys, entry, call_key)
            if keep is not None:
                await keep(conn)
