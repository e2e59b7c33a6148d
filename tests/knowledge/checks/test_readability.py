"""The formulas against published examples and sums done by hand."""

import pytest

from knowledge.checks.text.languages import language_of
from knowledge.checks.text.readability import Counts, count, reading_ease, wiener_sachtextformel
from knowledge.checks.text.sentences import sentence_spans, words_in
from knowledge.checks.text.syllables import syllables


def ease(text: str, language: str) -> float:
    said = [words_in(text[start:end]) for start, end in sentence_spans(text, language)]
    found = reading_ease(count(said, language), language)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "published"),
    [
        # Wikipedia, "Flesch–Kincaid readability tests", Flesch reading ease
        ("The cat sat on the mat.", 116),
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 69),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 37.5),
    ],
)
def test_flesch_agrees_with_its_published_examples(text: str, published: float) -> None:
    assert ease(text, "en") == pytest.approx(published, abs=0.6)


def test_amstad_agrees_with_a_sum_done_by_hand() -> None:
    # 2 sentences, 9 words, 10 syllables (Kat-ze): 180 - 4.5 - 58.5 * 10/9
    text = "Der Hund schläft im Haus. Die Katze sieht zu."
    assert ease(text, "de") == pytest.approx(180 - 4.5 - 58.5 * 10 / 9)


def test_wiener_sachtextformel_agrees_with_a_sum_done_by_hand() -> None:
    # of 20 words in 2 sentences: 4 with three syllables or more, 6 with more than six letters, 10 with one syllable
    counts = Counts(sentences=2, words=20, syllables=38, long_words=6, many=4, single=10)
    assert wiener_sachtextformel(counts) == pytest.approx(0.1935 * 20 + 0.1672 * 10 + 0.1297 * 30 - 0.0327 * 50 - 0.875)
    assert wiener_sachtextformel(counts) == pytest.approx(6.923, abs=0.001)


def test_fernandez_huerta_agrees_with_a_sum_done_by_hand() -> None:
    # 6 words, 9 syllables (el ga-to duer-me en la ca-sa): 206.84 - 60 * 9/6 - 1.02 * 6
    assert ease("El gato duerme en la casa.", "es") == pytest.approx(206.84 - 60 * 9 / 6 - 1.02 * 6)


def test_portuguese_flesch_is_flesch_and_42() -> None:
    counts = Counts(sentences=4, words=48, syllables=96, long_words=0, many=0, single=0)
    english, portuguese = reading_ease(counts, "en"), reading_ease(counts, "pt")
    assert english is not None and portuguese is not None
    assert portuguese == pytest.approx(english + 42)
    # o ga-to dor-me na ca-sa
    assert ease("O gato dorme na casa.", "pt") == pytest.approx(248.835 - 1.015 * 5 - 84.6 * 8 / 5)


def test_a_language_without_a_formula_has_no_figure_and_neither_has_an_empty_text() -> None:
    assert reading_ease(Counts(1, 5, 9, 0, 0, 0), "fr") is None
    assert reading_ease(count([], "en"), "en") is None


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        (
            "en",
            "table 2 little 2 played 1 wanted 2 boxes 2 changes 2 makes 1 ideas 3 platypus 3 people 2 the 1 brewed 1",
        ),
        (
            "de",
            "Straßenbahn 3 Freude 2 Beamte 3 Theater 3 Universität 5 Kaffee 2 Häuser 2 einfach 2 See 1 lesen 2 neue 2",
        ),
        (
            "es",
            "casa 2 ciudad 2 poeta 3 país 2 aéreo 4 guitarra 3 queso 2 pingüino 3 hacia 2 había 3 leer 2 viaje 2 tiempo 2",
        ),
        (
            "pt",
            "casa 2 coração 3 mãe 1 guerra 2 queijo 2 quatro 2 água 2 leite 2 viagem 3 saúde 3 história 3 alegria 4",
        ),
    ],
)
def test_syllables_are_counted(language: str, counted: str) -> None:
    given = counted.split()
    for word, number in zip(given[::2], given[1::2], strict=True):
        assert syllables(word, language) == int(number), word


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("en", "Dr. Smith paid 3.50 euros, i.e. less. Was it much? No!", 3),
        ("de", "Am 3. Mai kam z. B. Frau Dr. Meier. Sie zahlte ca. 5 Euro.", 2),
        ("de", "Wir waren 20. Das war schön. Am 7. August regnete es.", 3),
        ("es", "El Sr. López llegó a las 10. ¿Vino solo? Sí.", 3),
        ("pt", "O Sr. Silva chegou às 10h. Veio só? Sim… Talvez.", 4),
    ],
)
def test_sentences_end_where_they_end(language: str, text: str, sentences: int) -> None:
    assert len(sentence_spans(text, language)) == sentences


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The team that knows how to write with you", "en"),
        ("Wir schreiben für Sie und Ihre Kunden", "de"),
        ("Escribimos para los clientes de su empresa", "es"),
        ("Escrevemos para os clientes da sua empresa, não para você", "pt"),
        ("Nous écrivons pour les clients de votre entreprise", "fr"),
        ("私たちはお客様のために書きます", "ja"),
        ("مرحبا بكم في متجرنا", "ar"),
        ("Padel 2026", ""),
    ],
)
def test_a_language_shows_in_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language
