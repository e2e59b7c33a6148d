"""SQL over ``approvals``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.approvals.models import Approval, SubjectType
from knowledge.db import Connection, Database, fetch_all, fetch_one
from knowledge.ids import OrgId

COLUMNS = """id, org_id, run_id, gate, subject_type, subject_id, subject_version, subject_hash, requested_at,
  expires_at, decision, decided_by, decided_at, decided_in, notes, edits, withdrawn_at, created_at"""

GET = f"select {COLUMNS} from approvals where id = %(id)s"
LOCK = f"select {COLUMNS} from approvals where id = %(id)s for update"
FIND_GATE = f"select {COLUMNS} from approvals where run_id = %(run_id)s and gate = %(gate)s"

INSERT = f"""
insert into approvals (org_id, run_id, gate, subject_type, subject_id, subject_version, subject_hash, expires_at)
values (%(org_id)s, %(run_id)s, %(gate)s, %(subject_type)s, %(subject_id)s, %(subject_version)s, %(subject_hash)s,
        %(expires_at)s)
on conflict (run_id, gate) do nothing
returning {COLUMNS}
"""

DECIDE = f"""
update approvals set decision = %(decision)s, decided_by = %(user_id)s, decided_at = now(), decided_in = %(via)s,
  notes = %(notes)s, edits = %(edits)s, subject_id = %(subject_id)s, subject_version = %(subject_version)s,
  subject_hash = %(subject_hash)s
where id = %(id)s and decision is null returning {COLUMNS}
"""

# an approved subject has one answer: whoever else asks about the same content is told the same
DECIDE_OTHERS = f"""
update approvals other set decision = this.decision, decided_by = this.decided_by, decided_at = this.decided_at,
  decided_in = this.decided_in, notes = this.notes
from approvals this
where this.id = %(id)s and other.id <> this.id and other.subject_type = this.subject_type
  and other.subject_id = this.subject_id and other.subject_hash = this.subject_hash
  and other.decision is null and other.withdrawn_at is null
returning {", ".join("other." + name.strip() for name in COLUMNS.split(","))}
"""

# a run's question goes before one that nobody waits for
FIND_OPEN = f"""
select {COLUMNS} from approvals
where subject_type = %(subject_type)s and subject_id = %(subject_id)s and decision is null and withdrawn_at is null
  and (expires_at is null or expires_at > now())
order by run_id is null, requested_at, id limit 1
"""

LAST_DECISION = f"""
select {COLUMNS} from approvals
where subject_type = %(subject_type)s and subject_id = %(subject_id)s and decision is not null
order by decided_at desc, id desc limit 1
"""

# an answer on which a run is at work just now
ACTED_ON = f"""
select {", ".join("p." + name.strip() for name in COLUMNS.split(","))} from approvals p join runs r on r.id = p.run_id
where p.subject_type = %(subject_type)s and p.subject_id = %(subject_id)s and p.subject_hash = %(subject_hash)s
  and p.decision is not null and r.status in ('queued', 'running', 'waiting')
order by p.decided_at desc limit 1
"""

# a decision that was made while the run was at work, before it came to ask: it becomes the run's answer, once
CLAIM = f"""
update approvals set run_id = %(run_id)s, gate = %(gate)s
where id = (
  select p.id from approvals p join runs r on r.id = %(run_id)s
  where p.run_id is null and p.subject_type = %(subject_type)s and p.subject_id = %(subject_id)s
    and p.subject_hash = %(subject_hash)s and p.decision = any(%(decisions)s) and p.decided_at >= r.created_at
  order by p.decided_at desc limit 1)
returning {COLUMNS}
"""

# a question that is put already, by nobody's run, becomes the run's: one question about one version, not two
ADOPT = f"""
update approvals set run_id = %(run_id)s, gate = %(gate)s, requested_at = now(), expires_at = %(expires_at)s
where id = (
  select id from approvals
  where run_id is null and subject_type = %(subject_type)s and subject_id = %(subject_id)s and decision is null
    and withdrawn_at is null and (expires_at is null or expires_at > now())
  order by requested_at, id limit 1)
returning {COLUMNS}
"""

INSERT_ANSWERED = f"""
insert into approvals (org_id, run_id, gate, subject_type, subject_id, subject_version, subject_hash, decision,
                       decided_by, decided_at)
values (%(org_id)s, %(run_id)s, %(gate)s, %(subject_type)s, %(subject_id)s, %(subject_version)s, %(subject_hash)s,
        'approved', %(decided_by)s, %(decided_at)s)
returning {COLUMNS}
"""

LIST_OPEN = f"""
select {COLUMNS} from approvals
where decision is null and withdrawn_at is null and (expires_at is null or expires_at > now())
order by requested_at, id limit %(limit)s
"""

COUNT_OPEN = """
select count(*) from (
  select from approvals
  where decision is null and withdrawn_at is null and (expires_at is null or expires_at > now()) limit %(limit)s) open
"""

ANSWERED = f"""
select {COLUMNS} from approvals
where decision is not null and (run_id, gate) in (select * from unnest(%(run_ids)s::uuid[], %(gates)s::text[]))
"""

WITHDRAW_OF_RUN = """
update approvals set withdrawn_at = now()
where run_id = %(run_id)s and decision is null and withdrawn_at is null
"""

# a part goes on or has ended: the question whether to resume it has its answer
SETTLE_ABOUT_PART = """
update approvals set decision = 'approved', decided_at = now()
where run_id = %(above)s and subject_type = 'run' and subject_id = %(part)s and decision is null and withdrawn_at is null
"""

# An edit takes the place of what was shown: a click from before it is refused because it names the old content, and
# the run that waits is answered for the newest version.
REPOINT = """
update approvals set subject_id = %(new_id)s, subject_version = %(version)s, subject_hash = %(hash)s
where subject_type = %(type)s and subject_id = %(old_id)s and decision is null and withdrawn_at is null
"""

# without a run nobody else puts the question: it is put once, however often it is called for
ASK_DOCUMENT = """
insert into approvals (org_id, gate, subject_type, subject_id, subject_version, subject_hash)
select a.org_id, a.type, 'artifact', a.id, a.version, a.content_hash from artifacts a
where a.id = %(id)s and not exists (
  select from approvals p where p.subject_type = 'artifact' and p.subject_id = a.id and p.decision is null
    and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > now()))
"""

ASK_ASSET = """
insert into approvals (org_id, gate, subject_type, subject_id, subject_version, subject_hash)
select a.org_id, 'asset', 'asset', a.id, a.version, a.content_hash from assets a
where a.id = %(id)s and not exists (
  select from approvals p where p.subject_type = 'asset' and p.subject_id = a.id and p.decision is null
    and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > now()))
"""


async def read_answered(db: Database, org_id: OrgId, asked: Sequence[tuple[UUID, str]]) -> list[Approval]:
    """Those of the gates ``asked`` (run and gate) that have their answer, in a transaction of its own."""
    given = {"run_ids": [run_id for run_id, _ in asked], "gates": [gate for _, gate in asked]}
    return await db.rows(org_id, Approval, ANSWERED, given)


async def get(conn: Connection, approval_id: UUID) -> Approval | None:
    return await fetch_one(conn, Approval, GET, {"id": approval_id})


async def lock(conn: Connection, approval_id: UUID) -> Approval | None:
    return await fetch_one(conn, Approval, LOCK, {"id": approval_id})


async def find_gate(conn: Connection, run_id: UUID, gate: str) -> Approval | None:
    return await fetch_one(conn, Approval, FIND_GATE, {"run_id": run_id, "gate": gate})


async def insert(conn: Connection, values: dict[str, Any]) -> Approval | None:
    """None when this run has this gate already."""
    return await fetch_one(conn, Approval, INSERT, values)


async def decide(conn: Connection, values: dict[str, Any]) -> Approval | None:
    """None when somebody else decided first."""
    edits = values["edits"]
    return await fetch_one(conn, Approval, DECIDE, {**values, "edits": None if edits is None else Jsonb(edits)})


async def decide_others(conn: Connection, decided_id: UUID) -> list[Approval]:
    """Give the other open requests about the same content the same answer; what was answered."""
    return await fetch_all(conn, Approval, DECIDE_OTHERS, {"id": decided_id})


async def claim(conn: Connection, values: dict[str, Any], decisions: tuple[str, ...]) -> Approval | None:
    """A decision that nobody asked for becomes the answer to a run's question; ``values`` as for ``insert``."""
    return await fetch_one(conn, Approval, CLAIM, {**values, "decisions": list(decisions)})


async def adopt(conn: Connection, values: dict[str, Any]) -> Approval | None:
    """The open question that no run has put becomes this run's; ``values`` as for ``insert``."""
    return await fetch_one(conn, Approval, ADOPT, values)


async def insert_answered(conn: Connection, values: dict[str, Any]) -> Approval:
    """A question whose subject is approved already. ``values`` as for ``insert``, with decided_by and decided_at."""
    row = await fetch_one(conn, Approval, INSERT_ANSWERED, values)
    assert row is not None  # noqa: S101 - insert … returning gives the row or raises
    return row


async def acted_on(conn: Connection, subject_type: str, subject_id: UUID, subject_hash: str) -> Approval | None:
    where = {"subject_type": subject_type, "subject_id": subject_id, "subject_hash": subject_hash}
    return await fetch_one(conn, Approval, ACTED_ON, where)


async def find_open(conn: Connection, subject_type: str, subject_id: UUID) -> Approval | None:
    return await fetch_one(conn, Approval, FIND_OPEN, {"subject_type": subject_type, "subject_id": subject_id})


async def last_decision(conn: Connection, subject_type: str, subject_id: UUID) -> Approval | None:
    return await fetch_one(conn, Approval, LAST_DECISION, {"subject_type": subject_type, "subject_id": subject_id})


async def list_open(conn: Connection, limit: int = 200) -> list[Approval]:
    return await fetch_all(conn, Approval, LIST_OPEN, {"limit": limit})


async def count_open(conn: Connection, limit: int = 200) -> int:
    """How many there are, or ``limit`` when there are more."""
    row = await (await conn.execute(COUNT_OPEN, {"limit": limit})).fetchone()
    return int(row[0]) if row else 0


async def withdraw_of_run(conn: Connection, run_id: UUID) -> None:
    await conn.execute(WITHDRAW_OF_RUN, {"run_id": run_id})


async def settle_about_part(conn: Connection, above: UUID, part: UUID) -> None:
    await conn.execute(SETTLE_ABOUT_PART, {"above": above, "part": part})


async def ask_for_document(conn: Connection, artifact_id: UUID) -> None:
    """Let this version wait in the inbox of those who may decide on it."""
    await conn.execute(ASK_DOCUMENT, {"id": artifact_id})


async def ask_for_asset(conn: Connection, asset_id: UUID) -> None:
    """Let this piece wait in the inbox of those who may decide on it."""
    await conn.execute(ASK_ASSET, {"id": asset_id})


async def repoint(
    conn: Connection, subject_type: SubjectType, old_id: UUID, new_id: UUID, version: int, content_hash: str
) -> None:
    """Keep an open request up to date; the caller holds the subject (the client's documents, the asset's row).

    ``old_id`` and ``new_id`` differ for a document (a row a version) and are the same for an asset.
    """
    values = {"type": subject_type, "old_id": old_id, "new_id": new_id, "version": version, "hash": content_hash}
    await conn.execute(REPOINT, values)
