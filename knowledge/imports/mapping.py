"""Which column of a table is what: guessed from its name and its values, said with how sure that is, correctable.

What always holds: a guess depends on the file's beginning alone; what a person decided stands, and a field that only one
column can have goes to theirs; a column that is no field is kept beside the quote or the ad, unless it is private.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.imports.options import Options
from knowledge.imports.readers import column_names
from knowledge.imports.readers.dates import looks_like_a_day
from knowledge.imports.readers.dialects import fold_name
from knowledge.imports.readers.ratings import looks_like_a_rating
from knowledge.imports.readers.source import Unreadable
from knowledge.imports.readers.values import excerpt

TableKind = Literal["quotes", "ads"]
#: kept beside the quote or the ad under the column's own name
BESIDE = "extra"
#: below this a guess is shown as one
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can be. ``many``: several columns may be it."""

    name: str
    label: str
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """``field`` None: the column is left out. ``confidence`` 0–1. ``sample``: the first value."""

    column: str
    field: str | None
    confidence: float
    sample: str


FIELDS: dict[TableKind, tuple[Field, ...]] = {
    "quotes": (
        Field("text", "What was said", required=True, many=True),
        Field("title", "Title"),
        Field("rating", "Rating"),
        Field("author", "Who said it"),
        Field("said_on", "Date"),
        Field("language", "Language"),
        Field("themes", "Themes", many=True),
        Field("external_id", "Id"),
        Field("speaker", "Speaker"),
        Field(BESIDE, "Kept beside the quote", many=True),
    ),
    "ads": (
        Field("external_ad_id", "Ad id", required=True),
        Field("external_platform_ad_id", "Ad id on the platform"),
        Field("brand_id", "Brand id"),
        Field("brand_name", "Brand"),
        Field("body", "Text"),
        Field("title", "Headline"),
        Field("link_description", "Link description"),
        Field("landing_page", "Landing page"),
        Field("ad_source_link", "Link to the ad"),
        Field("platforms", "Platforms"),
        Field("display_format", "Format"),
        Field("cta_type", "Call to action, type"),
        Field("cta_text", "Call to action"),
        Field("start_date", "Start"),
        Field("end_date", "End"),
        Field("days_active", "Days active"),
        Field("active", "Running"),
        Field("language", "Language"),
        Field("ad_spend", "Spend"),
        Field("currency", "Currency"),
        Field("eu_total_reach", "Reach in the EU"),
        Field("ages", "Ages"),
        Field("gender_audience", "Gender"),
        Field("ad_reach_by_location", "Reach by place"),
        Field("winning_score", "Winning score"),
        Field("performance_score", "Performance score"),
        Field("likes", "Likes"),
        Field("ad_script", "Script"),
        Field("verticals", "Tags", many=True),
        Field("image_url", "Picture"),
        Field("video_url", "Film"),
        Field("thumbnail_url", "Thumbnail"),
        Field(BESIDE, "Kept beside the ad", many=True),
    ),
}
_NAMES: dict[TableKind, dict[str, tuple[str, ...]]] = {"quotes": column_names.QUOTES, "ads": column_names.ADS}
#: folded names that tell a table's first row from its others
KNOWN: dict[TableKind, frozenset[str]] = {
    kind: frozenset(name for names in fields.values() for name in names) for kind, fields in _NAMES.items()
}
EVERY_NAME = KNOWN["quotes"] | KNOWN["ads"]


def fields_of(kind: TableKind) -> dict[str, Field]:
    return {field.name: field for field in FIELDS[kind]}


def guess(kind: TableKind, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Guess]:
    """A guess for every column, in their order. ``rows``: the first rows, a cell for each column."""
    shapes = [_Shape([row[at] for row in rows if row[at].strip()]) for at in range(len(columns))]
    offers: list[tuple[float, int, str]] = []
    asked: set[int] = set()
    for at, column in enumerate(columns):
        folded = fold_name(column)
        if kind == "quotes" and _asks(folded) and not max(shapes[at].numbers, shapes[at].days) > 0.5:
            asked.add(at)
        if not _is_private(folded) and not (kind == "quotes" and _is_of_the_company(folded)):
            offers += [(score, -at, field) for field, score in _offers(kind, folded, shapes[at]).items()]
    taken = _assigned(kind, sorted(offers, reverse=True), asked)
    return [_guess(column, taken.get(at), shapes[at]) for at, column in enumerate(columns)]


def resolved(kind: TableKind, guesses: Sequence[Guess], options: Options) -> dict[str, str | None]:
    """Column → field, after what a person decided. Raises ``Unreadable`` for a field or a column there is not."""
    decided: Mapping[str, str | None] = options.mapping or {}
    fields = fields_of(kind)
    for column, field in decided.items():
        if field is not None and field not in fields:
            raise Unreadable(f"‘{column}’ is to be read as ‘{field}’, but there is no such field.")
    theirs = {field for field in decided.values() if field and not fields[field].many}
    if decided and "text" in decided.values():
        theirs.add("text")
    found: dict[str, str | None] = {}
    for one in guesses:
        field = decided.get(one.column, BESIDE if one.field in theirs else one.field)
        if field and not fields[field].many and field in found.values():
            raise Unreadable(f"Two columns are to be read as ‘{fields[field].label}’; it can only be one.")
        found[one.column] = field
    return found


def missing(kind: TableKind, mapping: Mapping[str, str | None]) -> list[Field]:
    """Fields that every row needs and no column is."""
    there = set(mapping.values())
    return [field for field in FIELDS[kind] if field.required and field.name not in there]


# ---------------------------------------------------------------- guessing


_NUMBERS = re.compile(r"\s*[-+]?[\d.,]+\s*[%€$£]?\s*")
_YES_NO = frozenset({"true", "false", "yes", "no", "ja", "nein", "sim", "não", "si", "sí"})


class _Shape:
    """What the values of a column look like: shares of 0–1, lengths in letters."""

    def __init__(self, values: list[str]) -> None:
        seen = values[:200]
        self.first = excerpt(seen[0], 120) if seen else ""
        n = len(seen) or 1
        self.empty = not seen
        self.seen = len(seen)
        self.numbers = sum(_NUMBERS.fullmatch(value) is not None for value in seen) / n
        self.ratings = sum(map(looks_like_a_rating, seen)) / n
        self.days = sum(looks_like_a_day(value) for value in seen[:50]) / min(n, 50)
        self.length = sum(map(len, seen)) / n
        self.prose = sum(value.count(" ") >= 3 for value in seen) / n
        self.different = len(set(seen)) / n
        self.names = sum(_looks_like_a_name(value) for value in seen) / n
        self.private = sum("@" in value and " " not in value.strip() and "." in value for value in seen) / n
        self.links = sum(value.startswith(("http://", "https://")) for value in seen) / n
        self.codes = sum(len(value.strip()) in (2, 5) and value.strip()[:2].isalpha() for value in seen) / n


def _looks_like_a_name(value: str) -> bool:
    words = value.split()
    if value.strip().lower() in _YES_NO:
        return False
    return 1 <= len(words) <= 4 and len(value) <= 40 and value[:1].isupper() and not any(map(str.isdigit, value))


def _offers(kind: TableKind, folded: str, shape: _Shape) -> dict[str, float]:
    """Fields this column could be, each with how sure that is."""
    offers: dict[str, float] = {}
    for field, names in _NAMES[kind].items():
        if folded in names:
            offers[field] = 0.98 - 0.1 * names.index(folded) / len(names)
        elif any(len(name) > 4 and f" {name} " in f" {folded} " for name in names) and len(folded) < 60:
            offers[field] = 0.7
    if kind == "ads":
        return offers
    if _asks(folded):
        offers["text"] = 0.9
    if _is_of_a_machine(folded):
        offers = {field: score for field, score in offers.items() if field in ("external_id", "language")}
    agreed = {field: score * _agreement(field, shape) for field, score in offers.items()}
    for field, score in ({} if _is_of_a_machine(folded) else _by_shape(shape)).items():
        agreed[field] = max(agreed.get(field, 0.0), score)
    return {field: score for field, score in agreed.items() if score >= 0.3}


def _agreement(field: str, shape: _Shape) -> float:
    """How well a column's values go with what its name says."""
    if shape.empty:
        return 0.7
    if field == "rating":
        return 1.0 if shape.ratings > 0.8 else 0.75 if shape.ratings > 0.4 else 0.1
    if field == "said_on":
        return 1.0 if shape.days > 0.8 else 0.75 if shape.days > 0.4 else 0.3
    if field == "text":
        numbers_or_days = max(shape.numbers, shape.ratings, shape.days, shape.links)
        return 0.1 if numbers_or_days > 0.8 else 1.0 if shape.prose > 0.3 else 0.75
    if field in ("author", "title", "language"):
        if max(shape.days, shape.private) > 0.8 or (field == "author" and shape.prose > 0.5):
            return 0.2
        return 0.4 if field == "language" and shape.length > 20 else 1.0
    return 0.5 if field == "external_id" and shape.different < 0.9 else 1.0


def _by_shape(shape: _Shape) -> dict[str, float]:
    """What values alone tell; a guess."""
    if shape.empty:
        return {}
    offers: dict[str, float] = {}
    if shape.prose > 0.6 and shape.length > 25 and shape.different > 0.5 and not shape.links > 0.5:
        offers["text"] = min(0.58, 0.4 + shape.length / 1000)
    if shape.ratings > 0.95 and shape.length < 20 and shape.days < 0.5:
        offers["rating"] = 0.45
    if shape.days > 0.9:
        offers["said_on"] = 0.5
    if shape.names > 0.8 and shape.different > 0.6 and shape.seen >= 5:
        offers["author"] = 0.4
    return offers


def _assigned(kind: TableKind, offers: list[tuple[float, int, str]], asked: set[int]) -> dict[int, tuple[str, float]]:
    """The best offers first; a field for one column goes once. ``asked``: columns whose names ask something, each a text
    of its own; beside them another column is a text only when its name says so."""
    fields, taken, gone = fields_of(kind), dict[int, tuple[str, float]](), set[str]()
    for score, minus, field in offers:
        at = -minus
        if at in taken or (field in gone and not (field == "text" and at in asked)):
            continue
        if field == "text" and asked and at not in asked and score < SURE:
            continue
        taken[at] = (field, score)
        if not fields[field].many or (field == "text" and at not in asked):
            gone.add(field)
    return taken


def _guess(column: str, offer: tuple[str, float] | None, shape: _Shape) -> Guess:
    if offer is not None:
        return Guess(column, offer[0], round(offer[1], 2), shape.first)
    private = _is_private(fold_name(column)) or shape.private > 0.5
    if private:
        return Guess(column, None, 0.9, shape.first)
    return Guess(column, BESIDE if not shape.empty else None, 0.9, shape.first)


def _asks(folded: str) -> bool:
    """A part of several words may go on (“was hat ihnen …”), a single word is one."""
    return any(f" {part}{'' if ' ' in part else ' '}" in f" {folded} " for part in column_names.QUESTIONS)


def _is_of_a_machine(folded: str) -> bool:
    return folded == "id" or folded.endswith((" id", " ids", " code", " url", " uuid"))


def _is_private(folded: str) -> bool:
    return folded in column_names.PRIVATE or folded.endswith((" email", " e mail", " phone", " ip address"))


def _is_of_the_company(folded: str) -> bool:
    return any(part in folded for part in column_names.OF_THE_COMPANY)
