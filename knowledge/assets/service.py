"""Writing, editing, deciding on and publishing assets.

What always holds: a decision is bound to the content that was shown; an edit makes a new version and puts the asset
back to draft, because nobody has approved that content; publishing twice publishes once.
"""

import re
from typing import Any
from uuid import UUID

from knowledge.approvals.models import Decision
from knowledge.artifacts.hashes import content_hash
from knowledge.assets import queries
from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict, Denied, NotFound
from knowledge.ids import AssetId

MAY_DECIDE = frozenset({"creative", "legal", "partner", "admin"})


async def get(conn: Connection, asset_id: UUID) -> Asset:
    asset = await queries.get(conn, asset_id)
    if asset is None:
        raise NotFound("That piece does not exist, or not for you.")
    return asset


async def create(conn: Connection, values: dict[str, Any]) -> Asset:
    """Write a new draft; the same ``idempotency_key`` gives the piece that is there.

    ``values``: org_id, client_id, campaign_id, run_id, channel, format, title, content, seo, agent, model,
    idempotency_key.
    """
    content = {**values["content"], "title": values["title"]}
    counted = {"word_count": count_words(text_of(content)), "content_hash": content_hash(content)}
    made = await queries.insert(conn, {**values, **counted})
    found = made or await queries.find_by_key(conn, values["idempotency_key"])
    assert found is not None  # noqa: S101 - a conflict is only possible with the row that is there
    return found


async def edit(conn: Connection, asset_id: AssetId, *, title: str, content: dict[str, Any], shown_hash: str) -> Asset:
    """Put new content in place; raises Conflict when it changed since it was shown."""
    asset = await _lock(conn, asset_id)
    _check_shown(asset, shown_hash)
    full = {**content, "title": title}
    values = {"title": title, "content": content, "word_count": count_words(text_of(full))}
    return await queries.set_content(conn, asset_id, {**values, "content_hash": content_hash(full)})


async def decide(conn: Connection, asset_id: AssetId, *, decision: Decision, role: str, shown_hash: str) -> Asset:
    """Approve, reject or send back exactly the content that was shown."""
    if role not in MAY_DECIDE:
        raise Denied(f"Your role ({role}) may not decide on assets; these may: {', '.join(sorted(MAY_DECIDE))}.")
    asset = await _lock(conn, asset_id)
    _check_shown(asset, shown_hash)
    if asset.status in ("approved", "published") and decision == "approved":
        raise Conflict(f"This is already {asset.status}.")
    if asset.status == "published":
        raise Conflict("This is published already; edit it to make a new version.")
    statuses = {"approved": "approved", "rejected": "rejected", "changes_requested": "draft"}
    return await queries.set_status(conn, asset_id, statuses[decision])


async def publish(conn: Connection, asset_id: AssetId, *, role: str) -> Asset:
    """Mark an approved asset as published; a second time changes nothing."""
    if role not in MAY_DECIDE:
        raise Denied(f"Your role ({role}) may not publish; these may: {', '.join(sorted(MAY_DECIDE))}.")
    asset = await _lock(conn, asset_id)
    if asset.status == "published":
        return asset
    if asset.status != "approved":
        raise Blocked("It must be approved first.", reasons=[f"the piece is {asset.status}"])
    return await queries.set_status(conn, asset_id, "published")


def text_of(content: dict[str, Any]) -> str:
    """The words a reader gets, whatever the format."""
    for name in ("markdown", "bodyMarkdown", "plainText", "text"):
        if isinstance(content.get(name), str):
            return str(content[name])
    return ""


def count_words(text: str) -> int:
    return len(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text))


def _check_shown(asset: Asset, shown_hash: str) -> None:
    if asset.content_hash != shown_hash:
        raise Conflict(f"v{asset.version} is newer than what you were shown; look at it, then decide.")


async def _lock(conn: Connection, asset_id: AssetId) -> Asset:
    asset = await queries.lock(conn, asset_id)
    if asset is None:
        raise NotFound("That piece does not exist, or not for you.")
    return asset
