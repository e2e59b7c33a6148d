"""Figures of a text with what they count: percents, money, durations, ratings, measures, years, counts.

Two quantities are the same only when kind, unit and value are the same; durations of minutes to weeks are brought to one
unit, and months, quarters and years to another (a month is not 30 days). A thousands mark is one that three digits follow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.claims.wording import WORD, function_words, stem

QuantityKind = Literal["percent", "money", "duration", "rating", "multiple", "measure", "year", "date", "count"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """``bound``: "min" for from, over, at least; "max" for up to. ``noun``: what a count counts. ``spelt``: in words."""

    kind: QuantityKind
    value: Decimal
    unit: str
    start: int
    end: int
    bound: str = ""
    noun: frozenset[str] = frozenset()
    spelt: bool = False

    def same(self, other: "Quantity") -> bool:
        """The same figure of the same thing; "over 300" holds when 312 are on file."""
        if (self.kind, self.unit) != (other.kind, other.unit):
            return False
        if self.value == other.value:
            return True
        return self.bound == "over" and not other.bound and self.value < other.value <= 2 * self.value

    def comparable(self, other: "Quantity") -> bool:
        return (self.kind, self.unit) == (other.kind, other.unit)


_NUMBER = r"(?:\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,18}(?:[.,]\d{1,9})?)"
_WORDS = {
    word: value
    for value, words in {
        2: "two zwei dos dois duas", 3: "three drei tres", 4: "four vier cuatro quatro", 5: "five funf cinco",
        6: "six sechs seis", 7: "seven sieben siete sete", 8: "eight acht ocho oito", 9: "nine neun nueve nove",
        10: "ten zehn diez dez", 11: "eleven elf once onze", 12: "twelve zwolf doce doze",
        15: "fifteen funfzehn quince quinze", 20: "twenty zwanzig veinte vinte", 24: "twenty-four vierundzwanzig",
        30: "thirty dreißig dreissig treinta trinta", 40: "forty vierzig cuarenta quarenta",
        50: "fifty funfzig cincuenta cinquenta", 60: "sixty sechzig sesenta sessenta",
        90: "ninety neunzig noventa", 100: "hundred hundert cien cem",
    }.items()
    for word in words.split()
}  # fmt: skip
#: "one", and what counts as one only after "in" or "within"
_ONE = re.compile(r"one|a|an|ein|eine|einen|einem|einer|un|una|um|uma")
_SCALE = (
    r"(?:\s?(?P<scale>k|mio\.?|million(?:s|en)?|millones|millon|milhoes|milhao|thousand|tausend|tsd\.?|mil|"
    r"bn|billion|milliarden?|mrd\.?)\b)?"
)
_SCALES = {"k": 1_000, "thousand": 1_000, "tausend": 1_000, "tsd": 1_000, "mil": 1_000, "mio": 10**6, "bn": 10**9,
           "billion": 10**9, "milliarde": 10**9, "milliarden": 10**9, "mrd": 10**9}  # fmt: skip
_CURRENCIES = {"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "dollar": "USD",
               "dollars": "USD", "us$": "USD", "dolares": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP",
               "pounds": "GBP", "libras": "GBP", "pfund": "GBP", "chf": "CHF", "franken": "CHF", "r$": "BRL",
               "brl": "BRL", "reais": "BRL", "real": "BRL", "¥": "JPY", "jpy": "JPY", "yen": "JPY", "cents": "cent",
               "cent": "cent", "pence": "penny", "centimos": "cent"}  # fmt: skip
_MONEY = (
    r"€|eur\b|euros?\b|us\$|r\$|\$|usd\b|dollars?\b|dolares\b|£|gbp\b|pounds?\b|libras\b|"
    r"chf\b|franken\b|brl\b|reais\b|¥|jpy\b|yen\b"
)
#: unit -> (family, how many of it)
_DURATIONS = {
    "min": ("minute", 1), "minute": ("minute", 1), "minutes": ("minute", 1), "minuten": ("minute", 1),
    "minutos": ("minute", 1), "minuto": ("minute", 1), "second": ("second", 1), "seconds": ("second", 1),
    "sekunden": ("second", 1), "sekunde": ("second", 1), "segundos": ("second", 1), "segundo": ("second", 1),
    "hour": ("minute", 60), "hours": ("minute", 60), "hrs": ("minute", 60), "stunde": ("minute", 60),
    "stunden": ("minute", 60), "hora": ("minute", 60), "horas": ("minute", 60), "day": ("minute", 1440),
    "days": ("minute", 1440), "tag": ("minute", 1440), "tage": ("minute", 1440), "tagen": ("minute", 1440),
    "dia": ("minute", 1440), "dias": ("minute", 1440), "werktage": ("minute", 1440), "werktagen": ("minute", 1440),
    "week": ("minute", 10080), "weeks": ("minute", 10080), "woche": ("minute", 10080), "wochen": ("minute", 10080),
    "semana": ("minute", 10080), "semanas": ("minute", 10080), "month": ("month", 1), "months": ("month", 1),
    "monat": ("month", 1), "monate": ("month", 1), "monaten": ("month", 1), "monats": ("month", 1), "mes": ("month", 1),
    "meses": ("month", 1), "quarter": ("month", 3), "quarters": ("month", 3), "quartal": ("month", 3),
    "quartale": ("month", 3), "trimestre": ("month", 3), "trimestres": ("month", 3), "year": ("month", 12),
    "years": ("month", 12), "jahr": ("month", 12), "jahre": ("month", 12), "jahren": ("month", 12),
    "jahres": ("month", 12), "ano": ("month", 12), "anos": ("month", 12), "night": ("night", 1),
    "nights": ("night", 1), "nachte": ("night", 1), "nachten": ("night", 1), "noches": ("night", 1),
    "noites": ("night", 1),
}  # fmt: skip
_MEASURES = {
    "mg": ("g", "0.001"), "g": ("g", "1"), "gram": ("g", "1"), "grams": ("g", "1"), "gramm": ("g", "1"),
    "gramos": ("g", "1"), "gramas": ("g", "1"), "kg": ("g", "1000"), "kilo": ("g", "1000"), "kilos": ("g", "1000"),
    "lb": ("lb", "1"), "lbs": ("lb", "1"), "oz": ("oz", "1"), "ml": ("ml", "1"), "cl": ("ml", "10"),
    "l": ("ml", "1000"), "litre": ("ml", "1000"), "litres": ("ml", "1000"), "liter": ("ml", "1000"),
    "litros": ("ml", "1000"), "litro": ("ml", "1000"), "mm": ("mm", "1"), "cm": ("mm", "10"), "m": ("mm", "1000"),
    "km": ("mm", "1000000"), "metres": ("mm", "1000"), "meters": ("mm", "1000"), "meter": ("mm", "1000"),
    "metros": ("mm", "1000"), "miles": ("mile", "1"), "kwh": ("kwh", "1"), "w": ("w", "1"), "watt": ("w", "1"),
    "v": ("v", "1"), "mah": ("mah", "1"), "gb": ("gb", "1"), "tb": ("gb", "1000"), "mb": ("mb", "1"),
    "°c": ("degree", "1"), "°": ("degree", "1"), "mp": ("mp", "1"), "dpi": ("dpi", "1"), "kcal": ("kcal", "1"),
    "m²": ("m2", "1"), "m2": ("m2", "1"), "qm": ("m2", "1"), "ha": ("ha", "1"),
}  # fmt: skip
_UNITS = "|".join(sorted(map(re.escape, [*_DURATIONS, *_MEASURES]), key=len, reverse=True))
_ADJECTIVE = r"(?:(?:business|working|full|calendar|volle[nr]?|ganze[nr]?|laborables|uteis|habiles|naturales)\s)?"

_PATTERN = re.compile(
    rf"(?P<before>(?:{_MONEY})\s?)?(?<![a-z0-9_.,])(?P<number>{_NUMBER}){_SCALE}"
    rf"(?:(?P<percent>\s?%|\s?percent\b|\s?per cent\b|\s?prozent\b|\s?por ciento\b|\s?por cento\b)"
    rf"|\s?(?P<money>{_MONEY})"
    rf"|(?P<times>\s?[x×]\b(?!\s?\d)|\s?-?times\b|-?fach\w*|\s?mal so\b|\s?veces\b|\s?vezes\b)"
    rf"|\s?(?:/|of|out of|von|de|em|sobre)\s?(?P<scale_of>5|10)"
    rf"(?P<stars>\s?(?:stars?|sterne\w*|estrellas|estrelas))?(?![\d.,]?\d)"
    rf"|[\s-]?{_ADJECTIVE}(?P<unit>{_UNITS})(?![\w]))?"
)
_SPELT = re.compile(rf"(?<![\w-])(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))}|{_ONE.pattern})(?![\w-])")
#: number words that are other words in another language: they count with a unit after them only
_AMBIGUOUS = frozenset({"dos", "once", "doce", "elf"})
_PORTUGUESE = re.compile(r"\b(?:do|da|das|ao|aos|na|nas|uma|nao|com|seu|sua|um|os|em)\b")
_SPANISH = re.compile(r"\b(?:el|la|los|las|del|en|con|una|y)\b")
_UNIT_AFTER = re.compile(
    rf"[\s-]{_ADJECTIVE}(?P<unit>{_UNITS})(?!\w)|\s(?P<percent>percent|per cent|prozent|por ciento|por cento)\b"
)
_NO_FIGURE = re.compile(
    r"(?m)^[ \t]*(?:#{1,6}[ \t]*)?\d{1,2}[.)]\s|https?://\S+|www\.\S+|\S{1,80}@\S{1,200}|\b24/7\b|\b\d{1,2}:\d{2}\b|"
    r"\b(?:step|schritt|paso|passo|chapter|kapitel|teil|part|page|seite|pagina|option|fig\.?|nr\.?|no\.?|n\.?º|#)\s?\d+\b|"
    r"(?:\+|\b00)\d[\d ()/-]{6,20}\d"
)
_DATE = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
_OVER = re.compile(r"(?:over|more than|at least|above|uber|mehr als|mindestens|mas de|mais de|al menos|pelo menos|"
                   r"por lo menos|superior a)\s*(?:(?:€|£|\$)\s?)?$")  # fmt: skip
_FROM = re.compile(
    r"(?:from|starts? at|starts? from|begins? at|beginn\w* bei|startet? bei|los geht(?:'s| es)? (?:schon )?bei|empiezan? en|"
    r"comecam? em|starting at|ab|desde|a partir de|from only|already from|de)\s*(?:(?:€|£|\$)\s?)?$"
)
_UP_TO = re.compile(r"(?:up to|bis zu|hasta(?: un)?|ate|at most|hochstens|maximal|as much as)\s*(?:(?:€|£|\$)\s?)?$")
_RANGE = re.compile(r"\s*(?:[-–—]|to|bis|a|ate|hasta|and|und|y|e)\s*(?:€|£|\$)?\s*$")
_WITHIN = re.compile(r"\b(?:in|within|after|nach|innerhalb|binnen|en|dentro de|em|apos|tras)\s$")
#: shares of a whole in words: "nine out of ten", "vier von fünf", "7 de cada 10"; a fifth, ein Fünftel, una quinta parte
_SHARE = re.compile(
    rf"(?<![\w.,])(?P<some>\d{{1,3}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))}|one|ein|eine|einer|uno|una|um|uma) "
    rf"(?:out of(?: every)?|in(?: every)?|of every|von|de cada|em cada) (?P<whole>\d{{1,3}}|{'|'.join(_WORDS)})"
    r"(?![\w%€$£]|[.,]\d)(?!\s?(?:stars?|sterne\w*|estrellas|estrelas|%|€|minut|hour|day|week|month|year|"
    r"stund|tag|woche|monat|jahr|hora|dia|semana|mes|an[oi]))"
)
_FRACTION = re.compile(
    r"\b(?:(?P<three>(?:a|one) third|ein(?:em|en|es)? drittel|un tercio|una tercera parte|um terco)|"
    r"(?P<four>(?:a|one) quarter(?= (?:of (?!an hour)|off|less|more|cheaper))|ein(?:em|en)? viertel(?! ?stunde)|"
    r"una cuarta parte)|"
    r"(?P<five>(?:a|one) fifth|ein(?:em|en)? funftel|una quinta parte|um quinto)|"
    r"(?P<ten>(?:a|one) tenth|ein(?:em|en)? zehntel|una decima parte|um decimo))\b"
)
_TWICE = re.compile(r"\b(?:twice|doppelt\w*|el doble|o dobro|double)\b")


def quantities(flat_text: str) -> tuple[Quantity, ...]:
    """The quantities of a flat text, in order. List numbers, addresses, step numbers and clock times are none."""
    covered = _NO_FIGURE.sub(lambda match: " " * len(match.group()), flat_text)
    found = [*_dates(covered)]
    covered = _DATE.sub(lambda match: " " * len(match.group()), covered)
    found += (shares := [*_shares(covered)])
    for one in shares:
        covered = covered[: one.start] + " " * (one.end - one.start) + covered[one.end :]
    found += _digits(covered)
    found += _in_words(covered)
    found += [Quantity("multiple", Decimal(2), "x", *match.span(), spelt=True) for match in _TWICE.finditer(covered)]
    found.sort(key=lambda one: one.start)
    return tuple(_shared_units(flat_text, found))


def _dates(text: str) -> Iterator[Quantity]:
    for match in _DATE.finditer(text):
        yield Quantity("date", Decimal(0), re.sub(r"\D", "-", match.group()), *match.span())


def _shares(text: str) -> Iterator[Quantity]:
    """Shares of a whole as percents. In figures "4 of 5" may be a mark; before a noun ("4 von 5 Kunden") it is a share."""
    for match in _SHARE.finditer(text):
        some, whole = (
            int(_WORDS.get(word) or (word if word.isdigit() else 1)) for word in match.group("some", "whole")
        )
        if match["some"].isdigit() and "cada" not in match[0] and "every" not in match[0]:
            following = WORD.match(text, match.end() + 1)
            if following is None or following.group() in function_words():
                continue
        if 0 < some <= whole and whole in (3, 4, 5, 6, 8, 10, 20, 50, 100):
            yield Quantity(
                "percent", Decimal(some * 100) / whole, "%", *match.span(), _bound(text[: match.start()][-24:])
            )
    for match in _FRACTION.finditer(text):
        parts = {"three": 3, "four": 4, "five": 5, "ten": 10}[match.lastgroup or ""]
        yield Quantity("percent", Decimal(100) / parts, "%", *match.span(), spelt=True)


def _digits(text: str) -> Iterator[Quantity]:
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        if (
            end < len(text)
            and (text[end].isascii() and (text[end].isalpha() or text[end] == "_"))
            and not match["unit"]
        ):
            continue  # part of a name: 4K, 3D
        value = _value(match["number"]) * _scale(match["scale"])
        bound = _bound(text[max(0, start - 24) : start])
        yield _quantity(match, value, start, end, bound, text)


def _quantity(match: re.Match[str], value: Decimal, start: int, end: int, bound: str, text: str) -> Quantity:
    currency = (match["before"] or match["money"] or "").strip()
    if currency:
        return Quantity("money", value, _CURRENCIES.get(currency, currency.upper()), start, end, bound)
    if match["percent"]:
        return Quantity("percent", value, "%", start, end, bound)
    if match["times"]:
        return Quantity("multiple", value, "x", start, end, bound)
    if match["scale_of"] and (match["stars"] or value <= Decimal(match["scale_of"])):
        return Quantity("rating", value, f"of {match['scale_of']}", start, end, bound)
    if match["unit"]:
        return _with_unit(match["unit"], value, start, end, bound)
    if re.fullmatch(r"(?:19|20)\d\d", match["number"]) and not match["scale"]:
        return Quantity("year", value, "year", start, end, bound)
    return Quantity("count", value, "", start, end, bound if bound == "over" else "", _noun(text[end : end + 60]))


def _with_unit(unit: str, value: Decimal, start: int, end: int, bound: str, *, spelt: bool = False) -> Quantity:
    if unit in _DURATIONS:
        family, factor = _DURATIONS[unit]
        return Quantity("duration", value * factor, family, start, end, bound, spelt=spelt)
    family, factor = _MEASURES[unit]
    return Quantity("measure", value * Decimal(factor), family, start, end, bound, spelt=spelt)


def _in_words(text: str) -> Iterator[Quantity]:
    """Numbers in words: any with a unit after it, others as counts; "one" and "a" only with a unit."""
    portuguese = len(_PORTUGUESE.findall(text)) > len(_SPANISH.findall(text))
    for match in _SPELT.finditer(text):
        word = match["word"]
        if word == "dos" and portuguese:
            continue
        value = Decimal(_WORDS.get(word, 1))
        start, end = match.span()
        if word not in _WORDS and word != "one" and not _WITHIN.search(text[max(0, start - 16) : start]):
            continue  # "15 € a month" is a rate
        after = _UNIT_AFTER.match(text, end)
        bound = _bound(text[max(0, start - 24) : start])
        if after and after["percent"]:
            yield Quantity("percent", value, "%", start, after.end(), bound, spelt=True)
        elif after and after["unit"] in _DURATIONS:
            yield _with_unit(after["unit"], value, start, after.end(), bound, spelt=True)
        elif word in _WORDS and word not in _AMBIGUOUS:
            yield Quantity("count", value, "", start, end, bound, _noun(text[end : end + 60]), spelt=True)


def _shared_units(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """In "79 to 249 €" the first figure has the second's unit."""
    for at, one in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        if (
            one.kind == "count"
            and following is not None
            and following.kind in ("money", "percent", "duration", "measure")
            and _RANGE.fullmatch(text[one.end : following.start])
        ):
            factor = _factor(text[following.start : following.end])
            yield Quantity(following.kind, one.value * factor, following.unit, one.start, one.end, one.bound)
        else:
            yield one


def _factor(shown: str) -> Decimal:
    unit = shown.rsplit(" ", 1)[-1].lstrip("0123456789.,")
    return Decimal(_DURATIONS[unit][1]) if unit in _DURATIONS else Decimal(_MEASURES.get(unit, ("", "1"))[1])


def _value(shown: str) -> Decimal:
    plain = re.sub(r"[ \u00a0\u202f'’]", "", shown)
    marks = [char for char in plain if char in ".,"]
    if not marks:
        return Decimal(plain)
    last = max(plain.rfind("."), plain.rfind(","))
    whole, rest = plain[:last], plain[last + 1 :]
    thousands = len(rest) == 3 and not plain.startswith("0") and (len(set(marks)) == 1)
    digits = re.sub(r"[.,]", "", whole)
    return Decimal(digits + rest) if thousands else Decimal(f"{digits}.{rest}").normalize() + 0


def _scale(shown: str | None) -> int:
    if not shown:
        return 1
    name = shown.rstrip(".")
    return _SCALES.get(name) or 10**6


def _bound(before: str) -> str:
    if _OVER.search(before):
        return "over"
    if _UP_TO.search(before):
        return "max"
    return "min" if _FROM.search(before) else ""


def _noun(after: str) -> frozenset[str]:
    """Stems of the next three content words before a mark: what is counted."""
    clause = re.split(r"[.,;:!?()|]", after, maxsplit=1)[0]
    content = [word for word in WORD.findall(clause) if word not in function_words()]
    return frozenset(map(stem, content[:3]))
