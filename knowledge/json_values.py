"""Reaching into JSON values of which only the outside is known: what is not there, or is something else, is empty."""

from typing import Any, cast


def as_object(value: object) -> dict[str, Any]:
    """The object, or an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The list, or an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []
