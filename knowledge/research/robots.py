"""What a host lets us open: its robots.txt, by RFC 9309 (2022-09).

What always holds: no page is asked for that its host's rules forbid to us, wherever a redirect leads. A host without
rules (4xx) allows everything; one that cannot say (5xx, no answer) allows nothing for now. What a host said is kept
for a day (2.4), a fault for ten minutes.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from knowledge.db import Database
from knowledge.errors import Invalid, Upstream
from knowledge.fetching.web import Web
from knowledge.ids import OrgId
from knowledge.research import page_queries
from knowledge.research.page import decoded

#: our name in robots.txt
AGENT = "AdroomBot"
#: bytes of a robots.txt that are read (RFC 9309, 2.5: at least 500 KiB)
MOST = 512_000
KEPT, KEPT_FAULT = timedelta(days=1), timedelta(minutes=10)
#: seconds between two pages of a host, if it asks for it; no more than this
LONGEST_DELAY = 10.0
SECONDS = 10.0


class Forbidden(Invalid):
    """The host does not allow this page to be opened by programs (robots.txt)."""


@dataclass
class Robots:
    """The rules of hosts, each asked once. ``web``: with our own name in it."""

    db: Database
    org_id: OrgId
    web: Web
    _rules: dict[str, "_Rules"] = field(default_factory=dict[str, "_Rules"])

    async def check(self, url: str) -> None:
        """Raises Forbidden; Upstream when the host cannot say."""
        rules = await self._of(url)
        if rules.status == 0 or rules.status >= 500:
            raise Upstream(
                f"{urlsplit(url).hostname} could not be asked what may be opened (robots.txt).", retryable=True
            )
        if not rules.allow(url):
            raise Forbidden(fields={"url": "may not be opened by programs; its host says so in robots.txt"})

    async def delay(self, url: str) -> float:
        """Seconds to wait between two pages of this host. ``check`` comes first."""
        return min((await self._of(url)).delay, LONGEST_DELAY)

    async def site_maps(self, url: str) -> list[str]:
        """The site maps that the host names."""
        return (await self._of(url)).site_maps

    async def _of(self, url: str) -> "_Rules":
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
        if origin not in self._rules:
            async with self.db.org(self.org_id) as conn:
                kept = await page_queries.find_robots(conn, origin)
            if kept is None or kept.fetched_at + (KEPT if 0 < kept.status < 500 else KEPT_FAULT) < datetime.now(UTC):
                status, body = await self._ask(origin)
                async with self.db.org(self.org_id) as conn:
                    await page_queries.keep_robots(conn, self.org_id, origin, status, body)
            else:
                status, body = kept.status, kept.body
            self._rules[origin] = _Rules(status, body)
        return self._rules[origin]

    async def _ask(self, origin: str) -> tuple[int, str]:
        """(status, text); 0 when there was no answer. Raises Invalid for a host that may not be reached at all."""
        types = ("text/*", "application/*", "")
        try:
            found, start = await self.web.fetch_into(
                _start, f"{origin}/robots.txt", most=1 << 30, types=types, whole=SECONDS
            )
        except Upstream as fault:
            return int(fault.facts.get("status") or 0), ""
        return 200, decoded(start, found.charset or "utf-8").replace("\x00", "")


async def _start(pieces: AsyncIterator[bytes]) -> bytes:
    """The first of it; the rest is not waited for."""
    found = b""
    async for piece in pieces:
        found += piece
        if len(found) >= MOST:
            break
    return found[:MOST]


class _Rules:
    def __init__(self, status: int, body: str) -> None:
        from protego import Protego

        self.status = status
        self._read: Any = cast(Any, Protego).parse(body if status == 200 else "")

    def allow(self, url: str) -> bool:
        return bool(self._read.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        return max(float(self._read.crawl_delay(AGENT) or 0), 0.0)

    @property
    def site_maps(self) -> list[str]:
        return [str(url) for url in self._read.sitemaps][:20]
