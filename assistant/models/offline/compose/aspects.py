"""What a statement is about in practice: the date on the pack, the rhythm, the way back, the person to ask.

Finer than a theme. A statement may have several; where two are named equally often, the first in the table counts.
Stems are written without accents and match the beginning of a word; ``$`` ends one.
"""

import re
from functools import lru_cache

from assistant.models.offline.compose.wording import fold

_STEMS = {
    "swap": "swap|exchang|refund|money back|send another|sent another|returns?$|warrant|guarant|umtausch|ruckgabe|"
    "geld zuruck|garanti|gewahrleist|devol|cambiar los|cambio gratis|troca$|trocar|troquei",
    "pause": "paus|stop any|cancel|skip a|pile up|piling up|kundbar|kundig|sin permanencia|darse de baja|"
    "sem fideliza|anular",
    "body": "elbow|pain$|painful|pain-free|without pain|hurt|injur|shoulder|wrist|sore|ice on|schmerz|verletz|"
    "ellbogen|schulter|ruckenschm|codo|lesion|hombro|dolor$|cotovelo|lesao|lesoes|ombro|dor$|dores$",
    "level": "level|beginner|novice|suits? (?:them|me|you|somebody|their)|right (?:racket|size|one) (?:is|for|the)|"
    "shape and|expert(?! says)|expertise|scales|cafetiere|equipment|grind|niveau|einsteiger|anfanger|passt|passend|"
    "tarifvertr|speziell|nivel|principiante|adecuad|raqueta|certa para|serve$|servem$|serve a|a primeira$",
    "fresh": "fresh|stale|roast|best before|taste flat|tastes? of nothing|taste like something|frisch|"
    "rostdat|fresc|tostad|torrad|torra$|caduc|rancio",
    "taste": "tast(?:e|es|ed|ing)$|flavou?r|cardboard|too sharp|pour down|schmeck|geschmack|sabor|sabe a|paladar",
    "origin": "farm|grower|origin$|source[ds]?$|paid fairly|fair trade|herkunft|anbau|bauern|finca|origen|cosecha|"
    "agricultor|origem|colheita|produtor",
    "check": "weigh|measur|checked|checks|verif|audit|error|mistake|wrong|pruf|kontroll|testat|gewogen|gemess|fehler|"
    "betriebspruf|falsch|stimmt$|gestimmt|revis|comprob|equivoc|pesad|medid|errad|errar|erro$|erros$|verific",
    "try": "try$|tried|trying|try up|tests?$|tested|teste$|held the|hit with|sample|fitting|watched me|online|internet|"
    "ausprob|probier|testen$|"
    "probefahr|probar|prueba(?!s)|en 3d|proyecto en|pantalla|imaginar|ver el|experiment|na mao|com tres",
    "reviews": "reviews?$|advert|werbung|bewertung|publicidad|resena|publicidade|avaliac",
    "estimate": "fixed price|in writing|written quote|festpreis|schriftlich|kostenvoranschl|precio cerrado|"
    "precio final|por escrito|presupuest|extras|factura|orcament|preco fechado|fatura",
    "price": r"pric(?:e|es|ed|ing)$|costs?$|dear(?:er)?$|expens|cheaper|money|fees?$|£ ?\d|€|\$ ?\d|preis|kosten|"
    "teuer|gebuhr|precio|caro$|cara$|barat|cuesta|por menos|euro|preco|custa|mais caro",
    "date": "deadline|late$|delay|on time|punctual|punktlich|verspat|frist$|fristen|fecha|plazo|retras|"
    "no aparecen|semanas y fueron|prazo|atras",
    "delivery": "deliver|letterbox|parcel|by post|posted|postage|shipp|depot|waits? in|doormat|liefer|versand|paket|"
    "envio|domicilio|entrega(?!s? de)|encomendas? cheg",
    "rhythm": "every (?:two|three|four|other )?\\s?(?:week|month|fortnight)|ran out|run(?:s|ning)? out|last bag|"
    "subscri|abo$|abonn|rhythm|frequen|drink enough|use enough|before i notice|before we remember|rhythmus|"
    "alle zwei wochen|suscrip|cada (?:mes|semana|dos)|assinat|todos os meses",
    "switch": "switch|migrat|parallel|wechsel|umstieg|umstell|mitten im jahr|einricht|migra|mudar de|mudanca",
    "person": "advice|advis|coach|contact|phone|hotline|support|direct line|helpdesk|ansprech|durchwahl|berat|ticket|"
    "im kopf|einzigen person|weiss hier niemand|jefe de obra|telefono|asesor|"
    "consej|conselh|treinador|atendiment|ninguem me viu",
    "time": "hours?$|evening|weekend|save time|no time|abende?$|vormittag|stunden?$|monatsabschluss|feierabend|"
    "horas?$|tarde entera|noite inteira",
    "data": "data$|privacy|server|hosting|daten$|rechenzentr|datenschutz|gobd|datos$|dados$",
    "mess": "dust|clean(?:ed|ing|s)?$|mess$|staub|sauber|polvo|limpi|barrid|limpeza",
}
#: the order in which a buyer meets them, which is the order of the steps in a guide
ORDER = ("body", "level", "try", "fresh", "origin", "taste", "check", "reviews", "estimate", "price", "date", "delivery",
         "rhythm", "pause", "swap", "switch", "person", "time", "data", "mess")  # fmt: skip
#: what a guide can do without when there is enough else
REMOTE = frozenset({"origin", "reviews", "data", "taste", "price"})
ASPECTS: tuple[str, ...] = tuple(_STEMS)
_PATTERNS = {name: re.compile(rf"(?<![a-z])(?:{stems.replace('$', chr(92) + 'b')})") for name, stems in _STEMS.items()}


@lru_cache(maxsize=8192)
def aspects_of(text: str) -> tuple[str, ...]:
    """The aspects that the words of ``text`` point at, most often named first; ties keep the order of the table."""
    plain = fold(text)
    counts = {name: len(pattern.findall(plain)) for name, pattern in _PATTERNS.items()}
    return tuple(sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name]))


def aspect_of(text: str) -> str:
    """The first aspect of ``text``, or ``""``."""
    return next(iter(aspects_of(text)), "")


def share_aspect(one: str, other: str) -> bool:
    return not set(aspects_of(one)).isdisjoint(aspects_of(other))
