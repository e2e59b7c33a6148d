"""Which language a text is in, and whether the offline writer can write it.

Detection counts function words; it answers ``None`` rather than guess on a short phrase without any.
"""

import re
from functools import lru_cache

from assistant.models.offline.compose.function_words import markers
from assistant.models.offline.compose.sources import Sources
from knowledge.errors import Invalid

#: what the writer can write, code to English name
WRITABLE = {"en": "English", "de": "German", "es": "Spanish", "pt": "Portuguese"}

_NAMES = {
    "en": "english englisch inglés ingles inglês englische",
    "de": "german deutsch alemán aleman alemão alemao deutsche",
    "es": "spanish spanisch español espanol espanhol castellano castilian",
    "pt": "portuguese portugiesisch portugués portugues português",
    "fr": "french französisch francés frances francês français francais",
    "it": "italian italienisch italiano",
    "nl": "dutch niederländisch neerlandés holandés holandês nederlands",
    "pl": "polish polnisch polaco polonês polski",
    "sv": "swedish schwedisch sueco svenska",
    "da": "danish dänisch danés dinamarquês dansk",
    "ja": "japanese japanisch japonés japonês",
    "zh": "chinese chinesisch chino chinês mandarin",
    "tr": "turkish türkisch turco türkçe",
    "ru": "russian russisch ruso russo",
    "ar": "arabic arabisch árabe",
}
_CODE_OF = {name: code for code, names in _NAMES.items() for name in names.split()}

_TELLTALE = {"de": "ßäöü", "es": "ñ¿¡", "pt": "ãõç", "fr": "èêœ"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def code_of(name: str) -> str:
    """The code of a language given as a code, a locale (``de-AT``) or a name in any of the four; else ``""``."""
    plain = name.strip().lower()
    head = re.split(r"[-_\s(]", plain, maxsplit=1)[0]
    return head if head in _NAMES else _CODE_OF.get(plain) or _CODE_OF.get(head, "")


#: characters that are enough to tell a language by
LONGEST_SAMPLE = 4_000


def detect(text: str) -> str | None:
    """The language of ``text`` as a code, or ``None`` when it does not show."""
    return _detected(text[:LONGEST_SAMPLE])


@lru_cache(maxsize=4096)
def _detected(text: str) -> str | None:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    scores = {code: float(sum(word in marks for word in words)) for code, marks in markers().items()}
    for code, letters in _TELLTALE.items():
        scores[code] += 0.6 * min(3, sum(letter in letters for letter in text.lower()))
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    (best, score), (_, second) = ranked[0], ranked[1]
    return best if score > second and score >= 0.6 else None


_ASKED_FOR = re.compile(r"\b(?:in|auf|en|em|language|sprache|idioma|língua|lengua)\s*:?\s+([^\W\d_]+)", re.IGNORECASE)


def _asked_for(text: str) -> str:
    for match in _ASKED_FOR.finditer(text):
        if code := _CODE_OF.get(match.group(1).lower()):
            return code
    return ""


def language_of(sources: Sources) -> str:
    """The code of the language to write in: as set, as asked for in the brief, the brief's own, the client's first.

    Raises :class:`Invalid` when that is a language the offline writer cannot write.
    """
    if sources.language.strip():
        return writable(sources.language)
    text = " ".join(part for part in (sources.brief[:LONGEST_SAMPLE], sources.goal[:LONGEST_SAMPLE]) if part)
    if asked := _asked_for(text):
        return writable(asked)
    if len(text.split()) >= 4 and (seen := detect(text)):
        return writable(seen)
    known = [code for code in map(code_of, sources.client.languages) if code in WRITABLE]
    if known:
        return known[0]
    if sources.client.languages and (code_of(sources.client.languages[0])):
        return writable(sources.client.languages[0])
    return "en"


def writable(language: str) -> str:
    """The code, when the offline writer can write that language; else :class:`Invalid`, naming what it can."""
    code = code_of(language)
    if code in WRITABLE:
        return code
    shown = _NAMES[code].split()[0].capitalize() if code else language.strip()[:40]
    raise Invalid(
        f"The offline writer cannot write {shown}; it writes English, German, Spanish and Portuguese. "
        "Ask for one of these, or set up a model that writes more."
    )


def fits(text: str, language: str) -> bool:
    """Whether ``text`` can stand in a text of ``language``: in that language, or too short to be in any."""
    seen = detect(text)
    return seen is None or seen == language
