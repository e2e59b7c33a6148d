"""An edit of the words touches no figure, no quotation, no link."""

import pytest

from knowledge.proposals.truth import figures, objections


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It lasts for 4 weeks in order to please.", "It lasts 4 weeks to please."),
        ("Many say “it never lasts that long” to us.", "“it never lasts that long”, many say."),
        ("See [the beans](https://a.example/x) now.", "See now: [our beans](https://a.example/x/)."),
        ("## A heading\n\nText.", "## A better heading\n\nText."),
        ("1. one\n2. two", "1. one\n2. two\n3. three"),
        ("A “so-called” method.", "A method."),
    ],
)
def test_a_line_may_be_smoothed(before: str, after: str) -> None:
    assert objections(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("It lasts 4 weeks.", "It lasts 6 weeks.", "adds the figure 6"),
        ("It lasts 4 weeks.", "It lasts weeks.", "drops the figure 4"),
        ("Good for many.", "Good for 93 % of all.", "adds the figure 93%"),
        (
            "“It never lasts that long”, says Ana.",
            "“It never lasts so long”, says Ana.",
            "changes or drops the quotation",
        ),
        ("> It never lasts that long", "Fine.", "changes or drops the quotation"),
        ("Fine.", "“I would buy this again at once”, says Ana.", "adds the quotation"),
        ("Fine [voc:1].", "Fine.", "mark of a customer's words"),
        ("Fine.", "Fine, see [a study](https://b.example).", "adds the link https://b.example"),
        ("Fine, see [a study](https://b.example).", "Fine.", "drops the link https://b.example"),
        ("## One\n\nx\n\n## Two\n\ny", "## One\n\nx y", "drops a heading"),
    ],
)
def test_truth_is_not_smoothed_away(before: str, after: str, why: str) -> None:
    assert any(why in one for one in objections(before, after))


def test_figures_are_those_of_the_words() -> None:
    text = "1. From €1,250.50 or 12.5 % at [page 3](https://a.example/9), 10:30. https://a.example/7"
    assert figures(text) == ["1,250.50", "12.5%", "3", "10:30"]
