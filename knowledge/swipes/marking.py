"""What a team makes of ads: saved, favourite, tagged, a good or a bad example for a client; and its clients' own.

What always holds: an export never undoes any of it (knowledge/imports/swipe_rows.py); what is searched by follows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.errors import Invalid, NotFound
from knowledge.ids import OrgId
from knowledge.search.chunking import ad_chunks
from knowledge.search.chunks import ChunkDraft, refresh_filters, replace_chunks
from knowledge.swipes import queries

GONE = "That ad does not exist, or not for you."
MOST_TAGS, LONGEST_TAG = 40, 60


@dataclass(frozen=True)
class Marks:
    """What an ad is to a client; None leaves as it is. Good and bad exclude each other."""

    good: bool | None = None
    bad: bool | None = None
    notes: str | None = None
    icp_id: str | None = None
    funnel_stage_id: str | None = None
    angle_type: str | None = None
    tags: Sequence[str] | None = None


@dataclass(frozen=True)
class OwnAd:
    """An ad the client brought itself."""

    title: str | None = None
    body: str | None = None
    channel: str | None = None
    format: str | None = None
    landing_page: str | None = None
    media: list[dict[str, str]] | None = None


async def mark(conn: Connection, id: UUID, *, saved: bool | None = None, favorite: bool | None = None) -> None:
    """Raises NotFound."""
    if not await queries.mark(conn, id, saved=saved, favorite=favorite):
        raise NotFound(GONE)


async def set_tags(conn: Connection, org_id: OrgId, id: UUID, tags: Sequence[str]) -> None:
    """Replace an ad's tags. Raises NotFound, Invalid."""
    if not await queries.tag(conn, org_id, id, clean_tags(tags)):
        raise NotFound(GONE)
    await refresh_filters(conn, org_id, [id])


async def link(conn: Connection, org_id: OrgId, swipe_id: UUID, client_id: UUID, marks: Marks) -> None:
    """Make an ad of the library an example for a client, or change what it is to it. Raises NotFound, Invalid."""
    client = await clients.get_client(conn, client_id)
    ad = await queries.find(conn, swipe_id)
    if ad is None or ad.client_swipe_id is not None:
        raise NotFound(GONE)
    await queries.link(conn, {"org_id": org_id, "client_id": client.id, "swipe_id": swipe_id, **_values(marks)})


async def unlink(conn: Connection, swipe_id: UUID, client_id: UUID) -> None:
    """Raises NotFound when it was none of the client's examples."""
    if not await queries.unlink(conn, swipe_id, client_id):
        raise NotFound("That ad is no example of this client's.")


async def add_own(conn: Connection, org_id: OrgId, client_id: UUID, ad: OwnAd, marks: Marks) -> UUID:
    """Keep a client's own ad, findable like any other. Raises NotFound, Invalid."""
    if not (ad.title or "").strip() and not (ad.body or "").strip() and not ad.media:
        raise Invalid(fields={"body": "an ad needs words or a picture"})
    client = await clients.get_client(conn, client_id)
    fields = _values(marks)
    fields |= {"tags": fields["tags"] or [], "good": bool(fields["good"]), "bad": bool(fields["bad"])}
    own = {"title": ad.title, "body": ad.body, "channel": ad.channel, "format": ad.format}
    more = {"landing_page": ad.landing_page, "media": Jsonb(ad.media) if ad.media else None}
    id = await queries.insert_own(conn, {"org_id": org_id, "client_id": client.id, **own, **more, **fields})
    drafts = [
        ChunkDraft(
            kind="client_swipe",
            parent_id=id,
            part=piece.part,
            ordinal=piece.ordinal,
            text=piece.text,
            client_id=client.id,
            platforms=[ad.channel] if ad.channel else [],
            format=ad.format,
            tags=fields["tags"],
        )
        for piece in ad_chunks(title=ad.title, body=ad.body)
    ]
    await replace_chunks(conn, org_id, [id], drafts)
    return id


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Trimmed, each once, none empty. Raises Invalid."""
    clean = list(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(clean) > MOST_TAGS:
        raise Invalid(fields={"tags": f"{len(clean)} are too many; up to {MOST_TAGS}"})
    long = next((tag for tag in clean if len(tag) > LONGEST_TAG), None)
    if long:
        raise Invalid(fields={"tags": f"“{long[:LONGEST_TAG]}…” is too long; up to {LONGEST_TAG} letters"})
    return clean


def _values(marks: Marks) -> dict[str, Any]:
    if marks.good and marks.bad:
        raise Invalid(fields={"good": "an ad is a good example or a bad one, not both"})
    good = False if marks.bad else marks.good
    bad = False if marks.good else marks.bad
    values = {name: value for name, value in vars(marks).items() if name not in ("good", "bad", "tags")}
    tags = None if marks.tags is None else clean_tags(marks.tags)
    return {**values, "good": good, "bad": bad, "tags": tags}
