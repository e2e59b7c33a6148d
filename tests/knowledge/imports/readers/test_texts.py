"""Plain text and calls written down, as people have them."""

from pathlib import Path

import pytest

from knowledge.imports.detect import detect
from knowledge.imports.records import DocumentRecord
from tests.knowledge.imports import files
from tests.knowledge.imports.readers.reader import Reader

SRT = (
    "1\r\n00:00:01,000 --> 00:00:03,000\r\nAnna: Hello there\r\n\r\n"
    "2\r\n00:00:04,500 --> 00:00:06,500\r\nMarta: I nearly\r\ncancelled.\r\n"
)
TEAMS = "Anna Meier  0:03\nHello, how are things?\n\nMarta Park  0:07\nThe price was too high for us.\nWay too high.\n"
BRACKETS = "[00:12] Anna: What changed?\n[01:02:03] Marta: You answered: within an hour.\n"
BARE = "Interviewer: What almost stopped you?\nKundin: Der Preis.\nUnd die Hülle.\nInterviewer: And then?\n"


def test_each_line_of_a_list_is_a_quote_without_its_mark(given: Reader) -> None:
    found = given("1. “Too expensive for what it is.”\n2) It came late, twice.\n- The box was wet.\n---\n", "text")
    assert found.texts == ["Too expensive for what it is.", "It came late, twice.", "The box was wet."]
    assert [quote.row for quote in found.quotes] == [1, 2, 3]


def test_paragraphs_keep_their_lines(given: Reader) -> None:
    found = given("I winced at the price,\r\nthen it outlived three.\r\n\r\nThe box was wet.\r\n", "text")
    assert found.texts == ["I winced at the price,\nthen it outlived three.", "The box was wet."]


def test_how_text_becomes_quotes_can_be_said(given: Reader) -> None:
    assert len(given("One thing.\n\nAnother thing.\nAnd more.", "text", split="line").quotes) == 3
    assert len(given("One thing.\n\nAnother thing.\nAnd more.", "text", split="document").quotes) == 1


def test_a_text_is_kept_whole_with_its_first_line_as_its_title(given: Reader) -> None:
    (document,) = given("# How we speak\n\nShort words.\n", "text_document").items
    assert isinstance(document, DocumentRecord)
    assert (document.title, document.text) == ("How we speak", "# How we speak\n\nShort words.")


@pytest.mark.parametrize(
    ("call", "turns"),
    [
        (SRT, [("Anna", 1.0, "Hello there"), ("Marta", 4.5, "I nearly cancelled.")]),
        (files.VTT.decode(), [("Marta", 1.0, "I nearly cancelled."), ("Anna", 5.0, "Why?")]),
        (TEAMS, [("Anna Meier", 3.0, "Hello, how are things?"),
                 ("Marta Park", 7.0, "The price was too high for us. Way too high.")]),
        (BRACKETS, [("Anna", 12.0, "What changed?"), ("Marta", 3723.0, "You answered: within an hour.")]),
        (BARE, [("Interviewer", None, "What almost stopped you?"), ("Kundin", None, "Der Preis. Und die Hülle."),
                ("Interviewer", None, "And then?")]),
    ],
)  # fmt: skip
def test_turns_know_who_speaks_and_when(given: Reader, call: str, turns: list[tuple[str, float | None, str]]) -> None:
    quotes = given(call, "transcript").quotes
    assert [(quote.speaker, quote.started_at, quote.text) for quote in quotes] == turns
    assert [quote.row for quote in quotes] == list(range(1, len(turns) + 1))


def test_calls_are_known_from_their_content(tmp_path: Path) -> None:
    for name, call in (("a.srt", SRT), ("b.txt", TEAMS), ("c.txt", BRACKETS), ("d.txt", BARE)):
        path = tmp_path / name
        path.write_text(call, newline="")
        assert detect(path, name).format.name == "transcript", name


def test_turns_of_our_own_people_can_be_left_out_and_rows_stay_the_same(given: Reader) -> None:
    quotes = given(files.CALL, "transcript", leave_out_speakers=["anna"]).quotes
    assert [(quote.row, quote.speaker) for quote in quotes] == [(2, "Marta"), (4, "Marta")]


def test_one_more_thing_is_no_speaker(given: Reader) -> None:
    (quote,) = given("Anna: First this.\none more thing: it was wet.\n", "transcript").quotes
    assert quote.text == "First this. one more thing: it was wet."


def test_a_line_and_a_paragraph_that_are_too_long_are_named_and_the_rest_comes_in(given: Reader) -> None:
    found = given("Too late.\n" + "wet " * 300_000 + "\nThe box was wet.\n", "text")
    assert found.texts == ["Too late.", "The box was wet."]
    assert [(one.row, "million characters" in one.reason) for one in found.rejected] == [(2, True)]
    found = given("Too late.\n\n" + "wet  \n" * 300_000 + "\nThe box was wet.\n", "text", split="paragraph")
    assert found.texts == ["Too late.", "The box was wet."]
    assert [one.row for one in found.rejected] == [2]
    found = given("Anna: Hi.\nMarta: " + "wet " * 300_000 + "\nAnna: Bye now.\n", "transcript")
    assert found.texts == ["Hi.", "Bye now."]
    assert [one.row for one in found.rejected] == [2]
