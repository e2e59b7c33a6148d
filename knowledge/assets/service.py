"""Writing, editing, deciding on and publishing assets.

What always holds: a decision is bound to the content that was shown; an edit makes a new version and puts the asset
back to draft, because nobody has approved that content; every version is compared with the swipe library and held
against the rules as it is written, and the claims in it are read; nothing is approved or published while a claim lacks
evidence and nobody answers for it, or a critical finding stands; publishing twice publishes once, and nothing is
published while a document behind it is flagged for review.
Lock order: the client's documents, then the asset, then approvals.
"""

from typing import Any
from uuid import UUID

from knowledge.approvals import queries as approvals
from knowledge.approvals.models import Decision
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts.hashes import content_hash
from knowledge.assets import queries
from knowledge.assets.given_links import with_edit
from knowledge.assets.models import Asset
from knowledge.assets.words import count_words, text_of
from knowledge.checks.reports import ensure_checked
from knowledge.claims import blocking
from knowledge.claims import service as claims
from knowledge.db import Connection
from knowledge.emails import stored as emails
from knowledge.errors import Blocked, Conflict, Denied, NotFound
from knowledge.ids import AssetId
from knowledge.originality.service import ensure_compared
from knowledge.plain_text import storable, storable_json
from knowledge.publishing.described import with_structured_data

MAY_DECIDE = frozenset({"creative", "legal", "partner", "admin"})


async def get(conn: Connection, asset_id: UUID) -> Asset:
    asset = await queries.get(conn, asset_id)
    if asset is None:
        raise NotFound("That piece does not exist, or not for you.")
    return asset


async def create(conn: Connection, values: dict[str, Any]) -> Asset:
    """Write a new draft; the same ``idempotency_key`` gives the piece that is there.

    ``values``: org_id, client_id, campaign_id, run_id, channel, format, title, content, seo, agent, model,
    idempotency_key. Raises NotFound for a client or campaign that is not there.
    """
    await _check_place(conn, values["client_id"], values["campaign_id"])
    words = storable_json({"title": values["title"], "content": values["content"], "seo": values["seo"]})
    if values["format"] == emails.FORMAT:
        words["content"] = await emails.rendered_content(conn, values["client_id"], words["content"])
    full = {**words["content"], "title": words["title"]}
    counted = {"word_count": count_words(text_of(full)), "content_hash": content_hash(full)}
    made = await queries.insert(conn, {**values, **words, **counted})
    if made is not None:
        await ensure_compared(conn, made)
        await ensure_checked(conn, made)
        await claims.ensure_read(conn, made)
        return await get(conn, made.id)
    found = await queries.find_by_key(conn, values["idempotency_key"])
    assert found is not None  # noqa: S101 - a conflict is only possible with the row that is there
    return found


async def edit(
    conn: Connection,
    asset_id: AssetId,
    *,
    title: str,
    content: dict[str, Any],
    shown_hash: str,
    by_person: bool = False,
) -> Asset:
    """Put new content in place: the next version, a draft, which open requests for approval now ask about.
    ``by_person``: these are a person's own words, so links that come in with them count as given.

    Raises Conflict when it changed since it was shown, or when nothing is changed.
    """
    await artifacts.lock_client(conn, (await get(conn, asset_id)).client_id)
    asset = await lock(conn, asset_id)
    _check_shown(asset, shown_hash)
    title, content = storable(title), storable_json(content)
    if asset.format == emails.FORMAT:
        content = await emails.rendered_content(conn, asset.client_id, content, asset.content)
    if "jsonLd" in content:
        content = await with_structured_data(conn, asset, title, content)
    full = {**content, "title": title}
    new_hash = content_hash(full)
    if new_hash == asset.content_hash:
        raise Conflict(f"Nothing changed since v{asset.version}.", version=asset.version, asset_id=str(asset.id))
    values = {"title": title, "content": content, "word_count": count_words(text_of(full)), "content_hash": new_hash}
    values["seo"] = with_edit(asset, content, by_person=by_person)
    edited = await queries.set_content(conn, asset_id, values)
    await ensure_compared(conn, edited)
    await ensure_checked(conn, edited)
    await claims.ensure_read(conn, edited)
    await approvals.repoint(conn, "asset", asset_id, asset_id, edited.version, edited.content_hash)
    return await get(conn, asset_id)


async def decide(conn: Connection, asset_id: AssetId, *, decision: Decision, role: str, shown_hash: str) -> Asset:
    """Approve, reject or send back exactly the content that was shown."""
    if role not in MAY_DECIDE:
        raise Denied(f"Your role ({role}) may not decide on assets; these may: {', '.join(sorted(MAY_DECIDE))}.")
    asset = await lock(conn, asset_id)
    _check_shown(asset, shown_hash)
    if asset.status in ("approved", "published") and decision == "approved":
        raise Conflict(f"This is already {asset.status}.")
    if asset.status == "published":
        raise Conflict("This is published already; edit it to make a new version.")
    if decision == "approved" and (reasons := await _in_the_way(conn, asset)):
        raise Blocked(f"Approval is blocked: {'; '.join(reasons)}", reasons=reasons)
    statuses = {"approved": "approved", "rejected": "rejected", "changes_requested": "draft"}
    return await queries.set_status(conn, asset_id, statuses[decision])


async def publish(conn: Connection, asset_id: AssetId, *, role: str) -> Asset:
    """Mark an approved asset as published; a second time changes nothing."""
    asset = await publishable(conn, asset_id, role=role)
    return asset if asset.status == "published" else await queries.set_status(conn, asset_id, "published")


async def publishable(conn: Connection, asset_id: AssetId, *, role: str) -> Asset:
    """The asset, locked, when it may go out or has gone out. Raises Denied, and Blocked with every reason."""
    if role not in MAY_DECIDE:
        raise Denied(f"Your role ({role}) may not publish; these may: {', '.join(sorted(MAY_DECIDE))}.")
    await artifacts.lock_client(conn, (await get(conn, asset_id)).client_id)
    asset = await lock(conn, asset_id)
    if asset.status == "published":
        return asset
    reasons = [] if asset.status == "approved" else [f"the piece is {asset.status} (v{asset.version})"]
    reasons += await _flagged_behind(conn, asset)
    reasons += await _in_the_way(conn, asset)
    if reasons:
        raise Blocked(f"Publishing is blocked: {'; '.join(reasons)}", reasons=reasons)
    return asset


async def _in_the_way(conn: Connection, asset: Asset) -> list[str]:
    """Claims and critical findings that stand open, by today's rules and by what is on file now."""
    await ensure_checked(conn, asset)
    return await blocking.reasons(conn, asset)


def _check_shown(asset: Asset, shown_hash: str) -> None:
    if asset.content_hash != shown_hash:
        raise Conflict(f"v{asset.version} is newer than what you were shown; look at it, then decide.")


async def _flagged_behind(conn: Connection, asset: Asset) -> list[str]:
    """Every flagged document that the piece rests on: a flag blocks publishing (spec: artifacts, stale cascade)."""
    flagged = await queries.flagged_behind(conn, asset)
    return [f"{doc.type} is flagged for review (v{doc.version}): {doc.flagged_reason}" for doc in flagged]


async def _check_place(conn: Connection, client_id: UUID, campaign_id: UUID | None) -> None:
    there, owner = await artifacts.find_place(conn, client_id, campaign_id)
    if not there:
        raise NotFound("That client does not exist, or not for you.")
    if campaign_id is not None and owner != client_id:
        raise NotFound("That campaign does not exist, or not for this client.")


async def lock(conn: Connection, asset_id: AssetId) -> Asset:
    """The asset's row, held until the transaction ends."""
    asset = await queries.lock(conn, asset_id)
    if asset is None:
        raise NotFound("That piece does not exist, or not for you.")
    return asset
