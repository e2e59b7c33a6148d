"""What looks odd in an intake without standing in its way.

Each function reads the answers and returns what a person should look at again. Thresholds are rules of
thumb and are called so; they only ever warn.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from knowledge.artifacts.plain_values import amount, amounts_in, currency

#: from this price on, in US dollars, students are an unlikely audience (rule of thumb)
HIGH_TICKET = Decimal(500)
#: a campaign that returns more than this for each unit of budget is rare (rule of thumb)
HIGHEST_PLAUSIBLE_RETURN = 10
#: fewer words than this do not describe an audience
FEWEST_AUDIENCE_WORDS = 4
#: rough units per US dollar of currencies with small units; only the order of magnitude matters here
_UNITS_PER_DOLLAR = {
    "JPY": 150, "KRW": 1_350, "INR": 85, "HUF": 360, "CLP": 950, "COP": 4_100, "ARS": 1_000, "IDR": 16_000,
    "VND": 25_000, "MXN": 18, "BRL": 5, "CZK": 23, "SEK": 10, "NOK": 10, "DKK": 7, "PLN": 4, "TRY": 35, "RUB": 90,
    "THB": 35, "PHP": 57, "ZAR": 18, "TWD": 32, "HKD": 8, "CNY": 7, "UAH": 41, "NGN": 1_600, "KES": 130, "PKR": 280,
}  # fmt: skip
_STUDENTS = re.compile(
    r"\b(students?|undergraduates?|studierende[rn]?|student(en|in|innen)|estudiantes?|universitari[oa]s|estudantes?)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?<![\d.,])(\d[\d.,'’]{0,15}k?)\s{1,3}(?:\w{1,30}\s{1,3})?"
    r"(?:orders?|sales?|purchases?|customers?|"
    r"bestellungen|käufe|verkäufe|kunden|pedidos|ventas|compras|clientes|vendas|encomendas)\b",
    re.IGNORECASE,
)
_REVENUE = re.compile(r"revenue|turnover|umsatz|ingresos|facturación|receita|faturamento", re.IGNORECASE)

#: reads the answer at a path: a list of texts, empty when there is none
Answers = Callable[[str], list[str]]
Warning_ = tuple[str, str]


def warnings(answers: Answers) -> Iterator[Warning_]:
    """Yield (field path, sentence) for everything odd."""
    for check in (_thin_audience, _hiring_without_evp, _dear_for_students, _budget_below_target, _banned_in_voice):
        yield from check(answers)


def _objective(answers: Answers) -> str:
    return "".join(answers("goals.objective")).strip().lower()


def _thin_audience(answers: Answers) -> Iterator[Warning_]:
    words = " ".join(answers("audience.targetAudience")).split()
    if _objective(answers) == "leads" and len(words) < FEWEST_AUDIENCE_WORDS:
        yield "audience.targetAudience", "Leads are the goal, but the audience is hardly described. Who should they be?"


def _hiring_without_evp(answers: Answers) -> Iterator[Warning_]:
    if _objective(answers) == "hiring" and not answers("hiring.evp"):
        yield "hiring.evp", "Hiring is the goal, but nothing says why people should work there."


def _dear_for_students(answers: Answers) -> Iterator[Warning_]:
    if not _STUDENTS.search(" ".join(answers("audience.targetAudience"))):
        return
    units = _UNITS_PER_DOLLAR.get(_currency(answers), 1)
    for path in ("offer.pricing", "offer.aov"):
        prices = amounts_in(" ".join(answers(path)))
        if prices and max(prices) >= HIGH_TICKET * units:
            yield path, f"The audience is students, yet the price goes up to {max(prices):,}. Can they pay it?"
            return


def _currency(answers: Answers) -> str:
    return currency("".join(answers("offer.currency"))) or "USD"


def _budget_below_target(answers: Answers) -> Iterator[Warning_]:
    budget = _first_amount(answers("goals.budgetMax") or answers("goals.budgetMin"))
    order_value = _first_amount(answers("offer.aov"))
    if budget is None or budget <= 0 or order_value is None:
        return
    implied = max((_implied_revenue(target, order_value) for target in answers("goals.kpiTargets")), default=None)
    if implied is None or implied <= budget * HIGHEST_PLAUSIBLE_RETURN:
        return
    path = "goals.budgetMax" if answers("goals.budgetMax") else "goals.budgetMin"
    yield (
        path,
        (
            f"The target means about {implied:,.0f} in sales at {order_value:,} an order; a budget of {budget:,} "
            f"would have to return {implied / budget:,.0f} for 1. More than {HIGHEST_PLAUSIBLE_RETURN} for 1 is rare."
        ),
    )


def _first_amount(texts: list[str]) -> Decimal | None:
    return amount(texts[0]) if texts else None


def _implied_revenue(target: str, order_value: Decimal) -> Decimal:
    """Return the sales a target stands for: its orders at the order value, or the revenue it names; else nought."""
    orders = _ORDERS.search(target)
    if orders:
        return (amount(orders[1].rstrip(".,")) or Decimal(0)) * order_value
    return max(amounts_in(target), default=Decimal(0)) if _REVENUE.search(target) else Decimal(0)


def _banned_in_voice(answers: Answers) -> Iterator[Warning_]:
    examples = "\n".join(answers("voice.voiceExamples")).casefold()
    for banned in answers("voice.bannedWords"):
        word = banned.strip()
        if word and re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", examples):
            yield "voice.voiceExamples", f'The voice examples use "{word}", which is on the list of banned words.'
