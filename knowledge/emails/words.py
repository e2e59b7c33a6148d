"""The few words an email has that nobody wrote for it, and the direction of its script."""

import unicodedata

_UNSUBSCRIBE = {
    "en": "Unsubscribe",
    "de": "Abmelden",
    "es": "Cancelar la suscripción",
    "pt": "Cancelar a subscrição",
    "fr": "Se désinscrire",
    "it": "Annulla l’iscrizione",
    "nl": "Afmelden",
    "ar": "إلغاء الاشتراك",
    "he": "להסרה מרשימת התפוצה",
    "fa": "لغو اشتراک",
    "ur": "ان سبسکرائب کریں",
}
#: languages written from right to left in their usual script
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})


def unsubscribe_label(language: str) -> str:
    return _UNSUBSCRIBE.get(_primary(language), _UNSUBSCRIBE["en"])


def is_right_to_left(language: str, text: str) -> bool:
    """By the language; where none is given, by the letters of ``text``."""
    if language:
        return _primary(language) in _RIGHT_TO_LEFT
    kinds = [unicodedata.bidirectional(character) for character in text[:5_000]]
    return kinds.count("R") + kinds.count("AL") > kinds.count("L")


def _primary(language: str) -> str:
    return language.strip().lower().replace("_", "-").split("-")[0]
