"""How easy a text is to read, by the published formula of its language. Pure functions over counts.

- English: Flesch, R. (1948), "A new readability yardstick", J. Applied Psychology 32: 206.835 - 1.015 ASL - 84.6 ASW.
- German: Amstad, T. (1978), "Wie verständlich sind unsere Zeitungen?": 180 - ASL - 58.5 ASW; and the first Wiener
  Sachtextformel, Bamberger & Vanecek (1984): 0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875 (a school year).
- Spanish: Fernández Huerta, J. (1959), "Medidas sencillas de lecturabilidad": 206.84 - 60 P - 1.02 F, with P syllables a
  word and F words a sentence (the misprint of many copies corrected after Law, G. 2011).
- Portuguese: Martins, T., Ghiraldelo, C., Nunes, M. & Oliveira Jr., O. (1996), "Readability formulas applied to
  textbooks in Brazilian Portuguese", ICMC-USP: Flesch + 42, so 248.835 - 1.015 ASL - 84.6 ASW.

ASL: mean words a sentence; ASW: mean syllables a word. A higher figure reads more easily (0 hard, 100 easy), but for the
Sachtextformel, where a higher figure is harder.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.checks.text.syllables import syllables

FORMULAS = {"en": "Flesch", "de": "Amstad", "es": "Fernández Huerta", "pt": "Flesch for Portuguese (Martins et al.)"}


@dataclass(frozen=True, slots=True)
class Counts:
    """``long_words``: more than six letters; ``many``: three syllables or more; ``single``: one syllable."""

    sentences: int
    words: int
    syllables: int
    long_words: int
    many: int
    single: int


def count(sentences: Sequence[Sequence[str]], language: str) -> Counts:
    """``sentences``: the words of each."""
    lengths = [(syllables(word, language), len(word)) for words in sentences for word in words]
    return Counts(
        sentences=sum(1 for words in sentences if words),
        words=len(lengths),
        syllables=sum(number for number, _ in lengths),
        long_words=sum(letters > 6 for _, letters in lengths),
        many=sum(number >= 3 for number, _ in lengths),
        single=sum(number == 1 for number, _ in lengths),
    )


def reading_ease(counts: Counts, language: str) -> float | None:
    """0 (hard) to 100 (easy), beyond at both ends; None for an empty text or a language without a formula."""
    if not counts.words or not counts.sentences:
        return None
    asl, asw = counts.words / counts.sentences, counts.syllables / counts.words
    match language:
        case "en":
            return 206.835 - 1.015 * asl - 84.6 * asw
        case "de":
            return 180 - asl - 58.5 * asw
        case "es":
            return 206.84 - 60 * asw - 1.02 * asl
        case "pt":
            return 248.835 - 1.015 * asl - 84.6 * asw
        case _:
            return None


def wiener_sachtextformel(counts: Counts) -> float | None:
    """The school year a German text asks for, about 4 (easy) to 15 (very hard); None for an empty text."""
    if not counts.words or not counts.sentences:
        return None
    share = 100 / counts.words
    many, long_words, single = counts.many * share, counts.long_words * share, counts.single * share
    return 0.1935 * many + 0.1672 * counts.words / counts.sentences + 0.1297 * long_words - 0.0327 * single - 0.875
