"""Sending a page out, once: claimed, sent as a draft, live, and marked as published.

What always holds: one page for one piece, however often it is published and wherever a crash comes between; nothing goes
out that is not approved, which is looked at again right before it goes live, and what goes out is exactly the content that
was approved. The address of a page that is live is kept, whatever has become of the piece meanwhile. No connection is held
while the content system works.
"""

from dataclasses import dataclass, replace

import psycopg

from knowledge.artifacts import queries as artifacts
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection, Database
from knowledge.errors import Blocked, Conflict, Upstream
from knowledge.ids import AssetId
from knowledge.people.models import Caller
from knowledge.publishing import queries
from knowledge.publishing.described import PAGES
from knowledge.publishing.models import PLACES, Post, Publication, Publisher, Sent
from knowledge.publishing.rendering import body_html
from knowledge.publishing.structured_data import as_script

#: seconds after which whoever claimed it counts as dead; longer than the calls to a content system may take together
CLAIM = 200


@dataclass(frozen=True)
class _Claimed:
    asset: Asset
    publication: Publication
    post: Post


async def publish(db: Database, caller: Caller, asset_id: AssetId, publisher: Publisher | None) -> None:
    """Send the piece out, if there is a place for it, and mark it as published; a second time changes nothing.

    Raises Denied, Blocked with every reason, Conflict while somebody else is at it, Upstream.
    """
    if publisher is None:
        async with db.org(caller.org_id) as conn:
            await assets.publish(conn, asset_id, role=caller.role)
        return
    async with db.org(caller.org_id) as conn:
        claimed = await _claim(conn, caller, asset_id, publisher)
    if claimed is None:
        return
    try:
        sent = await publisher.draft(claimed.post, claimed.publication.external_id)
        await _keep(db, caller, claimed, sent, "draft")
        await _check_again(db, caller, claimed)
        live = await publisher.go_live(claimed.post, sent.external_id)
    except BaseException:
        async with db.org(caller.org_id) as conn:
            await queries.let_go(conn, claimed.publication.id)
        raise
    live = replace(live, lost=sent.lost)
    await _keep_live(db, caller, claimed, live)
    await _mark(db, caller, claimed, live)


async def _claim(conn: Connection, caller: Caller, asset_id: AssetId, publisher: Publisher) -> _Claimed | None:
    """None when nothing is left to do: no page of a site, or out already as it is and whole."""
    asset = await assets.publishable(conn, asset_id, role=caller.role)
    if asset.format not in PAGES:
        await assets.publish(conn, asset_id, role=caller.role)
        return None
    there = await queries.find(conn, asset.id, publisher.place)
    if there is not None and there.state == "live" and there.content_hash == asset.content_hash and not there.lost:
        await assets.publish(conn, asset_id, role=caller.role)
        return None
    publication = await queries.claim(conn, {
        "org_id": asset.org_id, "asset_id": asset.id, "place": publisher.place, "key": f"adroom-{asset.id}",
        "asset_version": asset.version, "content_hash": asset.content_hash, "seconds": CLAIM,
        "published_by": caller.user_id,
    })  # fmt: skip
    if publication is None:
        raise Conflict("It is being published right now; look again in a moment.")
    return _Claimed(asset, publication, post_of(asset, publication.key))


async def _check_again(db: Database, caller: Caller, claimed: _Claimed) -> None:
    """Right before it goes live: what was claimed may be another version by now, or may not go out any more."""
    async with db.org(caller.org_id) as conn:
        asset = await assets.publishable(conn, claimed.asset.id, role=caller.role)
    if asset.content_hash != claimed.asset.content_hash:
        raise Conflict(
            f"v{asset.version} was written while v{claimed.asset.version} was being sent; it did not go live. "
            "Look at it and publish again."
        )


async def _keep(db: Database, caller: Caller, claimed: _Claimed, sent: Sent, state: str) -> None:
    """What is there now, whatever has become of the piece here."""
    async with db.org(caller.org_id) as conn:
        values = {"state": state, "external_id": sent.external_id, "url": sent.url, "lost": sent.lost,
                  "asset_version": claimed.asset.version, "content_hash": claimed.asset.content_hash}  # fmt: skip
        await queries.set_state(conn, claimed.publication.id, values)


async def _keep_live(db: Database, caller: Caller, claimed: _Claimed, live: Sent) -> None:
    """The address of a live page is kept, with a second try on another connection; else it is at least told."""
    for last in (False, True):
        try:
            await _keep(db, caller, claimed, live, "live")
        except psycopg.OperationalError as error:
            if last:
                raise Upstream(
                    f"It is live at {live.url}, but that could not be written down here. Publish again when the database "
                    "is back; no second page will be made.",
                    retryable=True,
                ) from error
        else:
            return


async def _mark(db: Database, caller: Caller, claimed: _Claimed, live: Sent) -> None:
    """Raises Blocked, with the address, when the piece may not count as published although its page is out."""
    try:
        async with db.org(caller.org_id) as conn:
            await artifacts.lock_client(conn, claimed.asset.client_id)
            asset = await assets.lock(conn, claimed.asset.id)
            # edited while it went out: what is out is the approved version, what is here is a draft again
            if asset.content_hash == claimed.asset.content_hash and asset.status == "approved":
                await assets.publish(conn, asset.id, role=caller.role)
    except Blocked as error:
        raise Blocked(
            f"It went live at {live.url} and is out there, but it does not count as published here: "
            f"{'; '.join(error.reasons)}. Take it down in {PLACES[claimed.publication.place]}, or clear this up and "
            "publish again.",
            reasons=error.reasons,
        ) from error


def post_of(asset: Asset, key: str) -> Post:
    """The piece as a content system takes it; our key stands in it as a comment, which readers do not see."""
    content = asset.content
    parts = [body_html(str(content.get("markdown") or ""), with_title=False), f"<!-- {key} -->"]
    if isinstance(content.get("jsonLd"), list):
        parts.insert(1, as_script(content["jsonLd"]))
    return Post(
        key=key,
        title=asset.title,
        slug=str(content.get("slug") or ""),
        html="\n".join(parts),
        excerpt=str(content.get("metaDescription") or ""),
        page=asset.format == "landing_page",
    )
