"""A site map read as it comes: an index of maps, packed or not, or plain lines (sitemaps.org protocol 0.9).

What always holds: 50,000 addresses at most, of the client's own site only; a bounded number of files, bytes and
seconds; nothing in it is resolved or run (a document type ends the reading); what was left out is counted and said.
"""

import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from xml.parsers import expat

import anyio
import anyio.to_thread

from knowledge.db import Database
from knowledge.errors import AdroomError, Invalid, Upstream
from knowledge.ids import OrgId
from knowledge.research import own_pages
from knowledge.research.opening import Opener
from knowledge.research.own_pages import Listed
from knowledge.research.page_models import SiteMapRow

#: addresses that are kept, files read, bytes of a file (unpacked: the protocol's 50 MB and a little), seconds for all
MOST, MOST_FILES, LARGEST, SECONDS = 50_000, 200, 60_000_000, 120.0
#: letters of an address
LONGEST = 2_000
#: bytes unpacked at a time
PIECE = 1 << 18
TYPES = ("text/*", "application/*", "")
_OTHER = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|xml|css|js|ico|woff2?)$", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Enough(Exception):
    """There are as many addresses as are kept."""


@dataclass
class Found:
    """``maps``: further site maps that are named. ``skipped``: addresses left out (another site, no page). ``cut``:
    there were more than are kept."""

    pages: list[Listed] = field(default_factory=list[Listed])
    maps: list[str] = field(default_factory=list[str])
    skipped: int = 0
    cut: bool = False


class SiteMapParser:
    """Fed piece by piece. Raises Invalid (``url``) for what is no site map."""

    def __init__(self, host: str, most: int = MOST) -> None:
        self.found = Found()
        self._site = host.removeprefix("www.")
        self._most = most
        self._inflater: Any = None
        self._kind = ""
        self._size = 0
        self._line = b""
        self._path: list[str] = []
        self._text: list[str] = []
        self._loc = self._day = ""
        self._xml = expat.ParserCreate(namespace_separator=" ")
        self._xml.buffer_text = True
        self._xml.StartElementHandler = self._start
        self._xml.EndElementHandler = self._end
        self._xml.CharacterDataHandler = self._letters
        self._xml.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        if not self._kind and piece:
            packed = piece[:2] == b"\x1f\x8b"
            self._inflater = zlib.decompressobj(47) if packed else None
            self._kind = "?"
        if self._inflater is None:
            self._take(piece)
            return
        rest = piece
        while rest:
            try:
                self._take(self._inflater.decompress(rest, PIECE))
            except zlib.error as error:
                raise Invalid(fields={"url": "is packed and broken"}) from error
            rest = self._inflater.unconsumed_tail

    def close(self) -> Found:
        """What was found; the last line or the end of the document is read."""
        try:
            if self._kind == "xml":
                self._xml.Parse(b"", True)
            elif self._kind == "lines":
                self._lines(b"\n")
        except expat.ExpatError as error:
            raise _broken(error) from error
        return self.found

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > LARGEST:
            raise Invalid(fields={"url": f"is larger than {LARGEST / 1_000_000:.0f} MB"})
        if self._kind == "?" and piece.strip():
            self._kind = "xml" if piece.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "lines"
            piece = piece.lstrip(b" \r\n\t")
        try:
            if self._kind == "xml":
                self._xml.Parse(piece, False)
            elif self._kind == "lines":
                self._lines(piece)
        except expat.ExpatError as error:
            raise _broken(error) from error

    def _lines(self, piece: bytes) -> None:
        *whole, self._line = (self._line + piece).split(b"\n")
        if len(self._line) > 10 * LONGEST:
            raise Invalid(fields={"url": "is no site map"})
        for line in whole:
            if text := line.decode("utf-8", "replace").strip():
                self._keep(text, "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(" ")[2].lower())
        self._text = []
        if len(self._path) == 1 and self._path[0] not in ("urlset", "sitemapindex"):
            raise Invalid(fields={"url": "is no site map"})
        if len(self._path) > 20:
            raise Invalid(fields={"url": "is no site map"})

    def _letters(self, letters: str) -> None:
        if len(self._text) < 50:
            self._text.append(letters[: 2 * LONGEST])

    def _end(self, name: str) -> None:
        match self._path[1:]:
            case ["url" | "sitemap", "loc"]:
                self._loc = "".join(self._text).strip()
            case ["url", "lastmod"]:
                self._day = "".join(self._text).strip()
            case ["url"] if self._loc:
                self._keep(self._loc, self._day)
                self._loc = self._day = ""
            case ["sitemap"] if self._loc:
                if len(self.found.maps) < MOST_FILES:
                    self.found.maps.append(self._loc)
                self._loc = self._day = ""
            case _:
                pass
        self._path.pop()
        self._text = []

    def _doctype(self, *_: object) -> None:
        raise Invalid(fields={"url": "is no site map: it has a document type of its own"})

    def _keep(self, url: str, day: str) -> None:
        if not self._is_own(url):
            self.found.skipped += 1
            return
        if len(self.found.pages) >= self._most:
            self.found.cut = True
            raise _Enough
        self.found.pages.append(Listed(url, _date(day)))

    def _is_own(self, url: str) -> bool:
        if len(url) > LONGEST or not url.startswith(("http://", "https://")) or "\x00" in url:
            return False
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return False
        return (host == self._site or host.endswith(f".{self._site}")) and not _OTHER.search(parts.path)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if _DAY.match(text) else None
    except ValueError:
        return None


def _broken(error: expat.ExpatError) -> Invalid:
    return Invalid(fields={"url": f"is broken as a site map (line {error.lineno})"})


@dataclass
class SiteMapReader:
    """``opener``: whose web, rules and organisation."""

    opener: Opener
    most: int = MOST

    async def read(self, website: str) -> tuple[Found, list[str], list[str]]:
        """(pages, the maps read, what went wrong with some). ``website``: a site's address, or its map's own.

        Raises Invalid when there is no site map, Upstream when the host does not answer.
        """
        host = (urlsplit(website).hostname or "").lower()
        waiting, named = await self._first(website)
        every, read, notes = Found(), list[str](), list[str]()
        first: AdroomError | None = None
        try:
            with anyio.fail_after(SECONDS):
                while waiting and len(read) < MOST_FILES and len(every.pages) < self.most:
                    url = waiting.pop(0)
                    if url in read:
                        continue
                    try:
                        found = await self._one(url, host, self.most - len(every.pages))
                    except (Invalid, Upstream) as fault:
                        first = first or fault
                        if named or read:
                            notes.append(f"{url[:200]} {_why(fault)}")
                        continue
                    read.append(url)
                    waiting += found.maps
                    every.pages += found.pages
                    every.skipped += found.skipped
                    every.cut = every.cut or found.cut
        except TimeoutError:
            notes.append(f"Reading the site map took longer than {SECONDS:.0f} seconds; the rest was left out.")
        if not read:
            raise first or Invalid(fields={"url": "names no site map"})
        if every.cut or (waiting and len(every.pages) >= self.most):
            notes.append(f"The site map has more than {self.most:,} pages; the rest was left out.")
        return every, read, notes

    async def _first(self, website: str) -> tuple[list[str], bool]:
        """Where to begin: the map itself, those that robots.txt names, else the usual places; whether it was named."""
        parts = urlsplit(website)
        if re.search(r"\.(?:xml|txt|gz)$", parts.path):
            return [website], True
        origin = f"{parts.scheme}://{parts.netloc}"
        named = await self.opener.robots.site_maps(website)
        return (named, True) if named else ([f"{origin}/sitemap.xml", f"{origin}/sitemap_index.xml"], False)

    async def _one(self, url: str, host: str, most: int) -> Found:
        parser = SiteMapParser(host, most)

        async def fed(pieces: AsyncIterator[bytes]) -> bytes:
            async for piece in pieces:
                await anyio.to_thread.run_sync(parser.feed, piece)
            return b""

        try:
            await self.opener.web.fetch_into(
                fed, url, most=LARGEST, types=TYPES, whole=SECONDS, before=self.opener.robots.check
            )
        except _Enough:
            return parser.found
        return parser.close()


def _why(fault: Invalid | Upstream) -> str:
    return (fault.fields.get("url") if isinstance(fault, Invalid) else None) or f"could not be read: {fault.message}"


async def read_site_map(db: Database, org_id: OrgId, client_id: UUID, opener: Opener, website: str) -> SiteMapRow:
    """Read the client's site map and keep its pages in place of what was listed before. Raises Invalid, Upstream."""
    found, read, notes = await SiteMapReader(opener).read(website)
    async with db.org(org_id) as conn:
        await own_pages.keep(conn, org_id, client_id, found.pages, "site_map")
        return await own_pages.keep_site_map(
            conn,
            {
                "org_id": org_id,
                "client_id": client_id,
                "url": read[0],
                "files": len(read),
                "pages": len({page.url for page in found.pages}),
                "skipped": found.skipped,
                "notes": notes[:20],
            },
        )
