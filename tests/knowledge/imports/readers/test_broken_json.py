"""JSON that is broken: what comes before and after the break comes in, and the break is named with its place."""

import json

import pytest

from tests.knowledge.imports import files
from tests.knowledge.imports.readers.reader import Reader


def _list(n: int, broken: int, wrong: str) -> str:
    ads = [json.dumps(files.ad(at)) for at in range(n)]
    ads[broken] = wrong
    return "[" + ",\n".join(ads) + "]"


WHOLE = json.dumps(files.ad(50))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (WHOLE.replace('"title": "', '"title": '), "a value is missing"),
        (WHOLE.replace('"title": ', '"title" '), "a colon is missing"),
        (WHOLE.replace('"title": ', "title: "), "a name in quotation marks is missing"),
        (WHOLE.replace('"VIDEO", ', '"VIDEO" '), "a comma or a closing bracket is missing"),
        (WHOLE.replace("shave", "sh\\ave"), "a backslash where none belongs"),
        (WHOLE[: len(WHOLE) // 2], ""),
        (WHOLE[:-1] + ', "spend": ' + "[" * 5000 + "]" * 5000 + "}", "nested too deeply"),
        (WHOLE[:-1] + ', "likes": ' + "9" * 5000 + "}", "too long"),
        ("}]}]", ""),
    ],
)
def test_one_broken_ad_costs_no_other(given: Reader, wrong: str, says: str) -> None:
    found = given(_list(100, 50, wrong), "ad_json")
    kept = [ad.external_ad_id for ad in found.ads]
    assert kept == [str(64658534 + at) for at in range(100) if at != 50]
    if wrong != "}]}]":
        (told,) = found.rejected
        assert told.row == 51
        assert says in told.reason
        assert told.reason.endswith("reading went on at the next entry.")
        assert told.excerpt


def test_the_place_of_a_break_is_its_byte(given: Reader) -> None:
    text = "[" + json.dumps(files.ad(1, body="Größe – ½"), ensure_ascii=False) + ', {"id": 7, oops}]'
    (told,) = given(text, "ad_json").rejected
    assert f"at byte {text.encode().index(b'oops'):,}" in told.reason


def test_a_file_that_was_cut_off_says_so(given: Reader) -> None:
    whole = _list(10, 0, WHOLE)
    found = given(whole[: -len(WHOLE) // 2], "ad_json")
    assert len(found.ads) == 9
    assert [(one.row, "the file ends inside this entry" in one.reason) for one in found.rejected] == [(10, True)]
    found = given(whole[:-1], "ad_json")
    assert len(found.ads) == 10
    assert "before its list is closed" in found.rejected[0].reason


def test_two_files_joined_by_accident_are_both_read(given: Reader) -> None:
    assert len(given(_list(5, 0, WHOLE) + "\n" + _list(5, 0, WHOLE), "ad_json").ads) == 10


def test_lines_of_html_between_pages_are_passed_over(given: Reader) -> None:
    page = json.dumps({"data": [files.ad(1), files.ad(2)]})
    found = given(page + "\n<html>502 Bad Gateway {error}</html>\n" + page, "ad_json")
    assert len(found.ads) == 4
    assert len(found.rejected) == 1


def test_the_first_ad_may_be_the_broken_one(given: Reader) -> None:
    found = given(_list(20, 0, WHOLE.replace('"title": "', '"title": ')), "ad_json")
    assert len(found.ads) == 19
    assert [one.row for one in found.rejected] == [1]


def test_an_ad_larger_than_any_is_passed_over(given: Reader) -> None:
    found = given(_list(6, 3, json.dumps(files.ad(3, body="x" * 13_000_000))), "ad_json")
    assert len(found.ads) == 5
    assert [(one.row, "longer than 12 MB" in one.reason) for one in found.rejected] == [(4, True)]


def test_values_that_json_does_not_have_are_nothing(given: Reader) -> None:
    (ad,) = given(WHOLE[:-1] + ', "winning_score": NaN, "likes": Infinity, "ad_spend": {"a": 1e999}}', "ad_json").ads
    assert (ad.winning_score, ad.likes, ad.ad_spend) == (None, None, {"a": None})


def test_names_and_values_that_cannot_be_stored_are_mended(given: Reader) -> None:
    half = '{"id": 1, "page_name": "a\\ud800b\\u0000", "page_id": "7", "ad_creative_bodies": ["x"], "od\\u0000d\\udfff": 1}'
    (ad,) = given(half, "meta_json").ads
    assert ad.brand is not None
    assert ad.brand.name == "a\ufffdb"
    assert ad.ad_library_object == {"odd\ufffd": 1}


@pytest.mark.parametrize("opening", ["[", '{"x":', '[{"x":[', '{"data":[', '{"data":{"ads":['])
def test_endless_nesting_ends_soon(given: Reader, opening: str) -> None:
    found = given(opening * 60_000, "ad_json")
    assert not found.ads
    assert len(found.rejected) == 1
