"""SQL over ``clients`` and ``campaigns``."""

from typing import Any
from uuid import UUID

from knowledge.clients.models import Campaign, Client
from knowledge.db import Connection, fetch_all, fetch_one

CLIENT = "id, org_id, name, industry, website, primary_markets, primary_languages, timezone, status, created_at"
GET_CLIENT = f"select {CLIENT} from clients where id = %(id)s"
FIND_CLIENT = f"select {CLIENT} from clients where lower(name) = lower(%(name)s) and status <> 'archived'"
LIST_CLIENTS = f"select {CLIENT} from clients where status <> 'archived' order by lower(name), id"
INSERT_CLIENT = f"""
insert into clients (org_id, name, industry, website) values (%(org_id)s, %(name)s, %(industry)s, %(website)s)
on conflict (org_id, lower(name)) where status <> 'archived' do nothing
returning {CLIENT}
"""
# what the approved intake and canon say of a client, kept beside it for lists and filters
DENORMALISE = """
update clients set industry = coalesce(%(industry)s, industry), website = coalesce(%(website)s, website),
  primary_markets = %(markets)s, primary_languages = %(languages)s, timezone = coalesce(%(timezone)s, timezone)
where id = %(id)s
"""
DELETE_OFFERS = "delete from product_offers where client_id = %(client_id)s"
INSERT_OFFER = """
insert into product_offers (org_id, client_id, name, description, differentiation_bullets)
values (%(org_id)s, %(client_id)s, %(name)s, %(description)s, %(bullets)s)
"""

CAMPAIGN = """id, org_id, client_id, name, status, goal_description, objective_type, numeric_target, baseline,
  timeframe_days, budget_min, budget_max, starts_on, ends_on, created_at"""
GET_CAMPAIGN = f"select {CAMPAIGN} from campaigns where id = %(id)s"
FIND_CAMPAIGN = f"""
select {CAMPAIGN} from campaigns
where client_id = %(client_id)s and lower(name) = lower(%(name)s) and status <> 'cancelled'
"""
LIST_CAMPAIGNS = f"""
select {CAMPAIGN} from campaigns where (%(client_id)s::uuid is null or client_id = %(client_id)s)
order by created_at desc, id desc limit 500
"""
INSERT_CAMPAIGN = f"""
insert into campaigns (org_id, client_id, name, goal_description, objective_type)
values (%(org_id)s, %(client_id)s, %(name)s, %(goal_description)s, %(objective_type)s)
on conflict (org_id, client_id, lower(name)) where status <> 'cancelled' do nothing
returning {CAMPAIGN}
"""
TO_PLANNING = f"""
update campaigns set status = 'planning', goal_description = coalesce(%(goal)s, goal_description)
where id = %(id)s and status in ('draft', 'planning') returning {CAMPAIGN}
"""


async def get_client(conn: Connection, client_id: UUID) -> Client | None:
    return await fetch_one(conn, Client, GET_CLIENT, {"id": client_id})


async def find_client(conn: Connection, name: str) -> Client | None:
    return await fetch_one(conn, Client, FIND_CLIENT, {"name": name})


async def list_clients(conn: Connection) -> list[Client]:
    return await fetch_all(conn, Client, LIST_CLIENTS, {})


async def insert_client(conn: Connection, values: dict[str, Any]) -> Client | None:
    """None when a client of this name is there already."""
    return await fetch_one(conn, Client, INSERT_CLIENT, values)


async def denormalise(conn: Connection, values: dict[str, Any]) -> None:
    await conn.execute(DENORMALISE, values)


async def replace_offers(conn: Connection, org_id: UUID, client_id: UUID, offers: list[dict[str, Any]]) -> None:
    """``offers``: name, description, bullets."""
    await conn.execute(DELETE_OFFERS, {"client_id": client_id})
    for offer in offers:
        await conn.execute(INSERT_OFFER, {"org_id": org_id, "client_id": client_id, **offer})


async def get_campaign(conn: Connection, campaign_id: UUID) -> Campaign | None:
    return await fetch_one(conn, Campaign, GET_CAMPAIGN, {"id": campaign_id})


async def find_campaign(conn: Connection, client_id: UUID, name: str) -> Campaign | None:
    return await fetch_one(conn, Campaign, FIND_CAMPAIGN, {"client_id": client_id, "name": name})


async def list_campaigns(conn: Connection, client_id: UUID | None = None) -> list[Campaign]:
    return await fetch_all(conn, Campaign, LIST_CAMPAIGNS, {"client_id": client_id})


async def insert_campaign(conn: Connection, values: dict[str, Any]) -> Campaign | None:
    """None when the client has a campaign of this name already."""
    return await fetch_one(conn, Campaign, INSERT_CAMPAIGN, values)


async def move_to_planning(conn: Connection, campaign_id: UUID, goal: str | None) -> Campaign | None:
    return await fetch_one(conn, Campaign, TO_PLANNING, {"id": campaign_id, "goal": goal})
