"""Tavily, Brave and SearXNG: one request over HTTP, one page of results.

Their addresses are the operator's own setting, so they may lie inside the operator's network. Their APIs as published
on 2026-11-01: docs.tavily.com, api-dashboard.search.brave.com, docs.searxng.org.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import anyio
import httpx

from assistant.research.provider import LONGEST_QUERY, MOST_QUESTIONS, Found, Query, hits_of
from knowledge.errors import Upstream
from knowledge.json_values import as_list, as_object

#: seconds for a search, bytes of its answer
SECONDS, LARGEST = 20.0, 4_000_000
#: languages that Brave tells apart by these codes
_BRAVE = {"en": "en", "de": "de", "es": "es", "fr": "fr", "it": "it", "nl": "nl", "pt": "pt-br"}


@dataclass(frozen=True)
class Tavily:
    url: str
    key: str
    price: Decimal
    name: str = "tavily"

    def worst(self, query: Query) -> Decimal:
        return self.price

    async def find(self, query: Query) -> Found:
        body = {"query": query.words[:LONGEST_QUERY], "max_results": query.count, "search_depth": "basic"}
        headers = {"Authorization": f"Bearer {self.key}"}
        said = await _asked("Tavily", "POST", f"{self.url}/search", json=body, headers=headers)
        return Found(hits_of(said.get("results")), self.price)


@dataclass(frozen=True)
class Brave:
    url: str
    key: str
    price: Decimal
    name: str = "brave"

    def worst(self, query: Query) -> Decimal:
        return self.price

    async def find(self, query: Query) -> Found:
        asked = {"q": query.words[:LONGEST_QUERY], "count": str(query.count)}
        if query.language in _BRAVE:
            asked["search_lang"] = _BRAVE[query.language]
        headers = {"X-Subscription-Token": self.key, "Accept": "application/json"}
        said = await _asked("Brave", "GET", f"{self.url}/res/v1/web/search", params=asked, headers=headers)
        rows = as_list(as_object(said.get("faq")).get("results"))
        questions = [str(as_object(row).get("question") or "").strip()[:200] for row in rows]
        hits = hits_of(as_object(said.get("web")).get("results"), excerpt="description")
        return Found(hits, self.price, [text for text in questions if text][:MOST_QUESTIONS])


@dataclass(frozen=True)
class SearXNG:
    url: str
    price: Decimal
    name: str = "searxng"

    def worst(self, query: Query) -> Decimal:
        return self.price

    async def find(self, query: Query) -> Found:
        asked = {"q": query.words[:LONGEST_QUERY], "format": "json", "language": query.language or "all"}
        said = await _asked("SearXNG", "GET", f"{self.url}/search", params=asked)
        return Found(hits_of(as_list(said.get("results"))[: query.count]), self.price)


async def _asked(name: str, method: str, url: str, **more: Any) -> dict[str, Any]:
    """The provider's JSON. Raises Upstream, saying what a person can do about it."""
    try:
        with anyio.fail_after(SECONDS):
            async with (
                httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client,
                client.stream(method, url, **more) as response,
            ):
                if response.status_code != 200:
                    raise _refused(name, response.status_code)
                content = b""
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > LARGEST:
                        raise Upstream(f"{name} answered with more than can be read.", billed=True)
    except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
        raise Upstream(f"The web search ({name}) cannot be reached.", retryable=True, billed=False) from fault
    except (TimeoutError, httpx.HTTPError) as fault:
        raise Upstream(f"The web search ({name}) broke off; please try again.", retryable=True, billed=True) from fault
    try:
        said = json.loads(content)
    except ValueError as fault:
        raise Upstream(f"{name} answered with something that is no result.", billed=True) from fault
    return as_object(said)


def _refused(name: str, status: int) -> Upstream:
    if status in (401, 403):
        hint = "its JSON format is off, or it asks for a key" if name == "SearXNG" else "check ADROOM_SEARCH_KEY"
        return Upstream(f"{name} refused the search; {hint}.", billed=False)
    if status in (402, 432, 433):
        return Upstream(f"The account at {name} has no searches left.", billed=False)
    if status == 429:
        return Upstream(
            f"{name} is asked too often right now; please try again in a moment.", retryable=True, billed=False
        )
    retryable = status >= 500
    return Upstream(f"{name} answered with an error ({status}).", retryable=retryable, billed=False)
