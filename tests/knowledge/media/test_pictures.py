"""Pictures made small: every kind that is taken, and broken or hostile files that are refused in words."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from knowledge.errors import Invalid
from knowledge.media.pictures import make_thumbnail, shown_type
from tests.knowledge.media.drawn import opened, picture

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_written_anew_as_webp_within_640_pixels(kind: str) -> None:
    small = make_thumbnail(picture(format=kind))
    assert (small.width, small.height) == (640, 320)
    assert (opened(small.content).format, opened(small.content).size) == ("WEBP", (640, 320))


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("I;16", "PNG"), ("L", "PNG"), ("1", "PNG"), ("LA", "PNG")]
)
def test_every_way_of_colour_is_shown(mode: str, kind: str) -> None:
    assert make_thumbnail(picture(40, 20, kind, mode)).width == 40


def grey_levels(content: bytes) -> set[int]:
    grey = opened(content).convert("L")
    return {int(grey.getpixel((x, y))) for x in range(0, grey.width, 9) for y in range(0, grey.height, 9)}  # type: ignore[arg-type]


def test_sixteen_bits_a_point_do_not_turn_white() -> None:
    deep = Image.new("I;16", (40, 40), 128 * 256)
    out = io.BytesIO()
    deep.save(out, "PNG")
    assert all(120 < level < 136 for level in grey_levels(make_thumbnail(out.getvalue()).content))


@pytest.mark.parametrize("mode", ["1", "P"])
def test_a_picture_of_few_colours_is_made_small_smoothly(mode: str) -> None:
    """Stripes one point wide: a point that is only picked out would stay black or white."""
    stripes = Image.frombytes("L", (2_560, 64), bytes([0, 255]) * 1_280 * 64).convert(mode)
    out = io.BytesIO()
    stripes.save(out, "PNG")
    assert all(100 < level < 156 for level in grey_levels(make_thumbnail(out.getvalue()).content))


def test_what_is_clear_stays_clear() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(make_thumbnail(out.getvalue()).content).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_picture_lying_on_its_side_is_turned_and_what_was_noted_in_it_is_gone() -> None:
    noted = Image.Exif()
    noted[274], noted[315] = 6, "Somebody's name"
    small = make_thumbnail(picture(exif=noted))
    assert (small.width, small.height) == (320, 640)
    assert not opened(small.content).getexif()
    assert b"Somebody" not in small.content


def test_of_a_moving_picture_the_first_is_shown() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    red, _, blue = opened(make_thumbnail(out.getvalue()).content).convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert red > 200 > 60 > blue


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large; there is next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(8_000, 5_001), (60_000, 60_000), (2_000_000_000, 1)])
def test_a_picture_of_too_many_pixels_is_not_unpacked(width: int, height: int) -> None:
    with pytest.raises(Invalid, match="40 million pixels"):
        make_thumbnail(png_of(width, height))


@pytest.mark.parametrize("content", [
    b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"%PDF-1.7", b"\0" * 100, b"%!PS-Adobe", b"\x89PNG",
])  # fmt: skip
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="picture"):
        make_thumbnail(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_picture_is_refused_and_never_a_bug(kind: str) -> None:
    whole, chance = picture(90, 60, kind), random.Random(7)
    with pytest.raises(Invalid):
        make_thumbnail(whole[: len(whole) // 3])
    for _ in range(100):
        broken = bytearray(whole)
        for _ in range(6):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            make_thumbnail(bytes(broken))
        except Invalid as wrong:
            assert set(wrong.fields) == {"file"}


def test_only_known_pictures_are_shown_in_place() -> None:
    shown = {kind: shown_type(picture(format=kind)[:20]) for kind in KINDS}
    assert shown == {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": None}
    assert shown_type(b"<svg") is None
    assert shown_type(b"") is None
