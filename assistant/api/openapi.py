"""The API described: OpenAPI 3.1 with an example of every body, at GET /api/openapi.json.

What always holds: the description is made from the routes themselves; every example is valid for its schema (a test
checks each); headers that the guard reads (Idempotency-Key, X-Client-Token) stand at every address that has them.
"""

import copy
from collections.abc import Sequence
from typing import Any, cast

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from assistant.api.auth import LONGEST_TOKEN, SHORTEST_TOKEN
from assistant.api.examples import BODIES, STREAMS, example_of
from assistant.api.idempotency import LONGEST_KEY
from assistant.api.problems import MEDIA_TYPE, Problem

Doc = dict[str, Any]

VERSION = "1"
ABOUT = """Adroom's API: clients, documents, pieces, runs, conversations and tools, for programs and other front ends.

Send an API key as `Authorization: Bearer adr_…`. A change may carry an `Idempotency-Key`: the same key and body are
carried out once and answered alike. Lists have `limit` and `cursor` and keep their order. Errors are RFC 9457 problem
documents; `code` is stable. Too many requests at once are answered with 429 and `Retry-After`."""
KEY: Doc = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body: carried out once, answered alike for a week.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "5f0c7a52-order-17",
}
TOKEN: Doc = {
    "name": "X-Client-Token",
    "in": "header",
    "required": False,
    "description": "Of a run that is started with it: from then on programs need it to decide, stop, end or resume.",
    "schema": {
        "type": "string",
        "minLength": SHORTEST_TOKEN,
        "maxLength": LONGEST_TOKEN,
        "pattern": "^[!-~]+$",
    },
    "example": "a-secret-of-the-client-that-started-it",
}
CHANGES = frozenset({"post", "put", "patch", "delete"})
#: one server-sent event; ``data`` is JSON
EVENT: Doc = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {"id": {"type": "string"}, "event": {"type": "string"}, "data": {"type": "string"}},
}
#: an answer's header, and where it stands
RETRY_AFTER: Doc = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}


def describe_api(routes: Sequence[BaseRoute]) -> Doc:
    """The whole document; ``routes`` are those of the API's router."""
    doc = get_openapi(title="Adroom", version=VERSION, description=ABOUT, routes=routes)
    _add_components(doc)
    for path, methods in cast("dict[str, Doc]", doc["paths"]).items():
        for method, operation in methods.items():
            _add_headers(operation, method, path)
            _add_examples(doc, operation, method, path)
    return doc


def _add_components(doc: Doc) -> None:
    components = doc.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= copy.deepcopy(problem.pop("$defs", {})) | {"Problem": problem}
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key, adr_…"},
        "page": {"type": "apiKey", "in": "cookie", "name": "access_token", "description": "The chat's own page."},
    }
    doc["security"] = [{"key": []}, {"page": []}, {}]


def _add_headers(operation: Doc, method: str, path: str) -> None:
    if method in CHANGES and not path.endswith("/uploads"):
        given = operation.setdefault("parameters", [])
        given.append(copy.deepcopy(KEY))
        if "/runs" in path or path.endswith(("/decision", "_run", "_approval", "_artifact", "_asset", "_assets")):
            given.append(copy.deepcopy(TOKEN))
    if (refused := operation["responses"].get("429")) is not None:
        refused["headers"] = copy.deepcopy(RETRY_AFTER)


def _add_examples(doc: Doc, operation: Doc, method: str, path: str) -> None:
    known = BODIES.get(f"{method.upper()} {path.removeprefix('/api')}", {})
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        body["example"] = known.get("request", example_of(doc, body["schema"]))
    for status, answer in cast("dict[str, Doc]", operation["responses"]).items():
        content = answer.get("content", {})
        if MEDIA_TYPE in content:
            content[MEDIA_TYPE] = {"schema": {"$ref": "#/components/schemas/Problem"}}
        elif content.get("application/json", {}).get("schema"):
            told = content["application/json"]
            told["example"] = known.get(status, example_of(doc, told["schema"]))
        if "text/event-stream" in content:
            content["text/event-stream"] = {"schema": copy.deepcopy(EVENT)}
            answer["description"] += f"\n\n```\n{STREAMS[path.rsplit('/', 1)[-1]]}```"
