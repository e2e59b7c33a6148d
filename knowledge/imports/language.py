"""Which language a text is in, for rows whose file does not say.

A guess costs time by the letter, so the beginning of a text has to be enough; a text too short to tell, or one that
could be several, gets none: it is then searched by its plain words. The model (py3langid) is loaded when first asked.
"""

from functools import cache
from typing import Any, cast

#: what customers and ads are in; a closed list, so that two English words are not taken for Malagasy
LANGUAGES = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sv th tr uk vi zh"
)
#: letters below which nothing is guessed, letters that are looked at
SHORTEST, LOOKED_AT = 10, 240
#: below this probability it is nobody's language
SURE = 0.5


def language_of(*texts: str | None) -> str | None:
    """ISO 639-1 of the texts together; None when they are too short or do not tell."""
    joined = " ".join(text for text in texts if text)[:LOOKED_AT]
    if sum(map(str.isalpha, joined[:LOOKED_AT])) < SHORTEST:
        return None
    language, probability = _model().classify(joined)
    return str(language) if probability >= SURE else None


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    untyped = cast(Any, LanguageIdentifier)
    model = untyped.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(LANGUAGES.split())
    return model
