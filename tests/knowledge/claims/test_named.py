"""Claims that a model named, beside those of the rules."""

import pytest

from knowledge.claims.extraction import extract
from knowledge.claims.models import About, Found, Named
from knowledge.claims.named import merged, standing

ABOUT = About(names=("Mossbank",))
TEXT = (
    "Mossbank stairs cost £4,000 each. The treads are **heated** from below. Oak is a hard wood.\n\n"
    "> “They are quiet.”\n> — Anna\n"
)
PARTS = [("title", "A stair for cold feet"), ("body", TEXT)]


def named(text: str, kind: str = "feature") -> Named:
    return Named(kind, text, "a-model")  # type: ignore[arg-type]


def read(*sentences: Named) -> list[Found]:
    return merged(extract(PARTS, ABOUT), PARTS, ABOUT, sentences)


def test_a_sentence_that_the_rules_do_not_call_a_claim_becomes_one_with_its_place_and_who_named_it() -> None:
    (claim,) = [one for one in read(named("The treads are **heated** from below.")) if one.named_by]
    assert TEXT[claim.start : claim.end] == claim.text == "The treads are **heated** from below."
    assert (claim.kind, claim.part, claim.named_by) == ("feature", "body", "a-model")


def test_what_the_rules_found_stays_as_it_is_whatever_a_model_names() -> None:
    rules = [one for one in extract(PARTS, ABOUT) if one.kind != "general"]
    beside = read(named("Mossbank stairs cost £4,000 each.", "superlative"), named("“They are quiet.”"))
    assert rules and [one for one in beside if one.kind != "general"] == rules


@pytest.mark.parametrize(
    "span",
    [
        "The treads are cooled from below.",
        "the treads are **heated** from below.",
        "heated",
        "They are quiet.",
        "",
        "Anna",
    ],
    ids=["invented", "other letters", "one word", "a customer's", "empty", "a name"],
)
def test_a_span_that_is_not_a_sentence_of_the_text_counts_for_nothing(span: str) -> None:
    assert standing([named(span)], PARTS) == []
    assert read(named(span)) == extract(PARTS, ABOUT)


def test_most_of_a_sentence_stands_for_the_whole_and_two_spans_of_it_are_one_claim() -> None:
    found = read(named("The treads are **heated**"), named("treads are **heated** from below"))
    assert [one.text for one in found if one.named_by] == ["The treads are **heated** from below."]


def test_claims_stand_in_reading_order_across_the_parts() -> None:
    found = read(
        named("Oak is a hard wood."), named("A stair for cold feet"), named("The treads are **heated** from below.")
    )
    at = {"title": 0, "body": 1}
    assert [(at[one.part], one.start) for one in found] == sorted((at[one.part], one.start) for one in found)
    assert sum(bool(one.named_by) for one in found) == 3
