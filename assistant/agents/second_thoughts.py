"""Changing one's mind without a model: "no, wait, make it an email instead", "lieber über Decaf", "never mind".

What was asked for last stands in the conversation; only what the newest words change about it is read from them.
"""

import re
from dataclasses import dataclass

from assistant.models.offline.compose.intent import Intent, Kind, read_intent
from assistant.models.offline.compose.language import detect
from assistant.models.offline.talk import Talk

#: what can be asked for anew in another form, and what people call it
_FORMS: dict[Kind, str] = {
    "write_email": r"\b(?:e-?mail|newsletter|mailing|correo|boletín)\b",
    "write_article": r"\b(?:article|blog ?-?post|post|guide|artikel|blogbeitrag|beitrag|ratgeber|artículo|artigo)\b",
}
_COMMANDS: dict[Kind, str] = {"write_email": "/create-email", "write_article": "/write"}
_ORDERS: dict[str, dict[Kind, str]] = {
    "en": {"write_email": "Write an email about {x}", "write_article": "Write an article about {x}"},
    "de": {"write_email": "Schreib eine E-Mail über {x}", "write_article": "Schreib einen Artikel über {x}"},
    "es": {"write_email": "Escribe un correo sobre {x}", "write_article": "Escribe un artículo sobre {x}"},
    "pt": {"write_email": "Escreve um e-mail sobre {x}", "write_article": "Escreve um artigo sobre {x}"},
}
_ABOUT = re.compile(
    r"(?<!\w)(?:about|on|regarding|über|zum thema|zum|zur|sobre|acerca de)\s+(?P<topic>.{2,})", re.I | re.S
)
_INSTEAD = re.compile(
    r"[\s,]*\b(?:instead|please|rather|lieber|stattdessen|bitte|doch|mejor|en cambio|por favor|em vez disso|antes)\b",
    re.I,
)


def second_thought(talk: Talk) -> Intent | None:
    """What is wanted now, when the person changes what they asked for; None when nothing new is asked for."""
    wanted = read_intent(talk.said)
    if wanted.kind != "change_mind":
        return None
    words = _INSTEAD.sub("", wanted.args.get("what", "")).strip(" .!,–-")
    if not words:
        return None
    topic = _ABOUT.search(words)
    named: Kind | None = next((kind for kind, names in _FORMS.items() if re.search(names, words, re.I)), None)
    if named and topic:
        return Intent(named, {"brief": words})
    last = _last_order(talk)
    if last is not None and (named or topic):
        return _anew(named or last.kind, topic["topic"] if topic else last.about, last.language)
    direct = read_intent(words)
    return direct if direct.kind not in {"question", "smalltalk", "change_mind"} else None


def _anew(kind: Kind, about: str, language: str) -> Intent:
    """The order in the words of its language, so that the piece is written in it."""
    order = _ORDERS[language][kind] if language in _ORDERS else "{x}"
    return Intent(kind, {"brief": order.replace("{x}", about)})


@dataclass(frozen=True)
class _Order:
    """``language``: of an order in words; a command's brief speaks for itself."""

    kind: Kind
    about: str
    language: str = ""


def _last_order(talk: Talk) -> _Order | None:
    """The piece asked for last, in words or by a command."""
    for speaker, text in reversed(talk.before):
        if speaker != "user":
            continue
        for kind, command in _COMMANDS.items():
            if text.startswith(f"{command} "):
                return _Order(kind, text.removeprefix(command).strip())
        said = read_intent(text)
        if said.kind in _FORMS:
            topic = _ABOUT.search(text)
            return (
                _Order(said.kind, topic["topic"].strip(" .!"), detect(text) or "") if topic else _Order(said.kind, text)
            )
    return None
