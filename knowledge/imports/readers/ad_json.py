"""Ads as ad libraries export them: one object an ad, with a brand and a list of media (the example of the domain).

The ad is known by its ``id``, with the platform's own id (``external_id``) kept beside it; the brand by its
``external_id``. Names are those of the columns, but for ``platform``, a text with commas.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from knowledge.imports.options import Options
from knowledge.imports.readers import values
from knowledge.imports.readers.ads import CONVERT, Made, as_dict, brand, finished, identity, medium, take_identity
from knowledge.imports.readers.json_entries import Broken, Entries
from knowledge.imports.readers.source import open_text
from knowledge.imports.readers.values import Wrong, excerpt
from knowledge.imports.records import BrandRecord, Item, MediaRecord, Rejected

#: names that only ads of this shape have
NAMES = frozenset(
    {"display_format", "platform", "cta_type", "landing_page", "media", "brand", "ad_library_object", "winning_score"}
)
_SAME_NAME = tuple(name for name in CONVERT if name not in ("external_platform_ad_id", "platforms"))


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
    for name in _SAME_NAME:
        if (value := given.get(name)) is not None:
            made.take(name, value)
    made.take("external_platform_ad_id", given.get("external_id"), identity, "external_id")
    made.take("platforms", given.get("platforms") or given.get("platform"), name="platform")
    if "verticals" not in made.found:
        made.take("verticals", given.get("tags"), name="tags")
    made.found["brand"] = _brand(made, given.get("brand"))
    made.found["media"] = _media(made, given.get("media"))
    if options.language:
        made.found.setdefault("language", options.language)
    yield from finished(made, take_identity(made, given.get("id"), "id"), "id", today)


def _brand(made: Made, given: Any) -> BrandRecord | None:
    if isinstance(given, str):
        return brand(values.short(given), None)
    told = as_dict(given)
    more: dict[str, Any] = {}
    for column in ("ad_library_link", "brand_page_link", "logo_url", "slug", "categories"):
        if (value := told.get(column)) is None:
            continue
        try:
            more[column] = _convert_brand(column, value)
        except Wrong as wrong:
            made.leave_out(f"brand, {column}", f"{wrong}; the ad came in without it", value)
    try:
        return brand(values.short(told.get("name")), identity(told.get("external_id") or told.get("id")), **more)
    except Wrong as wrong:
        made.leave_out("brand", f"{wrong}", told)
        return None


def _convert_brand(column: str, value: Any) -> Any:
    if column == "categories":
        return values.words(value)
    return values.short(value) if column == "slug" else values.link(value)


def _media(made: Made, given: Any) -> list[MediaRecord]:
    if isinstance(given, dict):
        given = [given]
    if given is None:
        return []
    if not isinstance(given, list):
        made.leave_out("media", "is not a list; the ad came in without it", given)
        return []
    found: dict[str, MediaRecord] = {}
    for number, one in enumerate(cast("list[Any]", given), start=1):
        record = medium(made, number, as_dict(one))
        if record is None:
            made.leave_out(f"media {number}", "has no address; the ad came in without it", one)
        else:
            found[record.external_media_id] = record  # the same id twice: the later one
    return list(found.values())
