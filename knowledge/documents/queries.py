"""SQL over ``documents``. The same text brought twice is kept once."""

from typing import Any
from uuid import UUID

from knowledge.db import Connection, fetch_all, fetch_one
from knowledge.documents.models import BroughtDocument, DocumentTitle

COLUMNS = "id, org_id, client_id, kind, title, uri, text, content_hash, storage_key, created_at"
GET = f"select {COLUMNS} from documents where id = %(id)s"
LIST = """
select id, kind, title, char_length(text) as characters, created_at from documents
where client_id = %(client_id)s order by created_at desc, id desc limit %(limit)s
"""
KEEP = f"""
insert into documents (org_id, client_id, kind, title, text, content_hash)
values (%(org_id)s, %(client_id)s, %(kind)s, %(title)s, %(text)s,
        encode(sha256(convert_to(%(text)s, 'UTF8')), 'hex'))
on conflict (org_id, client_id, content_hash) do update set title = excluded.title
returning {COLUMNS}
"""


async def get(conn: Connection, document_id: UUID) -> BroughtDocument | None:
    return await fetch_one(conn, BroughtDocument, GET, {"id": document_id})


async def list_titles(conn: Connection, client_id: UUID, limit: int = 50) -> list[DocumentTitle]:
    return await fetch_all(conn, DocumentTitle, LIST, {"client_id": client_id, "limit": limit})


async def keep(conn: Connection, values: dict[str, Any]) -> BroughtDocument:
    """``values``: org_id, client_id, kind, title, text."""
    row = await fetch_one(conn, BroughtDocument, KEEP, values)
    assert row is not None  # noqa: S101 - an upsert gives the row or raises
    return row
