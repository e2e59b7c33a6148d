"""Reading a reviewer's note: which changes it asks for, clause by clause, in four languages.

A clause that is not understood comes back as ``op="unknown"``; whoever revises a document must list it as
unanswered. Nothing here decides whether a change was made.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.models.offline.compose.wording import tidy

_OPS = {
    "replace": r"replace|changed?|rename|rewrite|set|raise|increase|lower|reduce|move|make|ersetz\w*|änder\w*|"
    r"setz\w*|erhöh\w*|"
    r"senk\w*|reemplaza\w*|cambi\w+|sustituy\w*|sub[ae]\w*|baja\w*|substitu\w*|mud[ae]\w*|troc\w+|aument\w+|"
    r"baix\w+|reduz\w*",
    "forbid": r"ban|forbid|never (?:use|say|write)|(?:do not|don't) (?:use|say|write)|avoid|verbiete\w*|"
    r"nicht (?:verwenden|sagen|schreiben)|vermeide\w*|prohíb\w*|no (?:uses|usar|decir|digas|escribir)|evita\w*|"
    r"proíb\w*|não (?:uses|usar|dizer|escrever)",
    "shorten": r"shorten|shorter|too long|more concise|tighten|kürz\w+|knapper|zu lang|acort\w+|más (?:corto|corta|"
    r"breve)|"
    r"demasiado larg\w+|encurt\w+|mais (?:curto|curta|breve)|resum\w+",
    "focus": r"focus(?: more)? on|concentrate on|aim at|fokus\w* auf|konzentrier\w* (?:dich|sich)? ?auf|"
    r"céntra\w* en|"
    r"enfoc\w+ (?:en|a)|concéntra\w* en|foc\w+ (?:em|no|na|nos|nas)|concentr\w+ (?:em|no|na|nos|nas)",
    "remove": r"drop|remove|delete|leave out|cut|take out|without|no more|streich\w*|entfern\w*|lösch\w*|"
    r"lass\w* .+ weg|ohne|"
    r"quita\w*|elimin\w+|borra\w*|retir\w+|tira\w*|apag\w+|sem|sin",
    "add": r"add|include|mention|also use|bring in|use|ergänz\w*|füg\w*|nimm|nehm\w*|erwähn\w*|aufnehmen|añad\w+|"
    r"agreg\w+|"
    r"incluy\w+|incluir|mencion\w+|adicion\w+|acrescent\w+|inclu[ai]\w*|junt\w+|more|mehr|más|mais",
}
_OP = {op: re.compile(rf"(?<!\w)(?:{verbs})(?!\w)", re.IGNORECASE) for op, verbs in _OPS.items()}
_TONE = re.compile(
    r"(?<!\w)(?:tone|voice|sound\w*|formal\w*|informal\w*|casual\w*|friendl\w+|warmer|tonfall|tonalität|ton|"
    r"kling\w+|förmlich\w*|locker\w*|"
    r"freundlich\w*|tono|son[ae]r?|cercan\w+|tom|soar|próxim\w+)(?!\w)",
    re.IGNORECASE,
)
_NOUNS = {
    "channel": r"channels?|kan[aä]le?|kanäle|canal(?:es)?|canais",
    "value": r"(?:brand )?values?|werte?|valor(?:es)?",
    "benefit": r"(?:key )?benefits?|vorteile?|beneficios?|benefícios?|ventajas?|vantage(?:m|ns)",
    "objection": r"(?:common )?objections?|einw[aä]nde?|einwände|objecion(?:es)?|objeción|objeç(?:ão|ões)",
    "audience": r"(?:target )?audiences?|icps?|customer profiles?|zielgruppen?|públicos?|perfil(?:es)?|perfis",
    "guarantee": r"guarantees?|garantien?|garantías?|garantias?",
    "offer": r"offers?|angebote?|ofertas?",
    "promise": r"promises?|versprechen|promesas?|promessas?",
    "positioning": r"positioning|positionierung|posicionamiento|posicionamento",
    "story": r"(?:brand )?story|geschichte|historia|história",
    "mission": r"mission|misión|missão",
    "pillar": r"pillars?|säulen?|pilar(?:es)?",
    "risk": r"risks?|risik(?:o|en)|riesgos?|riscos?",
    "assumption": r"assumptions?|annahmen?|supuestos?|hipótesis|pressupostos?|hipóteses?",
    "metric": r"metrics?|kpis?|metrik(?:en)?|kennzahl(?:en)?|métricas?|indicador(?:es)?",
    "disclaimer": r"(?:required )?disclaimers?|(?:pflicht)?hinweise?|avisos?(?: legal(?:es)?| legais)?",
    "subject": r"subject(?: line)?|betreff\w*|asunto|assunto",
    "preheader": r"preheader|vorschautext|preencabezado|pré-cabeçalho",
    "title": r"titles?|headline|titel|überschrift|título",
    "cta": r"cta|call to action|button|handlungsaufforderung|llamada a la acción|botón|botão|chamada para ação",
    "quote": r"(?:customer )?quotes?|zitate?|kundenstimmen?|kundenzitate?|citas?|testimonios?|citaç(?:ão|ões)|"
    r"testemunhos?|reviews?",
    "budget": r"budgets?|presupuesto|orçamento",
    "target": r"targets?|zielwert|ziel|objetivo|meta",
    "timeframe": r"time ?frame|duration|zeitraum|laufzeit|plazo|prazo|duración|duração",
    "attribution": r"attribution(?: window)?|attribution\w*|atribución|atribuição",
    "section": r"sections?|abschnitte?|secci(?:ón|ones)|secç(?:ão|ões)|seç(?:ão|ões)",
    "pattern": r"structure|pattern|aufbau|struktur|estructura|estrutura",
    "text": r"article|email|text|draft|artikel|mail|artículo|correo|texto|artigo|e-mail|it",
    "word": r"(?:the )?(?:words?|phrases?)|(?:das |die )?w[oö]rt(?:er)?|palabras?|palavras?|frases?",
}
_NOUN = {name: re.compile(rf"(?<!\w)(?:{nouns})(?!\w)", re.IGNORECASE) for name, nouns in _NOUNS.items()}
_QUOTED = re.compile(r"[\"“„«‘']([^\"“”„«»]{2,200})[\"”“»’'](?!\w)")
_TO = re.compile(r"\s(?:with|to|by|into|durch|auf|in|zu|por|para|con|com|pelo|pela)\s+", re.IGNORECASE)
_TRIM = re.compile(
    r"^(?:(?:please|also|bitte|auch|por favor|también|também|the|a|an|any|all|our|more|every|der|die|das|den|dem|"
    r"ein|"
    r"eine|einen|el|la|los|las|un|una|o|os|as|um|uma|ao|als|como|to|zu|zur|zum|for|für|para|of|von|de|do|da|on|auf|"
    r"en|em|new|neue|neuen|this|that)(?=[\s:]|$)\s*|[:,\-]\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+(?:as|als|como|to|zu|zur|zum|in|from|aus|de|del|do|da|the|a|an|la|el|o|hinzu|auf|weg|ein|eine|un|una|"
    r"um|uma|"
    r"please|bitte|por favor|den|die|der|das|unter|at|on|me|mir|em|en|no|na|new|our))+$|[\s:,.;!]+$",
    re.IGNORECASE,
)
_VERB_START = "|".join(_OPS[op] for op in ("replace", "forbid", "shorten", "focus", "remove", "add"))
_CLAUSE = re.compile(
    rf"\n+|;\s+|(?<=[.!?])\s+(?=\S)|(?:,|,?\s+(?:and|und|y|e|but|aber|pero|mas|then|dann))\s+"
    rf"(?=(?:also |then |bitte |auch |dann |please |también |também )*(?:{_VERB_START})(?!\w))",
    re.IGNORECASE,
)


#: characters of a note that are read
LONGEST_NOTE = 6_000


@dataclass(frozen=True)
class Request:
    """One change that was asked for. ``target`` is the kind of field it names, ``value`` the words it gives."""

    text: str
    op: str
    target: str = ""
    value: str = ""
    new: str = ""


def read_requests(note: str, comments: Iterable[str] = ()) -> list[Request]:
    """The changes asked for in a note and in comments, one for each clause."""
    found: list[Request] = []
    for text in [part[:LONGEST_NOTE] for part in (note, *comments)]:
        for clause in _clauses(text):
            plain = tidy(clause).strip(" .-•*")
            if len(plain) > 2:
                found += _parted(plain)
    return found


def _clauses(text: str) -> list[str]:
    """The note cut at sentence ends and before each further imperative; what stands in quotation marks stays whole."""
    kept = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    parts: list[str] = []
    start = 0
    for cut in _CLAUSE.finditer(text):
        if not any(low < cut.start() < high - 1 for low, high in kept):
            parts.append(text[start : cut.start()])
            start = cut.end()
    return [*parts, text[start:]]


_JOINER = re.compile(r",?\s+(?:and|und|y|e|sowie)\s+", re.IGNORECASE)


def _parted(text: str) -> list[Request]:
    """A clause as two requests when both sides of an "and" ask for something; verbs may stand last, as in German."""
    for joiner in _JOINER.finditer(text):
        head, tail = text[: joiner.start()], text[joiner.end() :]
        balanced = len(re.findall(r"[\"“„«”»]", head)) % 2 == 0
        if balanced and all(read_clause(side).op != "unknown" for side in (head, tail)):
            return [read_clause(head), *_parted(tail)]
    return [read_clause(text)]


def read_clause(text: str) -> Request:
    """One clause as a request; ``unknown`` when no change can be read from it."""
    target = _target(text)
    quoted = _QUOTED.findall(text)
    op = _operation(text, target)
    if op == "unknown":
        return Request(text, op, target)
    if op == "tone":
        return Request(text, op, "tone", value=tidy(text))
    verb = _OP[op].search(text)
    rest = text[verb.end() :] if verb else text
    if op == "replace":
        old, new = _old_and_new(rest, quoted)
        return Request(
            text, op, target, value=_trim(_without_noun(old, target)), new=new if new in quoted else _trim(new)
        )
    value = quoted[0] if quoted else _trim(_without_noun(_after_colon(rest), target))
    if not value and verb:
        value = _trim(_without_noun(text[: verb.start()], target))
    return Request(text, op, target, value=value)


def _operation(text: str, target: str) -> str:
    if target == "disclaimer" and not _OP["remove"].search(text):
        return "add"
    if _OP["forbid"].search(text):
        return "forbid"
    if _OP["shorten"].search(text):
        return "shorten"
    if _TONE.search(text) and not _QUOTED.search(text):
        return "tone"
    places = [(match.start(), op) for op in ("replace", "focus", "remove", "add") if (match := _OP[op].search(text))]
    return min(places)[1] if places else "unknown"


def _target(text: str) -> str:
    outside = _QUOTED.sub(" ", text)
    places = [
        (match.start(), -len(match.group()), name) for name, noun in _NOUN.items() if (match := noun.search(outside))
    ]
    named = [place for place in places if place[2] not in {"text", "word"}]
    return min(named or places)[2] if places else ""


def _after_colon(text: str) -> str:
    head, colon, tail = text.partition(":")
    return tail if colon and not tail.startswith("//") and tail.strip() else head + colon + tail


def _without_noun(text: str, target: str) -> str:
    return _NOUN[target].sub(" ", text, count=1) if target else text


def _trim(text: str) -> str:
    plain = tidy(text)
    for _ in range(3):
        shorter = tidy(_TAIL.sub("", _TRIM.sub("", plain)))
        if shorter == plain:
            break
        plain = shorter
    return plain.strip(" \"“”„«»'")


def _old_and_new(rest: str, quoted: list[str]) -> tuple[str, str]:
    if len(quoted) >= 2:
        return quoted[0], quoted[1]
    parts = _TO.split(rest)
    if len(parts) >= 2:
        return " ".join(parts[:-1]), quoted[0] if quoted else parts[-1]
    head, colon, tail = rest.partition(":")
    return (head, tail) if colon else (rest, "")
