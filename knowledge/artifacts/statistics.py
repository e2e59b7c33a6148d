"""How many people a test of two rates needs.

Pure arithmetic on the standard library; a figure is computed here and nowhere guessed.
"""

from math import asin, pi, sin, sqrt
from statistics import NormalDist


def expected_rate(baseline_rate: float, minimum_detectable_effect: float) -> float:
    """Return the rate a variant would have at the smallest effect worth finding (relative: 0.1 is +10 %)."""
    return baseline_rate * (1 + minimum_detectable_effect)


def sample_size_per_variant(
    baseline_rate: float, minimum_detectable_effect: float, alpha: float = 0.05, power: float = 0.8
) -> int:
    """Return how many users each variant needs in a two-sided z-test of two proportions.

    Rates, alpha and power lie strictly between 0 and 1; the effect is relative and above 0. The test works
    on arcsine-transformed rates: h = 2·asin√p₂ − 2·asin√p₁ and n = 2·((z₁₋α/₂ + z_power) / h)², rounded to
    the nearest whole user, at least 1. Source: J. Cohen, Statistical Power Analysis for the Behavioral
    Sciences, 2nd ed. 1988, chapter 6. At α 0.05 and power 0.8: 5 % +10 % → 31,217; 5 % +20 % → 8,143; 2 %
    +10 % → 80,637.

    Raises ValueError when the rates or levels are outside those bounds, or the effect is too small to be
    told from 0.
    """
    target = expected_rate(baseline_rate, minimum_detectable_effect)
    if not (0 < baseline_rate < target < 1 and 0 < alpha < 1 and 0 < power < 1):
        raise ValueError("rates, alpha and power must lie between 0 and 1, with an effect above 0")
    distance = 2 * asin(sqrt(target)) - 2 * asin(sqrt(baseline_rate))
    quantile = NormalDist().inv_cdf
    ratio = (quantile(1 - alpha / 2) + quantile(power)) / distance if distance > 0 else float("inf")
    if ratio > 1e9:
        raise ValueError("an effect this small cannot be found with any number of users")
    return max(1, round(2 * ratio**2))


def detectable_effect(baseline_rate: float, users_per_variant: int, alpha: float = 0.05, power: float = 0.8) -> float:
    """Return the smallest relative effect that so many users in each variant can show.

    The inverse of :func:`sample_size_per_variant` (same test, same source): p₂ = sin²(asin√p₁ + h/2) with
    h = √2·(z₁₋α/₂ + z_power)/√n. Infinity when not even a rate of 1 would be told apart. Raises ValueError when the
    rates or levels are outside their bounds, or there is no user.
    """
    if not (0 < baseline_rate < 1 and 0 < alpha < 1 and 0 < power < 1 and users_per_variant >= 1):
        raise ValueError("rates, alpha and power must lie between 0 and 1, with at least one user")
    quantile = NormalDist().inv_cdf
    distance = sqrt(2) * (quantile(1 - alpha / 2) + quantile(power)) / sqrt(users_per_variant)
    angle = asin(sqrt(baseline_rate)) + distance / 2
    return sin(angle) ** 2 / baseline_rate - 1 if angle < pi / 2 else float("inf")
