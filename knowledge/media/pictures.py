"""Pictures made small: whatever came from outside is read as pixels and written anew, so nothing else of it remains.

What always holds: only the kinds below are opened, by their first bytes and never by a name; SVG and HTML are none of
them; nothing larger than ``MOST_PIXELS`` is unpacked; one picture at a time is worked on, so memory stays bounded.
"""

import io
import struct
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import anyio.to_thread
from anyio import CapacityLimiter

from knowledge.errors import Invalid

if TYPE_CHECKING:
    from PIL import Image

#: pixels of a picture that is opened: 40 MP, 160 MB as they lie in memory
MOST_PIXELS = 40_000_000
#: the longer side of a thumbnail, in pixels
SIDE = 640
QUALITY = 80
THUMB_TYPE = "image/webp"
_KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")

#: what Pillow's readers raise on broken files, by kind
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)

PictureType = Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
#: what browsers show and cannot run, by first bytes
_SHOWN: tuple[tuple[bytes, PictureType], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True)
class Thumbnail:
    """WebP. ``width`` and ``height`` in pixels."""

    content: bytes
    width: int
    height: int


async def thumbnail(content: bytes) -> Thumbnail:
    """A picture made small, away from the event loop; of a moving one the first. Raises Invalid (``file``)."""
    return await anyio.to_thread.run_sync(make_thumbnail, content, limiter=_limiter())


@cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(1)


def make_thumbnail(content: bytes) -> Thumbnail:
    """Raises Invalid (``file``)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own warning of bombs comes later than our limit
            with Image.open(io.BytesIO(content), formats=_KINDS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _refused(f"has more than {MOST_PIXELS // 1_000_000} million pixels")
                smooth = _smooth(picture)
                smooth.thumbnail((SIDE, SIDE), reducing_gap=2.0)
                small = ImageOps.exif_transpose(smooth)
                clear = small.mode in ("RGBA", "LA", "PA") or "transparency" in small.info
                plain = small.convert("RGBA" if clear else "RGB")
                out = io.BytesIO()
                plain.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=None, xmp=b"")
    except UnidentifiedImageError:
        raise _refused("is no picture that can be shown") from None
    except Image.DecompressionBombError:
        raise _refused(f"has more than {MOST_PIXELS // 1_000_000} million pixels") from None
    except _BROKEN as error:
        raise _refused("is a broken picture") from error
    return Thumbnail(out.getvalue(), plain.width, plain.height)


def _smooth(picture: "Image.Image") -> "Image.Image":
    """The same in a way of colour that can be made small without steps, and in which 16 bits do not turn white."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda level: level * (1 / 256)).convert("L")
    if picture.mode in ("1", "P", "PA"):
        clear = picture.mode == "PA" or "transparency" in picture.info
        return picture.convert("RGBA" if clear else "RGB")
    return picture


def shown_type(head: bytes) -> PictureType | None:
    """What a stored file may be shown as, by its first bytes; None: it is only given to be kept."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((type for magic, type in _SHOWN if head.startswith(magic)), None)


def _refused(why: str) -> Invalid:
    return Invalid(fields={"file": why})
