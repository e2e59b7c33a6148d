"""Line edits that are certain: padding that says nothing goes, a phrase for a word becomes the word, a word said twice once.

What always holds: quotations, links, code, tables and headings stay as they are; no figure and no name is touched.
"""

import re
from functools import cache

from assistant.models.offline.compose.language import detect

#: phrase → what takes its place; ``*`` marks padding that goes with the space after it
_EDITS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("in order to", "to"), ("due to the fact that", "because"), ("in spite of the fact that", "although"),
        ("at this point in time", "now"), ("at the present time", "now"), ("in the event that", "if"),
        ("has the ability to", "can"), ("have the ability to", "can"), ("a large number of", "many"),
        ("with regard to", "about"), ("prior to", "before"), ("make use of", "use"), ("makes use of", "uses"),
        ("each and every", "every"), ("first and foremost", "first"), ("it is important to note that", "*"),
        ("it should be noted that", "*"), ("needless to say,", "*"), ("basically,", "*"), ("very unique", "unique"),
        ("completely free", "free"), ("end result", "result"), ("final outcome", "outcome"), ("past history", "history"),
    ),
    "de": (
        ("aufgrund der Tatsache, dass", "weil"), ("trotz der Tatsache, dass", "obwohl"),
        ("zum jetzigen Zeitpunkt", "jetzt"), ("zum gegenwärtigen Zeitpunkt", "jetzt"), ("in keinster Weise", "nicht"),
        ("aus diesem Grund", "deshalb"), ("letztendlich", "schließlich"), ("bereits schon", "schon"),
        ("im Grunde genommen", "*"), ("sozusagen", "*"),
    ),
    "es": (
        ("con el fin de", "para"), ("con el objetivo de", "para"), ("debido al hecho de que", "porque"),
        ("en el momento actual", "ahora"), ("hoy en día", "hoy"), ("con respecto a", "sobre"),
        ("es importante señalar que", "*"), ("cabe destacar que", "*"), ("completamente gratis", "gratis"),
        ("antes que nada", "primero"),
    ),
    "pt": (
        ("com o objetivo de", "para"), ("com a finalidade de", "para"), ("devido ao fato de que", "porque"),
        ("devido ao facto de que", "porque"), ("no momento atual", "agora"), ("com relação a", "sobre"),
        ("é importante ressaltar que", "*"), ("vale destacar que", "*"), ("totalmente grátis", "grátis"),
        ("antes de mais nada", "primeiro"),
    ),
}  # fmt: skip
#: what no edit enters: quotations, links, code, addresses, marks at customers' words, quoted lines, tables, headings
_CLOSED = re.compile(
    r"“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|\"[^\"\n]*\"|!?\[[^\]\n]*\]\([^)\n]*\)|`[^`\n]*`|```.*?```|https?://\S+|\[[^\]\n]*\]"
    r"|(?m:^[ \t]*(?:>|\||#{1,6}[ \t])[^\n]*$)",
    re.S,
)
_TWICE = re.compile(r"\b([^\W\d_]{2,})([ \t]+)\1\b", re.IGNORECASE)
#: said twice on purpose or by grammar
_MAY_REPEAT = frozenset(("that", "had", "die", "der", "das", "sie", "que", "se", "nos", "vous", "nous"))
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")


def polished(text: str, language: str = "") -> str:
    """``text`` with every edit of its language; as it is in a language there are none for."""
    edits = _EDITS.get((language or detect(text) or "")[:2].lower(), ())
    out, at = "", 0
    for closed in _CLOSED.finditer(text):
        out += _edited(text[at : closed.start()], edits) + closed[0]
        at = closed.end()
    return out + _edited(text[at:], edits)


def _edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for phrase, instead in edits:
        text = _pattern(phrase, instead == "*").sub(lambda match, instead=instead: _in_place(match, instead), text)
    text = _TWICE.sub(lambda match: match[0] if match[1].lower() in _MAY_REPEAT else match[1], text)
    return _SPACES.sub(" ", text)


@cache
def _pattern(phrase: str, goes: bool) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    end = r"[ \t]+(\w?)" if goes else r"(?!\w)"
    return re.compile(rf"(?<!\w){words}{end}", re.IGNORECASE)


def _in_place(match: re.Match[str], instead: str) -> str:
    """What takes the phrase's place, with a capital where the phrase had one."""
    capital = match[0][:1].isupper()
    if instead == "*":
        return match[1].upper() if capital else match[1]
    return instead[:1].upper() + instead[1:] if capital else instead
