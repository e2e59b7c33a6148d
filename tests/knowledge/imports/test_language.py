"""Languages guessed for many texts at once are those that the library guesses for each by itself."""

import random
from typing import Any, cast

from knowledge.imports.language import LANGUAGES, LOOKED_AT, SURE, language_of, languages_of

SAID = {
    "en": "The blade that saves you ten minutes every morning, because we left out what nobody missed.",
    "de": "Die Klinge, die dir jeden Morgen zehn Minuten spart, weil wir weggelassen haben, was niemand vermisst.",
    "pt": "A lâmina que poupa dez minutos todas as manhãs, porque deixamos de fora o que ninguém sentia falta.",
    "es": "La cuchilla que te ahorra diez minutos cada mañana, porque quitamos lo que nadie echaba de menos.",
    "ja": "毎朝十分を節約する刃、誰も惜しまないものを省いたからです。",
}


def test_a_text_in_one_language_is_known_and_a_short_one_is_not() -> None:
    assert languages_of([(text,) for text in SAID.values()]) == list(SAID)
    assert languages_of([(SAID["en"].upper(),), (None, "  "), ("Sale!",), ("1234 5678 9012 3456",)]) == [
        "en", None, None, None,
    ]  # fmt: skip
    assert language_of("Zehn Minuten", None, "jeden Morgen gespart") == "de"
    assert languages_of([]) == []


def test_many_at_once_are_guessed_like_each_by_the_library() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = cast(Any, LanguageIdentifier).from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(LANGUAGES.split())
    chance = random.Random(2)
    words = [word for text in SAID.values() for word in text.split()]
    texts = [" ".join(chance.choices(words, k=chance.randrange(1, 60))) for _ in range(300)]
    for text, found in zip(texts, languages_of([(text,) for text in texts]), strict=True):
        looked_at = text[:LOOKED_AT]
        language, probability = model.classify(looked_at)
        if abs(probability - SURE) > 1e-4 and sum(map(str.isalpha, looked_at)) >= 10:
            assert found == (language if probability >= SURE else None), text
