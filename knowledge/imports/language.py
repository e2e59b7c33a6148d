"""Which language a text is in, for rows whose file does not say.

A guess costs time by the letter, so the beginning of a text has to be enough; a text too short to tell, or one that
could be several, gets none: it is then searched by its plain words. The model (py3langid) is loaded when first asked.
Many texts are asked at once: a step of all of them from one letter to the next is one step in arrays.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar, cast

from knowledge.imports.records import AdRecord, QuoteRecord

R = TypeVar("R", AdRecord, QuoteRecord)

#: what customers and ads are in; a closed list, so that two English words are not taken for Malagasy
LANGUAGES = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sv th tr uk vi zh"
)
#: letters below which nothing is guessed, letters that are looked at
SHORTEST, LOOKED_AT = 10, 240
#: below this probability it is nobody's language
SURE = 0.5
#: texts that take their steps together
TOGETHER = 4096


def language_of(*texts: str | None) -> str | None:
    """ISO 639-1 of the texts together; None when they are too short or do not tell."""
    return languages_of([texts])[0]


def languages_of(rows: Iterable[Sequence[str | None]]) -> list[str | None]:
    """``language_of`` for each row's texts."""
    joined = [" ".join(text for text in texts if text)[:LOOKED_AT] for texts in rows]
    found: list[str | None] = [None] * len(joined)
    asked = [place for place, text in enumerate(joined) if _has_letters(text[: 4 * SHORTEST]) or _has_letters(text)]
    for start in range(0, len(asked), TOGETHER):
        places = asked[start : start + TOGETHER]
        for place, language in zip(places, _model().classify([joined[place] for place in places]), strict=True):
            found[place] = language
    return found


def complete_languages(records: Sequence[R], said: Callable[[R], Sequence[str | None]]) -> None:
    """Records of no language get that of what they say, where it tells."""
    lacking = [record for record in records if not record.language]
    for record, language in zip(lacking, languages_of(map(said, lacking)), strict=True):
        record.language = language


class _Model:
    """What py3langid's identifier knows, laid out so that many texts walk through it side by side."""

    def __init__(self) -> None:
        import numpy as np
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        untyped = cast(Any, LanguageIdentifier)
        model = untyped.from_model_file(MODEL_FILE, norm_probs=True)
        model.set_languages(LANGUAGES.split())
        self.languages: list[str] = model.nb_classes
        self.weights: Any = np.ascontiguousarray(model.nb_ptc, dtype=np.float32)
        self.before: Any = np.asarray(model.nb_pc, dtype=np.float32)
        self.moves = np.frombuffer(model.tk_nextmove, dtype=np.uint32)
        self.rows = np.asarray(model.tk_row, dtype=np.int32) << 8
        self.features = np.asarray(model.tk_output, dtype=np.int32)

    def classify(self, texts: Sequence[str]) -> Iterator[str | None]:
        """The likeliest language of each text where it is sure enough, as ``LanguageIdentifier.classify`` finds it."""
        import numpy as np

        encoded = list(map(_encoded, texts))
        for text, (features, often) in zip(encoded, self._features(encoded), strict=True):
            scores = often @ self.weights.take(features, axis=0) + self.before if len(features) else self.before * 0
            scores = np.exp((scores - scores.max()) / len(text) ** 0.5)
            best = int(scores.argmax())
            yield self.languages[best] if scores[best] >= SURE * scores.sum() else None

    def _features(self, texts: Sequence[bytes]) -> Iterator[tuple[Any, Any]]:
        """The letter groups that each text has, by their numbers, and the logarithm of how often, plus one."""
        import numpy as np

        longest = max(map(len, texts))
        # longest texts first: those that have ended are behind the others
        order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
        letters = np.frombuffer(b"".join([texts[place].ljust(longest, b"\0") for place in order]), dtype=np.uint8)
        columns = np.ascontiguousarray(letters.reshape(len(texts), longest).T)
        left = np.array([len(texts[place]) for place in order])
        going = len(texts) - np.searchsorted(left[::-1], np.arange(longest), side="right")
        states, met = np.zeros(len(texts), dtype=np.int64), np.full((longest, len(texts)), -1, dtype=np.int64)
        for column, (column_of, count) in enumerate(zip(columns, going.tolist(), strict=True)):
            states[:count] = self.moves[self.rows[states[:count]] + column_of[:count]]
            met[column, :count] = self.features[states[:count]]
        found = (met + (np.array(order) << 32))[met >= 0]
        pairs, counts = np.unique(found, return_counts=True)
        weighted = np.log1p(counts.astype(np.float32))
        features, ends = pairs & 0xFFFF_FFFF, np.searchsorted(pairs >> 32, np.arange(len(texts) + 1)).tolist()
        for start, end in pairwise(ends):
            yield features[start:end], weighted[start:end]


def _has_letters(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= SHORTEST


def _encoded(text: str) -> bytes:
    if text.isupper():
        text = text.lower()
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


@cache
def _model() -> _Model:
    return _Model()
