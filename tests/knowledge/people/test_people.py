"""Keys for programs, and who is found where."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest

from knowledge.db import Database
from knowledge.ids import OrgId, UserId
from knowledge.people import api_keys, queries
from tests.conftest import ROLES, People, TestDatabase, make_people


async def test_a_key_opens_its_own_organisation_as_its_user(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        key = await api_keys.create_key(conn, people.org_id, people["data"], "reports", ["artifacts:read"])
        used = await api_keys.use_key(conn, key)
    assert api_keys.org_of(key) == people.org_id
    assert used is not None
    assert (used.user_id, used.role, used.scopes) == (people["data"], "data", ["artifacts:read"])


async def test_only_the_hash_of_a_key_is_stored(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        key = await api_keys.create_key(conn, people.org_id, people["data"], "reports", [])
        row = await (await conn.execute("select to_json(k)::text from api_keys k")).fetchone()
    assert row is not None
    assert key not in row[0] and key.rsplit("_", 1)[1] not in row[0]


async def test_a_key_of_another_organisation_a_revoked_and_a_made_up_one_open_nothing(
    db: Database, people: People
) -> None:
    async with db.org(people.org_id) as conn:
        key = await api_keys.create_key(conn, people.org_id, people["data"], "reports", [])
    strangers = await make_people(db, "Strangers")
    async with db.org(strangers.org_id) as conn:
        assert await api_keys.use_key(conn, key) is None
    async with db.org(people.org_id) as conn:
        assert await api_keys.use_key(conn, key[:-1]) is None
        await conn.execute("update api_keys set revoked_at = now()")
        assert await api_keys.use_key(conn, key) is None


@pytest.mark.parametrize(
    "text", ["", "adr_", "adr_x_y", f"adr_{UUID(int=7).hex}", f"adr_{UUID(int=7).hex}_", "sk-123", "adr__x"]
)
def test_what_is_no_key_names_no_organisation(text: str) -> None:
    assert api_keys.org_of(text) is None


async def test_a_busy_key_is_written_down_once_a_minute(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        key = await api_keys.create_key(conn, people.org_id, people["data"], "reports", [])
    for _ in range(3):
        async with db.org(people.org_id) as conn:
            used = await api_keys.use_key(conn, key)
    async with db.org(people.org_id) as conn:
        row = await (await conn.execute("select last_used_at, xmin::text from api_keys")).fetchone()
        again = await api_keys.use_key(conn, key)
        same = await (await conn.execute("select last_used_at, xmin::text from api_keys")).fetchone()
    assert used is not None and again is not None and again.last_used_at is not None
    assert row == same


async def test_an_organisation_and_its_user_are_made_once(db: Database) -> None:
    org_id, user_id = OrgId(uuid4()), UserId(uuid4())
    user: dict[str, object] = {
        "id": user_id,
        "org_id": org_id,
        "external_id": "local",
        "email": "you@localhost",
        "display_name": "You",
        "role": "partner",
    }

    async def ensure() -> None:
        async with db.org(org_id) as conn:
            await queries.ensure_org(conn, org_id, "Agency")
            await queries.ensure_user(conn, {**user, "id": uuid4()} if made else user)

    made: list[bool] = []
    await ensure()
    made.append(True)
    await asyncio.gather(*(ensure() for _ in range(4)))
    async with db.org(org_id) as conn:
        assert [found.id for found in await queries.list_users(conn)] == [user_id]
        found = await queries.find_user(conn, "local")
    assert found is not None and found.id == user_id


async def test_an_address_belongs_to_one_person_whatever_its_case(db: Database, people: People) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with db.org(people.org_id) as conn:
            values = {"id": uuid4(), "org_id": people.org_id, "external_id": "new", "email": "OPS@example.com"}
            await queries.ensure_user(conn, {**values, "display_name": "Ops again", "role": "ops"})


async def test_people_are_found_by_role(db: Database, people: People) -> None:
    async with db.org(people.org_id) as conn:
        found = await queries.users_with_roles(conn, ["legal", "ops"])
        assert {user.role for user in await queries.list_users(conn)} == set(ROLES)
    assert [user.role for user in found] == ["legal", "ops"]


async def test_start_up_work_sees_every_organisation(db: Database, people: People, database: TestDatabase) -> None:
    other = await make_people(db, "Other")
    assert set(await queries.list_orgs(database.owner_url)) == {people.org_id, other.org_id}
