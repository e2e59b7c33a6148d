"""A message that a crash took before anything had begun: found, and owned up to once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from assistant.chat.lost import LONGEST_AGAIN, SENTENCE, lost_message, own_up, said_to, words_of

BEGAN = datetime(2026, 11, 21, 10, tzinfo=UTC)
HERE, ELSEWHERE = "box:7:abc", "box:6:def"
BEFORE, AFTER = BEGAN - timedelta(seconds=2), BEGAN + timedelta(seconds=2)


def step(type: str, at: datetime, said: str = "Hello", process: str = "") -> dict[str, Any]:
    date, metadata = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), {"process": process} if process else {}
    return {"id": str(uuid4()), "type": type, "createdAt": date, "output": said, "metadata": metadata}


def test_the_last_message_with_nothing_after_it_is_lost_when_it_is_older_than_the_process() -> None:
    said = step("user_message", BEFORE)
    assert lost_message([step("assistant_message", BEFORE - timedelta(1)), said], HERE, BEGAN) == said
    assert lost_message([said, step("run", AFTER)], HERE, BEGAN) == said


def test_what_was_said_to_another_process_may_be_lost_however_old_this_one_is_and_what_was_said_here_is_not() -> None:
    there = step("user_message", AFTER, process=ELSEWHERE)
    assert lost_message([there], HERE, BEGAN) == there
    assert said_to(there) == ELSEWHERE
    assert lost_message([step("user_message", BEFORE, process=HERE)], HERE, BEGAN) is None


@pytest.mark.parametrize("case", ["answered", "just said", "nothing said"])
def test_what_was_answered_or_is_being_answered_is_not_lost(case: str) -> None:
    steps = {
        "answered": [step("assistant_message", AFTER), step("user_message", BEFORE)],
        "just said": [step("user_message", AFTER)],
        "nothing said": [],
    }
    assert lost_message(steps[case], HERE, BEGAN) is None


def test_it_is_owned_up_to_under_one_id_with_a_button_that_sends_it_again() -> None:
    lost = step("user_message", BEFORE, "/write How to keep coffee fresh")
    (id, answer), again = own_up(lost), own_up(lost)
    assert (id, answer.text) == (again[0], SENTENCE)
    assert [(button.label, button.command) for button in answer.next] == [("Send it again", lost["output"])]
    assert own_up({**lost, "output": "x" * (LONGEST_AGAIN + 1)})[1].next == ()


@pytest.mark.parametrize(
    "content",
    ["Done.", [{"type": "output_text", "text": "Do"}, {"type": "output_text", "text": "ne."}]],
    ids=["plain", "parts"],
)
def test_the_words_of_an_answer_are_read_however_the_conversation_keeps_them(content: object) -> None:
    assert words_of({"role": "assistant", "content": content}) == "Done."
