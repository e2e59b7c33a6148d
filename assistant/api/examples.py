"""Examples for the description of the API: by hand where a reader begins, made from the schema everywhere else."""

from typing import Any, cast

Schema = dict[str, Any]

ID = "0193f2c4-7a10-7c3e-9d52-3b6f0e2a9c11"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
AT = "2026-11-21T09:00:00Z"

#: by the name of a field
NAMED: dict[str, Any] = {
    "contentHash": HASH,
    "text": "What waits for me?",
    "brief": "How to choose a padel racket, for beginners who play once a week",
    "name": "Lumen Candles",
    "title": "Candles without soot",
    "notes": "Name the burn time of every size.",
    "body": "Who says this? Please name the source.",
    "goal": "300 new subscriptions in 12 weeks",
    "agent": "seo_writer",
    "kind": "seo_write",
    "gate": "client_canon",
    "status": "running",
    "language": "en",
    "sentence": "Client canon v1 is ready for your approval.",
    "website": "https://lumen.example",
    "filename": "reviews.csv",
    "url": "https://lumen.example/reviews",
}
#: by method and path: the request, and the answer of a status
BODIES: dict[str, dict[str, Any]] = {
    "POST /runs": {"request": {"kind": "seo_write", "input": {"clientId": ID, "brief": NAMED["brief"]}}},
    "POST /runs/{run_id}/approve": {
        "request": {"contentHash": HASH, "gate": "client_canon", "notes": "Good. The tone is ours."}
    },
    "POST /runs/{run_id}/reject": {"request": {"contentHash": HASH, "changes": True, "notes": "Say who buys."}},
    "POST /runs/{run_id}/accept-plan": {"request": {"contentHash": HASH, "notes": "done reviewing"}},
    "POST /runs/{run_id}/signals/{signal}": {
        "request": {
            "items": [
                {"id": ID, "contentHash": HASH, "decision": "approved"},
                {"id": ID, "contentHash": HASH, "decision": "rejected", "notes": "Too close to a competitor's."},
            ]
        }
    },
    "POST /sessions": {"request": {"clientId": ID}},
    "PUT /sessions/{session_id}": {"request": {"campaignId": ID}},
    "POST /sessions/{session_id}/messages": {
        "request": {"text": "Write an article about how to choose a padel racket"},
        "200": {
            "id": ID,
            "sessionId": ID,
            "status": "completed",
            "messages": [
                {
                    "number": 0,
                    "agent": "cmo",
                    "agentName": "CMO",
                    "text": "Nothing waits for you.",
                    "cards": [{"name": "Inbox", "props": {}}],
                    "next": [],
                }
            ],
            "runs": [],
            "problem": None,
        },
    },
}
#: what a stream looks like, by the last part of its address
STREAMS: dict[str, str] = {
    "events": f'id: 3\nevent: step_started\ndata: {{"seq":3,"at":"{AT}","type":"step_started","agent":null,'
    '"step":"outline","iteration":0,"data":{}}\n\nevent: delta\ndata: {"text":"A good racket","offset":0,'
    '"message":"m1","agent":"seo_writer","step":"outline"}\n\n',
    "messages": f'event: turn\ndata: {{"turnId":"{ID}","sessionId":"{ID}"}}\n\nevent: delta\n'
    'data: {"number":0,"agent":"cmo","text":"Nothing waits"}\n\nevent: message\ndata: {"number":0,"agent":"cmo",'
    '"agentName":"CMO","text":"Nothing waits for you.","cards":[],"next":[]}\n\nevent: done\n'
    'data: {"status":"completed","runs":[]}\n\n',
}
_FORMATS = {
    "uuid": ID,
    "date-time": AT,
    "date": AT[:10],
    "time": AT[11:],
    "email": "anna@lumen.example",
    "uri": "https://lumen.example",
    "binary": "…",
}
_DEEPEST = 8


def example_of(doc: Schema, schema: Schema, name: str = "", within: tuple[str, ...] = ()) -> Any:
    """A value that this schema takes. ``name``: of the field; ``within``: the named schemas it stands in."""
    if "$ref" in schema:
        ref = str(schema["$ref"]).rsplit("/", 1)[-1]
        if ref in within or len(within) > _DEEPEST:
            return {}
        return example_of(doc, doc["components"]["schemas"][ref], name, (*within, ref))
    for word in ("example", "const"):
        if word in schema:
            return schema[word]
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return NAMED[name] if NAMED.get(name) in schema["enum"] else schema["enum"][0]
    choices = cast("list[Schema]", schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or [])
    if choices:
        return _one_of(doc, choices, name, within)
    return _plain(doc, schema, name, within)


def _one_of(doc: Schema, choices: list[Schema], name: str, within: tuple[str, ...]) -> Any:
    nothing = any(choice.get("type") == "null" for choice in choices)
    for choice in choices:
        if choice.get("type") == "null":
            continue
        ref = str(choice.get("$ref", "")).rsplit("/", 1)[-1]
        if nothing and ref and ref in within:
            return None
        return example_of(doc, choice, name, within)
    return None


def _plain(doc: Schema, schema: Schema, name: str, within: tuple[str, ...]) -> Any:
    match schema.get("type"):
        case "object":
            return _object(doc, schema, within)
        case "array":
            if "prefixItems" in schema:
                return [example_of(doc, item, name, within) for item in schema["prefixItems"]]
            item = cast("Schema", schema.get("items") or {})
            ref = str(item.get("$ref", "")).rsplit("/", 1)[-1]
            return [] if ref and ref in within else [example_of(doc, item, name, within)]
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
        case "null":
            return None
        case "string":
            return _text(schema, name)
        case _:
            return {}


def _object(doc: Schema, schema: Schema, within: tuple[str, ...]) -> dict[str, Any]:
    required = set(cast("list[str]", schema.get("required") or []))
    fields = cast("dict[str, Schema]", schema.get("properties") or {})
    # what may be left out is left out: an example is the least that works
    return {name: example_of(doc, field, name, within) for name, field in fields.items() if name in required}


def _number(schema: Schema) -> int | float:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    wished = max(least, 1)
    return wished if most is None or wished < most else least


def _text(schema: Schema, name: str) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    if "pattern" in schema:
        return "12.50"  # the only patterns on the wire are those of amounts
    text = str(NAMED.get(name, "…"))
    return text.ljust(int(schema.get("minLength", 0)), "x")[: int(schema.get("maxLength", 10_000))]
