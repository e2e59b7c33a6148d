"""Proposed edits: kept beside their piece, taken hunk by hunk or let go, once.

What always holds: nothing of a piece changes until somebody takes hunks; what they take makes the piece's next version, a
draft, through the same door as any edit; hunks made for another version are refused. Lock order: client, asset, proposal.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from knowledge.artifacts import queries as artifacts
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.ids import UserId
from knowledge.plain_text import storable_json
from knowledge.proposals import queries
from knowledge.proposals.hunks import Hunk, taken
from knowledge.proposals.models import Account, Proposal

GONE = "That proposal does not exist, or not for you."


async def get(conn: Connection, id: UUID) -> Proposal:
    found = await queries.find(conn, id)
    if found is None:
        raise NotFound(GONE)
    return found


async def propose(conn: Connection, asset: Asset, found: Collection[Hunk], account: Account, **who: Any) -> Proposal:
    """Keep a proposal for this version of the piece; it takes the place of an older open one.

    ``who``: kind, run_id, agent, model, idempotency_key; the same key gives the one that is there.
    """
    values = {
        **who,
        "org_id": asset.org_id,
        "client_id": asset.client_id,
        "asset_id": asset.id,
        "asset_version": asset.version,
        "content_hash": asset.content_hash,
        "hunks": storable_json([hunk.model_dump(mode="json", by_alias=True) for hunk in found]),
        "account": storable_json(account.model_dump(mode="json", by_alias=True)),
    }
    made = await queries.insert(conn, values)
    if made is None:
        there = await queries.find_by_key(conn, who["idempotency_key"])
        assert there is not None  # noqa: S101 - a conflict is only possible with the row that is there
        return there
    await queries.replace_others(conn, asset.id, made.id)
    return made


async def take(conn: Connection, id: UUID, ids: Collection[str], user_id: UserId) -> Asset:
    """Put these hunks into the piece: its next version. Raises Invalid, and Conflict when that is not possible any more."""
    proposal, asset = await _open(conn, id)
    unknown = set(ids) - {hunk.id for hunk in proposal.hunks}
    if unknown or not ids:
        raise Invalid(
            fields={"hunks": f"not in this proposal: {', '.join(sorted(unknown))}" if unknown else "none is chosen"}
        )
    if asset.content_hash != proposal.content_hash:
        raise Conflict(
            f"v{asset.version} is newer than what this was made for; have it made again.", version=asset.version
        )
    title, content = edited(asset.title, asset.content, proposal.hunks, ids)
    changed = await assets.edit(conn, asset.id, title=title, content=content, shown_hash=asset.content_hash)
    await queries.settle(conn, id, "taken", sorted(ids), user_id)
    return changed


async def dismiss(conn: Connection, id: UUID, user_id: UserId) -> Asset:
    """Let it go; the piece stays as it is."""
    _, asset = await _open(conn, id)
    await queries.settle(conn, id, "dismissed", [], user_id)
    return asset


def edited(
    title: str, content: dict[str, Any], found: Collection[Hunk], ids: Collection[str]
) -> tuple[str, dict[str, Any]]:
    """Title and content with the hunks of these ids."""
    whole: dict[str, Any] = {**content, "title": title}
    for part in dict.fromkeys(hunk.part for hunk in found):
        text = str(whole.get(part) or "")
        whole[part] = taken(text, [hunk for hunk in found if hunk.part == part], ids)
    new_title = " ".join(str(whole["title"]).split()) or title
    kept = {name: value for name, value in whole.items() if name != "title" or "title" in content}
    return new_title, {**kept, **({"title": new_title} if "title" in content else {})}


async def _open(conn: Connection, id: UUID) -> tuple[Proposal, Asset]:
    """Both locked; raises NotFound, and Conflict when it is settled."""
    first = await get(conn, id)
    await artifacts.lock_client(conn, first.client_id)
    asset = await assets.lock(conn, first.asset_id)
    proposal = await queries.lock(conn, id)
    if proposal is None:
        raise NotFound(GONE)
    if proposal.status != "open":
        done = "were taken already" if proposal.status == "taken" else "were let go or replaced by newer ones"
        raise Conflict(f"These changes {done}.")
    return proposal, asset
