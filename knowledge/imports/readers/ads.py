"""What the readers of ads share: columns filled from what a file calls them, and what is wrong told by field.

What always holds: an ad without an id, or one that starts in the future, does not come in; any other value that cannot be
used is left out and told, and the ad comes in without it; so does an ad whose brand the file does not name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, cast

from knowledge.imports.readers import values
from knowledge.imports.readers.dates import day
from knowledge.imports.readers.values import Wrong, excerpt
from knowledge.imports.records import AdRecord, BrandRecord, Item, MediaRecord, Rejected

Convert = Callable[[Any], Any]

#: how each column of an ad is understood; ``id`` and what needs more than its own value are not here
CONVERT: dict[str, Convert] = {
    **dict.fromkeys(("title", "body", "link_description", "ad_script"), values.without_markup),
    **dict.fromkeys(("landing_page", "ad_source_link", "share_url", "embed_url"), values.link),
    **dict.fromkeys(
        ("days_active", "used_count", "saved_count", "likes", "age_audience_min", "age_audience_max", "eu_total_reach"),
        values.whole,
    ),
    **dict.fromkeys(("winning_score", "performance_score", "ad_spend_range_score"), values.number),
    **dict.fromkeys(
        (*("active_in_library", "active", "saved_by_this_user", "is_aaa_eligible", "is_saved", "is_used", "is_liked"),),
        values.yes_no,
    ),
    **dict.fromkeys(
        (
            *("winning_score_data", "performance_score_data", "ad_spend_range_score_data", "ad_reach_by_location"),
            *("ad_spend", "ad_library_object"),
        ),
        values.as_it_is,
    ),
    **dict.fromkeys(
        (*("external_platform_ad_id", "cta_text", "gender_audience", "added_human_time", "added_by_user_human_time"),),
        values.short,
    ),
    "cta_type": values.code,
    "display_format": values.code,
    "start_date": day,
    "end_date": day,
    "platforms": lambda value: platforms(value),
    "verticals": values.words,
    "language": lambda value: language(value),
}
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-zA-Z]{2,4})?")
_LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "portuguese": "pt", "português": "pt", "spanish": "es",
    "español": "es", "french": "fr", "français": "fr", "italian": "it", "italiano": "it", "dutch": "nl", "polish": "pl",
}  # fmt: skip


@dataclass(slots=True)
class Made:
    """An ad under construction: its columns so far and what was wrong on the way."""

    row: int
    found: dict[str, Any] = field(default_factory=dict[str, Any])
    wrong: list[Rejected] = field(default_factory=list[Rejected])

    def take(self, column: str, value: Any, convert: Convert | None = None, name: str | None = None) -> None:
        """Understand ``value`` as ``column``; ``name`` is what the file calls it."""
        if value is None or value == "":
            return
        try:
            understood = (convert or CONVERT[column])(value)
        except Wrong as wrong:
            self.leave_out(name or column, f"{wrong}; the ad came in without it", value)
            return
        if understood is not None:
            self.found[column] = understood

    def keep(self, beside: Mapping[str, Any]) -> None:
        """What has no column of its own."""
        kept: dict[str, Any] = {}
        for name, value in beside.items():
            try:
                kept[name] = values.as_it_is(value)
            except Wrong as wrong:
                self.leave_out(name, f"{wrong}; the ad came in without it", value)
        if kept:
            self.found["ad_library_object"] = kept

    def leave_out(self, name: str, reason: str, value: Any = "") -> None:
        self.wrong.append(Rejected(self.row, name, reason, excerpt(value), kept=True))


def finished(made: Made, ad_id: str | None, id_name: str, today: date) -> Iterator[Item]:
    """The ad with what was left out of it told before, or why it does not come in."""
    found = made.found
    started: date | None = found.get("start_date")
    if ad_id is None:
        seen = excerpt(found.get("title") or found.get("body") or "")
        yield Rejected(made.row, id_name, "is missing; without it the ad could not be told from others", seen)
        return
    if started is not None and started > today + timedelta(days=1):  # a day: it is tomorrow in the east
        yield Rejected(made.row, "start_date", "is in the future", started.isoformat())
        return
    ended: date | None = found.get("end_date")
    if started and ended and ended < started:
        made.leave_out("end_date", "is before the start; the ad came in without it", ended.isoformat())
        del found["end_date"]
    if found.get("brand") is None:
        made.leave_out("brand", "is missing; the ad came in without a brand")
    yield from made.wrong
    yield AdRecord(made.row, ad_id, **found)


def platforms(value: Any) -> list[str]:
    return list(_named(value) if isinstance(value, str) and len(value) < 200 else _codes(values.words(value)))


@lru_cache(1024)
def _named(text: str) -> tuple[str, ...]:
    return _codes(values.words(text))


def _codes(named: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for each in named if (one := values.code(each))))


def language(value: Any) -> str | None:
    """ISO 639-1 of ``pt-BR``, ``Portuguese`` or a list with one language; None for anything else."""
    named = values.words(value)
    if len(named) != 1:
        return None
    plain = named[0].strip().lower()
    if plain in _LANGUAGES:
        return _LANGUAGES[plain]
    return plain[:2] if _LANGUAGE.fullmatch(plain) else None


def identity(value: Any) -> str | None:
    """An id as text. Raises ``Wrong``."""
    if isinstance(value, dict | list):
        raise Wrong("is not an id")
    found = values.short(value)
    if found is not None and len(found) > 200:
        raise Wrong("is too long for an id")
    return found


def take_identity(made: Made, value: Any, name: str) -> str | None:
    try:
        return identity(value)
    except Wrong as wrong:
        made.leave_out(name, f"{wrong}", value)
        return None


def brand(name: str | None, external_id: str | None, **more: Any) -> BrandRecord | None:
    """A brand by its id on the platform, else by its name; None when the file tells neither."""
    if external_id is None and name is None:
        return None
    slug = slug_of(name) if name else None
    key = external_id or (f"name:{slug}" if slug else None)
    if key is None:
        return None
    return BrandRecord(key, name or key, more.pop("slug", None) or slug, **more)


def slug_of(name: str) -> str:
    import unicodedata

    folded = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(letter if letter.isalnum() else "-" for letter in folded if not unicodedata.combining(letter))
    return "-".join(part for part in kept.split("-") if part)[:200]


_FILM = re.compile(r"\.(?:mp4|mov|webm|m4v|avi|m3u8)(?:[?#]|$)", re.I)


def medium(made: Made, number: int, given: Mapping[str, Any], name: str = "media") -> MediaRecord | None:
    """One element of a list of media; ``number``, counted from 1, is its id when it has none."""
    found: dict[str, Any] = {}
    for column, convert in _MEDIUM.items():
        value = given.get(column)
        if value is None or value == "":
            continue
        try:
            found[column] = convert(value)
        except Wrong as wrong:
            made.leave_out(f"{name} {number}, {column}", f"{wrong}; the ad came in without it", value)
    if not any(found.get(column) for column in ("path", "url", "thumbnail_path", "thumbnail_url", "download_url")):
        return None
    found["type"] = _medium_type(given.get("type"), found)
    return MediaRecord(_medium_id(given.get("id")) or str(number), **found)


def _medium_id(given: Any) -> str | None:
    try:
        return identity(given)
    except Wrong:
        return None


def _medium_type(given: Any, found: dict[str, Any]) -> str | None:
    said = f"{given or ''} {found.get('mime_type') or ''}".lower()
    if "video" in said or "film" in said:
        return "video"
    if "image" in said or "photo" in said or "picture" in said:
        return "image"
    url = str(found.get("url") or found.get("download_url") or found.get("path") or "")
    return "video" if _FILM.search(url) or found.get("video_length") else "image" if url else None


_MEDIUM: dict[str, Convert] = {
    **dict.fromkeys(("url", "thumbnail_url", "download_url"), values.link),
    **dict.fromkeys(("path", "thumbnail_path", "disk", "mime_type"), values.short),
    "size_bytes": values.whole,
    "video_length": values.number,
}


def as_dict(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
