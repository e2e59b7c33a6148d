"""What a page states and asks: sentences with a figure, questions. Verbatim, so that each can be found there again."""

import re
from collections.abc import Iterable
from itertools import chain

from knowledge.research.page import LONGEST_QUESTION, PageContent
from knowledge.research.words import sentences

#: of a page, letters of a fact
MOST_FACTS, LONGEST_FACT, SHORTEST_FACT = 40, 320, 30
_UNITS = (
    r"%|‰|°|€|\$|£|[a-zµ]{1,3}\b|percent|per cent|[Pp]rozent|por ciento|por cento|[mb]illion|[Mm]illion(?:en|es)|milh|"
    r"[Dd]ays?|hours?|weeks?|months?|years?|minutes?|[Tt]age?n?|[Ss]tunden?|[Ww]ochen?|[Mm]onate?n?|[Jj]ahre?n?|"
    r"[Mm]inuten?|d[ií]as?|horas?|semanas?|meses|años?|anos?|minutos?|times|mal|veces|vezes"
)
_FIGURE = re.compile(rf"\d+(?:[.,]\d+)*\s?(?:{_UNITS})|[€$£]\s?\d|\b(?:19|20)\d\d\b|\b\d{{2,}}\b")
_ASKS = re.compile(
    r"(?:how|what|why|when|where|which|who|is|are|can|do|does|should|will|"
    r"wie|was|warum|wann|wo|welche[rsnm]?|wer|ist|sind|kann|soll|darf|muss|"
    r"¿?(?:cómo|qué|por qué|cuándo|cuánt[oa]s?|dónde|cuál(?:es)?|quién)|"
    r"como|o que|por que|porquê|quando|quant[oa]s?|onde|qual|quais|quem)\b",
    re.IGNORECASE,
)


def facts_of(content: PageContent) -> list[str]:
    lines = [line for line in content.text.split("\n") if not line.startswith("#")]
    found = (one for line in lines for one in sentences(line) if SHORTEST_FACT <= len(one) <= LONGEST_FACT)
    return list(dict.fromkeys(one for one in found if _FIGURE.search(one)))[:MOST_FACTS]


def questions_of(content: PageContent) -> list[str]:
    """Of its structured data and its headings, each once."""
    return unique(chain(content.questions, (heading.text for heading in content.outline if is_question(heading.text))))


def is_question(text: str) -> bool:
    """Ends with a question mark, or is a short heading that begins like one ("How to …", "Wie man …")."""
    plain = text.strip().rstrip("»”\"'")
    if plain.endswith(("?", "？", "؟")):
        return 8 <= len(plain) <= LONGEST_QUESTION
    return bool(re.match(r"(?:how to|wie man|cómo|como) \w+", plain, re.IGNORECASE)) and 3 <= len(plain.split()) <= 14


def begins_like_a_question(text: str) -> bool:
    return bool(_ASKS.match(text.strip()))


def unique(texts: Iterable[str]) -> list[str]:
    """Each once, whatever its case, signs and blanks."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(re.sub(r"[\W_]+", " ", text.casefold()).strip(), text)
    return list(found.values())
