"""One fingerprint for one content, whatever the order of its keys.

Text is hashed exactly as it stands: two spellings that look alike (composed and decomposed accents) differ,
because quotes are kept verbatim.
"""

import datetime as dt
import hashlib
import json
import math
import uuid
from collections.abc import Mapping, Set
from decimal import Decimal
from typing import cast

from pydantic import BaseModel


def content_hash(data: object) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of ``data``.

    ``data`` is JSON values, documents, dates, UUIDs and Decimals (hashed as the text they are stored as).
    Whole floats equal integers, as in JSON. Raises ValueError for NaN and infinity, TypeError for anything
    else.
    """
    return hashlib.sha256(canonical_json(data)).hexdigest()


def inputs_hash(sources: Mapping[str, tuple[int, str]], inputs: Mapping[str, object]) -> str:
    """Return the fingerprint of what an artifact is built from.

    ``sources`` maps each upstream artifact to its version and content hash; ``inputs`` is everything else
    that was given. The same inputs give the same hash.
    """
    return content_hash({"sources": {name: list(pair) for name, pair in sources.items()}, "inputs": inputs})


def canonical_json(data: object) -> bytes:
    """Return ``data`` as JSON with sorted keys, no spaces and unescaped text, in UTF-8."""
    text = json.dumps(_plain(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return int(value) if math.isfinite(value) and value.is_integer() else value
        case Decimal() | uuid.UUID():
            return str(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case BaseModel():
            return _plain(value.model_dump(mode="json", by_alias=True))
        case Mapping():
            return _plain_mapping(cast("Mapping[object, object]", value))
        case list() | tuple():
            return [_plain(item) for item in cast("list[object]", value)]
        case Set():
            return sorted((_plain(item) for item in cast("Set[object]", value)), key=canonical_json)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def _plain_mapping(value: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, inner in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key must be text, not {type(key).__name__}")
        plain[key] = _plain(inner)
    return plain
