"""What a dropped file is taken for, and what is shown of it before it comes in."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from knowledge.errors import Invalid
from knowledge.imports.detect import detect
from knowledge.imports.options import Options
from knowledge.imports.preview import preview
from tests.knowledge.imports import files


@pytest.mark.parametrize(
    ("content", "name", "format"),
    [
        (files.ads(3), "ads.json", "ad_json"), (files.ads(3), "no ending", "ad_json"),
        (files.FOREPLAY, "board.json", "foreplay_json"), (files.META_CSV, "meta.csv", "meta_csv"),
        (files.TRUSTPILOT, "reviews.csv", "review_csv"), (files.UNKNOWN_CSV, "answers.csv", "review_csv"),
        (files.CALL, "call.txt", "transcript"), (files.VTT, "call.vtt", "transcript"), (files.TEXT, "said.txt", "text"),
        (files.HTML, "page.html", "html"), (b"%PDF-1.7 ...", "brand.pdf", "pdf"),
        (gzip.compress(files.ads(3)), "ads.json.gz", "ad_json"),
        (json.dumps([{"review": "It came late and wet.", "stars": 2}]).encode(), "r.json", "review_json"),
        (files.TRUSTPILOT.decode("utf-8-sig").encode("utf-16"), "r.csv", "review_csv"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_what_is_in_it(tmp_path: Path, content: bytes, name: str, format: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    found = detect(path, name)
    assert found.format.name == format, found
    assert found.why
    assert found.format not in found.alternatives


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "is empty"), (b"  \n ", "nothing in it"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
     (bytes(range(256)) * 40, "no text that can be read"), (b"PK\x03\x04 broken", "damaged")],
)  # fmt: skip
def test_what_is_none_of_ours_is_refused_by_name(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        detect(path, "thing")
    assert says in refused.value.fields["file"]


def test_an_excel_workbook_is_refused_with_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(Invalid, match="CSV"):
        detect(path, "book.xlsx")


def test_a_preview_shows_columns_guesses_and_the_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(files.UNKNOWN_CSV)
    shown = preview(path, "review_csv", Options()).wire()
    guessed = {one["column"]: one["field"] for one in shown["mapping"]}
    assert guessed["what they told us"] == "text"
    assert guessed["stars given"] == "rating"
    assert shown["samples"][0]["text"] == "A entrega atrasou dez dias e ninguém avisou."
    assert shown["samples"][0]["rating"] == 1
    assert shown["estimatedRows"] == 2
    assert {"name": "text", "label": "What was said", "required": True} in shown["fields"]


def test_a_corrected_mapping_is_what_is_shown_next(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(files.UNKNOWN_CSV)
    shown = preview(path, "review_csv", Options(mapping={"who": None, "stars given": None})).wire()
    guessed = {one["column"]: one["field"] for one in shown["mapping"]}
    assert (guessed["who"], guessed["stars given"]) == (None, None)
    assert shown["samples"][0]["author"] is None
    with pytest.raises(Invalid) as refused:
        preview(path, "review_csv", Options(mapping={"who": "nothing like it"}))
    assert "no such field" in refused.value.fields["mapping"]


def test_a_table_without_a_column_to_be_read_says_which_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_bytes(b"a,b\n1,2\n3,4\n")
    shown = preview(path, "review_csv", Options()).wire()
    assert any(problem["field"] == "What was said" for problem in shown["problems"])


def test_ads_are_previewed_with_their_brand_and_problems_by_row(tmp_path: Path) -> None:
    path = tmp_path / "ads.json"
    path.write_bytes(json.dumps([files.AD, {"title": "no id"}, files.ad(2)]).encode())
    shown = preview(path, "ad_json", Options()).wire()
    assert [one["brand"] for one in shown["samples"]] == ["ManClub", "ManClub"]
    assert shown["problems"][0]["row"] == 2
    assert shown["estimatedRows"] == 2


def test_the_rows_of_a_large_file_are_estimated_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "ads.json"
    path.write_bytes(files.ads(2_000))
    shown = preview(path, "ad_json", Options())
    assert shown.estimated_rows is not None
    assert 1_700 < shown.estimated_rows < 2_300


def test_the_names_of_json_reviews_are_guessed_shown_and_corrected_as_columns_are(tmp_path: Path) -> None:
    path = tmp_path / "reviews.json"
    rows = [{"opinion": f"It came late {n} times.", "stars": n % 5, "nick": "Ana"} for n in range(8)]
    path.write_bytes(json.dumps({"reviews": rows}).encode())
    shown = preview(path, "review_json", Options()).wire()
    assert {one["column"]: one["field"] for one in shown["mapping"]} == {
        "opinion": "text", "stars": "rating", "nick": "extra",
    }  # fmt: skip
    assert shown["mapping"][0]["sample"] == "It came late 0 times."
    corrected = preview(path, "review_json", Options(mapping={"nick": "author"})).wire()
    assert corrected["samples"][0]["author"] == "Ana"
    with pytest.raises(Invalid):
        preview(path, "review_json", Options(mapping={"nick": "shoe size"}))


@pytest.mark.parametrize(("content", "format"), [(b"[]", "ad_json"), (b"rating,review\n", "review_csv")])
def test_a_file_with_nothing_to_bring_in_says_so(tmp_path: Path, content: bytes, format: str) -> None:
    path = tmp_path / "upload"
    path.write_bytes(content)
    shown = preview(path, format, Options()).wire()
    assert shown["problems"] == [{"row": None, "field": None, "reason": "nothing in it can be imported this way"}]
    assert shown["estimatedRows"] == 0
