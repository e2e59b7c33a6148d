"""Ads of the Meta Ad Library: its CSV export, any table of ads alike, and the JSON of its API (fields as of v21, 2026).

Lists come as JSON, as Python wrote them, or bare; bands as ``lower_bound: 100, upper_bound: 499`` or as an object. The
link to an ad's snapshot carries the access token of whoever exported it: it is taken off.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from knowledge.imports.mapping import BESIDE, EVERY_NAME
from knowledge.imports.options import DateOrder, Options
from knowledge.imports.readers import values
from knowledge.imports.readers.ads import CONVERT, Made, as_dict, brand, finished, identity, medium, take_identity
from knowledge.imports.readers.dates import day, order_of
from knowledge.imports.readers.json_entries import Broken, Entries
from knowledge.imports.readers.mapped_tables import opened
from knowledge.imports.readers.source import open_text
from knowledge.imports.readers.tables import BadRow
from knowledge.imports.readers.values import Wrong, decimal_of, excerpt
from knowledge.imports.records import BrandRecord, Item, MediaRecord, Rejected
from knowledge.plain_text import storable

#: names that only ads of this shape have
NAMES = frozenset(
    {"ad_archive_id", "ad_creative_bodies", "ad_creative_link_titles", "ad_delivery_start_time", "ad_snapshot_url"}
    | {"publisher_platforms", "page_id", "page_name", "ad_delivery_stop_time", "ad_creation_time", "eu_total_reach"}
)
#: names of the API → fields of a table of ads; the rest is kept beside the ad
_API = {
    "id": "external_ad_id",
    "ad_archive_id": "external_ad_id",
    "page_id": "brand_id",
    "page_name": "brand_name",
    "ad_creative_bodies": "body",
    "ad_creative_link_titles": "title",
    "ad_creative_link_descriptions": "link_description",
    "ad_creative_link_captions": "landing_page",
    "ad_snapshot_url": "ad_source_link",
    "publisher_platforms": "platforms",
    "ad_delivery_start_time": "start_date",
    "ad_delivery_stop_time": "end_date",
    "languages": "language",
    "spend": "ad_spend",
    "currency": "currency",
    "eu_total_reach": "eu_total_reach",
    "target_ages": "ages",
    "target_gender": "gender_audience",
    "delivery_by_region": "ad_reach_by_location",
}
#: columns of a table with numbers that may have a fraction
FIGURES = ("ad_spend", "winning_score", "performance_score")
_BAND = re.compile(r"(lower|upper)_bound\W*?(\d[\d.,]*)")
_TOTAL = re.compile(r"(?:grand )?total\b.*|gesamt.*|summe\b.*|totales\b.*", re.I | re.S)
_SECRET = frozenset({"access_token", "token", "signature", "appsecret_proof"})


@dataclass(frozen=True, slots=True)
class Written:
    """How the file writes days and numbers; None: each value tells for itself."""

    order: DateOrder | None
    decimal: str | None


def read_table(path: Path, options: Options) -> Iterator[Item]:
    today = options.as_of or date.today()
    with opened(path, "ads", options, EVERY_NAME) as table:
        order = options.date_order or order_of(table.sample_of("start_date") + table.sample_of("end_date"))
        figures = [value for field in FIGURES for value in table.sample_of(field)]
        written = Written(order, options.decimal or decimal_of(figures))
        for each in table.rows():
            if isinstance(each, BadRow):
                yield Rejected(each.row, table.name_of(each.column), each.reason, each.excerpt)
                continue
            given: dict[str, Any] = {}
            beside: dict[str, Any] = {}
            for field, column, cell in table.filled(each.cells):
                if field == BESIDE:
                    beside[column] = cell
                elif field == "verticals" and "verticals" in given:
                    given[field] = (f"{given[field][0]}, {cell}", column)
                else:
                    given[field] = (cell, column)
            yield from _ad(each.row, given, beside, options, today, written)


def read_json(path: Path, options: Options) -> Iterator[Item]:
    today = options.as_of or date.today()
    with open_text(path, options.encoding) as text:
        for each in Entries(text, NAMES):
            if isinstance(each, Broken):
                yield Rejected(each.row, None, each.reason, each.excerpt)
            elif isinstance(each.value, dict):
                told = cast("dict[str, Any]", each.value)
                given = {
                    _API[name]: (value, name) for name, value in told.items() if name in _API and value is not None
                }
                beside = {
                    storable(name): value for name, value in told.items() if name not in _API and value is not None
                }
                yield from _ad(each.row, given, beside, options, today, Written("ymd", options.decimal))
            else:
                yield Rejected(
                    each.row, None, "is not an ad: an object with names and values is expected", excerpt(each.value)
                )


Given = Mapping[str, tuple[Any, str]]


def _ad(
    row: int, given: Given, beside: dict[str, Any], options: Options, today: date, written: Written
) -> Iterator[Item]:
    made = Made(row)
    for field, (value, name) in given.items():
        if field in ("start_date", "end_date"):
            made.take(field, value, lambda value: day(value, written.order), name)
        elif field == "landing_page":
            made.take(field, value, _first_link, name)
        elif field == "ad_source_link":
            made.take(field, value, _without_token, name)
        elif field in ("title", "body", "link_description"):
            made.take(field, value, _variants, name)
        elif field == "display_format" or field == "active":
            made.take(field, value, CONVERT[field], name)
        elif field in FIGURES and field != "ad_spend":
            made.take(field, value, lambda value: values.number(value, written.decimal), name)
        elif field in CONVERT and field != "ad_spend":
            made.take(field, value, name=name)
    _take_spend(made, given, written.decimal)
    _take_ages(made, given)
    made.found["brand"] = _brand(made, given)
    made.found["media"] = list(_media(made, given))
    if "start_date" in made.found and "end_date" not in made.found:
        made.found.setdefault("active", True)
    made.keep(beside)
    if options.language:
        made.found.setdefault("language", options.language)
    ad_id, id_name = given.get("external_ad_id", (None, "external_ad_id"))
    own = take_identity(made, ad_id, id_name)
    if own and _TOTAL.fullmatch(own):
        yield Rejected(row, id_name, "is a row of totals, not an ad", excerpt(own))
        return
    if own and own.isdigit() and len(own) > 12:
        made.found.setdefault("external_platform_ad_id", own)
    yield from finished(made, own, id_name, today)


def _variants(value: Any) -> str | None:
    """The texts of an ad's cards under each other, each once."""
    if isinstance(value, str):
        texts: list[Any] = values.quoted_elements(value) or [value]
    else:
        texts = cast("list[Any]", value) if isinstance(value, list) else [value]
    plain = [text for one in texts if (text := values.without_markup(one)) and text not in ("{{product.name}}",)]
    return "\n\n".join(dict.fromkeys(plain)) or None


def _first_link(value: Any) -> str | None:
    """The first that is an address; a caption that is none is no landing page."""
    listed = values.listed(value) if isinstance(value, str) and not value.startswith("http") else value
    for one in cast("list[Any]", listed) if isinstance(listed, list) else [listed]:
        try:
            return values.link(one.lower() if isinstance(one, str) and "/" not in one else one)
        except Wrong:
            continue
    return None


def _without_token(value: Any) -> str | None:
    address = values.link(value)
    if address is None:
        return None
    parts = urlsplit(address)
    kept = [(name, given) for name, given in parse_qsl(parts.query, True) if name.lower() not in _SECRET]
    return urlunsplit((*parts[:3], urlencode(kept), parts.fragment))


def _take_spend(made: Made, given: Given, decimal: str | None) -> None:
    """``{"lower": …, "upper": …, "currency": …}`` in whole units of the currency; a single figure is both."""
    value, name = given.get("ad_spend", (None, ""))
    currency = given.get("currency", (None, ""))[0]
    if value in (None, ""):
        return
    try:
        band = _band(value, decimal)
        said = values.short(currency)
    except Wrong as wrong:
        made.leave_out(name, f"{wrong}; the ad came in without it", value)
        return
    made.found["ad_spend"] = {**band, "currency": said} if said else band


def _band(value: Any, decimal: str | None) -> dict[str, float]:
    if isinstance(value, dict):
        told = as_dict(value)
        pairs = [(end, values.number(told.get(f"{end}_bound"), decimal)) for end in ("lower", "upper")]
        return {end: figure for end, figure in pairs if figure is not None}
    if isinstance(value, str) and "_bound" in value:
        found = {end: values.number(figure.rstrip(".,"), decimal) or 0.0 for end, figure in _BAND.findall(value)}
        if found:
            return found
    figure = values.number(value, decimal)
    return {} if figure is None else {"lower": figure, "upper": figure}


_AGES = re.compile(r"(\d{1,2})\D+(\d{1,2})\+?")


def _take_ages(made: Made, given: Given) -> None:
    """``18-65+`` or ``["18", "65+"]``."""
    value, name = given.get("ages", (None, ""))
    if value in (None, "", []):
        return
    found = _AGES.search(str(value))
    if found is None:
        made.leave_out(name, "is not a range of ages; the ad came in without it", value)
        return
    made.found["age_audience_min"], made.found["age_audience_max"] = int(found[1]), int(found[2])


def _brand(made: Made, given: Given) -> BrandRecord | None:
    name, key = given.get("brand_name", (None, ""))[0], given.get("brand_id", (None, ""))[0]
    try:
        page = identity(key)
        link = f"https://www.facebook.com/{page}" if page and page.isdigit() and len(page) > 6 else None
        return brand(values.short(name), page, brand_page_link=link)
    except Wrong as wrong:
        made.leave_out("brand", f"{wrong}; the ad came in without it", name)
        return None


def _media(made: Made, given: Given) -> Iterator[MediaRecord]:
    thumb = given.get("thumbnail_url", (None, ""))[0]
    told = [
        (kind, given[field][0]) for kind, field in (("video", "video_url"), ("image", "image_url")) if field in given
    ]
    if not told and thumb:
        told = [("image", thumb)]
    for number, (kind, url) in enumerate(told, start=1):
        record = medium(made, number, {"type": kind, "url": url, "thumbnail_url": thumb})
        if record is not None:
            yield record
