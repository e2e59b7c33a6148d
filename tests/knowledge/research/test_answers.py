"""What a page says behind a question that stands on it."""

import pytest

from knowledge.research.answers import LONGEST, after
from knowledge.research.page import read_page

TEXT = "# Coffee\n\nIntro.\n\n## Why does  coffee go stale?\n\nOxygen takes 0.5 % of it a day. Light takes more. \n\nBuy it."
TEXT += "\n\n## And?\n\n## Next\n\nNo."


def test_the_sentences_right_behind_it_are_the_answer() -> None:
    assert after("why does coffee go stale?", TEXT) == "Oxygen takes 0.5 % of it a day. Light takes more."


@pytest.mark.parametrize("question", ["", "And?", "Is tea better?", "Next"])
def test_what_is_not_answered_has_no_answer(question: str) -> None:
    assert after(question, TEXT) == ""


def test_whole_sentences_only_and_no_more_than_is_quoted() -> None:
    said = after("Why?", "Why?\n\n" + "It is told here in so many words. " * 40)
    assert said.endswith("words.") and len(said) <= LONGEST
    assert after("Why?", "Why? " + "no end to it " * 400) == ""


FAQ = """<html><head><script type="application/ld+json">{"@type": "FAQPage", "mainEntity": [
{"@type": "Question", "name": "Can beans be frozen?",
 "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes, in portions and <b>well sealed</b>. They thaw within an hour.</p>"}},
{"@type": "Question", "name": "Who are you?", "acceptedAnswer": [{"text": "A shop that has roasted coffee for years."}]},
{"@type": "Question", "name": "Why?"}, "nonsense", {"acceptedAnswer": "no name"}]}</script></head>
<body><h1>Beans</h1><p>A shop that has roasted coffee for years.</p><p>Can beans be frozen?</p></body></html>"""


def test_an_answer_that_stands_only_in_the_pages_structured_data_is_read() -> None:
    text = read_page(FAQ).text
    assert after("Can beans be frozen?", text) == "Yes, in portions and well sealed. They thaw within an hour."
    assert text.count("A shop that has roasted coffee") == 1, "what stands on the page is not said again"
    assert "nonsense" not in text and "no name" not in text
