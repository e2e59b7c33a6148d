"""Amounts, days, addresses and currencies as people write them.

Every function takes text and returns the value, or None when the text is not one; none raises.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

#: ISO 4217 codes of currencies in use
_IN_USE = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_IN_USE.split())
_SIGNS = {
    "R$": "BRL", "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "Fr.": "CHF",
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "pounds": "GBP", "reais": "BRL", "real": "BRL",
}  # fmt: skip
_MONEY_WORDS = "|".join(re.escape(word) for word in sorted([*_SIGNS, *CURRENCIES], key=len, reverse=True))
_AMOUNT = re.compile(rf"(?:{_MONEY_WORDS})?\s*(\d[\d.,\s'’]*)\s*(k|m|tsd\.?|mil)?\s*(?:{_MONEY_WORDS})?", re.IGNORECASE)
_SCALES = {"k": 1_000, "tsd": 1_000, "tsd.": 1_000, "mil": 1_000, "m": 1_000_000}
_IN_TEXT = re.compile(
    rf"({_MONEY_WORDS})?\s?(?<![\d.,])(\d[\d.,'’]{{0,20}})\s?(k\b)?\s?({_MONEY_WORDS})?", re.IGNORECASE
)
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@(?:[^@\s.,;<>\"]{1,63}\.)+[^@\s.,;<>\"\d]{2,63}")
_HOST = re.compile(r"(?:[^\s./:@]{1,63}\.)+[^\s./:@\d]{2,63}\.?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def amount(text: str) -> Decimal | None:
    """Return an amount of money: "1,234.50", "1.234,50 €", "EUR 3,000", "6k"."""
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= 60 else None
    if found is None:
        return None
    value = _number(found[1])
    scale = _SCALES.get((found[2] or "").lower(), 1)
    return None if value is None else value * scale


def amounts_in(text: str) -> list[Decimal]:
    """Return all amounts in a sentence; a bare number that looks like a year is none."""
    found: list[Decimal] = []
    for sign, digits, thousands, unit in _IN_TEXT.findall(text[:20_000]):
        value = _number(str(digits).rstrip(".,'’"))
        if value is None or (not sign and not unit and not thousands and re.fullmatch(r"(19|20)\d\d", str(digits))):
            continue
        found.append(value * (1_000 if thousands else 1))
    return found


def _number(digits: str) -> Decimal | None:
    """Read digits with either decimal sign; a lone sign before exactly three digits groups thousands."""
    bare = re.sub(r"[\s'’]", "", digits)
    last = max(bare.rfind(","), bare.rfind("."))
    if last >= 0:
        whole, part = bare[:last], bare[last + 1 :]
        signs = set(re.findall(r"[.,]", bare))
        grouped = len(signs) == 1 and (len(part) == 3 or bare.count(bare[last]) > 1) and not whole.startswith("0")
        if grouped and not re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare):
            return None
        bare = re.sub(r"[.,]", "", bare) if grouped else f"{re.sub('[.,]', '', whole)}.{part}"
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def day(text: str) -> dt.date | None:
    """Return the date of text in the form YYYY-MM-DD."""
    wanted = text.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", wanted):
        return None
    try:
        return dt.date.fromisoformat(wanted)
    except ValueError:
        return None


def day_as_written(text: str) -> dt.date | None:
    """Return the date also of 31.3.2026 and of 31/03/2026; None where day and month could be exchanged."""
    wanted = text.strip()
    dotted, slashed = _DAY_FIRST.fullmatch(wanted), _SLASHES.fullmatch(wanted)
    if dotted:
        return _date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
    if slashed:
        first, second, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        if first > 12 or first == second:
            return _date(year, second, first)
        return _date(year, first, second) if second > 12 else None
    return day(wanted)


def _date(year: int, month: int, day_of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, day_of_month)
    except ValueError:
        return None


def currency(text: str) -> str | None:
    """Return the ISO 4217 code of a code or a common sign."""
    wanted = text.strip()
    if wanted.upper() in CURRENCIES:
        return wanted.upper()
    return _SIGNS.get(wanted) or _SIGNS.get(wanted.lower())


def is_email(text: str) -> bool:
    """Tell whether this is one plain email address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text.strip()) is not None


def web_address(text: str) -> str | None:
    """Return the address when it is an absolute http(s) one with a real host name."""
    wanted = text.strip()
    if len(wanted) > 2_000 or any(character.isspace() for character in wanted):
        return None
    try:
        parts = urlsplit(wanted)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    return wanted if parts.scheme in ("http", "https") and _HOST.fullmatch(host) else None
