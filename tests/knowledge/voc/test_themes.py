"""What quotes are about and whether they praise, in the four languages."""

import pytest

from knowledge.voc.themes import sentiment_of, themes_of

SPOKEN = [
    ("en", "Far too expensive for what you get.", ["price"]),
    ("en", "Arrived two days late and the box was crushed.", ["delivery", "packaging"]),
    ("en", "Customer service replied within an hour, very helpful staff.", ["service"]),
    ("en", "It's so easy to use, the instructions are clear.", ["ease of use"]),
    ("en", "Runs small, order one size up. The fabric is soft.", ["size and fit", "comfort"]),
    ("en", "I sent it back and the refund took a month.", ["returns"]),
    ("de", "Die Qualität ist super, aber leider viel zu teuer.", ["quality", "price"]),
    ("de", "Lieferung kam verspätet, der Kundenservice hat nie geantwortet.", ["delivery", "service"]),
    ("de", "Passt perfekt und ist sehr bequem.", ["size and fit", "comfort"]),
    ("de", "Schmeckt lecker, die Verpackung könnte besser sein.", ["taste", "packaging"]),
    ("pt", "Chegou rápido e o preço é ótimo.", ["delivery", "price"]),
    ("pt", "Produto de qualidade, o cheiro é maravilhoso.", ["quality", "scent"]),
    ("pt", "Péssimo atendimento, pedi o reembolso e nada.", ["service", "returns"]),
    ("pt", "Muito fácil de usar, já vi resultado na primeira semana.", ["ease of use", "results"]),
    ("es", "El envío se retrasó una semana.", ["delivery"]),
    ("es", "Buena calidad pero la talla es pequeña.", ["quality", "size and fit"]),
    ("es", "No confío en esta tienda, es una estafa.", ["trust"]),
    ("es", "Me salió una alergia en la piel.", ["side effects"]),
]
MOODS = [
    ("en", "I love this, works great!", "positive"),
    ("en", "It is not good. Never again.", "negative"),
    ("en", "Not bad at all.", "positive"),
    ("en", "I can't recommend it.", "negative"),
    ("en", "It is a shirt.", "neutral"),
    ("de", "Bin sehr zufrieden, tolle Qualität!", "positive"),
    ("de", "Das ist nicht gut, leider enttäuscht.", "negative"),
    ("de", "Kein Problem mit dem Umtausch.", "positive"),
    ("pt", "Adorei, recomendo muito!", "positive"),
    ("pt", "Não gostei, veio com defeito.", "negative"),
    ("es", "Me encanta, es excelente.", "positive"),
    ("es", "No funciona y la atención es pésima.", "negative"),
]


@pytest.mark.parametrize(("language", "text", "about"), SPOKEN)
def test_a_quote_is_filed_under_what_it_speaks_of(language: str, text: str, about: list[str]) -> None:
    assert set(about) <= set(themes_of(text, language))
    assert len(themes_of(text, language)) <= len(about) + 1


@pytest.mark.parametrize(("language", "text", "about"), SPOKEN)
def test_without_a_known_language_the_right_themes_are_still_among_those_found(
    language: str, text: str, about: list[str]
) -> None:
    assert set(about) <= set(themes_of(text))


def test_what_is_mentioned_most_comes_first() -> None:
    text = "The price is fair. Cheaper than others, a real bargain. Delivery was fine."
    assert themes_of(text, "en")[:2] == ["price", "delivery"]


def test_a_region_makes_no_difference_and_a_foreign_language_is_left_alone() -> None:
    assert themes_of("Chegou rápido", "pt-BR") == themes_of("Chegou rápido", "pt")
    assert themes_of("Prezzo e qualità", "it") == []
    assert sentiment_of("Molto buono", None, "it") is None
    assert themes_of("", "en") == themes_of("12 345", "en") == []


@pytest.mark.parametrize(("language", "text", "mood"), MOODS)
def test_words_tell_praise_from_complaint(language: str, text: str, mood: str) -> None:
    assert sentiment_of(text, None, language) == mood


@pytest.mark.parametrize(
    ("rating", "mood"), [(1, "negative"), (2, "negative"), (3, "neutral"), (4, "positive"), (5, "positive")]
)
def test_stars_say_more_than_words(rating: int, mood: str) -> None:
    assert sentiment_of("Terrible, I hate it", rating, "en") == mood
    assert sentiment_of("Wonderful", rating * 2, "en", best=10) == mood
