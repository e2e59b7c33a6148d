"""SQL over ``comments``. A document's comments are those on any of its versions."""

from typing import Any
from uuid import UUID

from knowledge.comments.models import Comment
from knowledge.db import Connection, fetch_all, fetch_one

COLUMNS = """c.id, c.org_id, c.artifact_id, c.asset_id, c.author, u.display_name as author_name, c.body, c.resolved_at,
  c.created_at, c.updated_at"""

INSERT = f"""
with c as (
  insert into comments (org_id, artifact_id, asset_id, author, body)
  values (%(org_id)s, %(artifact_id)s, %(asset_id)s, %(author)s, %(body)s) returning *
)
select {COLUMNS} from c join users u on u.id = c.author
"""

OF_DOCUMENT = f"""
select {COLUMNS} from comments c join users u on u.id = c.author
join artifacts a on a.id = c.artifact_id
join artifacts this on this.id = %(artifact_id)s and this.client_id = a.client_id
  and this.campaign_id is not distinct from a.campaign_id and this.type = a.type and this.key = a.key
order by c.created_at, c.id
"""

OF_ASSET = f"""
select {COLUMNS} from comments c join users u on u.id = c.author where c.asset_id = %(asset_id)s
order by c.created_at, c.id
"""

RESOLVE = f"""
with c as (
  update comments set resolved_at = coalesce(resolved_at, now()), updated_at = now() where id = %(id)s returning *
)
select {COLUMNS} from c join users u on u.id = c.author
"""


async def insert(conn: Connection, values: dict[str, Any]) -> Comment:
    """``values``: org_id, artifact_id or asset_id, author, body."""
    row = await fetch_one(conn, Comment, INSERT, {"artifact_id": None, "asset_id": None, **values})
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row


async def of_document(conn: Connection, artifact_id: UUID) -> list[Comment]:
    return await fetch_all(conn, Comment, OF_DOCUMENT, {"artifact_id": artifact_id})


async def of_asset(conn: Connection, asset_id: UUID) -> list[Comment]:
    return await fetch_all(conn, Comment, OF_ASSET, {"asset_id": asset_id})


async def resolve(conn: Connection, comment_id: UUID) -> Comment | None:
    return await fetch_one(conn, Comment, RESOLVE, {"id": comment_id})
