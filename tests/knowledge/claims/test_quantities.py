"""Figures with what they count, in four ways of writing them."""

from decimal import Decimal

import pytest

from knowledge.claims.quantities import quantities
from knowledge.claims.wording import flat

READ = [
    ("Rackets from 79 € to 249 €", [("money", "79", "EUR"), ("money", "249", "EUR")]),
    ("ab 6,90 € pro Abrechnung", [("money", "6.90", "EUR")]),
    ("£1,250.50 a year", [("money", "1250.50", "GBP")]),
    ("1.250,50 EUR", [("money", "1250.50", "EUR")]),
    ("1.100 Betriebe", [("count", "1100", "")]),
    ("12 000 clientes", [("count", "12000", "")]),
    ("4.8 of 5 on Google", [("rating", "4.8", "of 5")]),
    ("4,8 em 5 no Google", [("rating", "4.8", "of 5")]),
    ("um 30 Prozent", [("percent", "30", "%")]),
    ("un 12,5 por ciento", [("percent", "12.5", "%")]),
    ("within 2 weeks", [("duration", "20160", "minute")]),
    ("innerhalb von 14 Tagen", [("duration", "20160", "minute")]),
    ("dos años de garantía", [("duration", "24", "month")]),
    ("two years", [("duration", "24", "month")]),
    ("a 250 g bag", [("measure", "250", "g")]),
    ("0.25 kg", [("measure", "250", "g")]),
    ("3x faster", [("multiple", "3", "x")]),
    ("2.5 million users", [("count", "2500000", "")]),
    ("since 2021", [("year", "2021", "year")]),
    ("six Lisbon clubs", [("count", "6", "")]),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[text for text, _ in READ])
def test_a_figure_is_read_with_its_unit(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = [(one.kind, one.value, one.unit) for one in quantities(flat(text))]
    assert found == [(kind, Decimal(value), unit) for kind, value, unit in expected]


@pytest.mark.parametrize(
    "text",
    ["1. Open the bag", "### 3. Grind", "Step 4 of it", "at 10:30", "open 24/7", "https://x.example/2024/10", "a 3D model",
     "os amigos dos clientes", "at once", "call +44 20 7946 0958"],
)  # fmt: skip
def test_what_is_no_figure_is_not_read_as_one(text: str) -> None:
    assert quantities(flat(text)) == ()


def test_a_range_shares_its_unit() -> None:
    found = quantities(flat("between 20 and 40 %"))
    assert [(one.kind, one.value) for one in found] == [("percent", 20), ("percent", 40)]


@pytest.mark.parametrize(
    ("claim", "on_file", "same"),
    [
        ("14 days", "2 weeks", True),
        ("1 month", "30 days", False),
        ("over 300 reviews", "312 reviews", True),
        ("312 reviews", "over 300 reviews", False),
        ("over 100 reviews", "312 reviews", False),
        ("30 €", "30 $", False),
        ("30 %", "30 €", False),
        ("10.000 Kunden", "10,000 customers", True),
    ],
)
def test_two_figures_are_the_same_only_with_the_same_unit_and_value(claim: str, on_file: str, same: bool) -> None:
    (mine,), (theirs,) = quantities(flat(claim)), quantities(flat(on_file))
    assert mine.same(theirs) is same


def test_a_bound_is_kept() -> None:
    bounds = [quantities(flat(text))[0].bound for text in ("from 79 €", "up to 40 %", "over 300 reviews", "79 €")]
    assert bounds == ["min", "max", "over", ""]
