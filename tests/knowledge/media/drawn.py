"""Pictures drawn for tests, as files."""

import io
from typing import Any

from PIL import Image


def picture(width: int = 1200, height: int = 600, format: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    drawn = Image.linear_gradient("L").resize((width, height)).convert(mode)
    out = io.BytesIO()
    drawn.save(out, format, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
