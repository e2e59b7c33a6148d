"""What is a claim and what is not, with its exact place."""

from time import perf_counter

import pytest

from tests.knowledge.claims.on_file import claims

KINDS = [
    ("Our beans cost 11 € a bag.", "price"),
    ("Die Bohnen kosten 11 € pro Tüte.", "price"),
    ("El envío es gratis.", "price"),
    ("Os grãos custam 11 € por saco.", "price"),
    ("Half of it is free of charge.", "price"),
    ("Money-back guarantee on every bag.", "guarantee"),
    ("Umtausch jederzeit möglich.", "guarantee"),
    ("Sin permanencia.", "guarantee"),
    ("Garantia em todos os moinhos.", "guarantee"),
    ("Studies show that people prefer it.", "authority"),
    ("Experten empfehlen unseren Kaffee.", "authority"),
    ("Recomendado por médicos.", "authority"),
    ("Clinicamente testado.", "authority"),
    ("We are cheaper than Beanbox.", "comparison"),
    ("Wir rösten schneller als andere.", "comparison"),
    ("Tostamos mejor que nadie.", "comparison"),
    ("O nosso café é mais fresco do que o do supermercado.", "comparison"),
    ("Fernhill Coffee makes the best coffee.", "superlative"),
    ("Fernhill Coffee ist der beste Röster im Land.", "superlative"),
    ("Somos el único tostador de la ciudad.", "superlative"),
    ("Somos líderes no mercado.", "superlative"),
    ("Customers drink 40 % more coffee.", "statistic"),
    ("Ya confían 2.300 clientes.", "statistic"),
    ("Thousands of people drink it.", "statistic"),
    ("Our coffee relieves headaches.", "regulated"),
    ("Unser Kaffee lindert Kopfschmerzen.", "regulated"),
    ("Nuestro café reduce la ansiedad.", "regulated"),
    ("A nossa embalagem é biodegradável.", "regulated"),
    ("Delivered within 48 hours.", "availability"),
    ("Nur noch heute erhältlich.", "availability"),
    ("Entregamos en toda España.", "availability"),
    ("Disponível em todas as lojas.", "availability"),
    ("We roast small batches in an old mill.", "feature"),
    ("Wir rösten in kleinen Chargen in einer alten Mühle.", "feature"),
    ("Nuestro tostador trabaja con madera de haya.", "feature"),
    ("Os nossos grãos crescem na sombra.", "feature"),
    ("> “They never forget a parcel.”\n>\n> — Tom", "testimonial"),
    ("Kundin Eva sagt: „Der Kaffee schmeckt nach Sommer.“", "testimonial"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=[text[:40] for text, _ in KINDS])
def test_a_claim_is_known_by_its_kind(text: str, kind: str) -> None:
    assert [one.kind for one in claims(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "How much coffee is too much?",
        "Was kostet eine Tasse?",
        "What customers say:",
        "## 7 tips for better coffee",
        "Say what you already use.",
        "Then ask Fernhill Coffee before you buy.",
        "This guide covers what matters.",
        "**[See the offer at Fernhill Coffee](https://fernhill.example/30-days)**",
        "Grind the beans for 20 seconds.",
        "We love mornings.",
        "Hello,",
        "We do not claim to be the best.",
        "Wir sind nicht die Besten.",
        "### “It costs more than the supermarket”",
        "| Question | Answer |\n|---|---|",
    ],
)
def test_what_claims_nothing_is_no_objective_claim(text: str) -> None:
    assert [one.text for one in claims(text) if one.kind != "general"] == []


def test_a_claims_place_gives_its_words() -> None:
    text = "# A title\n\nHello. **Beans from 11 €.** More.\n\n- Delivered within 48 hours\n\n> “It tastes like home to me.”\n"
    found = claims(text)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.text for one in found if one.kind != "general"] == [
        "Beans from 11 €.",
        "Delivered within 48 hours",
        "It tastes like home to me.",
    ]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    found = claims("Dr. Tom R. paid 11 € for, e.g. two bags. It was 12 % of the price.")
    assert [one.text for one in found] == ["Dr. Tom R. paid 11 € for, e.g. two bags.", "It was 12 % of the price."]


def test_the_same_sentence_again_is_one_claim() -> None:
    assert len(claims("Beans from 11 €.\n\n- Beans from 11 €")) == 1


def test_words_in_marks_count_for_nothing_around_them() -> None:
    found = claims("Tom says: “I saved 40 % and got the best coffee.” Nice.")
    assert [one.kind for one in found] == ["testimonial"]


def test_a_question_sells_in_a_subject() -> None:
    assert [one.kind for one in claims("Ready to save 30 %?", "subject")] == ["statistic"]


def test_the_clients_own_name_is_no_superlative() -> None:
    from knowledge.claims.extraction import extract
    from knowledge.claims.models import About

    found = extract([("body", "The best at Best Beans 3000 is open.")], About(names=("Best Beans 3000",)))
    assert [signal.text for one in found for signal in one.signals if signal.quantity] == []


@pytest.mark.parametrize(
    "text", ["", " \n\n", "```\nprice = 11 €\n```", "{{ first_name }}", "١٢٣", "\u202eabc", "#" * 5000]
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    assert [one for one in claims(text) if one.kind not in ("general", "statistic")] == []


def test_a_text_in_another_script_keeps_its_figures() -> None:
    assert [one.kind for one in claims("コーヒーの売上は40%増えました。とても良いです。")] == ["statistic"]


HOSTILE = [
    "1.000.000",
    "[a](",
    "{{",
    "“abc def ghi jkl ",
    " ",
    "\n",
    ". A",
    "|a",
    "> a\n",
    "the best ",
    "reduces a b c ",
    "1 000 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_the_length_alone(piece: str) -> None:
    """Nothing that is typed or pasted holds the reader up: sixteen times as much takes no more than eighty times as long."""
    short, long = (_seconds(piece * (length // len(piece))) for length in (4_000, 64_000))
    assert long < 80 * max(short, 0.02)


def _seconds(text: str) -> float:
    begun = perf_counter()
    claims(text)
    return perf_counter() - begun


@pytest.mark.parametrize("part", ["title", "subject", "subjects.1", "preheader", "callToAction", "body"])
@pytest.mark.parametrize(
    "asked", ["Shall we start again?", "Fangen wir noch einmal an?", "¿Volvemos a empezar?", "Vamos recomeçar?",
              "Is our coffee made by hand?", "Have you tried Beanbox?"],
)  # fmt: skip
def test_a_question_claims_nothing_wherever_it_stands(part: str, asked: str) -> None:
    assert claims(asked, part) == []


@pytest.mark.parametrize(
    "text", ["It has been a while since your last order at Fernhill Coffee.",
             "Ha pasado un tiempo desde tu último pedido en Fernhill Coffee.",
             "Há algum tempo que não há encomendas na Fernhill Coffee."],
)  # fmt: skip
def test_what_is_said_of_the_readers_own_orders_is_no_claim_about_the_client(text: str) -> None:
    assert [one for one in claims(text) if one.kind != "general"] == []


@pytest.mark.parametrize(
    ("text", "percent"), [("Nine out of ten customers reorder.", 90), ("Vier von fünf Kunden bestellen wieder.", 80),
                          ("4 von 5 Kunden bestellen wieder.", 80), ("7 de cada 10 clientes repiten.", 70),
                          ("Siete de cada diez clientes repiten.", 70), ("A third of our customers reorder.", 33)],
)  # fmt: skip
def test_a_share_in_words_is_a_figure(text: str, percent: int) -> None:
    (one,) = claims(text)
    (figure,) = [signal.quantity for signal in one.signals if signal.quantity]
    assert (figure.kind, int(figure.value)) == ("percent", percent)


@pytest.mark.parametrize("text", ["4 of 5 on Google.", "A third of the day is gone.", "Two of them stayed."])
def test_a_rating_and_a_turn_of_phrase_are_no_share(text: str) -> None:
    assert not [s for one in claims(text) for s in one.signals if s.quantity and s.quantity.kind == "percent"]
