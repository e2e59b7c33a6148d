"""An ad's pictures and films: fetched into our own store when somebody wants to see them, made small, kept.

What always holds: a person's browser gets them from us alone; a medium is fetched once at a time, and what failed is
not tried again until somebody asks for that; no connection to the database is held while a host is waited for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from anyio import CapacityLimiter

from knowledge.db import Connection
from knowledge.errors import Invalid, NotFound, Upstream
from knowledge.fetching.web import Web
from knowledge.files.store import OrgFiles, StoredFile
from knowledge.files.uploads import Upload
from knowledge.media import queries
from knowledge.media.pictures import thumbnail
from knowledge.media.queries import Kept

#: bytes of a picture and of a film that are fetched; seconds a film may take
LARGEST_PICTURE, LARGEST_FILM, FILM_SECONDS = 25_000_000, 200_000_000, 120.0
#: media that are fetched at a time, for everybody
AT_ONCE = 6
#: many hosts of pictures say only that it is bytes; what it is, its first bytes tell
PICTURES = ("image/*", "application/octet-stream", "binary/octet-stream")
FILMS = ("video/*", "application/octet-stream", "binary/octet-stream")
NOTHING = "There is no picture of this ad."
GONE = "That picture does not exist, or not for you."


@dataclass(frozen=True)
class Shelf:
    """``tx`` opens a transaction in the organisation whose ``files`` these are."""

    tx: Callable[[], AbstractAsyncContextManager[Connection]]
    files: OrgFiles
    web: Web


async def thumb(shelf: Shelf, swipe_id: UUID, media_id: UUID) -> bytes:
    """The small picture (WebP), fetched if nobody has tried before. Raises NotFound with the reason."""
    kept = await get(shelf, swipe_id, media_id)
    if kept.thumb_key is None and kept.fetch_error is None:
        kept = await fetch(shelf, swipe_id, media_id, again=False)
    if kept.thumb_key is None:
        raise NotFound(kept.fetch_error or NOTHING)
    return await shelf.files.get(kept.thumb_key)


async def fetch(shelf: Shelf, swipe_id: UUID, media_id: UUID, *, whole: bool = False, again: bool = True) -> Kept:
    """Fetch a medium if it is not here; ``whole``: not only what shows it in small; ``again``: also what failed before.

    A failure is told in the row.
    Raises NotFound for a medium that does not exist.
    """
    async with _lock(media_id), _limiter():
        kept = await get(shelf, swipe_id, media_id)  # somebody else may have just done it
        if kept.thumb_key is not None and (kept.storage_key is not None or not whole):
            return kept
        if kept.fetch_error is not None and not again:
            return kept
        file_key, thumb_key, reason = await _fetched(shelf, kept, whole)
        async with shelf.tx() as conn:
            await queries.record_fetch(conn, media_id, storage_key=file_key, thumb_key=thumb_key, reason=reason)
        if thumb_key is not None and kept.thumb_key is not None:
            await shelf.files.delete(kept.thumb_key)
        return await get(shelf, swipe_id, media_id)


async def _fetched(shelf: Shelf, kept: Kept, whole: bool) -> tuple[str | None, str | None, str | None]:
    """(file, thumbnail, why not all of it): keys of what came."""
    file_key = thumb_key = None
    film = kept.type == "video"
    try:
        if not film or (kept.thumb_key is None and (kept.thumbnail_url or not whole)):
            file_key, thumb_key = await _picture(shelf, kept, whole)
        if film and whole:
            file_key = await _film(shelf, kept)
    except Invalid as wrong:
        return (
            file_key,
            thumb_key,
            f"{'Its address' if 'url' in wrong.fields else 'It'} {'; '.join(wrong.fields.values())}.",
        )
    except Upstream as wrong:
        return file_key, thumb_key, wrong.message
    return file_key, thumb_key, None


async def get(shelf: Shelf, swipe_id: UUID, media_id: UUID) -> Kept:
    """Raises NotFound."""
    async with shelf.tx() as conn:
        kept = await queries.find(conn, swipe_id, media_id)
    if kept is None:
        raise NotFound(GONE)
    return kept


async def own_picture(files: OrgFiles, upload: Upload) -> dict[str, str]:
    """A picture that somebody brought, as ``custom_media`` of a client's own ad has it. Raises Invalid (``uploadId``)."""
    if upload.bytes > LARGEST_PICTURE:
        raise Invalid(fields={"uploadId": f"is larger than {LARGEST_PICTURE // 1_000_000} MB"})
    try:
        small = await thumbnail(await files.get(upload.storage_key))
    except Invalid as wrong:
        raise Invalid(fields={"uploadId": "; ".join(wrong.fields.values())}) from wrong
    stored = await files.put_bytes(small.content)
    return {"id": str(uuid4()), "type": "image", "storageKey": upload.storage_key, "thumbKey": stored.key}


async def _picture(shelf: Shelf, kept: Kept, whole: bool) -> tuple[str | None, str]:
    """(file, thumbnail) as keys; the file only when it was the ad's own picture that came."""
    own = None if kept.type == "video" else kept.url or kept.download_url
    wanted = own if whole and own else kept.thumbnail_url or own
    if wanted is None:
        raise Invalid(
            fields={"file": "is a film without a picture of it"} if kept.type == "video" else {"url": "is missing"}
        )
    found = await shelf.web.fetch(wanted, most=LARGEST_PICTURE, types=PICTURES)
    small = await thumbnail(found.content)
    file_key = (await shelf.files.put_bytes(found.content)).key if wanted == own and kept.storage_key is None else None
    return file_key, (await shelf.files.put_bytes(small.content)).key


async def _film(shelf: Shelf, kept: Kept) -> str:
    wanted = kept.url or kept.download_url
    if wanted is None:
        raise Invalid(fields={"url": "is missing"})

    async def keep(pieces: AsyncIterator[bytes]) -> StoredFile:
        return await shelf.files.put(pieces)

    return (await shelf.web.fetch_into(keep, wanted, most=LARGEST_FILM, types=FILMS, whole=FILM_SECONDS))[1].key


_locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


def _lock(media_id: UUID) -> asyncio.Lock:
    return _locks.setdefault(media_id, asyncio.Lock())


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(AT_ONCE)
