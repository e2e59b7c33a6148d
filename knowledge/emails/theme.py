"""An email's colours, from the canon's palette. Text always has the contrast that WCAG 2.2 asks of it (1.4.3: 4.5:1).

A palette is a list of colours without roles: the accent is the first that is a colour rather than a grey, the ink the
darkest, the ground the lightest when they are dark and light enough. What is missing is neutral.
"""

import re
from dataclasses import dataclass
from typing import Any

from PIL import ImageColor

from knowledge.json_values import as_list, as_object

Rgb = tuple[int, int, int]

TEXT_CONTRAST = 4.5
WHITE, BLACK = (255, 255, 255), (17, 24, 39)
_QUIET = (107, 114, 128)
_INK, _GROUND, _ACCENT = (31, 41, 55), (243, 244, 246), (55, 65, 81)
_DARK_GROUND, _DARK_CARD, _DARK_INK = (15, 23, 42), (30, 41, 59), (241, 245, 249)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#rrggbb``. ``dark_*``: for readers whose mail program shows dark."""

    accent: str
    on_accent: str
    link: str
    ink: str
    quiet: str
    ground: str
    card: str
    dark_ground: str
    dark_card: str
    dark_ink: str
    dark_link: str
    logo_url: str | None


def theme_of(canon: dict[str, Any] | None) -> Theme:
    """The theme of an approved canon's data; neutral without one."""
    look = as_object(as_object(as_object(canon).get("brand")).get("visualStyleRefs"))
    palette = [colour for name in as_list(look.get("palette")) if (colour := read_colour(str(name))) is not None]
    accent = next((colour for colour in palette if _colourful(colour)), palette[0] if palette else _ACCENT)
    dark = min(palette, key=luminance, default=_INK)
    light = max(palette, key=luminance, default=_GROUND)
    ground = light if luminance(light) > 0.8 and light != WHITE else _GROUND
    ink = dark if contrast(dark, WHITE) >= 10 else _INK
    logo = str(look.get("logoUrl") or "")
    return Theme(
        accent=_hex(accent),
        on_accent=_hex(next(one for one in (WHITE, BLACK, (0, 0, 0)) if contrast(one, accent) >= TEXT_CONTRAST)),
        link=_hex(towards(accent, BLACK, WHITE)),
        ink=_hex(ink),
        quiet=_hex(towards(_QUIET, BLACK, ground)),
        ground=_hex(ground),
        card=_hex(WHITE),
        dark_ground=_hex(_DARK_GROUND),
        dark_card=_hex(_DARK_CARD),
        dark_ink=_hex(_DARK_INK),
        dark_link=_hex(towards(accent, WHITE, _DARK_CARD)),
        logo_url=logo if logo.startswith("https://") else None,
    )


def read_colour(name: str) -> Rgb | None:
    """A colour written as ``#rgb``, ``#rrggbb``, ``rgb(…)`` or an English colour name, alone or beside other words."""
    found = re.search(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b", name)
    try:
        read = ImageColor.getrgb(found[0] if found else name.strip())
    except ValueError:
        return None
    return (read[0], read[1], read[2])


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, definition)."""
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, definition)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def towards(colour: Rgb, end: Rgb, ground: Rgb, least: float = TEXT_CONTRAST) -> Rgb:
    """``colour``, mixed with just as much of ``end`` as makes it legible on ``ground``."""
    for step in range(21):
        mixed = _mix(colour, end, step / 20)
        if contrast(mixed, ground) >= least:
            return mixed
    return end


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def _colourful(colour: Rgb) -> bool:
    return max(colour) - min(colour) >= 40


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
