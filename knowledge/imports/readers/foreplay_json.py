"""Ads as Foreplay and libraries like it export them: ``data[]`` with the names below (as of 2026).

``name`` is the page that runs the ad unless a brand is given; ``running_duration.days``, ``live`` and ``started_running``
say how long it ran; ``cards`` are the pictures of a carousel. What has no column is kept in ``ad_library_object``.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from knowledge.imports.options import Options
from knowledge.imports.readers import values
from knowledge.imports.readers.ads import (
    Made,
    as_dict,
    brand,
    finished,
    identity,
    medium,
    take_identity,
)
from knowledge.imports.readers.json_entries import Broken, Entries
from knowledge.imports.readers.source import open_text
from knowledge.imports.readers.values import excerpt
from knowledge.imports.records import BrandRecord, Item, MediaRecord, Rejected
from knowledge.plain_text import storable

#: names that only ads of this shape have
NAMES = frozenset(
    {"full_transcription", "running_duration", "emotional_drivers", "product_category", "display_format", "cards"}
    | {
        "timestamped_transcription",
        "content_filter",
        "creative_targeting",
        "market_target",
        "niches",
        "started_running",
    }
)
#: column → names it goes by here, the first that is there counts
_COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("headline", "title"),
    "body": ("description", "body", "primary_text"),
    "ad_script": ("full_transcription", "transcription"),
    "cta_type": ("cta_type",),
    "cta_text": ("cta_title", "cta_text"),
    "display_format": ("display_format", "type"),
    "landing_page": ("link_url", "landing_page", "link"),
    "share_url": ("foreplay_share_url", "share_url"),
    "ad_source_link": ("ad_library_url", "ad_source_link"),
    "platforms": ("publisher_platform", "publisher_platforms", "platforms", "platform"),
    "active": ("live", "active"),
    "start_date": ("started_running", "first_seen", "start_date"),
    "end_date": ("ended_running", "last_seen", "end_date"),
    "language": ("languages", "language"),
    "verticals": ("niches", "categories", "product_category"),
    "external_platform_ad_id": ("ad_id",),
}
_ELSEWHERE = frozenset(
    {
        "id",
        "name",
        "brand",
        "brand_id",
        "brand_name",
        "avatar",
        "running_duration",
        "image",
        "video",
        "thumbnail",
        "cards",
    }
    | {name for names in _COLUMNS.values() for name in names} - {"product_category", "categories"}
)


def read(path: Path, options: Options) -> Iterator[Item]:
    today = options.as_of or date.today()
    with open_text(path, options.encoding) as text:
        for each in Entries(text, NAMES):
            if isinstance(each, Broken):
                yield Rejected(each.row, None, each.reason, each.excerpt)
            elif isinstance(each.value, dict):
                yield from ad(each.row, cast("dict[str, Any]", each.value), options, today)
            else:
                yield Rejected(
                    each.row, None, "is not an ad: an object with names and values is expected", excerpt(each.value)
                )


def ad(row: int, given: dict[str, Any], options: Options, today: date) -> Iterator[Item]:
    made = Made(row)
    for column, names in _COLUMNS.items():
        name = next((name for name in names if given.get(name) not in (None, "", [])), None)
        if name is not None:
            made.take(column, given[name], identity if column == "external_platform_ad_id" else None, name)
    length = given.get("running_duration")
    days = as_dict(length).get("days") if isinstance(length, dict) else length
    made.take("days_active", days, values.whole, "running_duration.days")
    made.found["brand"] = _brand(made, given)
    made.found["media"] = list(_media(made, given))
    rest = {name: value for name, value in given.items() if name not in _ELSEWHERE and value not in (None, "", [], {})}
    made.keep({storable(name): value for name, value in rest.items()})
    if options.language:
        made.found.setdefault("language", options.language)
    yield from finished(made, take_identity(made, given.get("id"), "id"), "id", today)


def _brand(made: Made, given: dict[str, Any]) -> BrandRecord | None:
    told = as_dict(given.get("brand"))
    name = (
        told.get("name") or given.get("brand_name") or (given.get("brand") if not told else None) or given.get("name")
    )
    key = told.get("id") or given.get("brand_id")
    more: dict[str, Any] = {}
    for column, value in (
        ("logo_url", told.get("avatar") or given.get("avatar")),
        ("brand_page_link", told.get("url")),
    ):
        try:
            more[column] = values.link(value)
        except values.Wrong as wrong:
            made.leave_out(f"brand, {column}", f"{wrong}; the ad came in without it", value)
    try:
        return brand(values.short(name), identity(key), **more)
    except values.Wrong as wrong:
        made.leave_out("brand", f"{wrong}", name)
        return None


def _media(made: Made, given: dict[str, Any]) -> Iterator[MediaRecord]:
    """The film or the picture, then the cards; ids are their places, which stay the same as long as the ad does."""
    parts = [given]
    cards = given.get("cards")
    if isinstance(cards, list):
        parts += [as_dict(card) for card in cast("list[Any]", cards)]
    number = 0
    for part in parts:
        film, picture, thumbnail = (_address(part.get(name)) for name in ("video", "image", "thumbnail"))
        for kind, url in (("video", film), ("image", picture)):
            if url is None:
                continue
            number += 1
            thumb = thumbnail or (picture if kind == "video" else None)
            told = {"type": kind, "url": url, "thumbnail_url": thumb, "video_length": _length(part, kind)}
            if (record := medium(made, number, told)) is not None:
                yield record
            if kind == "video":
                break  # its picture is the thumbnail
        if film is None and picture is None and thumbnail is not None:
            number += 1
            if (
                record := medium(made, number, {"type": "image", "url": thumbnail, "thumbnail_url": thumbnail})
            ) is not None:
                yield record


def _address(value: Any) -> Any:
    return as_dict(value).get("url") if isinstance(value, dict) else value


def _length(part: dict[str, Any], kind: str) -> Any:
    return part.get("video_duration") if kind == "video" else None
