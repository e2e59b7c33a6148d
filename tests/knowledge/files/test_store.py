"""Files in the store: whole or not at all, each organisation's its own."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from knowledge.errors import Invalid, NotFound, Upstream
from knowledge.files.store import PIECE, Files, OrgFiles, clean_name
from knowledge.ids import OrgId

#: ``s3://bucket/prefix`` of a bucket that exists (its keys and endpoint in the usual environment): tried as well
BUCKET = os.environ.get("ADROOM_TEST_BUCKET")


@pytest.fixture(params=["folder", "bucket"] if BUCKET else ["folder"])
def files(tmp_path: Path, request: pytest.FixtureRequest) -> Files:
    return Files(BUCKET if request.param == "bucket" and BUCKET else str(tmp_path / "files"), tmp_path / "scratch")


@pytest.fixture
def ours(files: Files) -> OrgFiles:
    return files.of(OrgId(uuid4()))


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_is_put_is_what_is_got_however_it_is_asked_for(ours: OrgFiles, tmp_path: Path) -> None:
    content = bytes(range(256)) * 12_000
    stored = await ours.put(pieces(content[:5], b"", content[5:]))
    assert (stored.bytes, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert stored.key.startswith(f"{ours.org_id}/")
    assert await ours.get(stored.key) == content
    size, streamed = await ours.stream(stored.key)
    came = [piece async for piece in streamed]
    assert (size, b"".join(came)) == (len(content), content)
    assert max(map(len, came)) <= 4 * PIECE
    async with ours.as_local_file(stored.key) as path:
        assert path.read_bytes() == content
    (tmp_path / "a").write_bytes(content)
    assert (await ours.put_file(tmp_path / "a")).sha256 == stored.sha256


async def test_a_place_that_does_not_answer_is_told_as_such(tmp_path: Path) -> None:
    ours = Files(str(tmp_path / "files"), tmp_path / "scratch").of(OrgId(uuid4()))
    stored = await ours.put_bytes(b"a")
    path = tmp_path / "files" / stored.key
    path.unlink()
    path.mkdir()
    with pytest.raises(Upstream, match="does not answer"):
        await ours.delete(stored.key)


async def test_what_is_too_large_or_broken_off_is_not_kept(ours: OrgFiles, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="larger"):
        await ours.put(pieces(b"a" * 6, b"a" * 6), most=10)

    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await ours.put(broken())
    (tmp_path / "a").write_bytes(b"a" * 12)
    with pytest.raises(Invalid):
        await ours.put_file(tmp_path / "a", most=10)
    assert [path for folder in ("files", "scratch") for path in (tmp_path / folder).rglob("*") if path.is_file()] == []


async def test_nobody_reaches_another_organisations_file_or_one_outside(files: Files, ours: OrgFiles) -> None:
    key = (await ours.put_bytes(b"secret")).key
    theirs = files.of(OrgId(uuid4()))
    for wanted in (key, f"{theirs.org_id}/../{key}", "../scratch", "/etc/passwd", f"{theirs.org_id}/nothing", ""):
        with pytest.raises(NotFound):
            await theirs.get(wanted)
        with pytest.raises(NotFound):
            await theirs.stream(wanted)
        with pytest.raises(NotFound):
            async with theirs.as_local_file(wanted):
                pass
    with pytest.raises(NotFound):
        await theirs.delete(key)
    assert await ours.get(key) == b"secret"


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(ours: OrgFiles) -> None:
    key = (await ours.put_bytes(b"")).key
    assert await ours.get(key) == b""
    for _ in range(2):
        await ours.delete(key)
        with pytest.raises(NotFound):
            await ours.get(key)


@pytest.mark.parametrize(("given", "kept"), [
    ("ads.json", "ads.json"), ("../../etc/passwd", "passwd"), ("C:\\new\\ads.csv", "ads.csv"), ("a\x00b\n.txt", "ab.txt"),
    ("", "file"), ("/", "file"), ("x" * 500, "x" * 200), ("Ünï ✓.pdf", "Ünï ✓.pdf"),
])  # fmt: skip
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept
