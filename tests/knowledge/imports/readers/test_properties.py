"""What holds for every file, whatever is in it."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from knowledge.errors import Invalid
from knowledge.imports.detect import detect
from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from knowledge.imports.reading import READERS, read
from knowledge.imports.records import Rejected
from tests.knowledge.imports import files

FORMATS = sorted(READERS)
WHOLE = [
    files.ads(3),
    files.FOREPLAY,
    files.META_CSV,
    files.TRUSTPILOT,
    files.UNKNOWN_CSV,
    files.CALL,
    files.VTT,
    files.HTML,
]
ODD = [b'"', b",", b";", b"{", b"}", b"[", b"\\", b"\x00", b"\n", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"1e999",
       b"9" * 400, b"NaN", b":", b"\xff\xfe", b"<b>", b"&#xd800;", b"2999-01-01", b"http://[", b"-->"]  # fmt: skip
OPTIONS = st.builds(
    Options,
    as_of=st.just(date(2026, 11, 21)),
    encoding=st.sampled_from([None, "utf-8", "utf-16", "utf-32", "cp1252", "utf-7", "shift_jis", "idna", "hex", "x"]),
    delimiter=st.sampled_from([None, ",", ";", "\t"]),
    escape=st.sampled_from([None, "\\"]),
    header_row=st.sampled_from([None, 0, 1, 3]),
)
#: the examples of one test share its folder
SHARED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with a few places changed."""
    content = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 8))] = draw(st.sampled_from(ODD) | st.binary(max_size=3))
    return bytes(content)


def _stored_badly(value: Any) -> list[Any]:
    """What neither text nor jsonb of Postgres holds."""
    if isinstance(value, str):
        return [value] if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value) else []
    if isinstance(value, dict):
        items = cast("dict[Any, Any]", value).items()
        return [wrong for key, inner in items for wrong in (*_stored_badly(key), *_stored_badly(inner))]
    if isinstance(value, list):
        return [wrong for inner in cast("list[Any]", value) for wrong in _stored_badly(inner)]
    return [value] if isinstance(value, float) and not abs(value) < float("inf") else []


@pytest.mark.parametrize("format", FORMATS)
@SHARED
@given(content=st.binary(max_size=400) | damaged(), options=OPTIONS)
@example(content=b"\xff\xfe", options=Options(encoding="utf-16"))
@example(content=b"\x1f\x8b", options=Options())
@example(content=b"PK\x03\x04PK\x05\x06" + b"\xff" * 18, options=Options())
def test_reading_never_fails_and_is_the_same_each_time(
    tmp_path: Path, format: str, content: bytes, options: Options
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    items = list(read(path, format, options))
    rows = [item.row for item in items]
    assert rows == sorted(rows)
    assert all(row >= 1 for row in rows)
    assert items == list(read(path, format, options))
    for item in items:
        assert not _stored_badly(asdict(item)), item
        assert not isinstance(item, Rejected) or (item.reason and len(item.excerpt) <= 160)


@SHARED
@given(content=st.binary(max_size=400) | damaged(), options=OPTIONS)
def test_any_file_is_either_known_and_previewed_or_refused_in_words(
    tmp_path: Path, content: bytes, options: Options
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    try:
        found = detect(path, "upload.csv")
    except Invalid as refused:
        assert refused.fields["file"]
        return
    shown = preview(path, found.format.name, options).wire()
    assert shown["samples"] or shown["problems"]
    assert {one["column"] for one in shown["mapping"]} <= set(shown["columns"])
