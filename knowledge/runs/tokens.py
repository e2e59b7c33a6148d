"""Client tokens: a run that a program started with one answers to nobody else's program.

What always holds: only the SHA-256 of a token is stored; a run started by a guarded run is guarded with it. Whoever
decides for such a run, stops it, ends it or takes it up again has its token, or is entitled: one of the house
(``OVERSEERS``), or a person at the chat or in Slack, whose role is looked at where they decide.
"""

import hashlib
import hmac
from uuid import UUID

from knowledge.db import Connection
from knowledge.errors import Denied
from knowledge.people.models import Caller

#: the roles that may always step in
OVERSEERS = frozenset({"partner", "ops", "admin"})

# the run's own, or that of the nearest run it was started by
FIND_HASH = """
with recursive line as (
  select id, parent_id, client_token_hash, 0 as far from runs where id = %(id)s
  union all select up.id, up.parent_id, up.client_token_hash, line.far + 1
  from runs up join line on up.id = line.parent_id
)
select client_token_hash from line where client_token_hash is not null order by far limit 1
"""


def token_hash(token: str | None) -> str | None:
    """What is stored of a token; None for none."""
    return None if token is None else hashlib.sha256(token.encode()).hexdigest()


async def check_token(conn: Connection, caller: Caller, run_id: UUID) -> None:
    """Raises Denied for a program that neither has the run's token nor acts for one of ``OVERSEERS``."""
    if caller.via != "api" or caller.role in OVERSEERS:
        return
    row = await (await conn.execute(FIND_HASH, {"id": run_id})).fetchone()
    if row is None:
        return
    given = token_hash(caller.client_token) or ""
    if not hmac.compare_digest(str(row[0]), given):
        raise Denied("This run was started with a client token: send the same one in X-Client-Token.")
