"""Research documents: kept, found again by their topic, and what writing and checking take from them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.plain_text import storable_json
from knowledge.research import queries
from knowledge.research.answers import Answered, answers
from knowledge.research.models import Research, ResearchData, ResearchFacts
from knowledge.research.own_pages import own_pages
from knowledge.research.page_models import WebPage
from knowledge.research.words import topic_words

#: the share of words that a topic has in common with that of the research that is taken for it
SAME_TOPIC = 0.6
GONE = "That research does not exist, or not for you."


async def get(conn: Connection, research_id: UUID) -> Research:
    found = await queries.find(conn, research_id)
    if found is None:
        raise NotFound(GONE)
    return found


async def save(conn: Connection, values: dict[str, Any], pages: list[WebPage]) -> Research:
    """``values``: org_id, client_id, campaign_id, run_id, data (ResearchData), agent, model, idempotency_key; the same
    key gives the one that is there. ``pages``: those that were opened, in the order of the document."""
    data = ResearchData.model_validate(storable_json(values["data"].model_dump(mode="json")))
    words = topic_words(data.topic)
    row = {**values, "data": data, "topic": data.topic, "language": data.language, "topic_words": words}
    made = await queries.insert(conn, row)
    if made is None:
        there = await queries.find_by_key(conn, values["idempotency_key"])
        assert there is not None  # noqa: S101 - a conflict is only possible with the row that is there
        return there
    ids = {page.url: page.id for page in pages if page.opened}
    sources = [
        {"org_id": made.org_id, "research_id": made.id, "ordinal": n, "url": one.url, "page_id": ids.get(one.url)}
        for n, one in enumerate(data.sources)
    ]
    await queries.insert_sources(conn, sources)
    return made


async def latest_for(conn: Connection, client_id: UUID, topic: str) -> Research | None:
    """The client's research on this topic, however its words are put, also when ``topic`` is a brief that says more; of
    equally near ones the newest. None when there is none."""
    words = topic_words(topic)
    return await queries.nearest(conn, client_id, words, SAME_TOPIC) if topic.strip() else None


async def of_asset(conn: Connection, asset: Asset) -> Research | None:
    """What a piece was built on: named by id in ``content.researchId``, else by its keyphrase, else by its title."""
    named = asset.content.get("researchId")
    if isinstance(named, str):
        try:
            found = await queries.find(conn, UUID(named))
        except ValueError:
            found = None
        if found is not None and found.client_id == asset.client_id:
            return found
    for topic in (asset.seo.get("targetKeyword"), asset.title):
        if isinstance(topic, str) and topic.strip():
            found = await latest_for(conn, asset.client_id, topic)
            if found is not None:
                return found
    return None


async def facts_for(conn: Connection, asset: Asset) -> ResearchFacts | None:
    """What a piece is compared with; None when there is no research for it."""
    research = await of_asset(conn, asset)
    return await facts_of(conn, research) if research is not None else None


async def facts_of(conn: Connection, research: Research) -> ResearchFacts:
    pages = await queries.opened_pages(conn, research.id)
    data = research.data
    return ResearchFacts(
        research_id=research.id,
        topic=research.topic,
        language=research.language,
        terms=[(one.term, one.weight, one.pages) for one in data.terms],
        facts=[(fact, page.url) for page in data.pages for fact in page.facts],
        questions=[one.text for one in data.questions],
        competitor_texts={page.url: page.text for page in pages},
        opened_urls=await queries.opened_urls(conn, research.client_id),
        page_count=len(pages),
    )


async def opened_urls(conn: Connection, client_id: UUID) -> set[str]:
    """Every address that was opened in research for this client."""
    return await queries.opened_urls(conn, client_id)


async def to_write_from(conn: Connection, research: Research) -> dict[str, Any]:
    """What a writer is given of it, with what the opened pages answer (``answers``: question, text, url, title)."""
    found = await answers_of(conn, research)
    return {**for_writing(research.data), "id": str(research.id), "answers": [asdict(one) for one in found]}


async def answers_of(conn: Connection, research: Research) -> list[Answered]:
    """What the opened pages say right behind the questions of the research."""
    return answers(research.data, await queries.opened_pages(conn, research.id))


async def opened_pages(conn: Connection, research: Research) -> list[WebPage]:
    """The pages that were opened for the research, as they read."""
    return await queries.opened_pages(conn, research.id)


def for_writing(data: ResearchData) -> dict[str, Any]:
    """Everything but the pages' outlines and terms one by one."""
    wire = data.model_dump(mode="json", by_alias=True, exclude={"pages", "sources", "queries", "provider"})
    wire["terms"] = [one.term for one in data.terms[:40]]
    wire["facts"] = [
        {"text": fact, "url": page.url, "title": page.title} for page in data.pages for fact in page.facts[:8]
    ][:60]
    wire["sources"] = [{"url": page.url, "title": page.title} for page in data.pages]
    return wire


__all__ = [
    "answers", "answers_of", "facts_for", "facts_of", "for_writing", "get", "latest_for", "of_asset", "opened_pages",
    "opened_urls", "own_pages", "save", "to_write_from",
]  # fmt: skip
