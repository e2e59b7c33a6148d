"""A scratch client: made for the system's own check of itself, shown in no list, and taken away with all it holds.

What always holds: only a client that was made here can be deleted here.
"""

from uuid import UUID

from knowledge.clients.models import Client
from knowledge.clients.queries import CLIENT
from knowledge.db import Connection, fetch_one
from knowledge.ids import CampaignId, ClientId, OrgId

#: what marks it; a name that ``create_client`` would not keep, so nobody's own client is ever one
MARK = "\u2060Self-test "

# archived: in no list and no picker
MAKE = f"""
insert into clients (id, org_id, name, industry, status) values (%(id)s, %(org_id)s, %(name)s, 'e-commerce', 'archived')
on conflict (id) do update set status = excluded.status returning {CLIENT}
"""
CAMPAIGN = """
insert into campaigns (id, org_id, client_id, name, goal_description)
values (%(id)s, %(org_id)s, %(client_id)s, 'Self-test', %(goal)s) on conflict (id) do nothing
"""
# questions about its documents and pieces belong to nobody once these are gone
FORGET_QUESTIONS = """
delete from approvals where subject_id in (
  select id from artifacts where client_id = %(id)s union all select id from assets where client_id = %(id)s)
"""
DELETE = "delete from clients where id = %(id)s and starts_with(name, %(mark)s)"


async def make_scratch(conn: Connection, org_id: OrgId, id: UUID, goal: str) -> tuple[ClientId, CampaignId]:
    """The scratch client of this id with one campaign; made once, however often it is asked for."""
    values = {"id": id, "org_id": org_id, "name": f"{MARK}{id}"}
    client = await fetch_one(conn, Client, MAKE, values)
    assert client is not None  # noqa: S101 - insert … returning gives the row or raises
    campaign = CampaignId(UUID(int=id.int ^ 1))
    await conn.execute(CAMPAIGN, {"id": campaign, "org_id": org_id, "client_id": client.id, "goal": goal})
    return client.id, campaign


async def take_away(conn: Connection, client_id: UUID) -> bool:
    """Delete the scratch client and everything of it; False when there is none of this id."""
    name = await (await conn.execute("select name from clients where id = %(id)s", {"id": client_id})).fetchone()
    if name is None or not str(name[0]).startswith(MARK):
        return False
    await conn.execute(FORGET_QUESTIONS, {"id": client_id})
    await conn.execute(DELETE, {"id": client_id, "mark": MARK})
    return True
