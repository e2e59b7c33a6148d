"""Pieces, quotes and documents on a desk, for the tests of the ledger."""

from typing import Any
from uuid import UUID

from knowledge.approvals import service as approvals
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.claims import queries, service
from knowledge.claims.models import Claim
from knowledge.documents import queries as documents
from knowledge.imports.drafts import document_drafts
from knowledge.imports.records import DocumentRecord
from knowledge.search.chunks import replace_chunks
from tests.knowledge.desk import Desk
from tests.knowledge.shelves import add_quotes


async def write(desk: Desk, text: str, **more: Any) -> Asset:
    content = {"markdown": text, "slug": "a-piece", **more.pop("content", {})}
    values: dict[str, Any] = {
        "org_id": desk.people.org_id, "client_id": desk.client_id, "campaign_id": None, "run_id": None, "channel": "blog",
        "format": "blog_post", "title": "A piece", "content": content, "seo": {}, "agent": "seo_writer", "model": "offline",
        "idempotency_key": None,
    }  # fmt: skip
    async with desk.db.org(desk.people.org_id) as conn:
        return await assets.create(conn, {**values, **more})


async def rewrite(desk: Desk, asset: Asset, text: str) -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        content = {**asset.content, "markdown": text}
        return await assets.edit(conn, asset.id, title=asset.title, content=content, shown_hash=asset.content_hash)


async def claims_of(desk: Desk, asset: Asset) -> list[Claim]:
    async with desk.db.org(desk.people.org_id) as conn:
        return await queries.of_version(conn, asset.id, asset.version)


async def the_claim(desk: Desk, asset: Asset) -> Claim:
    """The one objective claim of the piece."""
    (one,) = [claim for claim in await claims_of(desk, asset) if claim.kind != "general"]
    return one


async def approve(desk: Desk, asset: Asset, role: str = "creative") -> Asset:
    async with desk.db.org(desk.people.org_id) as conn:
        await approvals.decide_subject(
            conn, caller=desk.caller(role), subject_type="asset", subject_id=asset.id, gate="asset", decision="approved",
            shown_hash=asset.content_hash,
        )  # fmt: skip
        return await assets.get(conn, asset.id)


async def accept(desk: Desk, claim: Claim, role: str = "legal", **more: Any) -> Claim:
    async with desk.db.org(desk.people.org_id) as conn:
        given: dict[str, Any] = {"note": "I have seen the study.", **more}
        return await service.accept(conn, desk.caller(role), claim.id, **given)


async def prove(desk: Desk, claim: Claim, *, agent: str | None = None, role: str = "creative", **given: Any) -> Claim:
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.add_evidence(conn, desk.caller(role, agent=agent), claim.id, **given)


async def check(desk: Desk, asset: Asset) -> list[Claim]:
    async with desk.db.org(desk.people.org_id) as conn:
        return await service.check(conn, await assets.get(conn, asset.id))


async def canon(desk: Desk, **more: Any) -> Any:
    """An approved canon of the desk's client (tests/knowledge/artifacts/examples.py), with ``more`` in its first offer."""
    if await desk.newest("intake") is None:
        await desk.approved("intake")
    last = await desk.newest("client_canon")
    if last is None:
        return await desk.approved("client_canon")
    data = {**last.data, "offers": [{**last.data["offers"][0], **more}]}
    return await desk.approve(await desk.write("client_canon", data=data))


async def quote(desk: Desk, text: str, **more: Any) -> UUID:
    async with desk.db.org(desk.people.org_id) as conn:
        await add_quotes(conn, desk.people, text, **more)
        row = await (await conn.execute("select id from voc_snippets where text = %s", (text,))).fetchone()
    assert row is not None
    return row[0]


async def bring(desk: Desk, text: str, kind: str = "brand_doc", title: str = "Brand book") -> UUID:
    """A document as an import keeps it: stored and cut into passages."""
    async with desk.db.org(desk.people.org_id) as conn:
        values = {"org_id": desk.people.org_id, "client_id": desk.client_id, "kind": kind, "title": title, "text": text}
        kept = await documents.keep(conn, values)
        record = DocumentRecord(row=1, title=title, text=text)
        await replace_chunks(
            conn, desk.people.org_id, [kept.id], document_drafts(record, kept.id, desk.client_id, "en")
        )
    return kept.id
