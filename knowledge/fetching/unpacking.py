"""An answer's content piece by piece, unpacked no further than the limit: a small packed answer may be endless inside."""

import zlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from knowledge.errors import Invalid, Upstream

if TYPE_CHECKING:
    import httpx

#: bytes unpacked at a time
PIECE = 1 << 18
#: window bits of zlib: told apart by the first bytes
_GZIP_OR_ZLIB = 47
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))


async def unpacked(response: "httpx.Response", most: int) -> AsyncGenerator[bytes]:
    """Raises Invalid (``url``) above ``most`` bytes, packed or not; Upstream for a packing that is broken or unknown."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    announced = response.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) < 20 and int(announced) > most:
        raise _too_large(most)
    if packing in ("", "identity"):
        pieces = response.aiter_raw()
    elif packing in _PACKED:
        pieces = _inflated(response, most)
    else:
        raise Upstream(f"The page came packed in a way that is not known here ({packing[:20]}).")
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > most:
            raise _too_large(most)
        yield piece


async def _inflated(response: "httpx.Response", most: int) -> AsyncGenerator[bytes]:
    inflater, came = zlib.decompressobj(_GZIP_OR_ZLIB), 0
    async for packed in response.aiter_raw():
        came += len(packed)
        if came > most:
            raise _too_large(most)
        rest = packed
        while rest:
            if inflater.eof:
                if rest[:1] != b"\x1f":  # padding, which is left out; else another part of gzip, which belongs to it
                    break
                inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                piece = inflater.decompress(rest, PIECE)
            except zlib.error as error:
                raise _broken() from error
            if piece:
                yield piece
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    while not inflater.eof:  # what it still holds back
        piece = inflater.decompress(inflater.unconsumed_tail, PIECE)
        if not piece:
            raise _broken()
        yield piece


def _broken() -> Upstream:
    return Upstream("The page came packed and is broken.", retryable=True)


def _too_large(most: int) -> Invalid:
    return Invalid(fields={"url": f"is larger than {most / 1_000_000:,.0f} MB"})
