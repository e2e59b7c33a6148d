"""A document as a person reads it: headings, sentences, tables where figures are compared; never JSON.

Everything written by a client, a customer or a model is escaped (see ``markdown``); what says nothing is
left out.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, cast

from knowledge.artifacts.intake_fields import FIELDS, SECTIONS
from knowledge.artifacts.labels import label
from knowledge.artifacts.languages import NAMES
from knowledge.artifacts.markdown import inline, paragraphs, quotation
from knowledge.artifacts.ordering import in_schema_order
from knowledge.artifacts.registry import SPECS, ArtifactType

#: shares of one, shown in per cent
_SHARES = frozenset(
    {"budgetShare", "cvr", "bounceRate", "rate", "baselineRate", "minimumDetectableEffect", "power", "alpha",
     "probabilityToBeatControl"}
)  # fmt: skip
_MONEY = frozenset({"amount", "epc", "budget", "budgetMin", "budgetMax", "spend", "revenue", "aov", "ltv"})
#: words out of a fixed list, stored with underscores
_WORDS = frozenset({"type", "kind", "verdict", "status", "model", "context", "metricId", "kpiMetricId", "primaryMetricId",
                    "guardrailMetricIds"})  # fmt: skip
_WIDEST_TABLE = 8
_LONGEST_CELL = 120
_LONGEST_HEADING = 160
#: lists of ids of swipes and pieces
_EXAMPLES = frozenset({"goodAssetIds", "badAssetIds", "assetExamples"})
#: what tells a program which row is meant and a reader nothing
_UNSAID = frozenset({"clientId", "offerId"})
#: tried in this order as the heading of an entry
_HEADINGS = ("name", "title", "primary", "label", "pattern", "channel", "rule", "subject", "text", "id")

Labels = Callable[[str], str]


def to_markdown(artifact_type: ArtifactType, document: dict[str, Any], titles: Mapping[str, str] | None = None) -> str:
    """Return the stored document as Markdown in which no value can start markup, a link or a picture.

    ``titles``: what the examples named by id (see :func:`example_ids`) are called; an id without one stays an id.
    """
    title = SPECS[artifact_type].title
    document = in_schema_order(SPECS[artifact_type].schema, cast("dict[str, Any]", _titled(document, titles or {})))
    blocks = _intake_blocks(document) if artifact_type == "intake" else _blocks(document, 2, label)
    body = "\n\n".join(blocks)
    return f"# {title}\n\n{body or '*Nothing has been written yet.*'}\n"


def example_ids(value: Any) -> list[str]:
    """The ids by which a document names swipes and pieces as examples."""
    if isinstance(value, list):
        return [id for inner in cast("list[Any]", value) for id in example_ids(inner)]
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    found: list[str] = []
    for name, inner in fields.items():
        found += _ids(inner) if name in _EXAMPLES else example_ids(inner)
    return found


def _ids(value: Any) -> list[str]:
    return [str(id) for id in cast("list[Any]", value or [])]


def _titled(value: Any, titles: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_titled(inner, titles) for inner in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    return {
        name: [titles.get(id, id) for id in _ids(inner)] if name in _EXAMPLES else _titled(inner, titles)
        for name, inner in cast("dict[str, Any]", value).items()
    }


def _intake_blocks(document: dict[str, Any]) -> Iterator[str]:
    """Yield the sections of the form in their order, with the labels of the form."""
    titles = {section.key: section.title for section in SECTIONS}
    ordered = [*titles, *(key for key in document if key not in titles)]
    for key in ordered:
        answers = document.get(key)
        if not _says_nothing(answers):
            yield f"## {inline(titles.get(key) or label(key))}"
            yield from _value_blocks(key, answers, 3, partial(_form_label, key))


def _form_label(section: str, name: str) -> str:
    path = f"{section}.{name}"
    return FIELDS[path].label if path in FIELDS else label(name)


def _says_nothing(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_says_nothing(inner) for inner in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return all(_says_nothing(inner) for inner in cast("list[Any]", value))
    return value is None or (isinstance(value, str) and not value.strip())


def _is_simple(value: Any) -> bool:
    """Tell whether a value is one figure or text; a range, or an estimate with its range, is one too."""
    return not isinstance(value, (dict, list)) or _is_range(value) or _is_estimate(value)


def _is_range(value: Any) -> bool:
    return isinstance(value, dict) and cast("dict[str, Any]", value).keys() == {"low", "high"}


def _is_estimate(value: Any) -> bool:
    return isinstance(value, dict) and cast("dict[str, Any]", value).keys() == {"value", "interval"}


def _blocks(fields: dict[str, Any], level: int, labels: Labels) -> Iterator[str]:
    """Yield short fields first as one list of facts, then each longer field under a heading of its own."""
    told = {name: value for name, value in fields.items() if name not in _UNSAID and not _says_nothing(value)}
    if told.get("noWebsiteYet") is False:
        del told["noWebsiteYet"]
    facts = [name for name, value in told.items() if _is_fact(value)]
    if facts:
        yield "\n".join(f"- **{inline(labels(name))}:** {_inline_value(name, told[name])}" for name in facts)
    for name, value in told.items():
        if name not in facts:
            yield f"{'#' * min(level, 6)} {inline(labels(name))}"
            yield from _value_blocks(name, value, level + 1, labels)


def _is_fact(value: Any) -> bool:
    return _is_simple(value) and not (isinstance(value, str) and ("\n" in value.strip() or len(value) > 400))


def _value_blocks(name: str, value: Any, level: int, labels: Labels) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _blocks(cast("dict[str, Any]", value), level, labels)
    elif isinstance(value, list):
        yield from _list_blocks(name, cast("list[Any]", value), level, labels)
    else:
        yield paragraphs(value) if isinstance(value, str) else _inline_value(name, value)


def _list_blocks(name: str, items: list[Any], level: int, labels: Labels) -> Iterator[str]:
    told = [item for item in items if not _says_nothing(item)]
    entries = [cast("dict[str, Any]", item) for item in told if isinstance(item, dict)]
    if not told:
        return
    if len(entries) < len(told):
        yield "\n".join(f"- {_inline_value(name, item)}" for item in told)
    elif all({"source", "text"} <= entry.keys() for entry in entries):
        for entry in entries:
            yield _customer_quote(entry)
    elif _fits_a_table(entries):
        yield _table(entries, labels)
    else:
        for position, entry in enumerate(entries, 1):
            yield from _entry_blocks(position, entry, level, labels)


def _customer_quote(entry: dict[str, Any]) -> str:
    details = ", ".join(
        f"{fact.get('name')} {fact.get('value')}" for fact in cast("list[Any]", entry.get("extra") or []) if fact
    )
    known = [str(entry["source"]), details, str(entry.get("id") or "")]
    return quotation(str(entry["text"]), ", ".join(part for part in known if part))


def _entry_blocks(position: int, entry: dict[str, Any], level: int, labels: Labels) -> Iterator[str]:
    told = (name for name in _HEADINGS if isinstance(entry.get(name), str) and entry[name].strip())
    heading = next(told, None)
    words = inline(_shortened(str(entry[heading]))) if heading else ""
    yield f"{'#' * min(level, 6)} {position}. {words}".rstrip()
    whole = heading is not None and len(str(entry[heading])) <= _LONGEST_HEADING
    named = heading not in (None, "id")
    rest = {
        name: value for name, value in entry.items() if (name != heading or not whole) and not (named and name == "id")
    }
    yield from _blocks(rest, level + 1, labels)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_HEADING else f"{text[:_LONGEST_HEADING]}…"


def _fits_a_table(entries: list[dict[str, Any]]) -> bool:
    columns = _columns(entries)
    cells = [_cell(name, entry.get(name)) for entry in entries for name in columns]
    flat = all(_is_flat(entry.get(name)) for entry in entries for name in columns)
    return flat and 2 <= len(columns) <= _WIDEST_TABLE and all(len(cell) <= _LONGEST_CELL for cell in cells)


def _is_flat(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_simple(item) for item in cast("list[Any]", value))
    return _is_simple(value)


def _columns(entries: list[dict[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for entry in entries for name in entry)
    return [name for name in names if any(not _says_nothing(entry.get(name)) for entry in entries)]


def _table(entries: list[dict[str, Any]], labels: Labels) -> str:
    columns = _columns(entries)
    rows = [[inline(labels(name)) for name in columns], ["---"] * len(columns)]
    rows += [[_cell(name, entry.get(name)) for name in columns] for entry in entries]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(name: str, value: Any) -> str:
    return "" if _says_nothing(value) else _inline_value(name, value)


def _inline_value(name: str, value: Any) -> str:
    """Return a value on one line, as people write it: per cent, yes or no, thousands set apart."""
    if _is_range(value):
        return f"{_inline_value('rate', value['low'])} to {_inline_value('rate', value['high'])}"
    if _is_estimate(value):
        within = f" ({_inline_value(name, value['interval'])})" if value["interval"] else ""
        return f"{_inline_value('rate', value['value'])}{within}"
    if isinstance(value, (list, dict)):
        inner = cast("list[Any]", value) if isinstance(value, list) else list(cast("dict[str, Any]", value).values())
        return ", ".join(_inline_value(name, item) for item in inner if not _says_nothing(item))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return inline(_figure(name, value))
    text = str(value)
    if name in _MONEY:
        return inline(_amount(text))
    if name in _WORDS:
        return inline(text.replace("_", " "))
    return inline(NAMES.get(text, text)) if name in ("languages", "language") else inline(text)


def _figure(name: str, value: float) -> str:
    if name in _SHARES:
        return f"{value * 100:.4g} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _amount(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or value.adjusted() > 20:
        return text
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
