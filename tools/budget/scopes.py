"""Which budget is meant, checked to be of this organisation."""

from dataclasses import replace
from uuid import UUID

from knowledge.db import Connection
from knowledge.errors import NotFound
from knowledge.ids import RunId, SessionId, UserId
from knowledge.money.models import Scope, ScopeKeys
from knowledge.people.models import Caller
from knowledge.people.queries import get_user
from knowledge.runs.queries import find_run
from knowledge.sessions import queries as sessions
from tools.budget.view import keys_of


async def check_scope_exists(conn: Connection, caller: Caller, scope: Scope, scope_id: UUID) -> None:
    """Raises NotFound for a run, conversation or user that is not there, and for any organisation but the caller's."""
    match scope:
        case "org":
            found = scope_id == caller.org_id
        case "user":
            found = await get_user(conn, scope_id) is not None
        case "session":
            found = await sessions.get(conn, scope_id) is not None
        case "run":
            found = await find_run(conn, scope_id) is not None
    if not found:
        raise NotFound("That budget does not exist, or not for you.")


def keys_for(caller: Caller, scope: Scope, scope_id: UUID) -> ScopeKeys:
    """The caller's own keys, with the scope asked for in its place."""
    keys = keys_of(caller)
    match scope:
        case "org":
            return keys
        case "user":
            return replace(keys, user_id=UserId(scope_id))
        case "session":
            return replace(keys, session_id=SessionId(scope_id))
        case "run":
            return replace(keys, run_id=RunId(scope_id))
