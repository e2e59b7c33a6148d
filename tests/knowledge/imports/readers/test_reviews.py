"""Reviews and answers: the exports of platforms, and tables nobody has seen before."""

import json
from datetime import date
from typing import Any

import pytest

from tests.knowledge.imports import files
from tests.knowledge.imports.readers.reader import Reader

TRUSTPILOT = (
    "Review Id,Review Created (UTC),Review Consumer User Id,Review Username,Review User Email,Review Title,"
    "Review Content,Review Stars,Review Language,Company Reply\n"
    'abc,2026-05-04 10:11:12,u1,Marta,marta@example.org,Great,"I winced at the price, ""then"" it\nlasted.",5,en,Thanks\n'
)
AMAZON = (
    "rating,title,text,asin,parent_asin,user_id,timestamp,helpful_vote,verified_purchase\n"
    '5.0,Lovely,"It smells good,<br />and lasts &amp; lasts.",B00YQ6X8EO,B00YQ6X8EO,AGKHLEW2,1588687728923,0,True\n'
)
G2 = (
    "Review ID,Submitted,What do you like best?,What do you dislike?,Rating,Company size\n"
    '91,"Apr 3, 2026","The board, it is quick.","The invoices, they are odd.",4,51-200\n'
    "92,2026-04-05,Nothing stands out to me.,n/a,2.5,2-10\n"
)
GERMAN = (
    "Datum;Bewertung;Kommentar;Kunde\n"
    "03.05.2026;4,5;Gute Klinge, doch die Hülle ist zu dünn.;Jörg\n04.05.2026;2;Kam zu spät an.;Ute\n"
)


def test_trustpilot_reviews_come_in_word_for_word_and_without_addresses(given: Reader) -> None:
    (quote,) = given(TRUSTPILOT, "review_csv").quotes
    assert quote.text == 'I winced at the price, "then" it\nlasted.'
    assert (quote.author, quote.rating, quote.said_on) == ("Marta", 5, date(2026, 5, 4))
    assert (quote.language, quote.external_id, quote.extra["title"]) == ("en", "abc", "Great")
    assert "marta@example.org" not in repr(quote)


def test_amazon_reviews_come_in_from_tables_and_from_json(given: Reader) -> None:
    (quote,) = given(AMAZON, "review_csv").quotes
    assert quote.text == "It smells good,\nand lasts & lasts."
    assert (quote.author, quote.rating, quote.said_on) == (None, 5, date(2020, 5, 5))
    assert quote.extra["asin"] == "B00YQ6X8EO"
    line: dict[str, Any] = {"rating": 5.0, "title": "Lovely", "text": quote.text, "asin": "B0", "timestamp": 1588687728923,
            "verified_purchase": True, "images": []}  # fmt: skip
    (same,) = given(json.dumps(line), "review_json").quotes
    assert (same.text, same.rating, same.said_on) == (quote.text, quote.rating, quote.said_on)
    assert same.extra == {"title": "Lovely", "asin": "B0", "verified_purchase": True}


def test_what_was_liked_and_what_was_not_are_quotes_of_their_own(given: Reader) -> None:
    quotes = given(G2, "review_csv").quotes
    assert [(quote.row, quote.text, quote.external_id) for quote in quotes] == [
        (2, "The board, it is quick.", "91#1"),
        (2, "The invoices, they are odd.", "91#2"),
        (3, "Nothing stands out to me.", "92#1"),
    ]
    assert quotes[1].extra["question"] == "What do you dislike?"
    assert [quote.said_on for quote in quotes] == [date(2026, 4, 3), date(2026, 4, 3), date(2026, 4, 5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "mac_roman"])
def test_a_german_table_reads_the_same_in_every_encoding_it_may_come_in(given: Reader, encoding: str) -> None:
    options = {"encoding": "mac_roman"} if encoding == "mac_roman" else {}
    quotes = given(GERMAN.encode(encoding), "review_csv", **options).quotes
    assert [quote.text for quote in quotes] == ["Gute Klinge, doch die Hülle ist zu dünn.", "Kam zu spät an."]
    assert [(quote.rating, quote.said_on, quote.author) for quote in quotes] == [
        (4.5, date(2026, 5, 3), "Jörg"),
        (2, date(2026, 5, 4), "Ute"),
    ]


def test_a_byte_of_another_encoding_late_in_the_file_harms_only_its_letter(given: Reader) -> None:
    rows = [f"{n % 5 + 1};Words number {n} that somebody wrote about it.".encode() for n in range(8_000)]
    rows[-2] = "3;Ein schöner Satz über die Hülle.".encode("cp1252")
    rows[-1] = "3;Ein schöner Satz über die Hülle danach.".encode()
    found = given(b"rating;review\n" + b"\n".join(rows), "review_csv")
    assert found.texts[-2:] == ["Ein schöner Satz über die Hülle.", "Ein schöner Satz über die Hülle danach."]
    assert not found.rejected


def test_an_unknown_table_is_read_by_what_its_columns_look_like(given: Reader) -> None:
    quotes = given(files.UNKNOWN_CSV, "review_csv").quotes
    assert [(quote.text, quote.rating) for quote in quotes] == [
        ("A entrega atrasou dez dias e ninguém avisou.", 1),
        ("It came on time and the box was dry inside.", 5),
    ]


def test_a_person_decides_what_a_column_is(given: Reader) -> None:
    quotes = given(files.UNKNOWN_CSV, "review_csv", mapping={"who": "text", "stars given": None}).quotes
    assert [(quote.text, quote.rating) for quote in quotes] == [("Ana", None), ("Bo", None)]
    assert "what they told us" in quotes[0].extra


def test_a_mapping_that_cannot_be_ends_the_reading_with_its_reason(given: Reader) -> None:
    (told,) = given(files.UNKNOWN_CSV, "review_csv", mapping={"who": "shoe size"}).items
    assert "there is no such field" in getattr(told, "reason", "")


def test_ratings_of_every_kind_are_on_a_scale_of_five(given: Reader) -> None:
    said = {"★★★★☆": 4, "8/10": 4, "4 out of 5 stars": 4, "80%": 4, "4 von 5 Sternen": 4, "3,5": 3.5, "5": 5}
    table = "review|stars\n" + "\n".join(f"Words that somebody wrote {n}|{one}" for n, one in enumerate(said))
    quotes = given(table, "review_csv").quotes
    assert [quote.rating for quote in quotes] == list(said.values())
    assert quotes[1].extra["ratingAs"] == "8/10"


def test_a_column_up_to_ten_is_on_a_scale_of_ten(given: Reader) -> None:
    quotes = given("nps,comment\n10,I tell everybody about it\n4,It was not for me at all\n", "review_csv").quotes
    assert [quote.rating for quote in quotes] == [5, 2]


def test_one_clear_date_tells_how_the_others_of_its_column_are_meant(given: Reader) -> None:
    table = "review,date\nIt came late and wet,{}\nIt came on time again,{}\n"
    month_first = given(table.format("03/04/2026", "03/24/2026"), "review_csv").quotes
    assert month_first[0].said_on == date(2026, 3, 4)
    day_first = given(table.format("03/04/2026", "24/03/2026"), "review_csv").quotes
    assert day_first[0].said_on == date(2026, 4, 3)
    decided = given(table.format("03/04/2026", "05/04/2026"), "review_csv", date_order="mdy").quotes
    assert [quote.said_on for quote in decided] == [date(2026, 3, 4), date(2026, 5, 4)]


def test_what_cannot_be_understood_is_left_out_and_told_with_its_row(given: Reader) -> None:
    table = "stars,review,date\neleven,It came late and wet,2031-01-01\n4,,2026-01-01\n5,Dry and on time,soon\n"
    found = given(table, "review_csv")
    assert [(quote.row, quote.rating, quote.said_on) for quote in found.quotes] == [(2, None, None), (4, 5, None)]
    assert [(one.row, one.field) for one in found.left_out] == [(2, "stars"), (2, "date"), (4, "date")]
    assert found.left_out[1].reason.startswith("is in the future")
    assert [(one.row, one.field, one.reason) for one in found.rejected] == [
        (3, "text", "has no words: nothing was said in this row")
    ]
