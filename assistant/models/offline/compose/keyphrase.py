"""The core of a topic, in the forms a text needs: as it is searched for, and as a noun inside a sentence.

A phrase is cut only where one part of it ends and another begins (a subordinate clause, a preposition), never inside.
"""

import re
from dataclasses import dataclass

from assistant.models.offline.compose.function_words import function_words
from assistant.models.offline.compose.wording import bare

#: words of a keyphrase
MOST_WORDS = 6

#: a question that asks how to do something; what follows is a verb
_HOW = re.compile(
    r"^(?:how to|how do (?:i|you|we)|how can (?:i|you|we)|ways to|wie (?:man|sie|du|wir|ich)|"
    r"cómo(?: se)?(?= \w+[aei]r(?:se)?\b)|como(?= \w+[aeio]r(?:-se)?\b)|(?:de )?que forma)\s+",
    re.IGNORECASE,
)
_OTHER_QUESTION = re.compile(
    r"^(?:how|why(?: is| are| do| does)?|what(?: is| are)|which|when to|wie|warum(?: ist| sind)?|was(?: ist| sind)?|"
    r"welche[rsnm]?|wann|cómo|por qué|qué(?: es| son)?|cuál(?:es)? es|cuál|como|por ?que|porquê|o que (?:é|são)|"
    r"qual(?: é)?)\s+",
    re.IGNORECASE,
)
#: verbs that say nothing about the subject: what is chosen is the subject, not the choosing
_PLAIN_VERB = re.compile(
    r"^(?:choose|find|pick|select|buy|get|make|plan|do|use|switch to|move to|elegir|encontrar|escoger|comprar|hacer|"
    r"planificar|cambiar|preparar|escolher|fazer|planear|planejar|mudar|trocar)\s+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:the|an?|your|my|our|der|die|das|den|dem|ein|eine[nmrs]?|ihre?[nms]?|unsere?|el|la|los|las|un|una|su|tu|o|"
    r"a|os|as|um|uma|seu|sua|right)\s+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*[:?!,;–—(]\s*|\s+-\s+|\.\s|\s+(?:without|with|so that|before|when|because|if|who|whose|that|which|"
    r"and (?:how|why|what|say|tell|explain)|ohne|damit|bevor|wenn|weil|und wie|sin|para que|antes de|cuando|porque|"
    r"que|quien(?:es)?|cuyo|sem|quando|quem|cujo)\s+",
    re.IGNORECASE,
)
#: where the predicate of an indirect question begins: "how farmers get paid", "why freshness matters"
_PREDICATE = re.compile(
    r"\s+(?:matters?|counts?|works?|happens?|gets?|is|are|was|were|do|does|can|will|should|becomes?|makes?|costs?|"
    r"importan?|cuentan?|funcionan?|contam?|funcionam?)(?:\s.*)?$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\s+(?:compared|comparison|im vergleich|vergleich|comparad[oa]s?|en comparación|em comparação)$", re.IGNORECASE
)
_IRREGULAR = {
    "hält": "halten", "lässt": "lassen", "gibt": "geben", "nimmt": "nehmen", "trifft": "treffen", "liest": "lesen",
    "sieht": "sehen", "läuft": "laufen", "fährt": "fahren", "spricht": "sprechen", "hilft": "helfen", "wird": "werden",
    "isst": "essen", "trägt": "tragen", "schläft": "schlafen", "wäscht": "waschen", "bricht": "brechen",
    "lagert": "lagern", "ist": "sein", "hat": "haben", "tut": "tun", "weiß": "wissen", "kann": "können",
}  # fmt: skip
_VOWELS = "aeiou"


@dataclass(frozen=True)
class Keyphrase:
    """``text`` as it is searched for; ``noun`` the same where a sentence needs a noun; ``verbal``: it begins with a verb."""

    text: str
    noun: str
    verbal: bool = False


def asks_how(topic: str) -> bool:
    """Whether a topic asks how to do something."""
    return bool(_HOW.match(bare(topic)))


def read_keyphrase(topic: str, language: str) -> Keyphrase:
    """The core of a topic: no question word, no article, cut before a subordinate part, at most six words."""
    plain = bare(topic)
    how = _HOW.match(plain)
    question = None if how else _OTHER_QUESTION.match(plain)
    plain = plain[how.end() :] if how else plain[question.end() :] if question else plain
    core = _COMPARED.sub("", _CUT.split(plain, maxsplit=1)[0]).strip()
    if question and language != "de":
        core = _PREDICATE.sub("", core) or core
    if language == "de":
        return _german(core, bool(how))
    if (how or _infinitive_first(core, language)) and not _PLAIN_VERB.match(core):
        text = shortened(_lowered(core, language))
        return Keyphrase(text, gerund(text) if language == "en" else text, verbal=True)
    core = _PLAIN_VERB.sub("", core, count=1) if how or language != "en" else core
    article = _ARTICLE.match(core)
    for _ in range(2):
        core = _ARTICLE.sub("", core)
    text = _lowered(shortened(core) or bare(topic), language)
    return Keyphrase(text, f"{article.group().strip().lower()} {text}" if article else text)


def _lowered(text: str, language: str) -> str:
    """Without the capital of a heading; a name (two capitals in a row, or capitals inside) keeps its own."""
    first, _, rest = text.partition(" ")
    named = not first[1:].islower() or rest[:1].isupper()
    return text if language == "de" or named or first == "I" else text[:1].lower() + text[1:]


def _infinitive_first(core: str, language: str) -> bool:
    first = core.split(" ", 1)[0].lower()
    pattern = {"es": r"\w{2,}[aeií]r(?:se)?", "pt": r"\w{2,}[aeio]r(?:-se)?"}.get(language)
    return " " in core and bool(pattern and re.fullmatch(pattern, first))


def shortened(text: str, most: int = MOST_WORDS) -> str:
    """At most ``most`` words, cut before a preposition where there is one, without a loose small word at the end."""
    parts = text.split()
    if len(parts) > most:
        places = [place for place in range(2, most + 1) if parts[place].lower() in function_words("prepositions")]
        parts = parts[: places[-1] if places else most]
    while len(parts) > 1 and _loose(parts[-1]):
        parts = parts[:-1]
    return " ".join(parts)


def _loose(word: str) -> bool:
    return word.lower() in function_words("ignored") or word.lower() in function_words("prepositions") or word.isdigit()


def gerund(phrase: str) -> str:
    """An English verb phrase as a noun: "keep coffee fresh" → "keeping coffee fresh"."""
    parts = phrase.split(" ")
    place = next((i for i, word in enumerate(parts) if not word.endswith("ly") and word not in {"not", "never"}), 0)
    parts[place] = _ing(parts[place])
    return " ".join(parts)


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return f"{verb[:-1]}ing"
    single = len(re.findall(rf"[{_VOWELS}y]+", verb)) == 1
    if single and len(verb) > 2 and verb[-1] not in "wxy" + _VOWELS and verb[-2] in _VOWELS and verb[-3] not in _VOWELS:
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"


def _german(core: str, how: bool) -> Keyphrase:
    """ "Wie man Kaffee frisch hält" → "Kaffee frisch halten"; without an adverb the noun alone says it."""
    parts = core.split()
    for _ in range(2):
        if len(parts) > 1 and _ARTICLE.match(f"{parts[0]} "):
            parts = parts[1:]
    verb = parts[-1].lower() if len(parts) > 1 and parts[-1][:1].islower() else ""
    if (
        how
        and verb
        and verb not in function_words("german_choosing")
        and any(part[:1].isupper() for part in parts[:-1])
    ):
        text = " ".join([*parts[:-1][-(MOST_WORDS - 1) :], infinitive(verb)])
        return Keyphrase(text[:1].upper() + text[1:], text, verbal=True)
    while len(parts) > 1 and parts[-1][:1].islower():
        parts = parts[:-1]
    while len(parts) > 1 and parts[0][:1].islower() and any(part[:1].isupper() for part in parts):
        parts = parts[1:]
    text = shortened(" ".join(parts))
    return Keyphrase(text, text)


def infinitive(verb: str) -> str:
    """A German verb in the third person or the plural, as an infinitive."""
    for finite, whole in _IRREGULAR.items():
        if verb.endswith(finite) and (verb == finite or len(verb) - len(finite) <= 5):
            return verb[: -len(finite)] + whole
    if verb.endswith("en") or not verb.endswith("t"):
        return verb
    if verb.endswith("et"):
        return f"{verb[:-2]}en"
    return f"{verb[:-1]}n" if verb.endswith(("ert", "elt")) else f"{verb[:-1]}en"
