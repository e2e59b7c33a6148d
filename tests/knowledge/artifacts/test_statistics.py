"""How many users a test needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.artifacts.statistics import detectable_effect, sample_size_per_variant


@pytest.mark.parametrize(
    ("baseline", "effect", "users"), [(0.05, 0.10, 31_217), (0.05, 0.20, 8_143), (0.02, 0.10, 80_637)]
)
def test_the_three_published_figures_come_out_exactly(baseline: float, effect: float, users: int):
    assert sample_size_per_variant(baseline, effect, alpha=0.05, power=0.8) == users


@given(st.floats(0.01, 0.4), st.floats(0.05, 0.9))
def test_a_smaller_effect_or_more_certainty_never_takes_fewer_users(baseline: float, effect: float):
    users = sample_size_per_variant(baseline, effect)
    assert users >= 1
    assert sample_size_per_variant(baseline, effect / 2) >= users
    assert sample_size_per_variant(baseline, effect, alpha=0.01) >= users
    assert sample_size_per_variant(baseline, effect, power=0.9) >= users


@pytest.mark.parametrize(("baseline", "effect"), [(0, 0.1), (1, 0.1), (0.05, 0), (0.05, -0.1), (0.6, 1), (0.5, 1e-300)])
def test_rates_that_make_no_test_are_refused(baseline: float, effect: float):
    with pytest.raises(ValueError, match=r"between 0 and 1|cannot be found"):
        sample_size_per_variant(baseline, effect)


@given(st.floats(0.01, 0.4), st.floats(0.05, 0.9))
def test_the_effect_that_a_sample_can_show_is_the_one_it_was_computed_for(baseline: float, effect: float):
    users = sample_size_per_variant(baseline, effect)
    assert detectable_effect(baseline, users) == pytest.approx(effect, rel=0.05)
    assert sample_size_per_variant(baseline, detectable_effect(baseline, users)) == pytest.approx(users, abs=1)


def test_a_handful_of_users_shows_no_effect_at_all():
    assert detectable_effect(0.4, 2) == float("inf")
    with pytest.raises(ValueError, match="at least one user"):
        detectable_effect(0.05, 0)
