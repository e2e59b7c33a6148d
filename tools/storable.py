"""What no input may hold, whatever the tool: characters Postgres cannot keep, endless lists, bottomless nesting."""

from collections.abc import Mapping
from typing import cast

from knowledge.artifacts.plain_errors import unstorable
from knowledge.errors import Invalid

#: deeper than any document, and far from where recursive code gives up
DEEPEST = 40


def check_storable(given: object) -> None:
    """Raises Invalid naming each field that holds what cannot be kept."""
    if _is_too_deep(given):
        raise Invalid("That is nested too deeply.")
    wrong = unstorable(given)
    if wrong:
        raise Invalid(fields=wrong)


def _is_too_deep(given: object) -> bool:
    level = [given]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(cast("Mapping[object, object]", value).values())
    return cast("list[object]", value) if isinstance(value, list) else []
