"""A model behind an endpoint: vectors of the size asked for, paid for like any call, refused calls cost nothing."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from openai import AsyncOpenAI

from assistant.embedding.hosted import HostedEmbedder
from assistant.embedding.prices import published_price
from assistant.embedding.room import EmbeddingRoom
from assistant.embedding.settings import EmbeddingSettings
from assistant.embedding.worker import Embedding
from assistant.library import HouseLibrary
from knowledge.db import Database
from knowledge.errors import AdroomError, BudgetExceeded
from knowledge.money import service as money
from knowledge.money.models import ScopeKeys
from knowledge.people.models import Caller
from tests.conftest import People, TestDatabase
from tests.knowledge.search.shelf import Shelf
from tests.model_server import ModelServer
from tools.meaning import meaning_of

NAME = "text-embedding-3-small"


class Hosted:
    def __init__(self, db: Database, database: TestDatabase, server: ModelServer) -> None:
        client = AsyncOpenAI(api_key=server.key, base_url=server.base_url, max_retries=0)
        settings = EmbeddingSettings(name=NAME, dimensions=96, price=published_price(NAME))
        self.room = EmbeddingRoom(settings, db, client)
        self.worker = Embedding(db, database.owner_url, self.room)
        self.library = HouseLibrary(db, self.room)


@pytest.fixture
async def hosted(db: Database, database: TestDatabase, people: People, model_server: ModelServer) -> Hosted:
    shelf = Shelf(db, people)
    await shelf.put(one="A razor for quiet mornings", two="The office coffee is not the problem")
    return Hosted(db, database, model_server)


async def ledger(db: Database, people: People) -> list[tuple[Any, ...]]:
    async with db.org(people.org_id) as conn:
        query = "select model, agent, input_tokens, cost from usage_ledger order by created_at, id"
        return await (await conn.execute(query)).fetchall()


async def held(db: Database, people: People) -> Decimal:
    async with db.org(people.org_id) as conn:
        return sum((one.reserved for one in await money.standings(conn, ScopeKeys(people.org_id))), Decimal(0))


async def test_passages_and_questions_are_paid_for_by_their_tokens(
    hosted: Hosted,
    db: Database,
    people: People,
    model_server: ModelServer,
) -> None:
    assert await hosted.worker.once() == 2
    assert len(model_server.embedded) == 1, "one call for both"
    caller = Caller(people.org_id, people["partner"], "partner")
    for _ in range(3):
        vector, why = await meaning_of(hosted.library, caller, "razor mornings")
        assert vector is not None and why is None and len(vector.values) == 96
        assert sum(value * value for value in vector.values) == pytest.approx(1.0)
    assert await ledger(db, people) == [
        (NAME, "library", 12, Decimal("0.02") * 12 / 1_000_000), (NAME, "library", 2, Decimal("0.02") * 2 / 1_000_000),
    ], "a question that was asked before costs nothing"  # fmt: skip
    assert await held(db, people) == 0


async def test_a_budget_that_is_used_up_leaves_search_by_words_and_says_so(
    hosted: Hosted,
    db: Database,
    people: People,
    model_server: ModelServer,
) -> None:
    await hosted.worker.once()
    async with db.org(people.org_id) as conn:
        keys = ScopeKeys(people.org_id, people["partner"])
        await money.ensure_limit(conn, keys, "user", people["partner"], Decimal(0))
    before = len(model_server.embedded)
    vector, why = await meaning_of(hosted.library, Caller(people.org_id, people["partner"], "partner"), "razor")
    assert vector is None and why is not None and why.startswith("Only words are searched")
    assert len(model_server.embedded) == before, "nothing was sent"


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_an_endpoint_that_refuses_costs_nothing_and_search_says_why(
    hosted: Hosted,
    db: Database,
    people: People,
    model_server: ModelServer,
    status: int,
) -> None:
    await hosted.worker.once()
    spent = await ledger(db, people)
    model_server.embedding_fault = status
    vector, why = await meaning_of(hosted.library, Caller(people.org_id, people["partner"], "partner"), "razor")
    assert vector is None and why is not None and "did not answer" in why
    assert await held(db, people) == 0
    if status != 500:
        assert await ledger(db, people) == spent
    vector, _ = await meaning_of(hosted.library, Caller(people.org_id, people["partner"], "partner"), "razor")
    assert vector is not None, "the next question is asked again"


async def test_the_worker_stops_at_a_used_up_budget_and_goes_on_when_it_is_raised(
    hosted: Hosted, db: Database, people: People
) -> None:
    keys = ScopeKeys(people.org_id)
    async with db.org(people.org_id) as conn:
        await money.ensure_limit(conn, keys, "org", people.org_id, Decimal(0))
    with pytest.raises(BudgetExceeded):
        await hosted.worker.once()
    assert await ledger(db, people) == []
    async with db.org(people.org_id) as conn:
        await money.set_limit(conn, keys, "org", people.org_id, Decimal(1))
    assert await hosted.worker.once() == 2


async def test_what_was_paid_for_is_there_even_when_the_process_dies_right_after(
    hosted: Hosted, db: Database, database: TestDatabase, people: People, model_server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    whole = HostedEmbedder._paid

    async def dies(*given: Any) -> Any:
        await whole(*given)
        raise asyncio.CancelledError

    monkeypatch.setattr(HostedEmbedder, "_paid", dies)
    with pytest.raises(asyncio.CancelledError):
        await hosted.worker.once()
    monkeypatch.setattr(HostedEmbedder, "_paid", whole)
    assert await Hosted(db, database, model_server).worker.once() == 0
    assert len(model_server.embedded) == 1, "nothing was bought twice"
    assert len(await ledger(db, people)) == 1


def test_an_unknown_models_price_is_unknown() -> None:
    assert published_price("somebody's") is None
    assert issubclass(BudgetExceeded, AdroomError)
