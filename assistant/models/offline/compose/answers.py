"""Plain questions about a client, answered from its documents and customers' words, or an honest "not on file".

The answer is in the language of the question where that can be told. Customers' words stand with their author; the
ids of the snippets are added when the question asks for ids or sources.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.language import WRITABLE, detect, language_of
from assistant.models.offline.compose.material import Material, Quote, gather
from assistant.models.offline.compose.pairing import best_quote
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import RELATED, affinity
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import bare, capital, inline, overlap, words
from knowledge.json_values import as_list, as_object

#: most quotes in one answer
MOST_QUOTES = 6
#: characters of a question that are read
LONGEST_QUESTION = 1_000

_TOPICS = {
    "next": r"what'?s next|what now|next step|first step|what (?:should|do) (?:i|we) do|"
    r"(?:how|where) (?:do|can|should|would|shall) (?:i|we) (?:start|begin|get)|get(?:ting)? started|how to (?:start|begin)|"
    r"\b(?:i am|i['’]m) new\b|(?:wie|womit|wo) (?:fang|starte|beginn|soll ich|kann ich (?:anfang|beginn|start))|"
    r"geht(?:['’]?s| es)? (?:hier )?los|ich bin neu|was (?:muss|soll) ich (?:zuerst|als erstes)|"
    r"(?:cómo|como|por d?[oó]nde|por onde|con qué|com que) (?:(?:é|e) que )?(?:eu )?(?:puedo |posso |se )?"
    r"(?:empi?e[zc]|comien[zc]|come[cç]|inici)|primero\b|primeiro\b|\bso[yu] nu?[eo]v|"
    r"was (?:jetzt|nun|kommt als nächstes)|"
    r"nächste\w* schritt|wie geht es weiter|"
    r"qué sigue|siguiente paso|y ahora|próximo paso|e agora|o que (?:vem|se segue)|que fazer agora",
    "voices": r"(?:customers?|people|clients?|users?|reviews?|buyers?) (?:say|think|complain|write|feel|mention|"
    r"love|hate)|voice of customer|\bvoc\b|"
    r"(?:kunden|leute|käufer|nutzer|bewertungen) (?:sagen|denken|schreiben|klagen)|sagen (?:die |"
    r"unsere )?(?:kunden|leute)|kundenstimme|"
    r"dicen (?:los |nuestros )?clientes|opinan|clientes dicen|piensan|reseñas|dizem (?:os |nossos )?clientes|"
    r"clientes dizem|avaliações|opinião",
    "competitors": r"competitor|competition|rival|wettbewerb|konkurren|competidor|competencia|concorren",
    "audience": r"audience|target group|who (?:is|are|do) (?:we|our|the)|icps?\b|customer profile|zielgruppe|"
    r"wen (?:sprechen|erreichen)|wer (?:ist|sind) unsere|"
    r"público|audiencia|a quién|para quem|quem é o nosso|persona",
    "promise": r"promise|versprechen|promesa|promessa",
    "positioning": r"positioning|positionier|posicionamiento|posicionamento|how do we stand",
    "price": r"price|pricing|costs?\b|how much|how expensive|"
    r"preis|kosten|kostet|wie teuer|precio|cuesta|cuánto|preço|custa|quanto",
    "guarantee": r"guarantee|refund|return|exchange|garantie|rückgabe|umtausch|kündig|garantía|devoluc|garantia|"
    r"devolu|troca",
    "objection": r"objection|doubt|hesitat|einw[aä]nd|zweifel|bedenken|objeci|dudas?|reparos|objeç|dúvidas?",
    "pain": r"pain|problem|struggle|trouble|schmerzpunkt|probleme|sorgen|dolores|problemas?|preocupa|dores",
    "outcome": r"outcome|want|desire|wollen|wünsch|ergebnis|quieren|desean|querem|desejam|resultado",
    "forbidden": r"forbidden|banned|not say|never say|avoid|disclaimer|verboten|nicht sagen|vermeiden|"
    r"pflichthinweis|prohibid|no decir|proibid|não dizer|avisos?",
    "tone": r"tone|voice|sound|tonfall|tonalität|klingen|stimme|tono|suena|tom\b|soa",
    "channels": r"channels?|where do we (?:run|advertise)|kanäle|kanal|canales|canal|canais",
    "metrics": r"metrics?|kpis?|measure|metrik|kennzahl|messen|métricas?|medimos|medir|indicador",
    "goal": r"goals?\b|objective|target|budget|ziel|objetivo|meta\b|presupuesto|orçamento",
    "proof": r"proof|evidence|beleg|beweis|prueba|prova",
    "strength": r"different|differentiat|unique|stand out|why (?:us|choose|buy|should)|strength|usp|"
    r"unterscheid|besonder|stärke|"
    r"warum (?:wir|uns|sollte)|por qué (?:nosotros|elegir|comprar)|porquê (?:nós|escolher)|por que (?:nós|escolher)|"
    r"alleinstellung|diferen|distingu|fuerte|forte",
    "offers": r"offer|sell|product|service|angebot|verkauf|produkt|leistung|ofrec|vend|oferta|producto|oferec|"
    r"produto|serviço|servicio",
    "about": r"who (?:is|are) (?:this|the) client|tell me about|about the client|brand story|story|wer ist|erzähl|"
    r"über (?:den|die) (?:kund|mark)|"
    r"cuéntame|quién es|historia|fala-me|quem é|história",
}
_TOPIC_PATTERNS = {topic: re.compile(pattern, re.IGNORECASE) for topic, pattern in _TOPICS.items()}
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|on|über|zum thema|zum|zur|sobre|acerca de|quanto a)\s+"
    r"(?:(?:the|our|das|den|die|dem|der|el|la|los|las|o|a|os|as)\s+)?([^?.!]+)",
    re.IGNORECASE,
)
_FINGERPRINT = {
    "en": r"\b(?:what|who|which|how|when|why|where|is|are|do|does|tell|our)\b",
    "de": r"\b(?:was|wer|welche\w*|wie|wann|warum|wo|wen|ist|sind|unsere?\w*|sagen|kunden)\b",
    "es": r"[¿¡ñ]|\b(?:qué|quién|quien|cuál|cómo|cuándo|cuánto|dónde|nuestr\w+|dicen|clientes sobre el|es|cuesta)\b",
    "pt": r"[ãõç]|\b(?:o que|quem|qual|quais|como|quando|quanto|onde|noss\w+|dizem|é|custa|preço)\b",
}


@dataclass(frozen=True)
class _Asked:
    question: str
    sources: Sources
    material: Material
    pen: Pen
    #: the quotes are those found for the question
    searched: bool = False

    def say(self, key: str, **values: str) -> str:
        filled = self.pen.fill(f"answer_to.{key}", **values)
        return filled[0] if filled else ""

    def lines(self, key: str, items: list[str]) -> str:
        return "\n".join([self.say(key), *(f"- {capital(bare(item))}" for item in items)]) if items else ""


def answer_question(sources: Sources, question: str, *, searched: bool = False) -> str:
    """The answer as Markdown text. Says plainly when no source answers, and what is on file instead.

    ``searched``: the quotes are those that a search found for the question, best first.
    """
    answer = _answer(sources, question[:LONGEST_QUESTION], searched)
    return answer if _IDS.search(question[:LONGEST_QUESTION]) else re.sub(r"\s?\[voc:[^\]\s]+\]", "", answer)


def _answer(sources: Sources, question: str, searched: bool) -> str:
    language = _language_of_question(question, sources)
    material = gather(sources, language)
    name = material.view.name or sources.client.name
    pen = Pen(language, question, {"client": name or phrases_fallback(language)})
    asked = _Asked(question, sources, material, pen, searched)
    if not (sources.intake or sources.canon or sources.voc or sources.strategy):
        return asked.say("nothing")
    for topic in _topics(question):
        answer = _ANSWERS[topic](asked)
        if answer:
            return answer
    return _from_anywhere(asked)


def phrases_fallback(language: str) -> str:
    return Pen(language, "", {}).word("no_client")


def language_of_words(said: str) -> str:
    """The language somebody writes in; English where it does not show."""
    return _language_of_question(said[:LONGEST_QUESTION], Sources())


def _language_of_question(question: str, sources: Sources) -> str:
    scores = {code: len(re.findall(pattern, question, re.IGNORECASE)) for code, pattern in _FINGERPRINT.items()}
    best = max(scores.values())
    leaders = [code for code, score in scores.items() if score == best]
    if best and len(leaders) == 1:
        return leaders[0]
    seen = detect(question)
    if seen in WRITABLE:
        return str(seen)
    return leaders[0] if best else language_of(sources.model_copy(update={"brief": "", "goal": ""}))


def _topics(question: str) -> list[str]:
    return [topic for topic, pattern in _TOPIC_PATTERNS.items() if pattern.search(question)]


def asks_for_voices(question: str) -> bool:
    """Whether customers' words are what is asked for."""
    return bool(_TOPIC_PATTERNS["voices"].search(question[:LONGEST_QUESTION]))


def _subject(question: str) -> str:
    found = list(_ABOUT.finditer(question))
    return found[-1][1].strip(' "“”„«»') if found else ""


def _voices(asked: _Asked) -> str:
    subject = _subject(asked.question)
    quotes = asked.material.quotes
    if subject and not asked.searched:
        ranked = sorted(quotes, key=lambda quote: -affinity(quote.about, subject))
        quotes = [quote for quote in ranked if affinity(quote.about, subject) >= RELATED]
    if not quotes:
        return asked.say("no-voices", x=subject) if subject else ""
    head = asked.say("voices", x=subject) if subject else asked.say("voices-all")
    ids = bool(_IDS.search(asked.question))
    return "\n".join([head, *(_quoted(quote, asked.pen, ids) for quote in quotes[:MOST_QUOTES])])


#: a question that wants to know where the words come from
_IDS = re.compile(r"\bids?\b|\bsources?\b|\bquellen?\b|\bfuentes?\b|\bfontes?\b|\[voc", re.IGNORECASE)


def _quoted(quote: Quote, pen: Pen, ids: bool) -> str:
    """The words, then who said them and where; the id of the snippet last, when it was asked for."""
    kind = quote.kind if quote.kind in {"support", "survey", "sales_call"} else "review"
    source = ", ".join(filter(None, [quote.author, pen.word(f"kind.{kind}")]))
    mark = f" [voc:{quote.id}]" if ids else ""
    return f"- {pen.word('marks.open')}{quote.text}{pen.word('marks.close')} ({source}){mark}"


def _audience(asked: _Asked) -> str:
    icps = [as_object(item) for item in as_list((asked.sources.canon or {}).get("icps"))]
    described = [f"**{phrase_of(icp.get('name'))}**: {phrase_of(icp.get('description'))}" for icp in icps]
    if described:
        return "\n".join([asked.say("audience"), *(f"- {line}" for line in described)])
    return asked.lines("audience", [fact.text for fact in asked.material.of("audience")])


def _promise(asked: _Asked) -> str:
    messaging = as_object((asked.sources.strategy or {}).get("messaging"))
    if promise := phrase_of(messaging.get("promise")):
        return asked.say("promise", x=promise)
    outcome = next(iter(asked.material.of("outcome")), None)
    return asked.say("no-promise", x=inline(outcome.text, asked.pen.language)) if outcome else ""


def _positioning(asked: _Asked) -> str:
    if found := phrase_of((asked.sources.strategy or {}).get("positioning")):
        return asked.say("positioning", x=found)
    offers = [as_object(item) for item in as_list((asked.sources.canon or {}).get("offers"))]
    return asked.say("positioning", x=phrase_of(offers[0].get("positioning"))) if offers else ""


def _facts(key: str, *roles: str) -> Callable[[_Asked], str]:
    return lambda asked: asked.lines(key, [fact.text for fact in asked.material.of(*roles)])


def _price(asked: _Asked) -> str:
    """The prices, what happens if it does not suit, and what has to be said beside a price."""
    prices = asked.lines("price", [fact.text for fact in asked.material.of("price")])
    terms = asked.lines("guarantee", [fact.text for fact in asked.material.of("guarantee")]) if prices else ""
    return "\n\n".join(filter(None, [prices, terms, _disclaimers(asked) if prices else ""]))


def _disclaimers(asked: _Asked) -> str:
    """Word for word, with every mark."""
    lines = [f"- {line}" for line in asked.material.disclaimers]
    return "\n".join([asked.say("disclaimers"), *lines]) if lines else ""


def _strength(asked: _Asked) -> str:
    """What sets the client apart, what is on record for it, and a customer who says so."""
    facts = asked.material.of("strength")
    praise = [quote for quote in asked.material.quotes if quote.mood == "gain"]
    said = list(dict.fromkeys(filter(None, (best_quote(fact, praise, asked.material.common) for fact in facts))))[:2]
    ids = bool(_IDS.search(asked.question))
    voices = [asked.say("voices-all"), *(_quoted(quote, asked.pen, ids) for quote in said)] if said else []
    parts = [
        asked.lines("strength", [fact.text for fact in facts]),
        asked.lines("proof", [fact.text for fact in asked.material.of("proof")]) if facts else "",
        "\n".join(voices),
    ]
    return "\n\n".join(filter(None, parts))


def _competitors(asked: _Asked) -> str:
    """The competitors of the intake, and what sets the client apart from them, when that is on file."""
    named = asked.say("competitors", x=", ".join(asked.material.view.competitors)) or asked.say("no-competitors")
    apart = asked.lines("strength", [fact.text for fact in asked.material.of("strength")])
    return "\n\n".join(filter(None, [named, apart]))


def _forbidden(asked: _Asked) -> str:
    parts = [asked.say("forbidden", x=", ".join(asked.material.forbidden)), _disclaimers(asked)]
    return "\n".join(filter(None, parts))


def _tone(asked: _Asked) -> str:
    tone = as_object(as_object((asked.sources.canon or {}).get("brand")).get("toneOfVoice"))
    do, dont = (list(map(phrase_of, as_list(tone.get(key)))) for key in ("do", "dont"))
    do = do or asked.material.view.tone
    return "\n".join(filter(None, [asked.lines("tone", do), asked.lines("dont", dont)]))


def _channels(asked: _Asked) -> str:
    channels = [as_object(item) for item in as_list((asked.sources.strategy or {}).get("channels"))]
    lines = [f"- {item['channel']}: {item['budgetShare']:.0%}. {phrase_of(item.get('role'))}" for item in channels]
    return "\n".join([asked.say("channels"), *lines]) if lines else ""


def _metrics(asked: _Asked) -> str:
    schema = asked.sources.metric_schema or {}
    primary = schema.get("primaryMetricId")
    metrics = [as_object(item) for item in as_list(schema.get("metrics"))]
    lines = [
        f"- {item['name']}: {phrase_of(item.get('definition'))}"
        + (f" ({asked.say('primary')})" if item["id"] == primary else "")
        for item in metrics
    ]
    return "\n".join([asked.say("metrics"), *lines]) if lines else ""


def _goal(asked: _Asked) -> str:
    goal = as_object((asked.sources.strategy or {}).get("goal"))
    view = asked.material.view
    parts = [
        asked.say("objective", x=phrase_of(goal.get("objective")) or view.objective),
        *(view.kpi_targets if not goal.get("target") else [asked.say("target", x=_target(asked.sources, goal))]),
        asked.say("days", x=phrase_of(goal.get("timeframeDays"))),
        asked.say("budget", x=_budget(goal, view.budget, view.currency)),
    ]
    known = [part for part in parts if part]
    return asked.say("goal", x=", ".join(known)) if known else ""


def _target(sources: Sources, goal: Document) -> str:
    """The figure with the name of its metric; a share as a percentage."""
    metrics = {item["id"]: item for item in map(as_object, as_list((sources.metric_schema or {}).get("metrics")))}
    name = phrase_of(as_object(metrics.get(goal.get("metricId"))).get("name")) or phrase_of(goal.get("metricId"))
    figure = goal["target"]
    return f"{figure:.0%} {name}".strip() if 0 < figure < 1 else f"{figure:g} {name}".strip()


def _budget(goal: Document, from_intake: tuple[str, str], currency: str) -> str:
    ends = [re.sub(r"\.00$", "", phrase_of(goal.get(key))) for key in ("budgetMin", "budgetMax")]
    span = "–".join(end for end in (ends if any(ends) else from_intake) if end)
    return f"{span} {phrase_of(goal.get('currency')) or currency}".strip() if span else ""


def _about(asked: _Asked) -> str:
    story = phrase_of(as_object((asked.sources.canon or {}).get("brand")).get("story"))
    return asked.say("about", x=story) if story else _facts("offers", "offer")(asked)


def _next(asked: _Asked) -> str:
    have = asked.sources
    steps = (
        ("next-intake", have.intake),
        ("next-canon", have.canon),
        ("next-metrics", have.metric_schema),
        ("next-strategy", have.strategy),
    )
    step = asked.say(next((key for key, document in steps if not document), "next-content"))
    return step if have.voc or not have.intake else f"{step} {asked.say('next-voices')}"


_ANSWERS: dict[str, Callable[[_Asked], str]] = {
    "next": _next, "voices": _voices, "audience": _audience, "promise": _promise, "positioning": _positioning,
    "price": _price, "guarantee": _facts("guarantee", "guarantee"), "competitors": _competitors,
    "objection": _facts("objection", "objection"), "pain": _facts("pain", "pain"),
    "outcome": _facts("outcome", "outcome"), "forbidden": _forbidden, "tone": _tone, "channels": _channels,
    "metrics": _metrics, "goal": _goal, "proof": _facts("proof", "proof"), "strength": _strength,
    "offers": _facts("offers", "offer"), "about": _about,
}  # fmt: skip


def _from_anywhere(asked: _Asked) -> str:
    """Facts and quotes that share the question's words; otherwise what there is."""
    near = [
        fact.text
        for fact in asked.material.facts
        if overlap(fact.text, asked.question) >= 0.5 and len(words(fact.text)) > 1
    ]
    quotes = [quote for quote in asked.material.quotes if affinity(quote.about, asked.question) >= 2]
    lines = [f"- {capital(text)}" for text in dict.fromkeys(near)] + [
        _quoted(quote, asked.pen, bool(_IDS.search(asked.question))) for quote in quotes[:3]
    ]
    if lines:
        return "\n".join(lines[:MOST_QUOTES])
    have = asked.sources
    files = {
        "docs-intake": have.intake,
        "docs-canon": have.canon,
        "docs-metrics": have.metric_schema,
        "docs-strategy": have.strategy,
        "docs-voc": have.voc,
    }
    return asked.say("unknown", x=", ".join(asked.say(key) for key, part in files.items() if part))
