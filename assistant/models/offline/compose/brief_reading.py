"""What a brief asks for: topic, keyphrase, pattern, audience, call to action.

A brief is free text in any of the four languages, with or without labels such as ``Keyphrase:``. Only what it says is
read; instructions in it that have nothing to do with the text to be written are ignored, because nothing else is read.
"""

import re
from dataclasses import dataclass, field

from assistant.models.offline.compose.intake_reading import phrase_of, read_intake
from assistant.models.offline.compose.keyphrase import Keyphrase, asks_how, read_keyphrase
from assistant.models.offline.compose.sources import Sources
from assistant.models.offline.compose.wording import bare, capital, clip, digest, fold, tidy, words
from knowledge.json_values import as_list, as_object

#: characters of a brief that are read; more than a page is no brief
LONGEST_BRIEF = 6_000

#: the first one is followed when a brief gives no hint
PATTERNS = ("problem-agitate-solve", "before-after-bridge", "how-to", "comparison")

_LABELS = {
    "keyphrase": r"(?:focus )?key ?(?:phrase|word)s?|(?:fokus-?)?key(?:phrase|word)|suchbegriff|palabra clave|"
    r"palavra-chave|frase clave",
    "topic": r"topic|title|subject|thema|titel|tema|título|assunto",
    "audience": r"(?:target )?audience|target group|readers?|zielgruppe|leser|público(?:-alvo| objetivo)?|"
    r"audiencia|para quem",
    "cta": r"cta|call to action|handlungsaufforderung|llamada a la acción|chamada (?:para|à) ação|ação",
    "pattern": r"pattern|structure|aufbau|struktur|format|estructura|estrutura|formato",
    "include": r"must include|mention|include|points?|erwähnen|muss enthalten|inhalte?|incluir|mencionar|puntos|"
    r"pontos",
    "avoid": r"avoid|do not mention|must avoid|vermeiden|nicht erwähnen|evitar",
    "goal": r"goal|ziel|objetivo|meta",
    "tone": r"tone|ton|tonfall|tono|tom",
    "language": r"language|sprache|idioma|língua",
    "url": r"url|link|landing page|zielseite|enlace",
    "length": r"length|länge|words|wörter|longitud|extensión|extensão|tamanho",
}
_LABEL = re.compile(
    r"(?:^|(?<=[.;\n])\s*|(?<=\s))(?:"
    + "|".join(f"(?P<{name}>{names})" for name, names in _LABELS.items())
    + r")\s*[:=]\s*",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s<>\"“”)\]]+[^\s<>\"“”)\].,;!?]")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{3,90})[\"”“»]")
_ASK = re.compile(
    r"^(?:please |bitte |por favor,? )?(?:(?:can|could) you |ich (?:brauche|möchte|will) |wir brauchen |i (?:need|"
    r"want) |we need |"
    r"quiero |necesito |necesitamos |quero |preciso(?: de)? |precisamos de )?"
    r"(?:(?:write|draft|create|compose|make|prepare|schreib\w*|erstell\w*|verfass\w*|entw[iu]rf\w*|escrib\w+|"
    r"redact\w+|crea\w*|"
    r"prepara\w*|escrev\w+|redig\w+|cri[ae]\w*|faz\w*|haz)\s+)?(?:me |us |mir |uns )?"
    r"(?:(?:an?|the|one|einen?|eine|den|die|un|una|el|la|um|uma|o|a|el)\s+)?"
    r"(?:(?:long|short|blog|seo|new|in-depth|detailed|helpful|langen?|kurzen?|ausführlichen?|neuen?|largo|corto|"
    r"nuevo|longo|curto|novo|"
    r"welcome|launch|promo\w*|reminder|single)\s+|seo-)*"
    r"(?:(?:blog-?)?(?:article|post|guide|piece|text|artikel|beitrag|ratgeber|blogbeitrag|blogartikel|artículo|"
    r"entrada|guía|artigo|guia|"
    r"texto|e-?mail|newsletter|mail|correo(?: electrónico)?|boletín)s?)\b"
    r"(?:\s+(?:de|para|for|für|do|no|en el|no)\s+(?:el |o |the |den |das )?blog)?\s*",
    re.IGNORECASE,
)
#: an order without the word article: "write about", "explain to our customers"
_BARE_ASK = re.compile(
    r"^(?:please |bitte |por favor,? )?(?:(?:announce|present|launch|introduce|promote|anuncia\w*|presenta\w*|"
    r"lanza\w*|apresenta\w*|lança\w*)\s+|(?:write|schreib\w*|escrib\w+|escrev\w+)(?: (?:something|etwas|algo))?\s+"
    r"(?=about|on|über|sobre|acerca)|(?:explain|describe|show|erkläre?n?|beschreibe?n?|explica\w*|explique|describe|"
    r"descrev\w+|mostra\w*)\s+(?:(?:to |a |aos? )?(?:the |our |den |unseren |los |nuestros |os |nossos )?"
    r"(?:readers|customers|people|clients|lesern|kunden|lectores|clientes|leitores)\s+)?)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:that (?:explains|shows)|which explains|about|on|regarding|covering|explaining|über|zum thema|zu|zum|zur|"
    r"darüber|rund um|"
    r"sobre|acerca de|de|del|que explique|que explica|for|für|para|:|,|-|–)\s+",
    re.IGNORECASE,
)
_LANGUAGE_TAIL = re.compile(
    r",?\s*\b(?:in|auf|en|em)\s+(?:english|german|spanish|portuguese|englisch|deutsch|spanisch|portugiesisch|"
    r"inglés|alemán|español|"
    r"portugués|inglês|alemão|espanhol|português)\b",
    re.IGNORECASE,
)
_PATTERN_WORDS = {
    "how-to": r"how to|how do|guide|steps?|step.by.step|checklist|tutorial|wie (?:man|sie|du|wir|finde|wähl\w*)|"
    r"anleitung|schritte?|"
    r"schritt für schritt|leitfaden|ratgeber|checkliste|cómo|guía|pasos?|paso a paso|como(?! (?:as?|os?|um)\b)|guia|"
    r"passos?|passo a passo",
    "comparison": r"compar\w+|versus|vs\.?|alternatives?|difference|which|best|or\b.*\?|vergleich\w*|gegenüber|"
    r"alternativen?|unterschied\w*|"
    r"welche\w*|oder|diferencia\w*|cuál|mejor(?:es)?|diferença\w*|qual|melhor(?:es)?",
    "before-after-bridge": r"before and after|before.?after|transform\w*|switch\w*|chang\w+|story|journey|"
    r"migrat\w*|move (?:from|to)|vorher|nachher|"
    r"wechsel\w*|umstieg|umstell\w*|geschichte|antes y después|cambi\w+|historia|pasar de|antes e depois|mud\w+|"
    r"história|trocar|passar de",
    "problem-agitate-solve": r"problems?|pains?|mistakes?|why|errors?|stop|avoid|struggl\w*|fear|trouble|probleme?|"
    r"fehler|warum|angst|ärger|vermeid\w*|"
    r"problemas?|errores|por qué|miedo|evitar|dolor\w*|erros?|por que|porquê|medo|dor(?:es)?",
}
_NAMED = {
    "problem-agitate-solve": r"problem.{0,3}agitat|\bpas\b|problem.{1,3}lösung|problema.{1,3}soluci|"
    r"problema.{1,3}soluç",
    "before-after-bridge": r"before.{0,3}after|\bbab\b|vorher.{0,3}nachher|antes.{1,5}despu|antes.{1,5}depois",
    "how-to": r"how.?to|anleitung|schritt|paso a paso|passo a passo|guide|guía|guia",
    "comparison": r"compar|vergleich|versus",
}
#: "decaf for people who gave up on it": whom a text is for, when a clause says who they are
_READERS = re.compile(
    r"\s+(?:for|für|para)\s+((?:(?:all|the|those|any|alle|die|los|las|os|as|todos)\s+)*"
    r"(?:people|those|anyone|anybody|everyone|everybody|readers|customers|users|men|women|families|leute|menschen|alle|"
    r"kund\w+|familien|personas?|gente|clientes|familias|quienes|pessoas|famílias|quem)\b,?\s*"
    r"(?:(?:who|that|whose|with|without|die|der|denen|mit|ohne|que|con|sin|com|sem)\b)?.+|(?:quienes|quem)\s.+)$",
    re.IGNORECASE,
)
#: what a brief orders besides the text itself; it is no part of the subject
_ORDERED_TOO = re.compile(
    r"\s+(?:and|und|y|e)\s+(?:please |bitte )?(?:say|tell|explain|show|mention|describe|add|invite|ask|sag\w*|erklär\w*|"
    r"zeig\w*|erwähn\w*|di|dice|diles|explica\w*|cuenta\w*|menciona\w*|invita\w*|diz|mostra\w*|convida\w*)\b.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Brief:
    """A brief as read. ``topic`` is the subject in the brief's words, ``phrase`` its core."""

    topic: str
    phrase: Keyphrase
    pattern: str
    title: str = ""
    audience: str = ""
    call_to_action: str = ""
    url: str = ""
    include: list[str] = field(default_factory=list[str])
    avoid: list[str] = field(default_factory=list[str])
    text: str = ""

    @property
    def keyphrase(self) -> str:
        return self.phrase.text


def read_brief(sources: Sources, language: str) -> Brief:
    """The brief of ``sources``; without one the goal, the first offer or the client's name is the topic."""
    text = re.sub(r"<[^<>]*>|[{}<>]", " ", (sources.brief.strip() or sources.goal.strip())[:LONGEST_BRIEF])
    labels, rest = _labelled(text)
    asked = _topic(labels.get("topic", "") or rest)
    readers = _READERS.search(asked)
    topic = asked or _fallback_topic(sources)
    core = asked[: readers.start()] if readers and readers.start() > 2 else topic
    quoted = _QUOTED.search(rest)
    named = labels.get("keyphrase") or (quoted[1] if quoted and len(words(quoted[1])) <= 7 else "")
    if _PREPOSITION.match(named or core):
        named = _fallback_topic(sources)
    url = _URL.search(labels.get("url", "") or labels.get("cta", "") or text)
    return Brief(
        topic=capital(bare(topic)),
        phrase=_named_phrase(named, language) if named else read_keyphrase(core, language),
        pattern=_pattern(text, asked, labels.get("pattern", ""), sources),
        title=bare(labels["topic"]) if "topic" in labels and 30 <= len(labels["topic"]) <= 60 else "",
        audience=bare(_URL.sub("", labels.get("audience", ""))) or (bare(readers[1]) if readers else _recipients(rest)),
        call_to_action=_call(labels.get("cta", "")),
        url=url.group() if url else "",
        include=[bare(part) for part in re.split(r"[;,\n]", labels.get("include", "")) if len(part.strip()) > 2],
        avoid=[bare(part) for part in re.split(r"[;,\n]", labels.get("avoid", "")) if len(part.strip()) > 2],
        text=text,
    )


def _recipients(text: str) -> str:
    """Who an email goes to, when the brief says that rather than what it is about."""
    plain = _ASK.sub("", tidy(_URL.sub("", text)), count=1)
    found = _RECIPIENT.match(plain)
    return bare(_ABOUT_LATER.split(plain[found.end() :], maxsplit=1)[0]) if found else ""


def _named_phrase(text: str, language: str) -> Keyphrase:
    """A keyphrase that the brief names is taken as it is, unless it is a whole question or a sentence."""
    plain = bare(text)
    as_read = read_keyphrase(plain, language)
    return as_read if len(words(plain)) > 7 or as_read.verbal else Keyphrase(plain, plain)


def _labelled(text: str) -> tuple[dict[str, str], str]:
    """The labelled parts, and what stands before the first label."""
    matches = list(_LABEL.finditer(text))
    found: dict[str, str] = {}
    for place, match in enumerate(matches):
        end = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        value = text[match.end() : end].strip().rstrip(";")
        name = str(match.lastgroup)
        found.setdefault(
            name, _first_part(value) if name in {"keyphrase", "audience", "cta", "topic", "pattern"} else value
        )
    return found, text[: matches[0].start()] if matches else text


def _first_part(value: str) -> str:
    line = value.splitlines()[0] if value else ""
    return re.split(r"(?<=[^\s.][.!])\s+(?=[A-ZÀ-Þ])", line)[0].strip().strip('"“”„«»').rstrip(".;,")


#: "an email to people who …": what follows are the readers, not the subject
_RECIPIENT = re.compile(
    r"^(?:to|an|a (?:los|las|quienes)|aos|às|a quem|(?:for|für|para|a) (?=(?:all |our |alle |unsere |nuestros |os |"
    r"as |los |las |todos )*"
    r"(?:people|customers|clients|subscribers|leads|users|visitors|members|kund\w+|interessent\w+|abonnent\w+|"
    r"nutzer\w*|clientes|"
    r"suscriptor\w*|usuari\w+|subscritor\w*|assinantes|utilizador\w*|quien\w*|quem)))\s+",
    re.IGNORECASE,
)
_ABOUT_LATER = re.compile(r"\s(?:about|on the subject of|über|zum thema|sobre|acerca de)\s+", re.IGNORECASE)


def _topic(text: str) -> str:
    plain = tidy(_LANGUAGE_TAIL.sub("", _URL.sub("", text)))
    plain = re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"“„«])", plain)[0]
    plain = _ORDERED_TOO.sub("", _BARE_ASK.sub("", _ASK.sub("", plain, count=1), count=1))
    if recipient := _RECIPIENT.match(plain):
        parts = _ABOUT_LATER.split(plain[recipient.end() :], maxsplit=1)
        return clip(bare(parts[1]), 110) if len(parts) > 1 else ""
    for _ in range(2):
        plain = _ABOUT.sub("", plain)
    return clip(bare(plain.strip('"“”„«» ')), 110)


#: a topic that begins like this names a way rather than a thing
_PREPOSITION = re.compile(r"(?:from|with|without|von|vom|mit|ohne|beim|desde|sin|con|sem|com|do|da)\s", re.IGNORECASE)


def _fallback_topic(sources: Sources) -> str:
    known = [phrase_of(as_object(item).get("primary")) for item in as_list((sources.canon or {}).get("offers"))]
    known += read_intake(sources.intake, sources.client).offers
    return next((_head(offer) for offer in known if offer), "") or sources.client.name or "—"


def _head(offer: str) -> str:
    """The first of several things named in one offer."""
    return re.split(r",|\s(?:and|und|y|e|mit|with|con|com|für|for|para)\s", offer, maxsplit=1)[0].strip()


def _pattern(text: str, topic: str, label: str, sources: Sources) -> str:
    for wanted in (label, *(part for part in (sources.note,) if part)):
        for name, expression in _NAMED.items():
            if wanted and re.search(expression, wanted, re.IGNORECASE):
                return name
    if asks_how(topic):
        return "how-to"
    scores = {
        name: len(re.findall(rf"(?<!\w)(?:{expression})(?!\w)", text, re.IGNORECASE))
        for name, expression in _PATTERN_WORDS.items()
    }
    best = max(scores.values())
    if not best:
        return PATTERNS[0]
    ties = [name for name in PATTERNS if scores[name] == best]
    return ties[digest(fold(text)) % len(ties)]


def _call(text: str) -> str:
    return clip(capital(bare(_URL.sub("", text).strip(" ()-–,:"))), 60)
