"""Hunks: none gives the old text, all give the new one, any choice of them fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.proposals.hunks import hunks, taken, units

OLD = """# Fresh coffee

Coffee goes stale. It is, in order to be clear, quite sad. Keep it dry.

- one entry
- another entry

The last words."""
NEW = """# Fresh coffee

Coffee goes stale. It is sad. Keep it dry.

- one entry
- another, better entry
- a third

The very last words."""


def test_each_sentence_that_changed_is_a_hunk_of_its_own() -> None:
    found = hunks(OLD, NEW)
    assert [(hunk.before.strip(), hunk.after.strip()) for hunk in found] == [
        ("It is, in order to be clear, quite sad.", "It is sad."),
        ("- another entry", "- another, better entry\n- a third"),
        ("The last words.", "The very last words."),
    ]
    assert len({hunk.id for hunk in found}) == 3
    assert all(OLD[hunk.start : hunk.end] == hunk.before for hunk in found)


def test_sentences_that_follow_each_other_are_taken_one_by_one() -> None:
    found = hunks("One is here. Two is here. Three.", "One was here. Two was here. Three.")
    assert len(found) == 2
    assert taken("One is here. Two is here. Three.", found, {found[1].id}) == "One is here. Two was here. Three."


def test_none_is_the_old_text_and_all_are_the_new_one() -> None:
    found = hunks(OLD, NEW)
    assert taken(OLD, found, []) == OLD
    assert taken(OLD, found, [hunk.id for hunk in found]) == NEW
    assert hunks(OLD, OLD) == []


def test_a_hunk_of_another_text_does_not_fit() -> None:
    found = hunks(OLD, NEW)
    with pytest.raises(ValueError, match="does not fit"):
        taken(OLD.replace("quite sad", "quite glad"), found, {found[0].id})


_texts = st.lists(
    st.sampled_from(["One two. ", "Three!", "\n", "\n\n", "# H\n", "- a\n", "مرحبا. ", "“Q?” ", "x", " ", "1.5 % "]),
    max_size=14,
).map("".join)


@given(_texts, _texts, st.randoms())
def test_whatever_the_texts_any_choice_fits(before: str, after: str, chance: object) -> None:
    assert "".join(units(before)) == before
    found = hunks(before, after)
    ids = [hunk.id for hunk in found]
    assert taken(before, found, ids) == after
    assert taken(before, found, []) == before
    some = [id for id in ids if chance.random() < 0.5]  # type: ignore[attr-defined]
    taken(before, found, some)
