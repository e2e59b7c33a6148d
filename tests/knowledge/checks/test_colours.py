"""CIEDE2000 against the published pairs."""

import pytest

from knowledge.checks.text.colours import delta_e, lab


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        # Sharma, Wu, Dalal (2005), table 1: some of the pairs
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_distance_agrees_with_the_published_pairs(
    one: tuple[float, float, float], other: tuple[float, float, float], apart: float
) -> None:
    assert delta_e(one, other) == pytest.approx(apart, abs=0.0001)
    assert delta_e(other, one) == pytest.approx(apart, abs=0.0001)


def test_a_colour_is_read_in_both_lengths_and_nothing_else_is_one() -> None:
    assert lab("#fff") == lab("#FFFFFF")
    white = lab("#fff")
    assert white is not None
    assert white == pytest.approx((100, 0, 0), abs=0.01)
    assert lab("olive") is None
