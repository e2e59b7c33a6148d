"""Who sits in front of the chat.

On loopback there is one local user and no login. Anywhere else a password is asked for (settings refuse to start
without one). Chainlit's cookie then says who it is; this is the only place that reads it.
"""

import hmac
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from chainlit.auth.cookie import get_token_from_cookies
from chainlit.auth.jwt import decode_jwt
from chainlit.user import User as ChatUser
from jwt import InvalidTokenError
from starlette.requests import HTTPConnection

from assistant.settings import Settings
from knowledge.db import Database
from knowledge.errors import Denied
from knowledge.ids import OrgId, UserId
from knowledge.people import queries
from knowledge.people.models import Caller, Via

LOCAL_ORG = OrgId(uuid5(NAMESPACE_URL, "adroom:local-org"))
LOCAL_USER = UserId(uuid5(NAMESPACE_URL, "adroom:local-user"))
EXTERNAL_ID = "local"


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


def password_fits(settings: Settings, given: str) -> bool:
    return settings.password is not None and hmac.compare_digest(settings.password.encode(), given.encode())


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
