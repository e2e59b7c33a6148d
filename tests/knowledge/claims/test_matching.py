"""Evidence carries a claim only when figures, concepts and customers' words are the same."""

import pytest

from knowledge.claims.extraction import extract
from knowledge.claims.matching import OpenedPage, Shelf, judge
from tests.knowledge.claims.on_file import about, judged, verdict

VERDICTS = [
    # figures
    ("Beans from 11 € to 24 €.", "price", "supported"),
    ("Beans from 9 € a bag.", "price", "contradicted"),
    ("Beans for 11 € a bag.", "price", "contradicted"),  # "from" is left out
    ("Machine rental costs 15 € a month.", "price", "supported"),
    ("Machine rental costs 12 € a month.", "price", "contradicted"),
    ("A grinder costs 80 €.", "price", "unsupported"),
    ("Our subscription bag: £9.50.", "price", "supported"),
    ("4.8 of 5 on Google.", "statistic", "supported"),
    ("4.9 of 5 on Google.", "statistic", "contradicted"),
    ("Over 300 reviews on Google.", "statistic", "supported"),
    ("500 reviews on Google.", "statistic", "contradicted"),
    ("92 % of customers come back.", "statistic", "unsupported"),
    ("We roast in Bristol since 2014.", "statistic", "supported"),
    # promises and when
    ("30 days to exchange a bag.", "guarantee", "supported"),
    ("60 days to exchange a bag.", "guarantee", "contradicted"),
    ("Money-back guarantee.", "guarantee", "unsupported"),
    ("Cancel any time.", "guarantee", "supported"),
    ("Dos años de garantía en el molinillo.", "guarantee", "supported"),
    ("Tres años de garantía en el molinillo.", "guarantee", "contradicted"),
    ("Entrega em 48 horas em Lisboa.", "availability", "supported"),
    ("Entrega em 24 horas em Lisboa.", "availability", "contradicted"),
    # concepts
    ("Fernhill Coffee is the best roaster of the year.", "superlative", "supported"),
    ("Fernhill Coffee is the only roaster in Bristol.", "superlative", "unsupported"),
    ("Studies show that our beans keep longer.", "authority", "unsupported"),
    ("We are cheaper than Beanbox.", "comparison", "unsupported"),
    ("Der Versand ist bei uns klimaneutral.", "regulated", "supported"),
    ("Unser Kaffee lindert Kopfschmerzen.", "regulated", "unsupported"),
    # statements
    ("We roast to order every Tuesday.", "feature", "supported"),
    ("Our decaf is made with solvents.", "feature", "contradicted"),
    ("We roast in a wood-fired oven from Naples.", "feature", "unsupported"),
    ("Jede Bohne rösten wir in Hamburg.", "feature", "supported"),
    # nothing to check
    ("Good mornings begin slowly.", "general", "opinion"),
]


@pytest.mark.parametrize(("text", "kind", "status"), VERDICTS, ids=[text for text, *_ in VERDICTS])
def test_a_claim_stands_as_the_file_says(text: str, kind: str, status: str) -> None:
    assert verdict(text) == (kind, status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (
            "> “I was sceptical, but the decaf tastes like coffee and not like cardboard.”\n>\n> — Ann [voc:v1]",
            "supported",
        ),
        ("> “the decaf tastes like coffee”", "supported"),
        ("> “I was sceptical … not like cardboard.”", "supported"),
        ("> “I was sceptical, but the decaf tastes like the best coffee and not like cardboard.”", "unsupported"),
        ("> “I was sceptical, but the decaf tastes like coffee.”\n>\n> — Ann [voc:v2]", "unsupported"),
        ("> “This coffee changed my life.”\n>\n> — Ann", "unsupported"),
        ("Eine Kundin schreibt: „Der Kaffee kam am Freitag, und er war wirklich frisch geröstet.“", "supported"),
        ("Una clienta dice: «En dos días lo tenía en casa y huele a gloria.»", "supported"),
        ("Una clienta dice: «En un día lo tenía en casa y huele a gloria.»", "unsupported"),
    ],
)
def test_a_testimonial_is_a_customers_words_to_the_letter(text: str, status: str) -> None:
    assert [(one.kind, got.status) for one, got in judged(text)] == [("testimonial", status)]


def test_an_altered_quote_shows_what_the_customer_said() -> None:
    ((_, got),) = judged("> “The decaf tastes like real coffee and not like cardboard.”\n>\n> — Ann")
    assert got.status == "unsupported"
    assert "I was sceptical" in got.reason
    assert [one.id for one in got.evidence] == ["v1"]


def test_a_regulated_claim_needs_the_disclaimer_too() -> None:
    assert verdict("Der Versand ist bei uns klimaneutral.", disclaimed=False) == ("regulated", "unsupported")


def test_rules_about_tone_and_goals_carry_nothing() -> None:
    assert verdict("Fernhill Coffee has 300 new subscriptions.") == ("statistic", "unsupported")


def test_evidence_is_quoted_word_for_word_and_named() -> None:
    ((_, got),) = judged("We roast to order every Tuesday.")
    assert [(one.kind, one.id, one.text) for one in got.evidence] == [
        ("offer", "c1#offers.0.keyBenefits.0", "Roasted to order every Tuesday and posted on Wednesday")
    ]


def test_every_figure_of_a_sentence_is_looked_at() -> None:
    ((_, got),) = judged("4.8 of 5 on Google from 400 reviews.")
    assert got.status == "contradicted"
    assert "400" not in got.evidence[0].text


def test_a_customers_words_do_not_carry_the_clients_own_figure() -> None:
    assert verdict("We deliver in two days.")[1] == "unsupported"


@pytest.mark.parametrize(
    ("text", "status"), [
        ("The Fernhill Subscription bag is on us.", "unsupported"),
        ("Beanbox lasts half as long.", "unsupported"),
        ("Nobody roasts fresher coffee.", "unsupported"),
        ("Beans start at 11 € a bag.", "supported"),
    ],
)  # fmt: skip
def test_offers_and_rivals_are_held_to_what_is_on_file(text: str, status: str) -> None:
    assert verdict(text)[1] == status


PAGE = OpenedPage(
    "https://www.beans.example/guide",
    "How coffee goes stale | Bean Journal",
    "Intro. Air is the enemy of every bean, and light its friend. End.",
)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Bean Journal writes: “Air is the enemy of every bean, and light its friend.”", "supported"),
        ("“Air is the enemy of every bean” ([source](https://beans.example/guide)).", "supported"),
        ("Bean Journal writes: “Air is the best friend of every bean there is.”", "unsupported"),
        ("A customer writes: “Air is the enemy of every bean, and light its friend.”", "unsupported"),
        ("Bean Journal writes: “Air is the enemy of every bean, and light its friend.” [voc:v9]", "unsupported"),
    ],
)
def test_words_of_an_opened_page_that_is_named_beside_them_are_its_words_not_a_customers(
    text: str, status: str
) -> None:
    (claim,) = [one for one in extract([("body", text)], about()) if one.kind == "testimonial"]
    verdict = judge(claim, Shelf(pages=(PAGE,)))
    assert verdict.status == status
    if status == "supported":
        assert [(one.kind, one.id) for one in verdict.evidence] == [("source", PAGE.url)]
