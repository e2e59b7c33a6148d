"""Making and finding clients and campaigns. A name is used once, whatever its case."""

from uuid import UUID

from knowledge.clients import queries
from knowledge.clients.models import Campaign, Client
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.ids import OrgId
from knowledge.plain_text import storable

LONGEST_NAME = 200


async def create_client(
    conn: Connection, org_id: OrgId, name: str, industry: str | None = None, website: str | None = None
) -> Client:
    """Raises Invalid (a name that cannot be one), Conflict (the name is taken)."""
    values = {"org_id": org_id, "name": clean_name(name), "industry": _kept(industry), "website": _kept(website)}
    client = await queries.insert_client(conn, values)
    if client is None:
        raise Conflict(f"There is a client called “{values['name']}” already.")
    return client


async def get_client(conn: Connection, client_id: UUID) -> Client:
    client = await queries.get_client(conn, client_id)
    if client is None:
        raise NotFound("That client does not exist, or not for you.")
    return client


async def create_campaign(
    conn: Connection,
    org_id: OrgId,
    client_id: UUID,
    name: str,
    goal: str | None = None,
    objective: str | None = None,
) -> Campaign:
    """Raises Invalid, NotFound (client), Conflict (the client has a campaign of this name)."""
    await get_client(conn, client_id)
    values = {
        "org_id": org_id,
        "client_id": client_id,
        "name": clean_name(name),
        "goal_description": _kept(goal),
        "objective_type": objective,
    }
    campaign = await queries.insert_campaign(conn, values)
    if campaign is None:
        raise Conflict(f"There is a campaign called “{values['name']}” already.")
    return campaign


async def get_campaign(conn: Connection, campaign_id: UUID) -> Campaign:
    campaign = await queries.get_campaign(conn, campaign_id)
    if campaign is None:
        raise NotFound("That campaign does not exist, or not for you.")
    return campaign


def clean_name(name: str) -> str:
    """The name with its white space tidied; raises Invalid when nothing or too much is left."""
    cleaned = " ".join(storable(name).split())
    if not cleaned:
        raise Invalid(fields={"name": "give it a name"})
    if len(cleaned) > LONGEST_NAME:
        raise Invalid(fields={"name": f"at most {LONGEST_NAME} characters, this has {len(cleaned):,}"})
    return cleaned


def _kept(text: str | None) -> str | None:
    """The text as it can be stored; None when nothing is left of it."""
    return (storable(text).strip() or None) if text else None
