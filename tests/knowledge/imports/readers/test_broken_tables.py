"""Tables as they should not be."""

import csv
import io
import random

import pytest

from tests.knowledge.imports.readers.reader import Reader

ROWS = [
    ["4", 'He said "wow", twice;\nthen left\tus | here', "Marta"],
    ["2", "Never again, I swear it", "Jörg, Ute"],
    ["5", "Ein Satz; mit 'allem' was\r\nstört", "Bo"],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_way_of_parting_cells_reads_the_same(given: Reader, delimiter: str, quoting: int, line_end: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    writer.writerows([["rating", "review", "author"], *ROWS])
    found = given(out.getvalue().encode("utf-8-sig"), "review_csv")
    assert not found.rejected
    assert found.texts == [text.replace("\r\n", "\n") for _, text, _ in ROWS]
    assert [(quote.row, quote.rating, quote.author) for quote in found.quotes] == [
        (2, 4, "Marta"),
        (3, 2, "Jörg, Ute"),
        (4, 5, "Bo"),
    ]


def test_marks_escaped_by_a_backslash_are_read(given: Reader) -> None:
    found = given('rating,review\n5,"He said \\"wow\\", twice."\n4,"It came \\"late\\" again"\n', "review_csv")
    assert found.texts == ['He said "wow", twice.', 'It came "late" again']


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row(given: Reader) -> None:
    rows = [f'{n % 5 + 1},"Words number {n}, as somebody wrote them"' for n in range(2_000)]
    rows[700] = '3,"Never closed'
    found = given("rating,review\n" + "\n".join(rows) + "\n", "review_csv")
    assert len(found.quotes) == 1_999
    assert [(one.row, one.excerpt) for one in found.rejected] == [(702, '3,"Never closed')]
    assert found.quotes[700].row == 703


def test_a_stray_mark_inside_a_cell_of_several_lines_costs_that_row_only(given: Reader) -> None:
    table = (
        'stars,text,who\n5,Fine words here,Al\n4,"He said "wow" and\nleft it, in the rain",Bo\n3,Other words there,Cy\n'
    )
    found = given(table, "review_csv")
    assert [(quote.row, quote.text) for quote in found.quotes] == [(2, "Fine words here"), (4, "Other words there")]
    assert [(one.row, "quotation marks" in one.reason) for one in found.rejected] == [(3, True)]


def test_marks_that_nobody_escaped_are_part_of_what_was_said(given: Reader) -> None:
    found = given(
        'stars,text,who\n5,Fine words here,Al\n4,"The 6" one is too long",Bo\n3,Other words,Cy\n', "review_csv"
    )
    assert found.texts == ["Fine words here", 'The 6" one is too long', "Other words"]


def test_a_row_with_too_many_cells_is_named_and_one_with_too_few_is_filled_up(given: Reader) -> None:
    found = given("stars,text,who\n5,Fine words here\n4,No marks, so too many,Bo\n3,Other words,Cy,,\n", "review_csv")
    assert [(quote.text, quote.author) for quote in found.quotes] == [("Fine words here", None), ("Other words", "Cy")]
    assert [(one.row, one.reason[:25]) for one in found.rejected] == [(3, "has 4 cells for 3 columns")]


def test_a_cell_of_ten_megabytes_is_named_with_its_column(given: Reader) -> None:
    found = given('stars,text\n5,Fine words here\n4,"' + "wet " * 2_500_000 + '"\n3,Other words\n', "review_csv")
    assert found.texts == ["Fine words here", "Other words"]
    (told,) = found.rejected
    assert (told.row, told.field) == (3, "text")
    assert "10.0 million characters in one cell" in told.reason
    assert len(told.excerpt) <= 160


def test_a_line_longer_than_any_row_is_passed_over(given: Reader) -> None:
    found = given("stars,text\n5,Fine words here\n4," + "wet " * 4_000_000 + "\n3,Other words\n", "review_csv")
    assert [(quote.row, quote.text) for quote in found.quotes] == [(2, "Fine words here"), (4, "Other words")]
    assert [one.row for one in found.rejected] == [3]


def test_nul_bytes_are_dropped(given: Reader) -> None:
    found = given(b'stars,text\n5,"Fine\x00 words here"\n\x00\x003,Other words\n' + b"\x00" * 100_000, "review_csv")
    assert found.texts == ["Fine words here", "Other words"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"rating,review\n", b"\xef\xbb\xbf", b"sep=;\nrating;review\n"])
@pytest.mark.parametrize("format", ["review_csv", "meta_csv", "review_json", "ad_json", "text", "transcript"])
def test_a_file_without_rows_brings_no_row(given: Reader, content: bytes, format: str) -> None:
    found = given(content, format)
    if format in ("review_csv", "meta_csv") or not content.strip(b"\n\xef\xbb\xbf"):
        assert not found.quotes
        assert not found.ads


@pytest.mark.parametrize("format", ["review_csv", "meta_csv", "ad_json", "foreplay_json", "review_json", "transcript"])
def test_a_binary_dropped_as_something_else_brings_no_ad_and_does_not_fail(given: Reader, format: str) -> None:
    found = given(random.Random(7).randbytes(300_000), format)
    assert not found.ads


def test_an_encoding_that_there_is_not_is_told(given: Reader) -> None:
    for encoding in ("klingon", "base64", "rot13", "idna", "undefined"):
        (told,) = given("stars,text\n5,Fine words here\n", "review_csv", encoding=encoding).items
        assert "no encoding called" in getattr(told, "reason", "")


def test_columns_of_the_same_name_and_of_none_are_told_apart(given: Reader) -> None:
    (quote,) = given("review,note,note,\nFine words here,a,b,c\n", "review_csv", mapping={"note": "extra"}).quotes
    assert quote.extra == {"note": "a", "note (2)": "b", "Column 4": "c"}
