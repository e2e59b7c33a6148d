"""Ads against the limits of their platform: lengths, counts, characters, pictures and videos.

Media are read from ``content["media"]``: [{kind: image|video, width, height, bytes, seconds, textBoxes: [{top, bottom}]}],
positions as shares of the height from the top, 0 to 1.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from knowledge.checks.examine import Check, DoesNotApply
from knowledge.checks.models import Finding
from knowledge.checks.reading import Reading, label
from knowledge.checks.rules import Rule
from knowledge.json_values import as_list, as_object
from knowledge.search.text import words

EMOJI = re.compile(
    r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50\u2B55\u203C\u2049\uFE0F\u20E3\u2190-\u21FF\u2300-\u23FF]"
)
_SYMBOLS = re.compile(r"[★☆✓✔►▶»→←●■◆♥❤™®]{1,}|(?<!\w)(?:\w[.\-_ ]){3,}\w(?!\w)|[*~^<>=|]{2,}")
_MARKS = re.compile(r"[!?]{2,}|\.{4,}|,{2,}")
_PHONE = re.compile(
    r"(?<![\d.,])(?:\+\d{1,3}[ .-]?(?:\(?\d{1,5}\)?[ ./-]?){1,4}\d{3,}|(?:\(?\d{2,5}\)?[ ./-]){2,}\d{2,6}|\d{9,14})(?!\d)"
)
_MEGABYTE = 1_048_576


def width(text: str) -> int:
    """Characters as the platforms count them: wide ones (Chinese, Japanese, Korean) are two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text.strip())


def _named(reading: Reading, name: str) -> list[str]:
    """The parts of this name: ``headlines`` gives headlines.0, headlines.1 …"""
    return [part for part in reading.piece.parts if part.partition(".")[0] == name]


def _too_long(reading: Reading, rule: Rule, parts: list[str], most: float) -> Iterator[Finding]:
    for part in parts:
        text = reading.piece.parts[part]
        if width(text) > most:
            yield reading.finding(
                rule,
                f"The {label(part)} is too long.",
                reading.place(part, 0, len(text)),
                evidence=f"{width(text)} characters, {most:g} at most.",
                fix=f"Bring it to {most:g} characters.",
            )


def length_of(*names: str) -> Check:
    def check(reading: Reading, rule: Rule) -> Iterator[Finding]:
        parts = [part for name in names for part in _named(reading, name)]
        if not parts:
            raise DoesNotApply
        yield from _too_long(reading, rule, parts, rule.limit("most"))

    return check


def count_of(name: str) -> Check:
    def check(reading: Reading, rule: Rule) -> Iterator[Finding]:
        count = sum(bool(reading.piece.parts[part].strip()) for part in _named(reading, name))
        least, most = rule.limit("least"), rule.limit("most")
        if not least <= count <= most:
            yield reading.finding(
                rule,
                f"There are too {'few' if count < least else 'many'} {name}.",
                evidence=f"{count} {name}.",
                fix=f"Give {least:g} to {most:g}.",
            )

    return check


def paths(reading: Reading, rule: Rule) -> Iterator[Finding]:
    parts = _named(reading, "paths")
    if not parts:
        raise DoesNotApply
    yield from _too_long(reading, rule, parts, rule.limit("most"))
    if len(parts) > rule.limit("paths"):
        yield reading.finding(
            rule, "There are too many paths.", evidence=f"{len(parts)} paths.", fix="Give two at most."
        )


def repeated(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for name in ("headlines", "descriptions"):
        seen: dict[tuple[str, ...], str] = {}
        for part in _named(reading, name):
            text = reading.piece.parts[part]
            key = tuple(words(text))
            if key and key in seen:
                yield reading.finding(
                    rule,
                    f"Two {name} say the same.",
                    reading.place(part, 0, len(text)),
                    evidence=f"“{text}” is {label(seen[key])} too.",
                    fix="Say something else.",
                )
            seen.setdefault(key, part)


def exclamation(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for part, text in reading.plain_parts.items():
        head = part.partition(".")[0].lower().endswith(("headline", "headlines"))
        for found in _MARKS.finditer(text):
            place = reading.place(part, *found.span())
            yield reading.finding(
                rule, "A mark is repeated.", place, evidence=f"“{text}”", fix="Use one.", replacement=found[0][:1]
            )
        if head:
            for found in re.finditer(r"(?<![!?])!(?![!?])", text):
                place = reading.place(part, *found.span())
                yield reading.finding(
                    rule,
                    "A headline has an exclamation mark.",
                    place,
                    evidence=f"“{text}”",
                    fix="Take it out.",
                    replacement="",
                )


def symbols(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for part, text in reading.plain_parts.items():
        found = EMOJI.search(text) or _SYMBOLS.search(text)
        if found:
            place = reading.place(part, *found.span())
            yield reading.finding(
                rule, "A symbol is there to attract attention.", place, evidence=f"“{place.text}”", fix="Use words."
            )


def phone(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for part, text in reading.plain_parts.items():
        for found in _PHONE.finditer(text):
            place = reading.place(part, *found.span())
            yield reading.finding(
                rule,
                "A phone number stands in the text.",
                place,
                evidence=f"“{place.text}”",
                fix="Use a call asset instead.",
            )


def display_lengths(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for name, most in rule.limits.items():
        yield from _too_long(reading, rule, _named(reading, name), float(most))


def media(reading: Reading, kind: str) -> list[dict[str, Any]]:
    """Raises DoesNotApply when there are none of this kind."""
    given = [as_object(one) for one in as_list(reading.piece.content.get("media"))]
    found = [one for one in given if one.get("kind") == kind]
    if not found:
        raise DoesNotApply
    return found


def _number(one: dict[str, Any], name: str) -> float | None:
    value = one.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _too_heavy(one: dict[str, Any], rule: Rule) -> str:
    size = _number(one, "bytes")
    over = size is not None and size > rule.limit("megabytes") * _MEGABYTE
    return f"{(size or 0) / _MEGABYTE:.1f} MB, {rule.limit('megabytes'):g} at most" if over else ""


def _media_check(kind: str, wrong: Callable[[dict[str, Any], Rule], str], what: str) -> Check:
    def check(reading: Reading, rule: Rule) -> Iterator[Finding]:
        for number, one in enumerate(media(reading, kind), 1):
            if why := wrong(one, rule):
                yield reading.finding(
                    rule,
                    f"{what} {number} does not fit the platform.",
                    evidence=f"{why}.",
                    fix="Export it again to size.",
                )

    return check


def _display_wrong(one: dict[str, Any], rule: Rule) -> str:
    if heavy := _too_heavy(one, rule):
        return heavy
    wide, high = _number(one, "width"), _number(one, "height")
    if not wide or not high:
        return ""
    landscape = abs(wide / high - 1.91) <= 0.02 and wide >= 600 and high >= 314
    square = abs(wide / high - 1) <= 0.01 and wide >= 300
    return "" if landscape or square else f"{wide:g} × {high:g}"


def _meta_wrong(one: dict[str, Any], rule: Rule) -> str:
    small = [side for side in (_number(one, "width"), _number(one, "height")) if side and side < rule.limit("pixels")]
    return _too_heavy(one, rule) or (f"{small[0]:g} pixels, {rule.limit('pixels'):g} at least" if small else "")


def _video_wrong(one: dict[str, Any], rule: Rule) -> str:
    seconds = _number(one, "seconds")
    off = seconds is not None and not rule.limit("least") <= seconds <= rule.limit("most")
    return _too_heavy(one, rule) or (f"{seconds:g} seconds" if off else "")


def stories(reading: Reading, rule: Rule) -> Iterator[Finding]:
    tall = [
        one for one in media(reading, "image") if (_number(one, "height") or 0) > 1.7 * (_number(one, "width") or 1)
    ]
    if not tall:
        raise DoesNotApply
    for one in tall:
        for box in map(as_object, as_list(one.get("textBoxes"))):
            top, bottom = _number(box, "top") or 0.0, _number(box, "bottom") or 0.0
            if top < rule.limit("top") or bottom > 1 - rule.limit("bottom"):
                yield reading.finding(
                    rule,
                    "Text lies where the app puts its own buttons.",
                    evidence=f"From {top:.0%} to {bottom:.0%} of the height.".replace("%", " %"),
                    fix="Keep text between 14 % and 80 % of the height.",
                )


def tiktok_text(reading: Reading, rule: Rule) -> Iterator[Finding]:
    body = next((part for part in ("body", "primaryText", "description") if part in reading.piece.parts), "")
    text = reading.piece.parts.get(body, "")
    if not rule.limit("least") <= width(text) <= rule.limit("most"):
        yield reading.finding(
            rule,
            "The text is missing." if not text.strip() else "The text is too long.",
            reading.place(body, 0, len(text)) if text else None,
            evidence=f"{width(text)} characters.",
            fix=f"Bring it to {rule.limit('least'):g} to {rule.limit('most'):g} characters.",
        )


def tiktok_brand(reading: Reading, rule: Rule) -> Iterator[Finding]:
    text = reading.piece.parts.get("brandName")
    if text is None:
        raise DoesNotApply
    if not rule.limit("least") <= width(text) <= rule.limit("most"):
        yield reading.finding(
            rule,
            "The brand name does not fit.",
            reading.place("brandName", 0, len(text)),
            evidence=f"{width(text)} characters.",
            fix="Use 2 to 20 characters.",
        )


def tiktok_characters(reading: Reading, rule: Rule) -> Iterator[Finding]:
    for part in ("body", "primaryText", "description", "brandName"):
        text = reading.piece.parts.get(part, "")
        for found in re.finditer(rf"(?:{EMOJI.pattern})+|[{{}}#]", text):
            place = reading.place(part, *found.span())
            yield reading.finding(
                rule,
                "TikTok refuses this character.",
                place,
                evidence=f"“{place.text}”",
                fix="Take it out.",
                replacement="",
            )


CHECKS: dict[str, Check] = {
    "ads.google_headline_count": count_of("headlines"),
    "ads.google_headline_length": length_of("headlines"),
    "ads.google_description_count": count_of("descriptions"),
    "ads.google_description_length": length_of("descriptions"),
    "ads.google_path_length": paths,
    "ads.google_repeated": repeated,
    "ads.google_exclamation": exclamation,
    "ads.google_symbols": symbols,
    "ads.google_phone": phone,
    "ads.display_lengths": display_lengths,
    "ads.display_image": _media_check("image", _display_wrong, "Picture"),
    "ads.meta_primary_text": length_of("primaryText", "primaryTexts", "body"),
    "ads.meta_headline": length_of("headline", "headlines"),
    "ads.meta_description": length_of("description", "descriptions", "linkDescription"),
    "ads.meta_image": _media_check("image", _meta_wrong, "Picture"),
    "ads.meta_stories": stories,
    "ads.linkedin_intro_cut": length_of("introText", "primaryText", "body"),
    "ads.linkedin_intro": length_of("introText", "primaryText", "body"),
    "ads.linkedin_headline": length_of("headline"),
    "ads.linkedin_image": _media_check("image", _too_heavy, "Picture"),
    "ads.tiktok_text": tiktok_text,
    "ads.tiktok_brand": tiktok_brand,
    "ads.tiktok_characters": tiktok_characters,
    "ads.tiktok_video": _media_check("video", _video_wrong, "Video"),
}
