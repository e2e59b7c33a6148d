"""Thousands of random questions and filters, several organisations with the same words: nobody sees another's row."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from knowledge.db import Connection, Database
from knowledge.originality.queries import sharing
from knowledge.people.models import Caller
from knowledge.search import brands
from knowledge.search import service as search
from knowledge.search.models import Filters, Kind
from knowledge.search.text import fingerprints
from knowledge.swipes import library
from knowledge.swipes import queries as swipes
from knowledge.swipes.models import Wanted
from knowledge.voc import queries as voc
from knowledge.voc.listening import listen
from knowledge.voc.models import Wanted as WantedQuotes
from tests.assistant.embedding.conftest import Meaning
from tests.conftest import People, TestDatabase, make_people
from tests.knowledge.shelves import add_ad, add_quotes
from tests.tiny_model import build
from tools.meaning import meaning_of

#: questions asked in all
QUESTIONS = 25 * int(os.environ.get("ADROOM_EXAMPLES", "80"))
_SAID = """razor morning quiet price skin beard refund shave blade minutes haus kaffee entrega barba office beans"""
WORDS = _SAID.split()
BRANDS = ("ManClub", "Lumen Coffee", "Nordlicht Yoga")
TAGS, PLATFORMS, FORMATS, LANGUAGES = ("humor", "proof"), ("FACEBOOK", "TIKTOK"), ("VIDEO", "IMAGE"), ("en", "de", "pt")
KINDS: tuple[tuple[Kind, ...], ...] = (("swipe",), ("voc",), ("swipe", "client_swipe", "voc", "document"))


@dataclass
class Tenant:
    people: People
    rows: set[UUID] = field(default_factory=set[UUID])
    brands: dict[UUID, str] = field(default_factory=dict[UUID, str])


@pytest.fixture
async def tenants(db: Database, people: People) -> list[Tenant]:
    """The same words everywhere, and brands that only one of them has."""
    random = Random(7)
    made = [Tenant(people), *[Tenant(await make_people(db, f"Tenant {n}")) for n in range(3)]]
    for number, tenant in enumerate(made):
        async with db.org(tenant.people.org_id) as conn:
            for at in range((4, 12, 30, 60)[number]):
                own = f"{random.choice(BRANDS)} {number}" if at % 2 else random.choice(BRANDS)
                await add_ad(
                    conn, tenant.people, _text(random, 12 if at % 5 else 40), brand=own, external_ad_id=f"ad-{at}",
                    platforms=random.sample(PLATFORMS, 1), display_format=random.choice(FORMATS),
                    language=random.choice(LANGUAGES), verticals=random.sample(TAGS, 1),
                    winning_score=random.random(),
                )  # fmt: skip
            await add_quotes(conn, tenant.people, *{_text(random, 9) for _ in range(20)}, rating=random.randint(1, 5))
            for table in ("company_swipe_assets", "voc_snippets", "client_swipe_assets"):
                tenant.rows |= {row[0] for row in await _all(conn, f"select id from {table}")}
            tenant.brands = {row[0]: row[1] for row in await _all(conn, "select id, name from company_swipe_brands")}
    assert not set.intersection(*(tenant.rows for tenant in made))
    return made


def names_of(tenant: Tenant) -> set[str]:
    """The words that a mistyped brand may be read as."""
    names = [name.lower().split() for name in tenant.brands.values()]
    return {word for name in names for word in (*name, "".join(name))}


def _text(random: Random, n: int) -> str:
    return " ".join(random.choices(WORDS, k=n)).capitalize() + "."


async def _all(conn: Connection, query: str) -> list[Any]:
    return await (await conn.execute(query)).fetchall()  # type: ignore[arg-type]


def _filters(random: Random, tenants: list[Tenant]) -> Filters:
    """Often with somebody else's ids: they must find nothing, not everything."""
    other = random.choice(tenants)
    maybe = lambda values: (random.choice(values),) if random.random() < 0.2 else ()  # noqa: E731
    return Filters(
        client_id=other.people.client_id if random.random() < 0.2 else None,
        platforms=maybe(PLATFORMS),
        formats=maybe(FORMATS),
        languages=maybe(LANGUAGES),
        tags=maybe(TAGS),
        brand_ids=maybe(sorted(other.brands)),
        parent_ids=tuple(random.sample(sorted(other.rows), 3)) if random.random() < 0.1 else (),
        score_from=random.random() if random.random() < 0.1 else None,
    )


def _question(random: Random) -> str:
    words = random.choices([*WORDS, "mancub", "lumn", "nordlich", "2"], k=random.randint(1, 4))
    return " ".join(words)


async def test_no_question_finds_another_organisations_row(
    db: Database, database: TestDatabase, tenants: list[Tenant], tmp_path: Path
) -> None:
    """By words, and by words and meaning together."""
    random = Random(11)
    meaning = Meaning(db, database, build(tmp_path))
    await meaning.worker.once()
    found_any = 0
    for _ in range(QUESTIONS):
        tenant, words, vector = random.choice(tenants), _question(random), None
        if random.random() < 0.5:
            caller = Caller(tenant.people.org_id, tenant.people["partner"], "partner")
            vector, _ = await meaning_of(meaning.library, caller, words)
            assert vector is not None
        async with db.org(tenant.people.org_id) as conn:
            found = await search.search(
                conn, kinds=random.choice(KINDS), words=words, filters=_filters(random, tenants),
                vector=vector, limit=random.choice((1, 10, 50)), offset=random.choice((0, 0, 5)),
            )  # fmt: skip
        assert {hit.parent_id for hit in found.hits} <= tenant.rows
        assert set(found.corrected.values()) <= names_of(tenant)
        found_any += bool(found.hits)
    assert found_any > QUESTIONS / 4


async def test_nothing_around_search_tells_of_another_organisation(db: Database, tenants: list[Tenant]) -> None:
    """Likeness, lists, facets, themes, copies and mistyped names, asked about one's own and about others' things."""
    random = Random(13)
    for _ in range(QUESTIONS // 20):
        tenant, other = random.sample(tenants, 2)
        foreign = random.choice(sorted(other.rows))
        async with db.org(tenant.people.org_id) as conn:
            alike = await search.similar(
                conn, kinds=("swipe", "voc"), parent_id=random.choice(sorted(tenant.rows)), filters=Filters()
            )
            assert {hit.parent_id for hit in alike.hits} <= tenant.rows
            assert (await search.similar(conn, kinds=KINDS[2], parent_id=foreign, filters=Filters())).hits == []
            assert await swipes.ads(conn, [foreign]) == []
            assert await voc.quotes(conn, [foreign]) == []
            page = await library.look(conn, words="", vector=None, wanted=Wanted(client_id=other.people.client_id))
            assert (page.ads, page.total) == ([], 0)
            heard = await listen(
                conn, words="price", vector=None, wanted=WantedQuotes(client_id=other.people.client_id)
            )
            assert heard.quotes == []
            assert await voc.themes(conn, other.people.client_id) == []
            facets = await swipes.facets(conn)
            assert {UUID(one.value) for one in facets if one.facet == "brands"} <= set(tenant.brands)
            assert sum(one.n for one in facets if one.facet == "formats") <= len(tenant.rows)
            meant = await brands.correct(conn, ["mancub 1", "lumn", "nordlich"])
            assert set(meant.values()) <= names_of(tenant)


async def test_a_copied_text_is_not_reported_to_another_organisation(db: Database, tenants: list[Tenant]) -> None:
    """Word for word from another's library: their ad is none of our business."""
    mine, other = tenants[0], tenants[3]
    text = "Seventeen purple badgers quietly audited the candlelit harbour before anyone noticed the marmalade."
    async with db.org(other.people.org_id) as conn:
        theirs = await add_ad(conn, other.people, text)
        assert {one.swipe_id for one in await sharing(conn, other.people.client_id, fingerprints(text))} == {theirs}
    async with db.org(mine.people.org_id) as conn:
        assert await sharing(conn, mine.people.client_id, fingerprints(text)) == []
        assert await sharing(conn, other.people.client_id, fingerprints(text)) == []
