"""What a run has made, and the runs it started: documents by what its log says, pieces by whose they are.

Of a document every version that the run wrote is listed. The order is that of making: (created_at, id).
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from knowledge.assets.queries import critics_sql
from knowledge.db import Connection, Row, fetch_all

OUTPUTS = f"""
with recursive tree as (
  select id from runs where id = %(run_id)s
  union all select child.id from runs child join tree on child.parent_id = tree.id
), made as (
  select a.id, 'document' as kind, a.type, a.key as title, a.version, a.status, a.content_hash, a.created_at,
    a.created_by as agent, null::int as words, e.run_id, a.client_id,
    null::int as content_score
  from tree join run_events e on e.run_id = tree.id and e.type = 'document'
  join artifacts a on a.id = (e.data->>'artifactId')::uuid
  union
  select s.id, 'asset', s.format, s.title, s.version, s.status, s.content_hash, s.created_at, s.agent, s.word_count,
    s.run_id, s.client_id, (s.seo->'score'->>'total')::int
  from tree join assets s on s.run_id = tree.id
)
select id, kind, type, title, version, status, content_hash, created_at, agent, words, run_id,
  content_score, case when kind = 'asset' then {critics_sql("made")} end as score
from made
where (%(kind)s::text is null or kind = %(kind)s) and (%(type)s::text is null or type = %(type)s)
  and (%(after_at)s::timestamptz is null or (created_at, id) > (%(after_at)s, %(after_id)s))
order by created_at, id limit %(limit)s
"""


class Made(Row):
    """A version of a document, or a piece. ``title``: of a document its key, empty where there is one of its type."""

    id: UUID
    kind: Literal["document", "asset"]
    type: str
    title: str
    version: int
    status: str
    content_hash: str
    created_at: datetime
    agent: str | None
    words: int | None
    run_id: UUID
    content_score: int | None
    score: Decimal | None


async def outputs_of(
    conn: Connection,
    run_id: UUID,
    *,
    kind: str | None = None,
    type: str | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> list[Made]:
    """``after`` is (created_at, id) of the last one already seen."""
    after_at, after_id = after or (None, None)
    values = {"run_id": run_id, "kind": kind, "type": type, "after_at": after_at, "after_id": after_id, "limit": limit}
    return await fetch_all(conn, Made, OUTPUTS, values)
