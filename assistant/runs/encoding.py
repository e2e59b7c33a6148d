"""How step results, inputs and errors are kept by the engine: plain JSON with a tag where JSON has no word for it.

What always holds: what goes in comes out with the same types; a value that cannot be kept faithfully is refused
when it is written, not when it is read. Only models of our own packages (or modules already imported) are rebuilt,
so the database cannot make the process import something else.
"""

import base64
import importlib
import json
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

from dbos import Serializer
from pydantic import BaseModel, ValidationError

from knowledge import errors
from knowledge.errors import AdroomError

OURS = ("assistant", "tools", "knowledge")
#: the error classes that cross the boundary of a step as themselves
KNOWN_ERRORS: dict[str, type[AdroomError]] = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AdroomError)
}


class EngineError(Exception):
    """An error that was recorded by the engine and is no class of ours; its text is for the log only."""


class Outgrown(EngineError):
    """What was kept by an earlier version is not what this one knows."""


class JsonSerializer(Serializer):
    """The engine's serializer."""

    def serialize(self, data: Any) -> str:
        return json.dumps(encode(data), ensure_ascii=False, separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        return decode(json.loads(serialized_data))

    def name(self) -> str:
        return "adroom_json"


def encode(value: Any) -> Any:
    """JSON for ``value``. Raises ``TypeError`` naming a type that cannot be kept."""
    if value is None or isinstance(value, bool) or type(value) in (str, int, float):
        return value
    if isinstance(value, BaseModel):
        return {"$model": _name(type(value)), "v": value.model_dump(mode="json", by_alias=True, round_trip=True)}
    if isinstance(value, Enum):
        return {"$enum": _name(type(value)), "v": encode(value.value)}
    if type(value) is list:
        return [encode(item) for item in cast(list[Any], value)]
    if type(value) is dict:
        return _encode_dict(cast(dict[Any, Any], value))
    if isinstance(value, BaseException):
        return _encode_error(value)
    for kind, (tag, write, _) in _TAGGED.items():
        if type(value) is kind:
            return {tag: write(value)}
    raise TypeError(f"a step cannot keep a {type(value).__name__}: use a pydantic model or plain values")


def decode(value: Any) -> Any:
    """The value that ``encode`` was given."""
    if isinstance(value, list):
        return [decode(item) for item in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    found = cast(dict[str, Any], value)
    tag = next(iter(found), "")
    if not tag.startswith("$"):
        return {key: decode(item) for key, item in found.items()}
    if tag == "$dict":
        return {decode(key): decode(item) for key, item in found["$dict"]}
    if tag == "$model":
        return _model(_class(found["$model"], BaseModel), found["v"])
    if tag == "$enum":
        return _class(found["$enum"], Enum)(decode(found["v"]))
    if tag == "$error":
        return _decode_error(found)
    return _READERS[tag](found[tag])


def _encode_dict(value: dict[Any, Any]) -> dict[str, Any]:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: encode(item) for key, item in value.items()}
    return {"$dict": [[encode(key), encode(item)] for key, item in value.items()]}


def _encode_error(error: BaseException) -> dict[str, Any]:
    if isinstance(error, AdroomError):
        # a class made elsewhere comes back as the one of ours that it is a kind of
        known = next(kind for kind in type(error).__mro__ if kind in KNOWN_ERRORS.values())
        return {"$error": known.__name__, "message": error.message, "facts": _facts(error.facts)}
    return {"$error": "", "message": f"{type(error).__name__}: {error}"}


def _facts(facts: dict[str, Any]) -> Any:
    kept: dict[str, Any] = {}
    for name, fact in facts.items():
        try:
            kept[name] = encode(fact)
        except TypeError:
            kept[name] = str(fact)  # a fact is for showing: its words are enough
    return kept


def _decode_error(found: dict[str, Any]) -> Exception:
    kind = KNOWN_ERRORS.get(found["$error"])
    if kind is None:
        return EngineError(found["message"])
    facts = {name: decode(fact) for name, fact in found.get("facts", {}).items()}
    return kind(found["message"], **facts)


def _name(kind: type) -> str:
    if "<" in kind.__qualname__ or "[" in kind.__qualname__:
        raise TypeError(f"a step cannot keep a {kind.__qualname__}: it has no place it can be found at again")
    return f"{kind.__module__}:{kind.__qualname__}"


def _model(kind: type[BaseModel], value: Any) -> BaseModel:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise Outgrown(f"a {kind.__name__} that is kept in a run is none any more") from error


def _class(name: str, base: type[Any]) -> Any:
    module_name, _, path = name.partition(":")
    module = sys.modules.get(module_name)
    if module is None and module_name.split(".")[0] in OURS:
        module = importlib.import_module(module_name)
    found: Any = module
    for part in path.split("."):
        found = getattr(found, part, None)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise Outgrown(f"{name} is kept in a run, but there is no such {base.__name__} any more")
    return found


def _pairs(items: Any) -> list[Any]:
    return [encode(item) for item in items]


_TAGGED: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    tuple: ("$tuple", _pairs, lambda v: tuple(decode(item) for item in v)),
    set: ("$set", _pairs, lambda v: {decode(item) for item in v}),
    frozenset: ("$frozenset", _pairs, lambda v: frozenset(decode(item) for item in v)),
    UUID: ("$uuid", str, UUID),
    Decimal: ("$decimal", str, Decimal),
    datetime: ("$datetime", datetime.isoformat, datetime.fromisoformat),
    date: ("$date", date.isoformat, date.fromisoformat),
    time: ("$time", time.isoformat, time.fromisoformat),
    timedelta: ("$seconds", timedelta.total_seconds, lambda v: timedelta(seconds=v)),
    bytes: ("$bytes", lambda v: base64.b64encode(v).decode(), base64.b64decode),
}
_READERS: dict[str, Callable[[Any], Any]] = {tag: read for tag, _, read in _TAGGED.values()}
