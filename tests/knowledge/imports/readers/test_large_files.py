"""Large files, bombs among them: everything that can come in does, in constant memory.

20 MB unless ``ADROOM_TEST_LARGE`` is set; then the sizes that people really drop, 200 MB.
"""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest

from knowledge.imports.detect import detect
from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from tests.knowledge.imports import files
from tests.knowledge.imports.readers.reader import Reader

SIZE = 200_000_000 if os.environ.get("ADROOM_TEST_LARGE") else 20_000_000
#: MB that reading may take altogether, the interpreter and its imports included
MEMORY = 200


def _cost(path: Path, format: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.knowledge.imports.readers.in_process", str(path), format]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=110)
    return cast("dict[str, Any]", json.loads(done.stdout))


def _write_ads(path: Path, size: int, wrong: dict[int, bytes]) -> int:
    """A list of ads, some replaced; how many there are."""
    start, end = json.dumps(files.ad(0, id="ID")).split('"ID"')
    n = 0
    with path.open("wb") as file:
        file.write(b"[")
        while file.tell() < size:
            file.write(wrong.get(n) or f"{start}{n}{end}".encode())
            file.write(b",\n")
            n += 1
        file.write(json.dumps(files.ad(n)).encode() + b"]")
    return n + 1


def test_json_that_breaks_in_the_middle_of_a_large_file_brings_all_its_other_ads(tmp_path: Path) -> None:
    path = tmp_path / "ads.json"
    whole = json.dumps(files.AD).encode()
    middle = SIZE // len(whole) // 2
    wrong = {
        middle: whole[:300],
        middle + 5: whole.replace(b'"title": "', b'"title": '),
        middle + 9: b'{"id": 1, "media": [{"id": ' + b"\x00\xff" * 5000,
    }
    n = _write_ads(path, SIZE, wrong)
    cost = _cost(path, "ad_json")
    assert cost["records"] == n - 3
    assert cost["rejected"] == 3
    assert cost["reasons"][0].startswith(f"{middle + 1}: The JSON is broken at byte ")
    assert cost["memory"] < MEMORY, cost
    assert cost["preview"] < 2, cost


def test_a_large_table_with_a_quotation_mark_left_open_brings_all_its_other_rows(tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    row = b'%d;2026-05-04;"I winced at the price, ""then"" it\noutlived three cheap ones.";Marta\n'
    n = SIZE // len(row) // 2
    with path.open("wb") as file:
        file.write(b"rating;date;review;author\n")
        file.writelines(row % (at % 5 + 1) for at in range(n))
        file.write(b'3;2026-05-04;"Never closed;Marta\n')
        file.writelines(b"4;2026-05-05;It came late and the box was wet;Jonas\n" for _ in range(n))
    cost = _cost(path, "review_csv")
    assert (cost["records"], cost["rejected"]) == (2 * n, 1)
    assert cost["memory"] < MEMORY, cost


def test_a_file_of_one_endless_line_is_named_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "line"
    with path.open("wb") as file:
        file.writelines(b'{"a": "' + b"x " * 500_000 for _ in range(SIZE // 1_000_000))
    for format in ("ad_json", "review_csv", "text", "transcript", "text_document"):
        cost = _cost(path, format)
        assert cost.get("records", 0) == 0, (format, cost)
        assert cost["memory"] < 350, (format, cost)


def test_packed_files_are_read_as_what_is_in_them(given: Reader) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("reviews.csv", files.TRUSTPILOT)
        archive.writestr("__MACOSX/._reviews.csv", b"\x00")
    packed = (out.getvalue(), gzip.compress(files.TRUSTPILOT))
    for content in packed:
        assert given(content, "review_csv").texts == given(files.TRUSTPILOT, "review_csv").texts


def test_a_decompression_bomb_is_read_no_further_than_its_limit(given: Reader) -> None:
    row = b"5;" + b"Words that somebody wrote about it. " * 100 + b"\n"
    found = given(gzip.compress(b"rating;review\n" + row * 20_000), "review_csv")
    assert 5_000 < len(found.quotes) < 15_000
    assert "unpacks to more than" in found.rejected[-1].reason
    assert found.rejected[-1].row == found.quotes[-1].row + 1


def test_a_packed_file_that_was_cut_off_gives_what_came_before(given: Reader) -> None:
    whole = gzip.compress(files.ads(400))
    found = given(whole[: len(whole) // 2], "ad_json")
    assert len(found.ads) > 100
    assert "damaged or was cut off" in found.rejected[-1].reason
    table = b"rating;review\n" + b"".join(b"5;Words that somebody wrote, number %d\n" % n for n in range(1000))
    found = given(gzip.compress(table)[:-20], "review_csv")
    assert len(found.quotes) > 100
    assert "damaged or was cut off" in found.rejected[-1].reason
    assert detect(given.path, "reviews.csv.gz").format.name == "review_csv"
    assert preview(given.path, "review_csv", Options()).samples


def _zip(method: int, *names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, files.TRUSTPILOT)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_zip(zipfile.ZIP_STORED, "a.csv", "b.csv"), "has 2 files in it"),
        (_zip(zipfile.ZIP_STORED), "has 0 files in it"),
        (_zip(zipfile.ZIP_LZMA, "a.csv"), "packed in a rare way"),
        (_zip(zipfile.ZIP_STORED, *[f"{n:060}" for n in range(40_000)]), "too many files"),
        (_zip(zipfile.ZIP_STORED, "a.csv")[:-30], "damaged"),
    ],
    ids=["two", "none", "lzma", "many", "cut"],
)
def test_a_zip_that_cannot_be_read_is_refused_with_why(given: Reader, content: bytes, says: str) -> None:
    if content[:4] != b"PK\x03\x04":
        content = b"PK\x03\x04" + content
    (told,) = given(content, "review_csv").items
    assert says in getattr(told, "reason", "")


@pytest.mark.slow
def test_an_export_of_many_ads_is_read_fast(tmp_path: Path) -> None:
    path = tmp_path / "ads.json"
    n = _write_ads(path, 20_000_000, {})
    best = max(n / _cost(path, "ad_json")["seconds"] for _ in range(2))
    assert best > 8_000, f"{best:,.0f} ads a second"  # 25,000 and more on an idle core; others may be at work


def test_reviews_with_endless_texts_are_guessed_from_a_few_of_them(tmp_path: Path) -> None:
    path = tmp_path / "reviews.json"
    with path.open("wb") as file:
        for n in range(SIZE // 1_000_000):
            file.write(json.dumps({"review": f"Number {n}", "stars": 4, "log": ["x" * 1_000_000]}).encode() + b"\n")
    cost = _cost(path, "review_json")
    assert cost["records"] == SIZE // 1_000_000
    assert cost["memory"] < MEMORY, cost
