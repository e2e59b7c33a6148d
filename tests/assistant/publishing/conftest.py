"""A WordPress on loopback, and a room with an article in it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from assistant.publishing.settings import WordPressSettings
from assistant.publishing.wordpress import WordPress
from knowledge.approvals import service as approvals
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Database
from knowledge.people.models import Caller
from tests.assistant.publishing.wordpress_server import PASSWORD, USER, WordPressServer
from tests.conftest import People
from tests.knowledge.desk import open_desk


@pytest.fixture(scope="module")
def running() -> Iterator[WordPressServer]:
    with WordPressServer() as server:
        yield server


@pytest.fixture
def wordpress(running: WordPressServer) -> WordPressServer:
    running.reset()
    return running


@dataclass
class Shop:
    """An approved article, and who may publish it."""

    db: Database
    caller: Caller
    asset: Asset
    publisher: WordPress

    async def now(self) -> Asset:
        async with self.db.org(self.caller.org_id) as conn:
            return await assets.get(conn, self.asset.id)

    async def edit(self, markdown: str) -> Asset:
        async with self.db.org(self.caller.org_id) as conn:
            asset = await assets.get(conn, self.asset.id)
            content = {**asset.content, "markdown": markdown}
            return await assets.edit(conn, asset.id, title=asset.title, content=content, shown_hash=asset.content_hash)

    async def approve(self) -> Asset:
        async with self.db.org(self.caller.org_id) as conn:
            asset = await assets.get(conn, self.asset.id)
            await approvals.decide_subject(
                conn, caller=self.caller, subject_type="asset", subject_id=asset.id, gate="asset", decision="approved",
                shown_hash=asset.content_hash, notes="",
            )  # fmt: skip
            return await assets.get(conn, self.asset.id)

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        async with self.db.org(self.caller.org_id) as conn:
            return await (await conn.execute(query)).fetchall()  # type: ignore[arg-type]


ARTICLE = {
    "markdown": "# Fresh coffee\n\nKeep it *dry*. [voc:1]\n\n## How long?\n\nThat depends on how you keep it.",
    "slug": "fresh-coffee",
    "metaDescription": "Keep it dry.",
    "language": "en",
    "jsonLd": [{"@context": "https://schema.org", "@type": "Article", "headline": "Fresh coffee"}],
}


@pytest.fixture
async def shop(db: Database, people: People, wordpress: WordPressServer) -> AsyncIterator[Shop]:
    desk = await open_desk(db, people)
    values = {
        "org_id": people.org_id, "client_id": desk.client_id, "campaign_id": None, "run_id": None, "channel": "blog",
        "format": "blog_post", "title": "Fresh coffee", "content": ARTICLE, "seo": {}, "agent": "seo_writer",
        "model": "offline", "idempotency_key": None,
    }  # fmt: skip
    async with db.org(people.org_id) as conn:
        asset = await assets.create(conn, values)
    publisher = WordPress(WordPressSettings(wordpress.url, USER, PASSWORD))
    yield Shop(db, desk.caller("admin"), asset, publisher)
