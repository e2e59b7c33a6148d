"""Colours: reading them from HTML, and how far two are apart as an eye sees it.

The distance is CIEDE2000 (CIE 142-2001; checked against the pairs of Sharma, Wu, Dalal 2005), from sRGB with D65.
"""

import math
import re
from functools import lru_cache

HEX = re.compile(r"(?<![&\w])#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![0-9a-zA-Z])")
Lab = tuple[float, float, float]


@lru_cache(maxsize=4096)
def lab(colour: str) -> Lab | None:
    """``#rgb`` or ``#rrggbb`` as CIE L*a*b*; None for anything else."""
    found = HEX.fullmatch(colour.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = _cube(x), _cube(y), _cube(z)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _cube(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def chroma(colour: Lab) -> float:
    return math.hypot(colour[1], colour[2])


def hue(colour: Lab) -> float:
    """Degrees, 0 to 360."""
    return math.degrees(math.atan2(colour[2], colour[1])) % 360


def hue_apart(one: Lab, other: Lab) -> float:
    """Degrees between two hues, 0 to 180."""
    apart = abs(hue(one) - hue(other)) % 360
    return min(apart, 360 - apart)


def delta_e(one: Lab, other: Lab) -> float:
    """CIEDE2000 with the weights 1, 1, 1: about 1 is just seen, 10 is another colour at a glance."""
    l1, a1, b1 = one
    l2, a2, b2 = other
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if c else 0.0 for a, b, c in ((a1, b1, c1), (a2, b2, c2)))
    apart = _turn(h2 - h1) if c1 * c2 else 0.0
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(apart / 2))
    mean_l, mean_c, mean_h = (l1 + l2) / 2, (c1 + c2) / 2, _mean_hue(h1, h2, c1 * c2)
    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    turn = 30 * math.exp(-(((mean_h - 275) / 25) ** 2))
    rc = 2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 - math.sin(math.radians(2 * turn)) * rc * dc * dh)


def _turn(angle: float) -> float:
    return angle - 360 if angle > 180 else angle + 360 if angle < -180 else angle


def _mean_hue(h1: float, h2: float, chromas: float) -> float:
    total = h1 + h2
    if not chromas:
        return total
    if abs(h1 - h2) <= 180:
        return total / 2
    return (total + 360) / 2 if total < 360 else (total - 360) / 2


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
