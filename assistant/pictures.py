"""Emails as pictures: a real Chromium, where this machine has one, draws them as a mail program would.

What always holds: it runs on its own, with a fresh profile that is removed; the email is closed in (no scripts, no origin)
and nothing that it names is asked for, because there is no network; one picture is drawn at a time. Without Chromium
there are no pictures, and the page shows a closed frame instead.
"""

import asyncio
import contextlib
import io
import os
import shutil
import signal
import tempfile
from collections import OrderedDict
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image, ImageChops

from knowledge.errors import Upstream

View = Literal["desktop", "phone", "dark"]
#: widths in CSS pixels
WIDTHS: dict[View, int] = {"desktop": 680, "phone": 390, "dark": 680}
#: height of the sheet that is drawn on; what is longer is cut there
TALLEST = 6_000
PATIENCE = 60.0
MOST_KEPT = 48
#: milliseconds of the page's own clock before the picture is taken, try after try: a busy machine needs more
SETTLE = (2_000, 4_000, 8_000, 16_000, 32_000)
#: stands where the frame is until it has been drawn
_BARE = (255, 0, 255)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless=new", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check",
    "--disable-extensions", "--disable-background-networking", "--disable-sync", "--disable-component-update",
    "--mute-audio", "--disable-dev-shm-usage", "--disable-features=IsolateSandboxedIframes,IsolateOrigins",
    "--run-all-compositor-stages-before-draw",
    # no address leads anywhere
    "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:1", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip
_RULES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_POLICY = f'<meta http-equiv="Content-Security-Policy" content="{_RULES}">'


def find_chromium() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Pictures:
    """Draws and keeps the last few pictures. ``chromium``: the program, or None where there is none."""

    def __init__(self, chromium: str | None) -> None:
        self.chromium = chromium
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def draw(self, html: str, view: View) -> bytes:
        """A PNG of the email; raises Upstream when it cannot be drawn."""
        key = sha256(f"{view}\x00{html}".encode("utf-8", "surrogatepass")).hexdigest()
        async with self._turn:
            if key not in self._kept:
                self._kept[key] = await self._drawn(html, view)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    async def _drawn(self, html: str, view: View) -> bytes:
        if self.chromium is None:
            raise Upstream("There is no Chromium on this machine to draw pictures with.")
        with tempfile.TemporaryDirectory(prefix="adroom-picture-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            page, picture = folder / "page.html", folder / "picture.png"
            page.write_text(_page(html, view), encoding="utf-8", errors="replace")
            for settle in SETTLE:
                await self._run(folder, page, picture, settle)
                cut = await asyncio.to_thread(_cut, picture, WIDTHS[view]) if picture.is_file() else None
                if cut is not None:
                    return cut
        raise Upstream("Chromium could not draw this email.", retryable=True)

    async def _run(self, folder: Path, page: Path, picture: Path, settle: int) -> None:
        own = ["--no-sandbox"] if os.geteuid() == 0 else []
        size = f"--window-size={max(WIDTHS.values()) + 40},{TALLEST}"
        places = [f"--user-data-dir={folder / 'profile'}", size, f"--screenshot={picture}"]
        look = [f"--virtual-time-budget={settle}", page.as_uri()]
        process = await asyncio.create_subprocess_exec(
            str(self.chromium), *_FLAGS, *own, *places, *look,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
            env={"HOME": str(folder), "PATH": os.environ.get("PATH", "")}, start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError as error:
            raise Upstream("Chromium took too long to draw this email.", retryable=True) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _page(html: str, view: View) -> str:
    """The email in a frame of the view's width: narrower than a window may be, and dark for what is in it."""
    scheme = "dark" if view == "dark" else "light"
    head = html.find("<head>")
    closed = html[: head + 6] + _POLICY + html[head + 6 :] if head >= 0 else _POLICY + html
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="margin:0;background:#ff00ff">'
        f'<iframe sandbox style="border:0;width:{WIDTHS[view]}px;height:{TALLEST}px;color-scheme:{scheme}" '
        f'srcdoc="{escape(closed)}"></iframe></body></html>'
    )


def _cut(path: Path, width: int) -> bytes | None:
    """The frame alone, without the empty end of the sheet; None when the picture was taken before the frame was there."""
    with Image.open(path) as whole:
        frame = whole.convert("RGB").crop((0, 0, width, min(TALLEST, whole.height)))
    if frame.getpixel((0, 0)) == _BARE:
        return None
    last = Image.new("RGB", frame.size, frame.getpixel((0, frame.height - 1)))  # pyright: ignore[reportArgumentType]
    drawn = ImageChops.difference(frame, last).getbbox()
    bottom = min(frame.height, (drawn[3] if drawn else 0) + 24)
    out = io.BytesIO()
    frame.crop((0, 0, width, max(bottom, 80))).save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()
