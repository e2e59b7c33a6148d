"""What a writer is given: what the documents cite and what the brief asks for comes before what is merely there."""

from uuid import uuid4

from assistant.workflows.sources import MOST_QUOTES, MOST_SWIPES, ids_in, read_material
from knowledge.db import Database
from knowledge.swipes.marking import Marks, OwnAd, add_own
from knowledge.voc import queries as voc
from tests.conftest import People
from tests.knowledge.shelves import add_quotes


async def test_a_writer_is_given_the_quotes_that_answer_the_brief_out_of_many(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        await add_quotes(conn, people, "The wick drowned twice before it burned at all.")
        await add_quotes(conn, people, *(f"Nothing much to say, number {n}." for n in range(MOST_QUOTES + 20)))
        await add_quotes(conn, people, "Named in the canon by its id.")
        [named] = [one for one in await voc.list_snippets(conn, people.client_id) if one.text.startswith("Named")]
        material = await read_material(
            conn,
            client_id=people.client_id,
            campaign_id=None,
            brief="Why a wick drowns",
            cited=[str(named.id), str(uuid4())],
        )
    said = [quote.text for quote in material.sources.voc]
    assert said[:2] == ["Named in the canon by its id.", "The wick drowned twice before it burned at all."]
    assert len(said) == MOST_QUOTES == len(set(said))


async def test_a_writer_is_given_the_examples_that_are_named_or_fit_out_of_many(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        fitting = await add_own(
            conn, people.org_id, people.client_id, OwnAd(body="Your wick is too long."), Marks(good=True)
        )
        for n in range(MOST_SWIPES + 5):
            await add_own(conn, people.org_id, people.client_id, OwnAd(body=f"Candle number {n}"), Marks(good=True))
        named = await add_own(conn, people.org_id, people.client_id, OwnAd(body="Soot, never again."), Marks(bad=True))
        material = await read_material(
            conn, client_id=people.client_id, campaign_id=None, brief="How to trim a wick", cited=[str(named)]
        )
    swipes = material.sources.swipes
    assert [swipe.id for swipe in swipes[:2]] == [str(named), str(fitting)]
    assert len(swipes) == MOST_SWIPES


async def test_another_clients_words_are_never_given_even_when_they_are_cited(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        row = await (
            await conn.execute("insert into clients (org_id, name) values (%s, 'Other') returning id", (people.org_id,))
        ).fetchone()
        assert row is not None
        await add_quotes(conn, people, "Ours.")
        [ours] = await voc.list_snippets(conn, people.client_id)
        material = await read_material(conn, client_id=row[0], campaign_id=None, brief="ours", cited=[str(ours.id)])
    assert material.sources.voc == []


def test_ids_are_found_wherever_a_document_names_them() -> None:
    one, two = str(uuid4()), str(uuid4())
    document = {"a": [{"id": one, "text": f"not {two} within words"}], "b": {"ids": [two, one]}, "c": 1}
    assert ids_in(document) == [one, two]
