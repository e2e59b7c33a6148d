"""Who sits in front of the chat.

On loopback there is one local user and no login. Anywhere else a password is asked for (settings refuse to start
without one). Chainlit's cookie then says who it is; this is the only place that reads it.
"""

import asyncio
import hmac
import time
from collections import deque
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from chainlit.auth.cookie import get_token_from_cookies
from chainlit.auth.jwt import decode_jwt
from chainlit.user import User as ChatUser
from jwt import InvalidTokenError
from starlette.requests import HTTPConnection

from knowledge.db import Connection, Database
from knowledge.errors import Denied
from knowledge.ids import OrgId, UserId
from knowledge.people import queries
from knowledge.people.models import Caller, Via

LOCAL_ORG = OrgId(uuid5(NAMESPACE_URL, "adroom:local-org"))
LOCAL_USER = UserId(uuid5(NAMESPACE_URL, "adroom:local-user"))
EXTERNAL_ID = "local"
MOST_GUESSES = 10
SHUT_SECONDS = 300


async def ensure_local_user(db: Database) -> None:
    """The organisation and the user that a fresh installation starts with."""
    async with db.org(LOCAL_ORG) as conn:
        await queries.ensure_org(conn, LOCAL_ORG, "My team")
        await queries.ensure_user(
            conn,
            {
                "id": LOCAL_USER,
                "org_id": LOCAL_ORG,
                "external_id": EXTERNAL_ID,
                "email": "local@localhost",
                "display_name": "You",
                "role": "admin",
            },
        )


def chat_user() -> ChatUser:
    return ChatUser(identifier=str(LOCAL_USER), display_name="You", metadata={"org": str(LOCAL_ORG)})


@dataclass
class PasswordDoor:
    """Lets in who knows the password. Guessing is slow: a wrong one takes a second, and after ten the door stays shut
    until five minutes have passed."""

    password: str | None
    _wrong: deque[float] = field(default_factory=lambda: deque[float](maxlen=MOST_GUESSES))

    async def opens(self, given: str) -> bool:
        now = time.monotonic()
        if len(self._wrong) == MOST_GUESSES and now - self._wrong[0] < SHUT_SECONDS:
            return False
        if self.password is not None and hmac.compare_digest(self.password.encode(), given.encode()):
            self._wrong.clear()
            return True
        self._wrong.append(now)
        await asyncio.sleep(1)
        return False


def user_of_cookie(request: HTTPConnection) -> UUID | None:
    """The user whose chat cookie came with this request; None without one or with one that is not ours."""
    token = get_token_from_cookies(dict(request.cookies))
    if not token:
        return None
    try:
        return UUID(decode_jwt(token).identifier)
    except (InvalidTokenError, ValueError, TypeError):
        return None


async def caller_of(db: Database, user_id: UUID, via: Via = "chat") -> Caller:
    """The user as they are now: a role changed meanwhile counts at once. Raises Denied for one who is gone."""
    async with db.org(LOCAL_ORG) as conn:
        return await caller_in(conn, user_id, via)


async def caller_in(conn: Connection, user_id: UUID, via: Via = "chat") -> Caller:
    """The same, in a transaction of the team's that is open already."""
    user = await queries.get_user(conn, user_id)
    if user is None:
        raise Denied("You are not a member of this team any more.")
    return Caller(org_id=user.org_id, user_id=user.id, role=user.role, via=via)


@dataclass(frozen=True)
class LocalIdentity:
    """What the API asks about people (assistant/api/ports.py)."""

    db: Database

    def user_of_cookie(self, request: HTTPConnection) -> UUID | None:
        return user_of_cookie(request)

    async def caller_of(self, user_id: UUID, via: Via) -> Caller:
        return await caller_of(self.db, user_id, via)

    def local_user(self) -> UUID:
        return LOCAL_USER
