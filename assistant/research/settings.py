"""How the web is searched: with which provider, and what a search costs there."""

from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.research.models import Provider

#: dollars for one search where the operator gives no price: provider → (price, where it is published)
PUBLISHED: dict[Provider, tuple[Decimal, str]] = {
    "openai": (Decimal("0.01"), "OpenAI's price page, 2026-11: $10 per 1,000 searches, tokens apart"),
    "tavily": (Decimal("0.008"), "Tavily's price page, 2026-11: $0.008 a credit, one credit a basic search"),
    "brave": (Decimal("0.005"), "Brave's price page, 2026-11: $5 per 1,000 searches"),
    "searxng": (Decimal(0), "a SearXNG of one's own"),
}
ADDRESSES = {"tavily": "https://api.tavily.com", "brave": "https://api.search.brave.com"}


@dataclass(frozen=True)
class SearchSettings:
    """``provider`` none: nothing is searched, pages come from people. ``model``: whose hosted search it is (openai)."""

    provider: Provider = "none"
    url: str = ""
    model: str = ""
    price: Decimal = Decimal(0)
    price_source: str = ""
    key: str | None = field(default=None, repr=False)
