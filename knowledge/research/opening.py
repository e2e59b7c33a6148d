"""Opening pages of the web: public addresses, by their hosts' rules, within limits, each kept for a while.

What always holds: a page is asked for at most once within its age; pages of one host one after another, with the pause
it asks for; what cannot be opened is kept with its reason, for a short while, but never in place of what was once read;
no connection to the database is held while a host is asked.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urldefrag, urlsplit

import anyio.to_thread

from knowledge.db import Database
from knowledge.errors import Invalid, Upstream
from knowledge.fetching.web import Fetched, Web
from knowledge.ids import OrgId
from knowledge.research import page_queries
from knowledge.research.findings import facts_of, questions_of
from knowledge.research.page import decoded, read_page
from knowledge.research.page_models import WebPage
from knowledge.research.robots import AGENT, Forbidden, Robots
from knowledge.research.words import terms_of

#: bytes of a page, and seconds it may take
LARGEST, SECONDS = 5_000_000, 20.0
TYPES = ("text/html", "application/xhtml+xml", "text/plain")
#: how long a page that was opened is not asked for again, and one that could not be opened
KEPT, KEPT_FAULT = timedelta(days=7), timedelta(minutes=10)
#: hosts asked at a time
AT_ONCE = 4


@dataclass
class Opener:
    """``web``: the product's; it is asked under our name for robots.txt."""

    db: Database
    org_id: OrgId
    web: Web
    kept: timedelta = KEPT
    robots: Robots = field(init=False)
    #: when each host was asked last, by the event loop's clock
    _asked_at: dict[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        self.web = replace(self.web, agent=f"{AGENT}/1")
        self.robots = Robots(self.db, self.org_id, self.web)

    async def open_all(self, urls: Sequence[str]) -> list[WebPage]:
        """Each page, opened or with the reason why not, in the order of ``urls``; the same address once."""
        wanted = list(dict.fromkeys(address(url) for url in urls))
        hosts: dict[str, list[str]] = {}
        for url in wanted:
            hosts.setdefault(_host(url), []).append(url)
        free = asyncio.Semaphore(AT_ONCE)
        found: dict[str, WebPage] = {}

        async def of_host(some: list[str]) -> None:
            async with free:
                for url in some:
                    found[url] = await self.open(url)

        async with asyncio.TaskGroup() as group:
            for some in hosts.values():
                group.create_task(of_host(some))
        return [found[url] for url in wanted]

    async def open(self, url: str) -> WebPage:
        """The page as it is kept, if it is new enough; else as its host gives it now."""
        url = address(url)
        async with self.db.org(self.org_id) as conn:
            kept = await page_queries.find_page(conn, url)
        if kept is not None and datetime.now(UTC) - kept.fetched_at < (self.kept if kept.opened else KEPT_FAULT):
            return kept
        values = await self._asked(url)
        if kept is not None and kept.opened and values["status"] != "opened":
            # what was read of it stays: documents and claims rest on it
            return kept.model_copy(update={**_EMPTY, **values})
        async with self.db.org(self.org_id) as conn:
            return await page_queries.keep_page(conn, {**_EMPTY, "url": url, "org_id": self.org_id, **values})

    async def _asked(self, url: str) -> dict[str, Any]:
        try:
            found = await self.web.fetch(url, most=LARGEST, types=TYPES, whole=SECONDS, before=self._before)
        except Forbidden as no:
            return {"found_url": url, "status": "forbidden", "reason": no.fields["url"]}
        except Invalid as no:
            return {"found_url": url, "status": "refused", "reason": no.fields.get("url") or no.message}
        except Upstream as no:
            return {"found_url": url, "status": "failed", "reason": no.message}
        return await anyio.to_thread.run_sync(_read, found)

    async def _before(self, url: str) -> None:
        await self.robots.check(url)
        now, host = asyncio.get_running_loop().time(), _host(url)
        pause = await self.robots.delay(url) - (now - self._asked_at[host]) if host in self._asked_at else 0.0
        if pause > 0:
            await asyncio.sleep(pause)
        self._asked_at[host] = asyncio.get_running_loop().time()


_EMPTY: dict[str, Any] = {
    "reason": None,
    "title": "",
    "description": "",
    "language": None,
    "published_on": None,
    "outline": [],
    "terms": [],
    "facts": [],
    "questions": [],
    "text": "",
    "words": 0,
    "bytes": 0,
    "content_hash": "",
}


def address(url: str) -> str:
    """As a page is kept under: without blanks around it and without the fragment."""
    return urldefrag(url.strip().replace("\x00", ""))[0]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _read(found: Fetched) -> dict[str, Any]:
    """What is kept of a page: columns of ``web_pages``."""
    letters = decoded(found.content, found.charset)
    content = read_page(letters if found.type != "text/plain" else f"<pre>{letters.replace('<', '&lt;')}")
    words = len(content.text.split())
    if not content.text:
        return {"found_url": address(found.url), "status": "refused", "reason": "has no text that could be read"}
    return {
        "found_url": address(found.url),
        "status": "opened",
        "title": content.title,
        "description": content.description,
        "language": content.language,
        "published_on": content.published_on,
        "outline": [{"level": one.level, "text": one.text} for one in content.outline],
        "terms": [{"term": term, "count": count} for term, count in terms_of(content.text, content.language)],
        "facts": facts_of(content),
        "questions": questions_of(content),
        "text": content.text,
        "words": words,
        "bytes": len(found.content),
        "content_hash": hashlib.sha256(content.text.encode()).hexdigest(),
    }
