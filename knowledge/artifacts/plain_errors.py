"""What is wrong with a document, said in plain words at each field.

Nothing a person reads here is a validator's own phrase: every kind of error that our schemas can raise has
its words.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.artifacts.schemas.base import LONGEST_LIST, Problem

_WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this document",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length:,} characters",
    "string_unicode": "holds characters that cannot be stored",
    "string_pattern_mismatch": "is not written as it should be",
    "literal_error": "must be one of {expected}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "decimal_type": "must be an amount",
    "decimal_parsing": "must be an amount",
    "bool_type": "must be yes or no",
    "bool_parsing": "must be yes or no",
    "date_type": "must be a date such as 2026-03-31",
    "date_parsing": "must be a date such as 2026-03-31",
    "date_from_datetime_parsing": "must be a date such as 2026-03-31",
    "date_from_datetime_inexact": "must be a date such as 2026-03-31",
    "decimal_max_digits": "is too large an amount",
    "decimal_whole_digits": "is too large an amount",
    "decimal_max_places": "has more than {decimal_places} decimal places",
    "uuid_type": "must be an id",
    "uuid_parsing": "is not an id",
    "uuid_version": "is not an id",
    "dict_type": "must be a group of fields",
    "list_type": "must be a list",
    "too_short": "needs at least {min_length}",
    "too_long": "has more than {max_length} entries",
    "model_type": "must be a group of fields",
    "model_attributes_type": "must be a group of fields",
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
}


def field_errors(error: ValidationError) -> dict[str, str]:
    """Return, per field path ("offers.0.primary", or "document" for the whole), what is wrong."""
    return details_in_words(error.errors(include_url=False))


def details_in_words(details: Iterable[ErrorDetails]) -> dict[str, str]:
    """The same for errors that are listed already, as web frameworks hand them on."""
    found: dict[str, str] = {}
    for detail in details:
        for problem in _problems(detail):
            found.setdefault(problem.path or "document", problem.message)
    return found


def _problems(detail: ErrorDetails) -> Iterator[Problem]:
    path = ".".join(str(part) for part in detail["loc"])
    facts: Mapping[str, Any] = detail.get("ctx", {})
    if detail["type"] == "rules":
        for problem in cast("list[Problem]", facts["problems"]):
            yield Problem(".".join(part for part in (path, problem.path) if part), problem.message)
        return
    words = _WORDS.get(detail["type"])
    yield Problem(path, words.format(**facts) if words else detail["msg"].removeprefix("Value error, "))


def unstorable(data: object) -> dict[str, str]:
    """Return, per field path, what no document may hold whatever its type.

    That is: characters Postgres cannot keep (NUL, lone surrogates), over-long lists, and keys that are not
    text.
    """
    found: dict[str, str] = {}
    waiting: list[tuple[str, object]] = [("", data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and not _can_be_stored(value):
            found[path or "document"] = "holds characters that cannot be stored"
        elif isinstance(value, Mapping):
            for key, inner in cast("Mapping[object, object]", value).items():
                here = f"{path}.{key}" if path else str(key)
                if not isinstance(key, str) or not _can_be_stored(key):
                    found[path or "document"] = "has a field whose name cannot be used"
                else:
                    waiting.append((here, inner))
        elif isinstance(value, (list, tuple)):
            items = cast("list[object]", value)
            if len(items) > LONGEST_LIST:
                found[path or "document"] = f"has more than {LONGEST_LIST:,} entries"
            else:
                waiting.extend((f"{path}.{i}" if path else str(i), item) for i, item in enumerate(items))
    return found


def _can_be_stored(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
