"""What in a sentence can be checked: concepts and quantities, and whether it speaks of the client at all.

A superlative or a comparison is a claim when it is about the client (or names a competitor); a figure always is one,
unless it counts the article's own points or stands in an instruction to the reader.
"""

import re
from functools import lru_cache

from knowledge.claims.concepts import Patterns, concepts_in
from knowledge.claims.models import About, ClaimKind, Signal
from knowledge.claims.quantities import Quantity, quantities
from knowledge.claims.wording import WORD, flat, imperatives, negations, stem, stems

_WE = re.compile(
    r"\b(?:we|we're|we've|we'll|our|ours|us)\b|\b(?:wir|uns|unser\w*)\b|\bnosotros\b|\bnosotras\b|\bnuestr[oa]s?\b|\bnos\b|"
    r"\bsomos\b|\btemos\b|\bdamos\b|\bvamos\b|\bnosso\b|\bnossa\b|\bnossos\b|\bnossas\b|"
    r"(?:^\W*|[,;:]\s|\b(?:te|le|les|os|lhe|lhes|se|lo|la|los|las|no|nao|tambem|tambien|y|e|que)\s)"
    r"(?!ultim|proxim|minim|maxim|mism|extrem|tram|gram)\w{2,}(?:amos|emos|imos)\b"
)
#: we, as everybody
_ALL_OF_US = re.compile(r"\bwe (?:all|humans)\b|\bwir (?:menschen|alle)\b|\btodos nosotros\b|\btodos nos\b")
_OWN_POINTS = re.compile(
    r"^\W*(?:\w+ ){0,3}(?:ways?|tips?|steps?|reasons?|ideas?|mistakes?|questions?|things?|signs?|facts?|rules?|points?|"
    r"sentences?|tipps?|wege|schritten?|grunden?|ideen|fehlern?|fragen|dingen?|regeln|punkten?|satzen?|consejos?|pasos?|razones|"
    r"ideas|errores|preguntas|cosas|reglas|claves|puntos|frases|dicas?|passos?|motivos?|ideias|erros|perguntas|coisas|regras|"
    r"pontos|minute read|min read|minuten lesezeit)\b"
)
_ADVICE = re.compile(
    r"\b(?:should|then ask|could|might|may|try to|need to|have to|ought|recommend(?:ed)?|ideally|usually|often|"
    r"sollten?|konnten?|"
    r"empfiehlt|nachfragen|am besten|meistens?|deberias?|conviene|puedes|recomendable|normalmente|deve|deves|convem|pode|podes|"
    r"recomendavel|normalmente)\b"
)
_GERMAN_ORDER = re.compile(r"^\W*\w+en sie\b")
#: "tell us": a verb with its pronoun behind it, as only an order begins
_ORDER_WITH_PRONOUN = re.compile(
    r"^\W*(?:\w+[ae]-(?:nos|me|lhe|[oa]s?)\b|(?:cuenta|escribe|llama|di|manda|envia|visita|pregunta|sigue|habla|deja|pide|"
    r"busca|encuentra|conoce|acompana|ayuda|cuente|escriba|llame|diga|envie|visite|pregunte|siga|hable|deje|pida)(?:nos|me)\b)"
)
_CUSTOMERS = re.compile(
    r"\b(?:customers?|clients?|users?|reviewers?|subscribers?|kund\w+|nutzer\w*|clientes?|usuarios?|utilizadores?|"
    r"consumidores?)\b"
)
#: kinds whose concepts count only in a sentence about the client, a product of its, or a competitor
_ABOUT_CLIENT_ONLY = frozenset({"superlative", "comparison", "feature"})
#: concepts that count whoever is spoken of
_ALWAYS = frozenset({("superlative", "leading"), ("superlative", "nobody"), ("superlative", "favourite")})
#: a share in words, without "percent"
_FRACTION = re.compile(
    r"(?:a|one|ein\w*|un|una|um) (?:third|quarter|fifth|tenth|drittel|viertel|funftel|zehntel|t|c|q|d)"
)
_PRODUCT = re.compile(
    r"^\W*(?P<word>the|this|these|every|each|all|der|die|das|diese\w*|jede\w*|alle|el|la|los|las|este|esta|estos|estas|cada|"
    r"todos|todas|o|a|os|as|estes|todas)\s(?P<thing>\w+(?:\s\w+)?)"
)
_ARTICLES = frozenset({"the", "der", "die", "das", "el", "la", "los", "las", "o", "a", "os", "as"})


@lru_cache(maxsize=1_000)
def _name(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(flat(name))}(?:'s|s)?(?!\w)")


def without_names(flat_text: str, names: tuple[str, ...]) -> str:
    """The client's own names covered: "Best Western" is no superlative, "3M" no figure."""
    for name in names:
        if len(name) > 2:
            flat_text = _name(name).sub(lambda match: " " * len(match.group()), flat_text)
    return flat_text


def names_client(flat_text: str, about: About) -> bool:
    return any(_name(name).search(flat_text) for name in about.names[:1])


def about_client(flat_text: str, about: About) -> bool:
    return names_client(flat_text, about) or bool(_WE.search(_ALL_OF_US.sub(" ", flat_text)))


def about_product(flat_text: str, about: About, *, articles: bool = False) -> bool:
    """A sentence that begins with what the client sells: "This coffee …", "Every racket …"; with ``articles``, "The beans …"
    too, which in a guide is any beans."""
    match = _PRODUCT.match(flat_text)
    if match is None:
        return False
    things = {stem(word) for word in match["thing"].split()}
    return (
        bool(things & (about.offers | about.words))
        if articles
        else (bool(things & about.offers) and match["word"] not in _ARTICLES)
    )


def names_competitor(flat_text: str, about: About) -> bool:
    return any(_name(name).search(flat_text) for name in about.competitors if len(name) > 2)


def of_customers(flat_text: str) -> bool:
    return bool(_CUSTOMERS.search(flat_text))


def signals(
    flat_text: str, about: About, *, own: bool, heading: bool = False, among: Patterns | None = None
) -> tuple[Signal, ...]:
    """``own``: the sentence is about the client. ``heading``: a title or a heading, where counts are of the text's points."""
    named = without_names(flat_text, about.names)
    if not own and _tells_of_competitor(flat_text, about):
        return _of_competitor(flat_text, named, about, heading=heading, among=among)
    ours = own or about_product(named, about, articles=True)
    found = [*_concepts(named, about, ours=ours, among=among), *_regulated_by_canon(named, about, ours=ours)]
    return (*found, *_figures(named, own=ours or bool(found), heading=heading))


def _tells_of_competitor(flat_text: str, about: About) -> bool:
    """Whether a competitor stands at the sentence's beginning: what is said is said of it."""
    begins = " ".join(flat_text.split()[:4])
    return names_competitor(begins, about) and not is_advice(flat_text)


def _of_competitor(
    flat_text: str, named: str, about: About, *, heading: bool, among: Patterns | None
) -> tuple[Signal, ...]:
    """Whatever is said of a competitor compares, in words or between the lines."""
    found = _concepts(named, about, ours=False, among=among)
    figures = _figures(named, own=True, heading=heading)
    if found or figures or heading:
        return (*found, *figures)
    return (Signal("comparison", "", flat_text.strip()),)


def _concepts(text: str, about: About, *, ours: bool, among: Patterns | None) -> list[Signal]:
    competitor = names_competitor(text, about)
    found: list[Signal] = []
    for kind, concept, start, end in concepts_in(text, among):
        limited = kind in _ABOUT_CLIENT_ONLY and (kind, concept) not in _ALWAYS
        if limited and not (ours or (kind == "comparison" and competitor)):
            continue
        if kind == "guarantee" and _any_one(text, start):
            continue
        if kind in ("superlative", "regulated", "authority") and _denied(text, start):
            continue
        found.append(Signal(kind, concept, text[start:end].strip()))
    return found


def _any_one(text: str, start: int) -> bool:
    """ "The small print of any warranty": nobody's."""
    return re.search(r"\b(?:any|irgend\w+|cualquier|qualquer)\s$", text[:start]) is not None


def _denied(text: str, start: int) -> bool:
    """ "Not the cheapest", "we do not claim that it cures": a no within the four words before."""
    before = WORD.findall(text[:start])[-4:]
    return any(word in negations() or word.endswith("n't") for word in before)


def _figures(text: str, *, own: bool, heading: bool) -> list[Signal]:
    advice = not own and is_advice(text)
    found: list[Signal] = []
    for one in quantities(text):
        if not _counts(one, text, own=own, heading=heading, advice=advice):
            continue
        found.append(Signal(_kind_of(one, text), one.kind, text[one.start : one.end].strip(), one))
    return found


def is_advice(flat_text: str) -> bool:
    """Whether it says what one had better do rather than what is."""
    return is_order(flat_text) or _ADVICE.search(flat_text) is not None


def is_order(flat_text: str) -> bool:
    """Whether the sentence tells the reader to do something."""
    first = WORD.search(flat_text)
    return bool(first and first.group() in imperatives()) or bool(
        _GERMAN_ORDER.match(flat_text) or _ORDER_WITH_PRONOUN.match(flat_text)
    )


def _counts(one: Quantity, text: str, *, own: bool, heading: bool, advice: bool) -> bool:
    if one.kind == "percent" and one.spelt and _FRACTION.match(text, one.start):  # "a third of the day" tells nothing
        return own or of_customers(text)
    if one.kind in ("money", "percent", "rating"):
        return True
    if one.kind == "multiple":
        return own or not one.spelt
    if one.kind in ("count", "year"):
        if (
            of_own_points(text, one)
            or (one.spelt and not own)
            or (heading and one.kind == "count" and one.start < 3 and one.value < 50)
        ):
            return False
        if one.kind == "count" and not one.noun and (heading or one.value <= 20):
            return False  # "Piece 1", "version 3": a name
        return one.kind == "count" or own or bool(re.search(r"\b(?:since|seit|desde)\s$", text[: one.start]))
    return not advice and (own or not one.spelt or one.kind != "duration" or firm(text, one))


def of_own_points(text: str, one: Quantity) -> bool:
    """Whether it counts the text's own points: "5 tips"."""
    return one.kind in ("count", "year") and _OWN_POINTS.match(text[one.end : one.end + 60]) is not None


def firm(text: str, one: Quantity) -> bool:
    """A duration in words counts in a promise, not in a story ("the first two weeks")."""
    before = text[max(0, one.start - 20) : one.start]
    return bool(
        re.search(r"\b(?:in|within|after|only|just|innerhalb von|binnen|nur|en|dentro de|solo|em|apenas)\s$", before)
    )


def _kind_of(one: Quantity, text: str) -> ClaimKind:
    if one.kind == "money":
        return "price"
    if one.kind == "percent" and re.search(
        r"\b(?:off|discount|rabatt|nachlass|gunstiger|descuento|desconto|menos)\b", text
    ):
        return "price"
    if one.kind == "measure":
        return "feature"
    return "availability" if one.kind == "date" else "statistic"


def _regulated_by_canon(text: str, about: About, *, ours: bool) -> list[Signal]:
    """The sentence says most of what a note of the canon's calls regulated."""
    if not ours:
        return []
    mine = stems(text)
    for note in about.notes:
        theirs = stems(flat(note))
        shared = theirs & mine
        if len(theirs) >= 2 and len(shared) >= 2 and len(shared) * 2 > len(theirs):
            return [Signal("regulated", "note", note)]
    return []
