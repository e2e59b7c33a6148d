"""Text that Postgres can keep.

Neither ``text`` nor ``jsonb`` holds a NUL or half a surrogate pair; both turn up in pasted text, in cut streams and
in what a model writes, and nobody can see either. A NUL is dropped, half a pair becomes the replacement character.
Artifacts do not go through here: a document with such a character is refused, naming the field.
"""

import re
from typing import Any, cast

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    return _HALF_A_PAIR.sub("\ufffd", text.replace("\x00", ""))


def storable_json(value: Any) -> Any:
    """The same for everything inside a JSON value, its keys included."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): storable_json(inner) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [storable_json(inner) for inner in cast("list[Any]", value)]
    return value
