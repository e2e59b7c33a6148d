"""What a page says behind a question that stands on it."""

import pytest

from knowledge.research.answers import LONGEST, after

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
