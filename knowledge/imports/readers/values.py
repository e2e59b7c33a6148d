"""Values of a file made plain: text, numbers, yes and no, links. Each function takes whatever stood there.

What always holds: what is empty (also ``-``, ``n/a``, ``null``) gives None; what cannot be understood raises ``Wrong``
with the reason in words that fit after "title: …".
"""

import html
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit

from knowledge.plain_text import storable, storable_json

#: letters of one text
LONGEST_TEXT = 1_000_000

_NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "nan", "nil", "\\n", "#n/a", "undefined"})
_YES = frozenset({"true", "yes", "y", "1", "t", "on", "active", "live", "ja", "sim", "sí", "si", "wahr", "verdadeiro"})
_NO = frozenset({"false", "no", "n", "0", "f", "off", "inactive", "ended", "nein", "não", "nao", "falsch", "falso"})
_NO_LETTERS = re.compile(r"[\W_]+")
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_BREAK = re.compile(r"<br\s{0,9}/?>[ \t]{0,99}\n?", re.I)
_NEW_LINE = re.compile(r"(?:<br\s{0,9}/?>|</(?:p|div|li|h[1-6]|tr)\s{0,9}>)[ \t]{0,99}\n?", re.I)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:-]*(?:\s[^<>]{0,5000})?/?>")
_NUMBER = re.compile(r"[-+]?[\d.,'’\s\u00a0\u202f]*\d[\d.,'’\s\u00a0\u202f]*")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:[.,'’\u00a0\u202f ]\d{3}){1,5}")
_SCALES = {"k": 1e3, "tsd": 1e3, "mil": 1e3, "m": 1e6, "mio": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_CURRENCY = re.compile(r"(?:US|R|A|C|NZ|HK|S)?\$|€|£|¥|₹|%|\b(?:USD|EUR|GBP|BRL|CHF|CAD|AUD|MXN|JPY|INR)\b", re.I)
_BLANK = re.compile(r"[\x00- ]")
_LINK = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:[/?#][!-~]*)?", re.I)
_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?:[:/?#]\S*)?", re.I)


class Wrong(ValueError):
    """The value cannot be used; the message says why."""


def verbatim(value: Any) -> str | None:
    """Text as somebody said it: line ends made one kind, NULs and outer blanks gone, nothing else touched."""
    if value is None:
        return None
    if not isinstance(value, str):
        if isinstance(value, dict | list):
            raise Wrong("is not a text")
        value = str(value)
    if len(value) > LONGEST_TEXT:
        raise Wrong(
            f"is {len(value) / 1e6:.1f} million characters long; the limit is {LONGEST_TEXT // 1_000_000} million"
        )
    if not value.isascii() or "\r" in value or "\x00" in value:
        value = one_kind_of_line_end(value)
    return value.strip() or None


def one_kind_of_line_end(text: str) -> str:
    """And nothing that Postgres cannot keep."""
    return storable(_LINE_ENDS.sub("\n", text))


def short(value: Any) -> str | None:
    """A word or a line: a name, an id, a label. What only says that there is nothing is nothing."""
    if value is None or value is True or value is False:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = verbatim(value)
    if text is None or text.lower() in _NOTHING:
        return None
    if len(text) > 2000:
        raise Wrong(f"is {len(text):,} characters long; the limit is 2,000")
    return text


def said(value: Any) -> str | None:
    """``verbatim``, with what only a web page needed undone: ``<br>`` is the line break and ``&amp;`` the sign that the
    person wrote."""
    text = verbatim(value)
    if text is None:
        return None
    if "<br" in text.lower():
        text = _BREAK.sub("\n", text)
    return (_decoded(text) if "&" in text else text).strip() or None


def code(value: Any) -> str | None:
    """One of a closed set, as libraries write them: ``Shop now`` is ``SHOP_NOW``."""
    text = short(value)
    if text is None:
        return None
    if len(text) > 60:
        raise Wrong("is too long for one of a few known words")
    return _code(text)


@lru_cache(1024)
def _code(text: str) -> str | None:
    return _NO_LETTERS.sub("_", text).strip("_").upper() or None


def without_markup(value: Any) -> str | None:
    """Text of a page or an ad: tags gone, their line breaks kept, entities decoded. Stripped once, so that what was
    written to be seen as ``&lt;b&gt;`` stays."""
    text = verbatim(value)
    if text is None:
        return None
    if "<" in text and (_TAG.search(text) or "<!--" in text):
        for opening, closing in (("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")):
            text = _without(text, opening, closing)
        text = _TAG.sub("", _NEW_LINE.sub("\n", text))
        lines = [line.strip(" \t") for line in text.split("\n")]
        text = "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))
    return (_decoded(text) if "&" in text else text).strip() or None


def _decoded(text: str) -> str:
    return storable(_ENTITY.sub(lambda found: html.unescape(found.group()), text).replace("\xa0", " "))


def _without(text: str, opening: str, closing: str) -> str:
    """The text without what stands between the two, they included; in one go, however often they are there."""
    folded, kept, at = text.lower(), list[str](), 0
    if len(folded) != len(text):  # some letters fold to two
        return text
    while (start := folded.find(opening, at)) >= 0 and (end := folded.find(closing, start)) >= 0:
        kept.append(text[at:start])
        at = end + len(closing)
    return "".join((*kept, text[at:]))


def number(value: Any, decimal: str | None = None) -> float | None:
    """A number as people write it: ``1,234.5``, ``1.234,5``, ``R$ 5``, ``12%`` (12), ``5K``.

    ``decimal`` is the column's decimal mark; unless it is known, a lone mark before exactly three digits groups them.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise Wrong("is not a number")
        return float(value)
    text = short(value)
    if text is None:
        return None
    plain = _CURRENCY.sub("", text).strip()
    found = _NUMBER.match(plain)
    scale = plain[found.end() :].strip(" .").lower() if found else "?"
    if found is None or (scale and scale not in _SCALES):
        raise Wrong("is not a number")
    return _plain_number(found.group(), decimal) * _SCALES.get(scale, 1)


def _plain_number(text: str, decimal: str | None) -> float:
    digits = re.sub(r"['’\s\u00a0\u202f]", "", text)
    mark = decimal or _decimal_mark(digits)
    other = "," if mark == "." else "."
    try:
        found = float(digits.replace(other, "").replace(mark, "."))
    except ValueError:
        raise Wrong("is not a number") from None
    if not math.isfinite(found):
        raise Wrong("is not a number")
    return found


def _decimal_mark(digits: str) -> str:
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark, at = (",", comma) if comma >= 0 else (".", dot)
    groups = digits.count(mark) > 1 or (mark == "," and len(digits) - at - 1 == 3 and not digits.startswith("0"))
    return ("." if mark == "," else ",") if groups else mark


def decimal_of(values: Iterable[Any]) -> str | None:
    """The decimal mark of a column; None when nothing in it tells. Most cells win."""
    votes = {".": 0, ",": 0}
    for value in values:
        digits = re.sub(r"[^\d.,]", "", value) if isinstance(value, str) else ""
        dot, comma = digits.rfind("."), digits.rfind(",")
        last = max(dot, comma)
        if last < 0:
            continue
        mark, after = digits[last], len(digits) - last - 1
        if digits.count(mark) > 1:
            votes["," if mark == "." else "."] += 1
        elif after != 3 or min(dot, comma) >= 0:
            votes[mark] += 1
    return None if votes["."] == votes[","] else max(votes, key=lambda mark: votes[mark])


def whole(value: Any) -> int | None:
    """A count; ``Wrong`` below zero or with a fraction."""
    if type(value) is int:
        found: float = value
    elif isinstance(value, str) and _GROUPS.fullmatch(value.strip()):  # 1.234 is no fraction here
        found = int(re.sub(r"\D", "", value))
    else:
        given = number(value)
        if given is None:
            return None
        found = given
    if found < 0:
        raise Wrong("is below zero")
    if found != int(found):
        raise Wrong("is not a whole number")
    if found > 9_000_000_000_000_000_000:
        raise Wrong("is too large a number")
    return int(found)


def yes_no(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().lower().removesuffix(".0")
    if text in _NOTHING:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Wrong("is neither yes nor no")


def link(value: Any) -> str | None:
    """An address of the web, or None; other kinds of address (``javascript:``, ``data:``, ``file:``) are wrong."""
    text = verbatim(value)
    if text is None or text.lower() in _NOTHING:
        return None
    if len(text) > 8000:
        raise Wrong("is too long for a web address")
    if _LINK.fullmatch(text):  # nearly all of them
        return text
    if text.startswith("//"):
        text = "https:" + text
    elif "://" not in text[:12] and _BARE_HOST.fullmatch(text):
        text = "https://" + text
    if text[:8].lower().startswith(("http://", "https://")) and not _BLANK.search(text):
        try:
            if urlsplit(text).hostname:
                return text
        except ValueError:
            pass
    raise Wrong("is not a web address")


def words(value: Any) -> list[str]:
    """Several short texts: a list, a list written as JSON or Python, or one text with commas, semicolons or bars."""
    if value is None:
        return []
    if isinstance(value, str):
        value = listed(value)
    if isinstance(value, dict):
        value = [key for key, inner in cast("dict[str, Any]", value).items() if inner]
    if not isinstance(value, list):
        value = [value]
    found: list[str] = []
    for one in cast("list[Any]", value):
        if isinstance(one, dict):
            one = cast("dict[str, Any]", one).get("name") or cast("dict[str, Any]", one).get("label")
        text = short(one)
        if text and text not in found:
            found.append(text)
    return found


_QUOTED = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?:,|$)""", re.S)


def listed(text: str) -> list[str]:
    """The elements of a list in one text; of ``[…]`` or ``{…}`` with quoted elements, else parted by ``,`` ``;`` ``|``."""
    quoted = quoted_elements(text)
    if quoted is not None:
        return quoted
    bare = text.strip().strip("[]{}")
    return [one.strip() for one in re.split(r"[,;|\n]", bare) if one.strip()]


def quoted_elements(text: str) -> list[str] | None:
    """``["a", "b"]``, ``['a', 'b']`` or ``{"a","b"}``; None when it is not written so."""
    bare = text.strip()
    if len(bare) < 2 or bare[0] not in "[{" or bare[-1] not in "]}":
        return None
    inner, at, found = bare[1:-1], 0, list[str]()
    while at < len(inner):
        element = _QUOTED.match(inner, at)
        if element is None:
            return None
        found.append(_unescaped(element.group(1) if element.group(1) is not None else element.group(2)))
        at = element.end()
    return found


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.S)


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        after = found.group(1)
        if after[0] == "u" and len(after) == 5:
            return chr(int(after[1:], 16))
        return {"n": "\n", "r": "\r", "t": "\t"}.get(after, after)

    joined = _ESCAPE.sub(plain, text) if "\\" in text else text
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_it_is(value: Any) -> Any:
    """A JSON value kept whole; a text that holds one is opened. Raises ``Wrong`` for one nested hundreds deep."""
    if isinstance(value, str):
        import json

        text = value.strip()
        if text[:1] in "{[":
            try:
                value = json.loads(text, parse_constant=lambda _: None)
            except (ValueError, RecursionError):
                value = text
        else:
            value = text if text.lower() not in _NOTHING else None
    try:
        return _finite(storable_json(value)) if value is not None else None
    except RecursionError:
        raise Wrong("is nested too deeply") from None


def _finite(value: Any) -> Any:
    """1e999 is read as infinity, which JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in cast("list[Any]", value)]
    return value


def excerpt(value: Any, most: int = 160) -> str:
    """The beginning of what stood there, on one line."""
    text = value if isinstance(value, str) else repr(value) if value is not None else ""
    start = storable(" ".join(text[: most * 2].split()))
    return start if len(start) <= most else start[: most - 1] + "…"
