"""Keys for programs: ``adr_<organisation>_<secret>``. Only the SHA-256 of a key is ever stored.

The organisation stands in the clear part, so that a key is looked up inside that organisation's scope and nowhere
else. The secret is 256 random bits, so a plain hash is enough: there is nothing to guess.
"""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from knowledge.db import Connection, Row, fetch_one
from knowledge.ids import OrgId, UserId

PREFIX = "adr_"

INSERT = """
insert into api_keys (org_id, user_id, name, key_hash, scopes)
values (%(org_id)s, %(user_id)s, %(name)s, %(key_hash)s, %(scopes)s)
"""
# One write a minute at most: a busy client must not make a row version a request.
TOUCH = """
update api_keys set last_used_at = now()
where id = %(id)s and (last_used_at is null or last_used_at < now() - interval '1 minute')
"""
FIND = """
select k.id, k.org_id, k.user_id, k.scopes, k.last_used_at, k.revoked_at, u.role
from api_keys k join users u on u.id = k.user_id where k.key_hash = %(key_hash)s and k.revoked_at is null
"""


class ApiKey(Row):
    """A key that may be used, and the role of the user it acts for."""

    id: UUID
    org_id: OrgId
    user_id: UserId
    scopes: list[str]
    last_used_at: datetime | None
    revoked_at: datetime | None
    role: str


def org_of(key: str) -> OrgId | None:
    """The organisation a key names, or None when this is no key of ours."""
    parts = key.removeprefix(PREFIX).split("_", 1)
    if not key.startswith(PREFIX) or len(parts) != 2 or not parts[1]:
        return None
    try:
        return OrgId(UUID(hex=parts[0]))
    except ValueError:
        return None


async def create_key(conn: Connection, org_id: OrgId, user_id: UserId, name: str, scopes: list[str]) -> str:
    """Make a key and return it: the only time anybody sees it."""
    key = f"{PREFIX}{org_id.hex}_{secrets.token_urlsafe(32)}"
    values = {"org_id": org_id, "user_id": user_id, "name": name, "scopes": scopes}
    await conn.execute(INSERT, {**values, "key_hash": _hash(key)})
    return key


async def use_key(conn: Connection, key: str) -> ApiKey | None:
    """The key's row with its use noted; None for a key that does not exist or was revoked."""
    found = await fetch_one(conn, ApiKey, FIND, {"key_hash": _hash(key)})
    if found is not None:
        await conn.execute(TOUCH, {"id": found.id})
    return found


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
