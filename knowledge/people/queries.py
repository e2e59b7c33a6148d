"""SQL over ``orgs`` and ``users``."""

from uuid import UUID

import psycopg

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.ids import OrgId
from knowledge.people.models import User

USER = "id, org_id, external_id, email, display_name, role, created_at"
GET = f"select {USER} from users where id = %(id)s"
FIND_BY_EXTERNAL_ID = f"select {USER} from users where external_id = %(external_id)s"
LIST = f"select {USER} from users order by display_name, id"
BY_ROLES = f"select {USER} from users where role = any(%(roles)s) order by display_name, id"
ENSURE_ORG = "insert into orgs (id, name) values (%(id)s, %(name)s) on conflict (id) do nothing"
ENSURE_USER = """
insert into users (id, org_id, external_id, email, display_name, role)
values (%(id)s, %(org_id)s, %(external_id)s, %(email)s, %(display_name)s, %(role)s)
on conflict (org_id, external_id) do nothing
"""


async def get_user(conn: Connection, user_id: UUID) -> User | None:
    return await fetch_one(conn, User, GET, {"id": user_id})


async def find_user(conn: Connection, external_id: str) -> User | None:
    return await fetch_one(conn, User, FIND_BY_EXTERNAL_ID, {"external_id": external_id})


async def list_users(conn: Connection) -> list[User]:
    return await fetch_all(conn, User, LIST, {})


async def users_with_roles(conn: Connection, roles: list[str]) -> list[User]:
    return await fetch_all(conn, User, BY_ROLES, {"roles": roles})


async def ensure_org(conn: Connection, org_id: OrgId, name: str) -> None:
    await conn.execute(ENSURE_ORG, {"id": org_id, "name": name})


async def ensure_user(conn: Connection, user: dict[str, object]) -> None:
    """``user``: id, org_id, external_id, email, display_name, role; left as it is when it is there already."""
    await conn.execute(ENSURE_USER, user)


async def list_orgs(owner_url: str) -> list[OrgId]:
    """Every organisation; the database's owner may see them all, the application may not."""
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as conn:
        rows = await (await conn.execute("select id from orgs order by id")).fetchall()
    return [OrgId(row[0]) for row in rows]
