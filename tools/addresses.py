"""Addresses of pages: people name them, and their programs. An agent only passes on what the person wrote, because an
address may carry what was read elsewhere out of the house."""

from collections.abc import Sequence

from knowledge.db import Connection
from knowledge.errors import Invalid
from knowledge.sessions import queries as sessions
from tools.spec import ToolContext

LONGEST = 2_000


async def check_named(conn: Connection, context: ToolContext, urls: Sequence[str], field: str = "urls") -> None:
    """Raises Invalid (``field``) for what is no address, or for one that an agent made up."""
    for url in urls:
        if not url.strip().lower().startswith(("http://", "https://")) or len(url) > LONGEST:
            raise Invalid(fields={field: f"‘{url[:80]}’ is no address; it begins with http:// or https://"})
        if not context.caller.by_person and not await _was_written(conn, context, url):
            raise Invalid(fields={field: f"the person did not write {url[:80]}; ask them for the address"})


async def _was_written(conn: Connection, context: ToolContext, url: str) -> bool:
    session_id = context.caller.session_id
    return session_id is not None and await sessions.was_said(conn, session_id, url.strip())
