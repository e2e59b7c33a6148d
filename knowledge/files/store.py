"""Files that people bring, in a folder or a bucket, each organisation's under its own id.

What always holds: a key begins with the organisation it belongs to and is made here, never by a caller; nobody reaches
another's file through ``of``; a file is there whole or not at all; a place that does not answer is an ``Upstream``.
"""

import hashlib
import logging
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4

import anyio
import anyio.to_thread

from knowledge.errors import Invalid, NotFound, Upstream
from knowledge.ids import OrgId

if TYPE_CHECKING:
    from obstore.store import ObjectStore

logger = logging.getLogger(__name__)

#: bytes of a file that somebody may bring
LARGEST = 512 * 1024 * 1024
#: bytes written at a time, away from the event loop
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``sha256`` in hex; ``key`` is where it is."""

    key: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Files:
    """``place``: a folder, or the address of a bucket (``s3://bucket/prefix``). ``scratch``: a folder of this machine."""

    place: str
    scratch: Path

    @property
    def is_local(self) -> bool:
        return "://" not in self.place

    @cached_property
    def store(self) -> "ObjectStore":
        from obstore.store import LocalStore, from_url

        if self.is_local:
            return LocalStore(self.place, mkdir=True)
        return from_url(self.place)

    def of(self, org_id: OrgId) -> "OrgFiles":
        return OrgFiles(self, org_id)


@dataclass(frozen=True)
class OrgFiles:
    """One organisation's files."""

    files: Files
    org_id: OrgId

    async def put(self, pieces: AsyncIterable[bytes], *, most: int = LARGEST) -> StoredFile:
        """Keep what comes. Raises ``Invalid`` (``file``) as soon as it is more than ``most`` bytes."""
        with self._scratch() as file:
            digest, size, held = hashlib.sha256(), 0, bytearray()
            async for piece in pieces:
                size += len(piece)
                if size > most:
                    raise Invalid(fields={"file": f"is larger than {most // 1_000_000:,} MB"})
                held += piece
                if len(held) >= PIECE:
                    await anyio.to_thread.run_sync(_write, file, digest, bytes(held))
                    held.clear()
            await anyio.to_thread.run_sync(_write, file, digest, bytes(held))
            return await self._keep(Path(file.name), size, digest.hexdigest())

    async def put_file(self, path: Path, *, most: int = LARGEST) -> StoredFile:
        """Keep a copy of a file of this machine. Raises ``Invalid`` (``file``)."""
        size, digest = await anyio.to_thread.run_sync(_measure, path, most)
        return await self._keep(path, size, digest)

    async def put_bytes(self, content: bytes) -> StoredFile:
        async def once() -> AsyncGenerator[bytes]:
            yield content

        return await self.put(once())

    async def get(self, key: str) -> bytes:
        """Raises ``NotFound``, also for a key of another organisation."""
        import obstore

        with _answering():
            found = await obstore.get_async(self.files.store, self._mine(key))
            return bytes(await found.bytes_async())

    async def stream(self, key: str) -> tuple[int, AsyncGenerator[bytes]]:
        """(bytes, the file piece by piece). Raises ``NotFound``."""
        import obstore

        with _answering():
            found = await obstore.get_async(self.files.store, self._mine(key))

        async def pieces() -> AsyncGenerator[bytes]:
            with _answering():
                async for piece in found.stream(min_chunk_size=PIECE):
                    yield bytes(piece)

        return found.meta["size"], pieces()

    @asynccontextmanager
    async def as_local_file(self, key: str) -> AsyncGenerator[Path]:
        """The file on this machine, to be read only: itself, or a copy that is gone afterwards. Raises ``NotFound``."""
        key = self._mine(key)
        if self.files.is_local:
            path = Path(self.files.place, key)
            if not await anyio.Path(path).is_file():
                raise NotFound("That file is no longer here.")
            yield path
            return
        import obstore

        with self._scratch() as file:
            with _answering():
                found = await obstore.get_async(self.files.store, key)
                async for piece in found.stream():
                    await anyio.to_thread.run_sync(file.write, bytes(piece))
            file.flush()
            yield Path(file.name)

    async def delete(self, key: str) -> None:
        """Gone afterwards, whether it was there or not."""
        import obstore

        mine = self._mine(key)
        with suppress(NotFound), _answering():
            await obstore.delete_async(self.files.store, mine)

    def _mine(self, key: str) -> str:
        if not key.startswith(f"{self.org_id}/") or ".." in key:
            raise NotFound("That file does not exist, or not for you.")
        return key

    async def _keep(self, path: Path, size: int, digest: str) -> StoredFile:
        import obstore

        key = f"{self.org_id}/{uuid4()}"
        with _answering():
            await obstore.put_async(self.files.store, key, path)
        return StoredFile(key, size, digest)

    @contextmanager
    def _scratch(self) -> Generator[IO[bytes]]:
        self.files.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.files.scratch) as file:
            yield file


@contextmanager
def _answering() -> Generator[None]:
    """Raises ``NotFound`` for a file that is gone and ``Upstream`` when the folder or bucket does not do as it is told."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise NotFound("That file is no longer here.") from None
    except BaseError as error:
        logger.warning("the file store: %s", str(error).partition("\n")[0])
        raise Upstream("The place where files are kept does not answer as it should.", retryable=True) from error


def _write(file: IO[bytes], digest: Any, piece: bytes) -> None:
    digest.update(piece)
    file.write(piece)
    file.flush()


def _measure(path: Path, most: int) -> tuple[int, str]:
    size = path.stat().st_size
    if size > most:
        raise Invalid(fields={"file": f"has {size / 1e6:,.0f} MB; up to {most // 1_000_000:,} MB can be taken"})
    with path.open("rb") as file:
        return size, hashlib.file_digest(file, "sha256").hexdigest()


def clean_name(name: str) -> str:
    """A file's name as it may be shown: its last part, without what no name has."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if letter.isprintable()).strip()
    return plain[:200] or "file"
