"""What a person wants, read from plain language in English, German, Spanish and Portuguese.

Conservative: whatever is not plainly an order is a question, because answering wrongly costs nothing and starting the
wrong work does.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from assistant.models.offline.compose.newcomer import SMALLTALK, read_first_question
from assistant.models.offline.compose.wording import fold, tidy, words

Kind = Literal[
    "choose_client", "create_client", "create_campaign", "fill_intake", "onboard", "strategy", "write_article",
    "research", "write_email", "write_series", "show", "budget", "runs", "inbox", "help", "approve", "question",
    "smalltalk", "change_mind", "newcomer",
]  # fmt: skip


@dataclass(frozen=True)
class Intent:
    """A kind and its arguments: ``name``, ``goal``, ``brief``, ``topic``, ``thing``, ``what``, ``text``,
    ``matter`` and ``language`` of a newcomer's question, or the intake's fields."""

    kind: Kind
    args: dict[str, str] = field(default_factory=dict[str, str])


_MAKE = (
    r"(?:create|add|new|set up|start|open|make|leg\w*|erstell\w*|anleg\w*|neue[rnsm]?|crea\w*|añad\w+|agreg\w+|"
    r"nuev[oa]|cri[ae]\w*|adicion\w+|nov[oa]|abr\w+)"
)
_WRITE = (
    r"(?:write|draft|compose|create|prepare|produce|schreib\w*|verfass\w*|erstell\w*|entwirf|entwerf\w*|"
    r"formulier\w*|escrib\w+|redact\w+|crea|"
    r"prepara\w*|escrev\w+|redij\w+|redig\w+|cria|elabor\w+|i (?:need|want)|we need|ich (?:brauche|möchte|will)|"
    r"wir brauchen|quiero|necesit\w+|"
    r"quero|precis\w+)"
)
_POLITE = (
    r"(?:please |pls |bitte |por favor,? |could you |can you |kannst du |können sie |puedes |podrías |podes |"
    r"pode |let'?s |lass uns |vamos a |vamos )*"
)
_ARTICLE = (
    r"(?:blog ?-?post|article|blog|guide|post\b|artikel|blogbeitrag|beitrag|ratgeber|artículo|articulo|"
    r"entrada|guía|artigo|guia)"
)
_EMAIL = r"(?:e-?mail|newsletter|mailing|mail\b|correo|boletín)"
_SERIES = r"(?:series|sequence|serie|reihe|strecke|sequenz|secuencia|série|sequência)"
_CLIENT = r"(?:clientes?|clients?|customer account|brand|kunde\w*|mandant\w*|marke|marca)(?!\w)"
_CAMPAIGN = r"(?:campaign|kampagne|campaña|campanha)"
_NAME = r"[\"“„«]?(?P<name>[^\"”“»?!.\n]{1,120}?)[\"”“»]?"
_CALLED = (
    r"(?:called|named|namens|mit (?:dem )?namen|llamad[oa]|que se llama|com o nome(?: de)?|"
    r"con el nombre(?: de)?|chamad[oa]|:)"
)

_STEPS: list[tuple[Kind, str]] = [
    ("change_mind", r"(?:no,? )?(?:wait|actually|scratch that|forget (?:it|that)|never ?mind|cancel that|"
     r"i changed my mind|stop that|moment|doch nicht|"
     r"vergiss (?:es|das)|lass das|ich habe es mir anders überlegt|lieber doch|mejor no|olvídalo|olvida eso|espera|"
     r"cambié de opinión|cancela eso|"
     r"esquece|deixa lá|afinal|mudei de ideias|espere|cancela isso)\b[,:. –-]*(?P<what>.*)"),
    ("create_campaign", rf"{_POLITE}{_MAKE}\s+(?:\w+\s+){{0,2}}?{_CAMPAIGN}\w*\s*{_CALLED}?\s*{_NAME}?\s*(?:an)?[.!]?"),
    ("create_client", rf"{_POLITE}{_MAKE}\s+(?:\w+\s+){{0,2}}?{_CLIENT}n?\s*(?:account|"
     rf"konto)?\s*{_CALLED}?\s*{_NAME}\s*(?:an)?[.!]?"),
    ("choose_client", rf"{_POLITE}(?:switch to|choose|select|use|open|work (?:on|with|for)|go to|take|"
     rf"wechs\w+ zu[mr]?|wähl\w*|nimm|öffne|arbeite\w* (?:an|mit|für)|"
     r"cambia\w* a|elig\w+|elegir|selecciona\w*|usa|abre|trabaj\w+ (?:con|en)|vamos con|mud\w+ para|escolh\w+|"
     r"selecion\w+|usar|abrir|trabalh\w+ (?:com|em))\s+"
     rf"(?:to |mit |zu |con |com )?(?:the |den |die |el |la |o |a |al )?{_CLIENT}n?\s*{_CALLED}?\s*{_NAME}[.!]?"),
    ("choose_client", rf"{_POLITE}(?:switch to|wechs\w+ zu[mr]?|cambia\w* a|mud\w+ para)\s+{_NAME}[.!]?"),
    ("choose_client", rf"(?:{_CLIENT})\s*:\s*{_NAME}"),
    ("approve", rf"{_POLITE}(?:i |ich |wir )?(?:approve|accept|sign off(?: on)?|genehmig\w*|freigeb\w*|gib|"
     rf"apr(?:ueb|ob)\w+|acept\w+|aprov\w+|aceit\w+)\b\s*(?P<thing>.{{0,80}}?)"
     r"(?:\s+frei)?[.!]?"),
    ("write_series", rf"{_POLITE}(?:me |ich )?{_WRITE}\s+(?:(?!about |on |über |sobre )[\w-]+\s+){{0,3}}?(?:"
     rf"{_EMAIL}s?[- ]?{_SERIES}|{_SERIES}\s+(?:of|von|mit|aus|de|com|con)\s+(?:\d+\s+)?{_EMAIL}s?|"
     rf"(?:[2-9]|[1-9]\d{{1,5}})\s+(?:[\w-]+\s+)?{_EMAIL}s)\b(?P<brief>.*)"),
    ("write_email", rf"{_POLITE}(?:me |ich )?{_WRITE}\s+(?:[\w-]+\s+){{0,4}}?(?:\w+-)?{_EMAIL}s?\b(?P<brief>.*)"),
    ("write_article", rf"{_POLITE}(?:me |"
     rf"ich )?{_WRITE}\s+(?:[\w-]+\s+){{0,4}}?(?:\w+-?)?{_ARTICLE}s?\b(?P<brief>.*)"),
    ("write_email", rf"(?:(?:an?|eine?|un|uma?)\s+)?{_EMAIL}\s+(?:about|to|for|über|an|zu[mr]?|sobre|"
     rf"para)\b(?P<brief>.+)"),
    ("write_article", rf"(?:(?:an?|einen?|un|uma?)\s+)?{_ARTICLE}\s+(?:about|on|über|zu[mr]?|sobre)\b(?P<brief>.+)"),
    ("research", rf"{_POLITE}(?:(?:do|make|start|run|mach\w*|starte\w*|haz|hacer|faz\w*)\s+"
     r"(?:some |an? |eine |una |uma |seo-?)*)?"
     r"(?:research(?! (?:shows|showed|says))|look into|recherchier\w*|recherche|investig(?:a|ue|ar)|investigación|"
     r"pesquis(?:a|e|ar))\b(?: mal)?\s*"
     r"(?:on|about|into|for|over|über|zum thema|zum|zur|zu|nach|sobre|acerca de|[:,])?\s+(?P<topic>.{3,2000})"),
    ("strategy", rf"{_POLITE}(?:{_WRITE}|build|make|plan|develop|do|start|bau\w*|plan\w*|entwickl\w*|mach\w*|"
     rf"starte\w*|haz|hacer|planea\w*|desarroll\w+|faz\w*|plane\w+|desenvolv\w+)"
     r"\s+(?:\w+\s+){0,3}?(?:strateg\w+|estrateg\w+|strategie\w*|campaign plan|kampagnenplan)\b(?:\s+(?:sheet|plan|"
     r"blatt))?[\s:,]*(?P<goal>.*)"),
    ("strategy", r"(?:the |our |das |unser |el |nuestro |o |nosso )?(?:goal|ziel|objetivo|meta)\s*(?:is|ist|es|é|"
     r":)\s*(?P<goal>.+)"),
    ("onboard", rf"{_POLITE}(?:{_WRITE}|build|make|start|run|begin|update|rebuild|do|bau\w*|starte\w*|begin\w*|"
     rf"mach\w*|construy\w+|empez\w+|empieza|inici\w+|constr\w+|comec\w+|começ\w+|faz\w*|haz)"
     r"\s+(?:\w+\s+){0,3}?(?:onboarding|canon|metric schema|incorporación|integração|metrik-?schema|"
     r"esquema de métricas)\b.*"),
    ("onboard", rf"{_POLITE}onboard\b.*"),
    ("fill_intake", rf"{_POLITE}(?:fill(?: in| out)?|complete|start|do|open|begin|ausfüll\w*|füll\w*|starte\w*|"
     rf"öffne|rellen\w+|complet\w+|empez\w+|abr\w+|preench\w+|inici\w+|começ\w+)"
     r"\s+(?:\w+\s+){0,3}?(?:intake|form\b|formular|fragebogen|questionnaire|formulario|cuestionario|formulário|"
     r"questionário)\b.*"),
    ("show", rf"{_POLITE}(?:show|open|display|see|view|give|list|zeig\w*|öffne|liste\w*|mu[eé]stra\w*|mostrar|ver|"
     rf"enseñ\w+|lista\w*|mostr\w+|mostra\w*|abr\w+)\s+"
     r"(?:me |us |mir |uns |nos )?(?P<thing>.{2,80}?)(?: an)?[.!?]?"),
]  # fmt: skip
_COMPILED: list[tuple[Kind, re.Pattern[str]]] = [
    (kind, re.compile(rf"\s*{pattern}\s*$", re.IGNORECASE | re.DOTALL)) for kind, pattern in _STEPS
]

#: what can be shown, by the words for it; the first four are intents of their own
_THINGS = {
    "budget": r"budgets?|spend\w*|ausgaben|presupuesto|gasto|orcamento|gastos|what (?:have|did) we spen[dt]|"
    r"was haben wir ausgegeben",
    "runs": r"runs?|running|what(?: i|')s running|laufe?|was lauft|ejecuciones|que esta corriendo|execucoes|"
    r"o que esta a correr|em execucao",
    "inbox": r"inbox|posteingang|bandeja(?: de entrada)?|caixa de entrada|waiting for me|wartet auf mich|me espera|"
    r"a espera de mim",
    "help": r"help|hilfe|ayuda|ajuda|what can (?:you|i) do|was kannst du|que puedes hacer|o que podes fazer|"
    r"commands|befehle|comandos",
    "intake": r"intake|form(?:ular|ulario|ulario)?",
    "client_canon": r"(?:client )?canon",
    "metric_schema": r"metric(?:s| schema)?|metrik\w*|metricas|esquema de metricas|kpis?",
    "strategy_sheet": r"strateg\w+|estrateg\w+",
    "dashboard": r"dashboard|overview|ubersicht|panel|resumen|painel|resumo",
    "clients": r"(?:my |our |all |the |meine |unsere |alle |mis |todos los |os (?:meus )?)?(?:clients|kunden|"
    r"clientes)",
    "campaigns": r"(?:my |our |all |the |meine |unsere |alle )?(?:campaigns|kampagnen|campanas|campanhas)",
    "article": r"(?:last |latest |letzte\w* |ultimo )?(?:article|artikel|articulo|artigo)",
    "email": r"(?:last |latest |letzte\w* |ultimo )?(?:e-?mail|correo)",
    "calendar": r"calendar|kalender|calendario",
}
_FILLER = re.compile(
    r"\b(?:the|our|my|its|this|that|it|of|for|client'?s?|current|latest|all|das|die|den|der|unser\w*|mein\w*|alle|"
    r"el|la|los|las|nuestr\w+|mi|mis|o|a|os|as|noss\w+|meu|minha)\b"
)
_SMALLTALK = re.compile(
    r"\s*(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?(?: (?:a lot|so much))?|great|nice|"
    r"cool|ok(?:ay)?|bye|how are you|"
    r"hallo|moin|servus|guten (?:tag|morgen|abend)|danke(?: schön| dir)?|super|prima|toll|tschüss|wie geht(?:'s|"
    r" es dir)|"
    r"hola|buen(?:os|as) (?:días|tardes|noches)|(?:muchas )?gracias|genial|vale|adiós|qué tal|"
    r"olá|oi|bom dia|boa (?:tarde|noite)|(?:muito )?obrigad[oa]|ótimo|tchau|adeus|tudo bem)[\s,!.?]*(?:there|"
    r"everyone|team|zusammen|equipo|equipa)?[\s!.?]*$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\s*(?:what|who|whom|which|how|when|where|why|is|are|do|does|did|can|could|should|would|will|has|have|was|"
    r"were|"
    r"wer|wen|wem|welche\w*|wie|wann|wo|warum|wieso|ist|sind|hat|haben|gibt|kann|können|soll|"
    r"qué|que|quién|quien|cuál|cómo|cuándo|dónde|por qué|cuánto|hay|"
    r"o que|quem|qual|quais|como|quando|onde|por que|porquê|quanto|há|¿)(?!\w)",
    re.IGNORECASE,
)
_FIELDS = {
    "identity.name": r"(?:client |company |brand )?name|firma|nombre|nome|empresa",
    "identity.website": r"web ?site|webseite|sitio web|página web|site",
    "identity.industry": r"industry|branche|sector|setor|indústria",
    "identity.geography": r"geograph\w+|markets?|region|markt|mercados?|país|geografía|geografia",
    "offer.primaryOffers": r"(?:primary |main )?offers?|products?|services?|angebote?|produkte|leistungen|ofertas?|"
    r"productos|servicios|produtos|serviços",
    "offer.pricing": r"pric(?:e|es|ing)|preise?|precios?|preços?",
    "offer.differentiators": r"differentiators?|usps?|what makes (?:us|them) different|unterscheidungsmerkmale|"
    r"besonderheiten|diferenciadores|diferenciais",
    "offer.competitors": r"competitors?|wettbewerber|konkurrenten|competidores|concorrentes",
    "audience.targetAudience": r"(?:target )?audience|target group|zielgruppe|público(?: objetivo|-alvo)?|audiencia",
    "audience.painPoints": r"pain ?points?|pains|problems?|schmerzpunkte|probleme|problemas|dolores|dores",
    "audience.desiredOutcomes": r"(?:desired )?outcomes?|results?|gewünschte ergebnisse|ergebnisse|"
    r"resultados(?: deseados| desejados)?",
    "audience.objections": r"objections?|einwände|objeciones|objeções",
    "goals.objective": r"(?:primary )?objective|ziel|objetivo",
    "voice.tone": r"tone(?: of voice)?|tonfall|tonalität|tono|tom(?: de voz)?",
    "voice.bannedWords": r"banned words|verbotene wörter|palabras prohibidas|palavras proibidas",
    "voice.languages": r"languages?|sprachen?|idiomas?|línguas",
}
_FIELD = re.compile(
    r"(?im)^\s*[-*]?\s*(?:"
    + "|".join(f"(?P<f{place}>{names})" for place, names in enumerate(_FIELDS.values()))
    + r")\s*(?::|=|\bis\b|\bare\b|\bist\b|\bsind\b|\bson\b|\bsão\b)\s*(?P<value>\S[^\n]*)$"
)


def read_intent(text: str) -> Intent:
    """The intent of a message; ``question`` with the text itself whenever no order is plain."""
    plain = tidy(text)
    if first := read_first_question(plain):
        kind: Kind = "smalltalk" if first[0] in SMALLTALK else "newcomer"
        return Intent(kind, {"matter": first[0], "language": first[1]})
    if not plain or _SMALLTALK.match(plain):
        return Intent("smalltalk", {"text": plain})
    if fields := _fields(text):
        return Intent("fill_intake", fields)
    if thing := _bare_thing(plain):
        return thing
    if not _is_question(plain):
        for kind, pattern in _COMPILED:
            match = pattern.match(plain)
            intent = _intent(kind, match, plain) if match else None
            if intent:
                return intent
    return Intent("question", {"text": plain})


def _is_question(text: str) -> bool:
    """A question mark or a question word; a polite order ("can you write …?") is none."""
    polite = re.match(
        r"\s*(?:please |bitte )?(?:can|could|would) you |\s*(?:kannst|könntest) du |\s*(?:können|könnten) sie |"
        r"\s*(?:puedes|podrías|podes|pode(?:rias)?) ",
        text, re.IGNORECASE,
    )  # fmt: skip
    return not polite and (text.rstrip().endswith("?") or bool(_QUESTION.match(text)))


def _fields(text: str) -> dict[str, str]:
    """Labelled answers to the intake: one on a line of its own each. A single one counts only with a colon."""
    found: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        place = next(int(name[1:]) for name, value in match.groupdict().items() if name != "value" and value)
        found[list(_FIELDS)[place]] = match["value"].strip()
    alone = len(found) == 1 and next(iter(found)) == "goals.objective"
    return {} if alone else found if len(found) > 1 or re.search(r"^\s*[\w\s]{2,40}[:=]", text) else {}


def _bare_thing(text: str) -> Intent | None:
    """ "Budget", "my inbox", "what is running?" need no verb."""
    return _thing(text) if len(words(text)) <= 6 else None


def _thing(text: str) -> Intent | None:
    plain = fold(text).strip(" ?!.")
    for name in ("budget", "runs", "inbox", "help"):
        if re.fullmatch(rf"(?:{_FILLER.pattern}\s*)*(?:{_THINGS[name]})", plain):
            return Intent(name)  # type: ignore[arg-type]
    return None


def _named_thing(text: str) -> str:
    plain = re.sub(r"\s+", " ", _FILLER.sub(" ", fold(text))).strip()
    return next(
        (
            name
            for name, pattern in _THINGS.items()
            if re.fullmatch(pattern, plain) or re.fullmatch(pattern, fold(text))
        ),
        "",
    )


def _intent(kind: Kind, match: re.Match[str], text: str) -> Intent | None:
    groups = {name: (value or "").strip(' .!,:"“”„«»') for name, value in match.groupdict().items()}
    if kind in {"write_article", "write_email", "write_series"}:
        return Intent(kind, {"brief": text})
    if kind == "show":
        return _shown(groups["thing"])
    if kind == "approve":
        thing = _named_thing(groups["thing"])
        return Intent(kind, {"thing": thing}) if thing or _this(groups["thing"]) else None
    if kind in {"create_client", "choose_client"} and not groups.get("name"):
        return None
    if "goal" in groups:
        groups["goal"] = re.sub(r"^(?:for|to|für|um|para|of|with)\s+", "", groups["goal"], flags=re.IGNORECASE)
    return Intent(kind, {name: value for name, value in groups.items() if value})


def _this(text: str) -> bool:
    return not text or bool(
        re.fullmatch(r"(?:it|this|that|das|es|diese\w*|esto|eso|lo|isto|isso|this version|die version)", fold(text))
    )


def _shown(text: str) -> Intent | None:
    """Something to be shown that is known here; anything else is left to be a question."""
    if intent := _thing(text):
        return intent
    thing = _named_thing(text)
    return Intent("show", {"thing": thing}) if thing else None
