"""Reading figures out of words: targets, budgets, timeframes.

Only what is written is read. A relative target ("+20 %") is not turned into an absolute one.
"""

import datetime as dt
import re
from dataclasses import dataclass

from assistant.models.offline.compose.wording import fold

_NUMBER = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?")
_SPAN = re.compile(
    r"(\d+)\s*(day|tage?|dias?|week|wochen?|semanas?|month|monat|mes(?:es)?|mês|meses|quarter|quartal|trimestre|"
    r"year|jahr|año|ano)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "tag": 1, "dia": 1, "wee": 7, "woc": 7, "sem": 7, "mon": 30, "mes": 30, "qua": 91, "tri": 91,
         "yea": 365, "jah": 365, "ano": 365}  # fmt: skip
_RELATIVE = re.compile(
    r"[+]\s*\d|\bby \d+ ?%|more\b|increase|double|grow|mehr\b|steiger|verdoppel|um \d+ ?%|más\b|aument|duplic|"
    r"crecer|mais\b|crescer|dobrar",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"(?:budget|presupuesto|orçamento|spend)\D{0,25}?((?:\d[\d.,\s]*)(?:k\b)?)"
    r"(?:\s*(?:€|eur|usd|\$)?\s*(?:-|–|to|bis|a|até|hasta|and|und)\s*(?:€|\$)?\s*((?:\d[\d.,\s]*)(?:k\b)?))?",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:€|\$|£)\s?(\d[\d.,\s]*k?)|(\d[\d.,\s]*k?)\s?(?:€|\$|£|eur\b|euros?\b|usd\b)", re.IGNORECASE)

#: words that name what a target counts, most specific first
_COUNTED = {
    "cost_per_lead": r"cpl|cost per lead|kosten pro lead|coste por (?:lead|contacto)|custo por (?:lead|contacto)",
    "cost_per_order": r"cpa|cac|cost per (?:order|sale|acquisition)|kosten pro bestellung|coste por pedido|"
    r"custo por encomenda",
    "purchase_rate": r"conversion rate|purchase rate|kaufrate|konversionsrate|conversion|tasa de (?:conversion|"
    r"compra)|taxa de (?:conversao|compra)",
    "repeat_rate": r"repeat|wiederkauf|recompra|renewal|verlangerung|renovac|renovacao",
    "churn_rate": r"churn|kundigung|cancelac|cancelamento",
    "revenue": r"revenue|turnover|umsatz|ingresos|facturacion|receita|faturacao|faturamento",
    "average_order": r"aov|average order|bestellwert|ticket medio|valor medio",
    "applications": r"applicat|applicants|bewerb|candidat",
    "agreements": r"agreement|partner|vereinbarung|acuerdo|acordo|parceri",
    "subscribers": r"subscriber|newsletter|abonn|suscri|subscri(?!ption)|assinant",
    "leads": r"lead|demo|enquir|inquir|sign-?up|trial|appointment|booking|anfrage|termin|erstgesprach|contacto|"
    r"cita|solicitud|reuni|pedidos? de (?:demo|contacto|orcamento)|marcac",
    "orders": r"subscriptions?\b|order|sale|purchase|customers?|bestell|verkauf|kunden|"
    r"pedido|venta|compra|cliente|encomenda|venda",
    "reach": r"reach|impression|reichweite|alcance|awareness",
    "visits": r"visit|traffic|session|besuch|trafico|trafego|visita",
}


@dataclass(frozen=True)
class Target:
    """A target as written: what it counts, the figure (``None`` when relative), whether it is a share."""

    text: str
    metric_id: str
    figure: float | None
    share: bool


def amount(text: str) -> float | None:
    """The first figure of ``text``; ``5k`` is 5000."""
    found = _NUMBER.search(text)
    if not found:
        return None
    plain = re.sub(r"\s", "", found.group())
    decimal = re.fullmatch(r"(.*?)[.,](\d{1,2})", plain)
    whole, cents = (decimal[1], decimal[2]) if decimal else (plain, "0")
    value = float(f"{re.sub('[.,]', '', whole) or '0'}.{cents}")
    return value * 1000 if re.match(r"\s?k\b", text[found.end() :], re.IGNORECASE) else value


def read_target(text: str) -> Target:
    plain = fold(text)
    metric = next((name for name, stems in _COUNTED.items() if re.search(rf"\b(?:{stems})", plain)), "")
    without_span = _SPAN.sub(" ", text)
    figure = amount(without_span)
    share = "%" in without_span
    relative = figure is not None and bool(_RELATIVE.search(without_span))
    if share and figure is not None and not relative:
        figure /= 100
    return Target(text, metric, None if relative else figure, share)


def read_days(text: str) -> int | None:
    """A timeframe in days, when ``text`` names one."""
    found = _SPAN.search(text)
    return int(found[1]) * _DAYS[fold(found[2])[:3]] if found else None


def read_budget(text: str) -> tuple[float | None, float | None]:
    """Lower and upper budget named in ``text``; one figure is the upper one."""
    found = _BUDGET.search(text)
    if found:
        low = amount(found[1])
        high = amount(found[2]) if found[2] else None
        return (low, high) if high is not None else (None, low)
    money = _MONEY.search(text)
    return (None, amount(money[1] or money[2])) if money and not read_target(text).metric_id else (None, None)


def read_date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
