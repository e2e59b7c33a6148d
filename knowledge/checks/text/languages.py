"""Which language a text is in, by its script and its small words; empty rather than a guess.

Only the first few thousand characters are read. Nothing is loaded: the answer costs less than a millisecond.
"""

import re
from functools import cache, lru_cache

from knowledge.checks.words import LANGUAGES, phrases

LOOKED_AT = 4_000
_SCRIPTS = (
    ("ja", re.compile(r"[぀-ヿ]")), ("zh", re.compile(r"[一-鿿]")), ("ko", re.compile(r"[가-힯]")),
    ("ru", re.compile(r"[Ѐ-ӿ]")), ("el", re.compile(r"[Ͱ-Ͽ]")), ("ar", re.compile(r"[؀-ۿ]")),
    ("he", re.compile(r"[֐-׿]")), ("hi", re.compile(r"[ऀ-ॿ]")), ("th", re.compile(r"[฀-๿]")),
)  # fmt: skip
_OTHERS = {
    "fr": "le la les un une des et ou de du au aux en avec sans est sont pas que qui ce cette ces nous vous ils elle "
    "pour par sur dans plus très mais je mon ma notre votre leur leurs être avoir",
    "it": "il lo la gli le un uno una e o di del della dei delle al alla in con senza è sono non che si per da nel nella "
    "come più molto ma se perché io mio mia nostro nostra questa anche",
    "nl": "de het een en of van naar in met zonder is zijn niet geen wij ons onze jij je uw voor op uit bij als dat die "
    "dit meer maar ik mijn heeft hebben wordt worden ook nog over",
}
_TELLTALE = {"de": "ßäöü", "es": "ñ¿¡", "pt": "ãõ", "fr": "èêœ"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language_of(text: str) -> str:
    """ISO 639-1, or "" when it does not show."""
    return _language(text[:LOOKED_AT])


@lru_cache(maxsize=512)
def _language(text: str) -> str:
    letters = sum(map(str.isalpha, text))
    for code, script in _SCRIPTS:
        if letters and len(script.findall(text)) > 0.3 * letters:
            return code
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    scores = {code: float(sum(word in small for word in words)) for code, small in _small_words().items()}
    lowered = text.lower()
    for code, marks in _TELLTALE.items():
        scores[code] += 0.6 * min(3, sum(map(lowered.count, marks)))
    (best, score), (_, second) = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
    return best if score > second and score >= 0.6 else ""


@cache
def _small_words() -> dict[str, frozenset[str]]:
    own = {code: frozenset(phrases(code, "markers")) for code in LANGUAGES}
    return {**own, **{code: frozenset(given.split()) for code, given in _OTHERS.items()}}
