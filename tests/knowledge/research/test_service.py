"""Research documents: kept once, found by their topic, and what writing and checking take from them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from knowledge.assets import service as assets
from knowledge.db import Database
from knowledge.errors import NotFound
from knowledge.research import service
from knowledge.research.models import (
    CompetingPage,
    Intent,
    PageHeading,
    Question,
    Research,
    ResearchData,
    SharedTerm,
    Source,
)
from knowledge.research.opening import Opener
from knowledge.research.page_models import WebPage
from tests.conftest import People, make_people
from tests.knowledge.fetching.loopback import Site, open_site
from tests.knowledge.research.pages import GUIDE, STORAGE


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as opened:
        opened.serve("/guide", GUIDE.encode())
        opened.serve("/storage", STORAGE.encode())
        yield opened


async def opened(db: Database, people: People, site: Site) -> list[WebPage]:
    urls = [f"http://shop.example:{site.port}{path}" for path in ("/guide", "/storage", "/gone")]
    return await Opener(db, people.org_id, site.web()).open_all(urls)


def document(topic: str, pages: list[WebPage]) -> ResearchData:
    return ResearchData(
        topic=topic,
        language="en",
        provider="none",
        intent=Intent(kind="informational"),
        questions=[Question(text="Can beans be frozen?", url=pages[0].url)] if pages else [],
        terms=[SharedTerm(term="airtight container", weight=1, pages=2)],
        pages=[
            CompetingPage(
                url=page.url,
                title=page.title,
                words=page.words,
                opened_at=page.fetched_at,
                outline=[PageHeading(**one) for one in page.outline],
                facts=page.facts,
            )
            for page in pages
            if page.opened
        ],
        sources=[Source(url=page.url, status=page.status, reason=page.reason) for page in pages],
    )


async def save(db: Database, people: People, topic: str, pages: list[WebPage] | None = None, **more: Any) -> Research:
    values = {
        "org_id": people.org_id, "client_id": people.client_id, "campaign_id": None, "run_id": None,
        "data": document(topic, pages or []), "agent": "seo_writer", "model": "offline", "idempotency_key": topic,
    }  # fmt: skip
    async with db.org(people.org_id) as conn:
        return await service.save(conn, {**values, **more}, pages or [])


async def test_research_is_kept_once_and_read_back_whole(db: Database, people: People, site: Site) -> None:
    pages = await opened(db, people, site)
    made = await save(db, people, "How to keep coffee fresh", pages)
    again = await save(db, people, "How to keep coffee fresh", pages)
    assert again == made
    async with db.org(people.org_id) as conn:
        assert await service.get(conn, made.id) == made
    assert [source.status for source in made.data.sources] == ["opened", "opened", "failed"]
    other = await make_people(db, "Other")
    async with db.org(other.org_id) as conn:
        with pytest.raises(NotFound):
            await service.get(conn, made.id)


async def test_research_is_found_by_its_topic_however_that_is_put(db: Database, people: People) -> None:
    first = await save(db, people, "How to keep coffee fresh at home")
    await save(db, people, "Best padel rackets for beginners")
    newer = await save(db, people, "Keep your coffee fresh at home!", idempotency_key="newer")
    async with db.org(people.org_id) as conn:
        for topic in ("keep coffee fresh at home", "How to keep COFFEE fresh at home?"):
            found = await service.latest_for(conn, people.client_id, topic)
            assert found is not None and found.id == newer.id != first.id
        brief = "An article about keeping coffee fresh at home, for people who buy whole beans by the kilo"
        found = await service.latest_for(conn, people.client_id, brief)
        assert found is not None and found.id == newer.id
        for topic in ("How to keep tea fresh", "coffee", "", "コーヒー豆の保存"):
            assert await service.latest_for(conn, people.client_id, topic) is None
        assert (
            await service.latest_for(conn, (await make_people(db, "X")).client_id, "keep coffee fresh at home") is None
        )


async def test_a_topic_in_another_script_is_found_again(db: Database, people: People) -> None:
    for topic in ("コーヒー豆の保存方法", "كيف تحفظ القهوة", "☕☕☕"):
        made = await save(db, people, topic)
        async with db.org(people.org_id) as conn:
            found = await service.latest_for(conn, people.client_id, topic)
        assert found is not None and found.id == made.id


async def test_a_piece_is_compared_with_the_research_it_was_built_on(db: Database, people: People, site: Site) -> None:
    pages = await opened(db, people, site)
    made = await save(db, people, "How to keep coffee fresh", pages)
    values = {
        "org_id": people.org_id, "client_id": people.client_id, "campaign_id": None, "run_id": None, "channel": "blog",
        "format": "blog_post", "agent": "seo_writer", "model": "offline", "idempotency_key": "a", "title": "Coffee",
        "content": {"markdown": "# Coffee", "researchId": str(made.id)}, "seo": {},
    }  # fmt: skip
    other = {
        **values,
        "idempotency_key": "b",
        "content": {"markdown": "x"},
        "seo": {"targetKeyword": "keep coffee fresh"},
    }
    none = {**values, "idempotency_key": "c", "content": {"researchId": "no id", "language": "en"}, "title": "Tea"}
    async with db.org(people.org_id) as conn:
        facts = await service.facts_for(conn, await assets.create(conn, values))
        assert facts is not None
        assert facts == await service.facts_for(conn, await assets.create(conn, other))
        assert await service.facts_for(conn, await assets.create(conn, none)) is None
        mine = await service.opened_urls(conn, people.client_id)
    urls = [page.url for page in pages]
    assert facts.opened_urls == mine == set(urls[:2])
    assert set(facts.competitor_texts) == set(urls[:2])
    assert "Oxygen, light, heat" in facts.competitor_texts[urls[0]]
    assert (facts.terms, facts.page_count) == ([("airtight container", 1.0, 2)], 2)
    assert all(fact in facts.competitor_texts[url] for fact, url in facts.facts)


async def test_a_writer_is_given_what_was_found_without_the_pages_themselves(
    db: Database, people: People, site: Site
) -> None:
    made = await save(db, people, "How to keep coffee fresh", await opened(db, people, site))
    given = service.for_writing(made.data)
    assert "pages" not in given
    assert given["terms"] == ["airtight container"]
    assert given["sources"][0]["url"].endswith("/guide")
    assert {fact["url"] for fact in given["facts"]} == {one["url"] for one in given["sources"]}
