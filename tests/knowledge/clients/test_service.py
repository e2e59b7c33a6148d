"""Clients and campaigns: a name is used once, whatever its case, and only inside its organisation."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from knowledge.clients import queries
from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.errors import Conflict, Invalid, NotFound
from tests.conftest import People, make_people
from tests.knowledge.desk import Desk


async def create(db: Database, people: People, name: str, **more: Any) -> Any:
    async with db.org(people.org_id) as conn:
        return await clients.create_client(conn, people.org_id, name, **more)


async def test_a_name_is_tidied_and_taken_once_whatever_its_case(db: Database, people: People) -> None:
    assert (await create(db, people, "  Lumen \n Candles\x00 ")).name == "Lumen Candles"
    with pytest.raises(Conflict, match="There is a client called “LUMEN candles” already"):
        await create(db, people, "LUMEN candles")
    strangers = await make_people(db, "Strangers")
    assert (await create(db, strangers, "Lumen Candles")).org_id == strangers.org_id


async def test_of_many_who_create_the_same_client_at_once_one_does(db: Database, people: People) -> None:
    results = await asyncio.gather(*(create(db, people, "Lumen") for _ in range(6)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Client"] + ["Conflict"] * 5


@pytest.mark.parametrize("name", ["", " \t\n", "\x00", "x" * 201, "x" * 10_000])
async def test_a_name_that_cannot_be_one_is_refused(db: Database, people: People, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        await create(db, people, name)
    assert set(refused.value.fields) == {"name"}
    assert len(refused.value.message) < 100


async def test_markup_in_a_name_is_kept_as_text(db: Database, people: People) -> None:
    name = "<script>alert('x')</script> & “Söhne” 🕯"
    made = await create(db, people, name, industry="a\x00b", website="\x00")
    assert (made.name, made.industry, made.website) == (name, "ab", None)


async def test_an_archived_clients_name_is_free_again(db: Database, people: People) -> None:
    first = await create(db, people, "Lumen")
    async with db.org(people.org_id) as conn:
        await conn.execute("update clients set status = 'archived' where id = %s", (first.id,))
    second = await create(db, people, "lumen")
    async with db.org(people.org_id) as conn:
        assert await queries.find_client(conn, "LUMEN") == second
        assert first.id not in {client.id for client in await queries.list_clients(conn)}


async def test_campaign_names_are_taken_once_a_client(desk: Desk, db: Database) -> None:
    org_id = desk.people.org_id
    other = await create(db, desk.people, "Other")
    async with db.org(org_id) as conn:
        with pytest.raises(Conflict, match="There is a campaign called “SPRING” already"):
            await clients.create_campaign(conn, org_id, desk.client_id, "SPRING")
        made = await clients.create_campaign(conn, org_id, other.id, "Spring", "Sell\x00 more", "sales")
        assert (made.goal_description, made.objective_type, made.status) == ("Sell more", "sales", "draft")
        assert await queries.find_campaign(conn, other.id, "spring") == made


async def test_planning_begins_once_and_a_running_campaign_is_left_alone(desk: Desk, db: Database) -> None:
    async with db.org(desk.people.org_id) as conn:
        planned = await queries.move_to_planning(conn, desk.campaign_id, "Grow")
        assert planned is not None and (planned.status, planned.goal_description) == ("planning", "Grow")
        again = await queries.move_to_planning(conn, desk.campaign_id, None)
        assert again is not None and again.goal_description == "Grow"
        await conn.execute("update campaigns set status = 'running' where id = %s", (desk.campaign_id,))
        assert await queries.move_to_planning(conn, desk.campaign_id, "Other") is None


async def test_clients_and_campaigns_of_another_organisation_do_not_exist(desk: Desk, db: Database) -> None:
    strangers = await make_people(db, "Strangers")
    async with db.org(strangers.org_id) as conn:
        for work in (
            clients.get_client(conn, desk.client_id),
            clients.get_campaign(conn, desk.campaign_id),
            clients.get_campaign(conn, uuid4()),
            clients.create_campaign(conn, strangers.org_id, desk.client_id, "Mine"),
        ):
            with pytest.raises(NotFound):
                await work
        assert await queries.list_campaigns(conn) == []


async def test_offers_are_replaced_as_a_whole(desk: Desk, db: Database) -> None:
    def offer(name: str) -> dict[str, Any]:
        return {"name": name, "description": None, "bullets": ["Refilled"]}

    async with db.org(desk.people.org_id) as conn:
        await queries.replace_offers(conn, desk.people.org_id, desk.client_id, [offer("A"), offer("B")])
        await queries.replace_offers(conn, desk.people.org_id, desk.client_id, [offer("C")])
    assert await desk.count("select count(*) from product_offers where name = 'C'") == 1
    assert await desk.count("select count(*) from product_offers") == 1
