"""The letters of a file: unpacked, decoded, without NUL, a piece at a time.

What always holds: however big the file or what is packed in it, only a piece is in memory; a packed file gives at
most ``MOST_UNPACKED`` bytes and, beyond ``FREE``, at most ``MOST_RATIO`` times its own size; bytes that the encoding
has no letter for never end the reading.
"""

import codecs
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from knowledge.imports.readers.encodings import encoding_of

#: bytes that a packed file may give, and how many times its own size once it gave ``FREE``
MOST_UNPACKED, MOST_RATIO, FREE = 2_000_000_000, 200, 20_000_000
#: bytes of a zip's list of what is in it
LONGEST_LIST = 4_000_000
#: bytes looked at to guess what a file is
SAMPLE = 256 * 1024


_DAMAGED = "The zip file is damaged or cannot be unpacked."
#: codecs that are for other things than the text of a file
_NO_TEXT = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"})


class Unreadable(Exception):
    """The file as a whole, or from here on, cannot be read. The message is for the person whose file it is."""


_Unpacking = gzip.GzipFile | zipfile.ZipExtFile


class CutOff(Unreadable):
    """The packed file gave no more; what it gave before was read."""


class _Counted(io.RawIOBase):
    """Unpacked bytes; they end, with ``wrong`` saying why, where the packed file is damaged or gives too many."""

    def __init__(self, inner: _Unpacking, packed_size: int) -> None:
        super().__init__()
        self._inner = inner
        self._limit = min(MOST_UNPACKED, max(FREE, packed_size * MOST_RATIO))
        self._given = 0
        self.wrong = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        if self.wrong:
            return 0
        try:
            piece = self._inner.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, struct.error):
            self.wrong = "The packed file is damaged or was cut off; what came before was read."
            return 0
        self._given += len(piece)
        if self._given > self._limit:
            self.wrong = f"The packed file unpacks to more than {self._limit // 1_000_000:,} MB; the rest is not read."
            return 0
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._inner.close()
        super().close()


@contextmanager
def open_bytes(path: Path) -> Generator[BinaryIO]:
    """The file's bytes; of what is in it when it is a .gz, or a .zip with one file. Raises ``Unreadable``, and
    ``CutOff`` when they were read to where the packed file failed."""
    with path.open("rb") as file:
        magic = file.peek(4)[:4]
        if magic[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=file) as inner:
                yield from _counted(inner, path)
        elif magic == b"PK\x03\x04":
            with _unzipped(file) as inner:
                yield from _counted(inner, path)
        else:
            yield file


def _counted(inner: _Unpacking, path: Path) -> Generator[BinaryIO]:
    counted = _Counted(inner, path.stat().st_size)
    yield cast(BinaryIO, io.BufferedReader(counted, 1 << 18))
    if counted.wrong:
        raise CutOff(counted.wrong)


@contextmanager
def _unzipped(file: BinaryIO) -> Generator[zipfile.ZipExtFile]:
    with open_zip(file) as archive:
        member = only_member(archive)
        try:
            inner = cast(zipfile.ZipExtFile, archive.open(member))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, struct.error) as wrong:
            raise Unreadable(_DAMAGED) from wrong
        yield inner


@contextmanager
def open_zip(file: BinaryIO) -> Generator[zipfile.ZipFile]:
    """The zip's list of what is in it, when it is not too long. Raises ``Unreadable``."""
    if _list_size(file) > LONGEST_LIST:
        raise Unreadable("The zip file has too many files in it; give one at a time.")
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error) as wrong:
        raise Unreadable(_DAMAGED) from wrong
    with archive:
        yield archive


def _list_size(file: BinaryIO) -> int:
    """Bytes of the list at the end of a zip, which is read as a whole; what is no zip has none."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - (1 << 16) - 22))
    end = file.read()
    file.seek(0)
    at = end.rfind(b"PK\x05\x06")
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one file of a zip, not counting what file managers add. Raises ``Unreadable``."""
    members = [one for one in archive.infolist() if not one.is_dir() and not _added(one.filename)]
    if len(members) != 1:
        raise Unreadable(f"The zip file has {len(members)} files in it; give one at a time.")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("The zip file is packed in a rare way; pack it anew.")
    if members[0].flag_bits & 1:
        raise Unreadable("The zip file is locked with a password.")
    return members[0]


def _added(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in (".DS_Store", "Thumbs.db")


def sample_of(path: Path, size: int = SAMPLE) -> bytes:
    """The first bytes. Raises ``Unreadable``."""
    sample = b""
    with suppress(CutOff), open_bytes(path) as stream:
        sample = stream.read(size)
    return sample


def encoding_for(path: Path, encoding: str | None = None) -> str:
    """The encoding that was said, else the one the file seems to be in. Raises ``Unreadable``."""
    if encoding is None:
        return encoding_of(sample_of(path))
    try:
        name = codecs.lookup(encoding).name
        b"a".decode(name, "replace")
    except (LookupError, ValueError):  # none, or one that is not from bytes to letters
        raise Unreadable(f"There is no encoding called ‘{encoding[:40]}’.") from None
    if name.replace("-", "_") in _NO_TEXT:
        raise Unreadable(f"There is no encoding called ‘{encoding[:40]}’.")
    if name in ("utf-16", "utf-32"):  # which of the two kinds is said by the file, or not at all
        found = encoding_of(sample_of(path))
        return found if found.startswith(name) else f"{name}-le"
    return name


@contextmanager
def open_text(path: Path, encoding: str | None = None) -> Generator[TextIO]:
    """The file's letters with the line ends it has; NULs are still there. Raises ``Unreadable``."""
    name = encoding_for(path, encoding)
    errors = "adroom-western" if name.startswith("utf-8") else "replace"
    with open_bytes(path) as stream:
        wrapper = io.TextIOWrapper(stream, encoding=name, errors=errors, newline="")
        try:
            yield wrapper
        finally:
            wrapper.detach()
