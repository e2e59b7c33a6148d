"""SQL over ``claims``, ``claim_readings`` and ``accepted_findings``, and over what may carry a claim."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.claims.models import (
    AcceptedFinding,
    ApprovedDocument,
    Claim,
    ClaimKind,
    ClaimStatus,
    Named,
    Reading,
)
from knowledge.db import Connection, fetch_all, fetch_one

COLUMNS = """id, org_id, client_id, asset_id, asset_version, ordinal, kind, part, start_at, end_at, text, sentence, status,
  reason, evidence, accepted_by, accepted_at, accepted_note, expires_on, created_at, updated_at, named_by"""
GET = f"select {COLUMNS} from claims where id = %(id)s"
OF_VERSION = f"""
select {COLUMNS} from claims where asset_id = %(asset_id)s and asset_version = %(version)s order by ordinal
"""
#: each sentence as it stood last
LAST = f"""
select distinct on (sentence, kind) {COLUMNS} from claims where asset_id = %(asset_id)s
order by sentence, kind, asset_version desc
"""
LIST = f"""
select {COLUMNS} from claims c
where (%(asset_id)s::uuid is null or asset_id = %(asset_id)s)
  and (%(client_id)s::uuid is null or client_id = %(client_id)s)
  and (%(status)s::text is null or status = %(status)s) and (%(kind)s::text is null or kind = %(kind)s)
  and (%(version)s::int is not null or asset_version = (select version from assets a where a.id = c.asset_id))
  and (%(version)s::int is null or asset_version = %(version)s)
order by asset_id, ordinal limit %(limit)s offset %(offset)s
"""
DELETE = "delete from claims where asset_id = %(asset_id)s and asset_version = %(version)s"
INSERT = """
insert into claims (id, org_id, client_id, asset_id, asset_version, ordinal, kind, part, start_at, end_at, text, sentence,
                    status, reason, evidence, accepted_by, accepted_at, accepted_note, expires_on, named_by)
values (coalesce(%(id)s, new_id()), %(org_id)s, %(client_id)s, %(asset_id)s, %(asset_version)s, %(ordinal)s, %(kind)s,
        %(part)s, %(start_at)s, %(end_at)s, %(text)s, %(sentence)s, %(status)s, %(reason)s, %(evidence)s, %(accepted_by)s,
        %(accepted_at)s, %(accepted_note)s, %(expires_on)s, %(named_by)s)
"""
READING = """
select asset_version, content_hash, rules, read_at, model, unread from claim_readings
where asset_id = %(asset_id)s and asset_version = %(version)s
"""
RECORD_READING = """
insert into claim_readings (org_id, asset_id, asset_version, content_hash, rules)
values (%(org_id)s, %(asset_id)s, %(version)s, %(content_hash)s, %(rules)s)
on conflict (org_id, asset_id, asset_version)
do update set content_hash = excluded.content_hash, rules = excluded.rules, read_at = now()
"""
READ_BY_MODEL = """
update claim_readings set model = %(model)s, unread = %(unread)s
where asset_id = %(asset_id)s and asset_version = %(version)s and content_hash = %(content_hash)s
"""
NAMED = "select kind, text, model from named_claims where asset_id = %(asset_id)s order by created_at, id"
NAME = """
insert into named_claims (org_id, asset_id, kind, text, sentence, model)
values (%(org_id)s, %(asset_id)s, %(kind)s, %(text)s, %(sentence)s, %(model)s)
on conflict (org_id, asset_id, md5(sentence)) do nothing
"""
SET_EVIDENCE = f"""
update claims set evidence = %(evidence)s, updated_at = now() where id = %(id)s returning {COLUMNS}
"""
ACCEPT = f"""
update claims set accepted_by = %(by)s, accepted_at = now(), accepted_note = %(note)s, expires_on = %(expires_on)s,
  updated_at = now()
where id = %(id)s returning {COLUMNS}
"""
WITHDRAW = f"""
update claims set accepted_by = null, accepted_at = null, accepted_note = null, expires_on = null, updated_at = now()
where id = %(id)s returning {COLUMNS}
"""
ACCEPTED_FINDINGS = """
select asset_id, content_hash, check_id, accepted_by, accepted_at, note from accepted_findings
where asset_id = %(asset_id)s and content_hash = %(content_hash)s
"""
ACCEPT_FINDING = """
insert into accepted_findings (org_id, asset_id, content_hash, check_id, accepted_by, note)
values (%(org_id)s, %(asset_id)s, %(content_hash)s, %(check_id)s, %(by)s, %(note)s)
on conflict (org_id, asset_id, content_hash, check_id)
do update set accepted_by = excluded.accepted_by, accepted_at = now(), note = excluded.note
"""
#: the newest approved intake and canon; one that waits to be looked at again was approved, too
APPROVED = """
select distinct on (type) id, type, version, data from artifacts
where client_id = %(client_id)s and campaign_id is null and type in ('client_canon', 'intake')
  and status in ('approved', 'flagged_for_review')
order by type, status = 'approved' desc, version desc
"""
#: a list of rules states nothing, and a call is what somebody said
HAS_DOCUMENTS = """
select exists (select from documents where client_id = %(client_id)s and kind not in ('constraints_doc', 'transcript'))
"""
TITLES = """
select id, title from documents where id = any(%(ids)s) and kind not in ('constraints_doc', 'transcript')
"""
#: a page opened in research for this client
PAGE_TEXT = """
select p.text from research r join research_sources s on s.research_id = r.id join web_pages p on p.id = s.page_id
where r.client_id = %(client_id)s and p.status = 'opened' and %(url)s in (p.url, p.found_url)
order by p.fetched_at desc limit 1
"""
OPEN_CLAIMS = """
select asset_id, count(*) from claims c
where asset_id = any(%(ids)s) and kind <> 'general' and status in ('unsupported', 'contradicted')
  and (accepted_at is null or expires_on < current_date)
  and asset_version = (select version from assets a where a.id = c.asset_id)
group by asset_id
"""
#: of the newest preflight on the present version, those that nobody has accepted for this content
CRITICAL_FINDINGS = """
select a.id, count(*)
from assets a
join lateral (
  select q.data from artifacts q
  where q.client_id = a.client_id and q.type = 'qa_report' and q.key = a.id::text || ':preflight'
  order by q.version desc limit 1) report on (report.data->>'assetVersion')::int = a.version
cross join lateral jsonb_array_elements(report.data->'checks') as finding
where a.id = any(%(ids)s) and finding->>'severity' = 'critical' and finding->>'passed' = 'false'
  and not finding->>'id' like any(%(settled_elsewhere)s)
  and not exists (select from accepted_findings f where f.asset_id = a.id and f.content_hash = a.content_hash
                  and f.check_id = finding->>'id')
group by a.id
"""


async def get(conn: Connection, claim_id: UUID) -> Claim | None:
    return await fetch_one(conn, Claim, GET, {"id": claim_id})


async def of_version(conn: Connection, asset_id: UUID, version: int) -> list[Claim]:
    return await fetch_all(conn, Claim, OF_VERSION, {"asset_id": asset_id, "version": version})


async def last(conn: Connection, asset_id: UUID) -> dict[tuple[str, ClaimKind], Claim]:
    """By sentence and kind: the claim as it stood in the newest version that had it."""
    rows = await fetch_all(conn, Claim, LAST, {"asset_id": asset_id})
    return {(row.sentence, row.kind): row for row in rows}


async def list_claims(
    conn: Connection,
    *,
    asset_id: UUID | None = None,
    client_id: UUID | None = None,
    version: int | None = None,
    status: ClaimStatus | None = None,
    kind: ClaimKind | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[Claim]:
    """Without ``version``: of each piece's present version."""
    asked = {"asset_id": asset_id, "client_id": client_id, "version": version, "status": status, "kind": kind}
    return await fetch_all(conn, Claim, LIST, {**asked, "limit": limit, "offset": offset})


async def replace(conn: Connection, asset_id: UUID, version: int, rows: Sequence[dict[str, Any]]) -> None:
    """The claims of one version, all at once."""
    await conn.execute(DELETE, {"asset_id": asset_id, "version": version})
    if rows:
        async with conn.cursor() as cursor:
            await cursor.executemany(INSERT, [{**row, "evidence": Jsonb(row["evidence"])} for row in rows])


async def reading(conn: Connection, asset_id: UUID, version: int) -> Reading | None:
    return await fetch_one(conn, Reading, READING, {"asset_id": asset_id, "version": version})


async def record_reading(conn: Connection, values: dict[str, Any]) -> None:
    """``values``: org_id, asset_id, version, content_hash, rules."""
    await conn.execute(RECORD_READING, values)


async def read_by_model(conn: Connection, values: dict[str, Any]) -> bool:
    """``values``: asset_id, version, content_hash, model, unread. False: the version reads differently now."""
    return (await conn.execute(READ_BY_MODEL, values)).rowcount == 1


async def named(conn: Connection, asset_id: UUID) -> list[Named]:
    """Every sentence of the piece that a model has called a claim, in whatever version."""
    rows = await (await conn.execute(NAMED, {"asset_id": asset_id})).fetchall()
    return [Named(*row) for row in rows]


async def name(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """``rows``: org_id, asset_id, kind, text, sentence, model each; one that was named before stays as it was."""
    if rows:
        async with conn.cursor() as cursor:
            await cursor.executemany(NAME, rows)


async def set_evidence(conn: Connection, claim_id: UUID, evidence: list[dict[str, Any]]) -> Claim | None:
    return await fetch_one(conn, Claim, SET_EVIDENCE, {"id": claim_id, "evidence": Jsonb(evidence)})


async def accept(conn: Connection, claim_id: UUID, by: UUID, note: str, expires_on: date | None) -> Claim | None:
    return await fetch_one(conn, Claim, ACCEPT, {"id": claim_id, "by": by, "note": note, "expires_on": expires_on})


async def withdraw(conn: Connection, claim_id: UUID) -> Claim | None:
    return await fetch_one(conn, Claim, WITHDRAW, {"id": claim_id})


async def accepted_findings(conn: Connection, asset_id: UUID, content_hash: str) -> list[AcceptedFinding]:
    given = {"asset_id": asset_id, "content_hash": content_hash}
    return await fetch_all(conn, AcceptedFinding, ACCEPTED_FINDINGS, given)


async def accept_finding(conn: Connection, values: dict[str, Any]) -> None:
    """``values``: org_id, asset_id, content_hash, check_id, by, note."""
    await conn.execute(ACCEPT_FINDING, values)


async def approved(conn: Connection, client_id: UUID) -> dict[str, ApprovedDocument]:
    rows = await fetch_all(conn, ApprovedDocument, APPROVED, {"client_id": client_id})
    return {row.type: row for row in rows}


async def has_documents(conn: Connection, client_id: UUID) -> bool:
    row = await (await conn.execute(HAS_DOCUMENTS, {"client_id": client_id})).fetchone()
    return bool(row and row[0])


async def document_titles(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of those that may carry a claim."""
    return {row[0]: str(row[1]) for row in await (await conn.execute(TITLES, {"ids": list(ids)})).fetchall()}


async def page_text(conn: Connection, client_id: UUID, url: str) -> str | None:
    row = await (await conn.execute(PAGE_TEXT, {"client_id": client_id, "url": url})).fetchone()
    return str(row[0]) if row else None


async def open_claims(conn: Connection, asset_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many claims of each piece's present version nothing carries and nobody answers for."""
    rows = await (await conn.execute(OPEN_CLAIMS, {"ids": list(asset_ids)})).fetchall()
    return {row[0]: int(row[1]) for row in rows}


async def critical_findings(conn: Connection, asset_ids: Sequence[UUID], settled: Sequence[str]) -> dict[UUID, int]:
    """``settled``: beginnings of the ids of findings that the ledger settles."""
    given = {"ids": list(asset_ids), "settled_elsewhere": [f"{one}%" for one in settled]}
    rows = await (await conn.execute(CRITICAL_FINDINGS, given)).fetchall()
    return {row[0]: int(row[1]) for row in rows}
