"""Errors as RFC 9457 problem documents. The one place where an error becomes an HTTP status.

A person's sentence goes into ``detail``; a bug gives one plain sentence and an incident's id, and its traceback goes
to the log and nowhere else.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from knowledge.artifacts.plain_errors import details_in_words
from knowledge.errors import AdroomError, Conflict, Denied, Invalid, NotFound, Unavailable
from knowledge.outages import is_outage

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Unauthenticated(Denied):
    """Sign in first, or send an API key."""

    code = "unauthenticated"


class ForeignOrigin(Denied):
    """This request came from another site's page, so it was not carried out."""

    code = "foreign_origin"


class WrongHost(Denied):
    """This server does not answer to that name."""

    code = "wrong_host"


class Malformed(Invalid):
    """The body is not valid JSON."""

    code = "malformed"


class TooLarge(Invalid):
    """That is too large."""

    code = "too_large"


class InProgress(Conflict):
    """The same request is still being worked on; ask again in a moment."""

    code = "in_progress"


class TooMany(AdroomError):
    """Too many requests at once. Wait a moment and try again."""

    code = "too_many_requests"


STATUS: dict[str, int] = {
    "not_found": 404,
    "conflict": 409,
    "in_progress": 409,
    "denied": 403,
    "foreign_origin": 403,
    "unauthenticated": 401,
    "wrong_host": 421,
    "invalid": 422,
    "malformed": 400,
    "too_large": 413,
    "blocked": 409,
    "budget_exceeded": 402,
    "too_many_requests": 429,
    "upstream": 502,
    "unavailable": 503,
    "error": 500,
}
TITLES: dict[str, str] = {
    "not_found": "Not found",
    "conflict": "Changed meanwhile",
    "in_progress": "Still at work",
    "denied": "Not allowed",
    "foreign_origin": "Refused",
    "unauthenticated": "Sign in first",
    "wrong_host": "Unknown host",
    "invalid": "Cannot be used as given",
    "malformed": "Not readable",
    "too_large": "Too large",
    "blocked": "Has to wait",
    "budget_exceeded": "Over the budget",
    "too_many_requests": "Too many requests",
    "upstream": "Another service failed",
    "unavailable": "Not there for a moment",
    "error": "Something broke on our side",
}


class FieldProblem(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. ``code`` is stable; ``detail`` is for people. ``facts``: what the error knows beside its sentence."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fields: list[FieldProblem] | None = None
    reasons: list[str] | None = None
    facts: dict[str, Any] | None = None
    incident: str | None = None


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: these statuses carry a problem document."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema(ref_template="#/components/schemas/{model}")}}
    return {status: {"description": "Problem", "content": content} for status in statuses}


def problem_response(error: Exception) -> JSONResponse:
    """The answer for any exception; one that is no AdroomError is a bug and logged with its incident's id."""
    problem = describe(error)
    body = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, problem.status, _headers(error, problem), MEDIA_TYPE)


def _headers(error: Exception, problem: Problem) -> dict[str, str]:
    if isinstance(error, HTTPException):
        return dict(error.headers or {})
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.facts.get("retry_after", 1))}
    known = {
        "in_progress": {"Retry-After": "1"},
        "unavailable": {"Retry-After": "3"},
        "unauthenticated": {"WWW-Authenticate": 'Bearer realm="adroom"'},
    }
    return known.get(problem.code, {})


def describe(error: Exception) -> Problem:
    if isinstance(error, AdroomError):
        return _known(error)
    if isinstance(error, RequestValidationError):
        return _known(_refused_input(cast("list[ErrorDetails]", error.errors())))
    if isinstance(error, HTTPException):
        return _plain(error.status_code, str(error.detail))
    if is_outage(error):
        logger.warning("a request found no database: %s", error)
        return _known(Unavailable())
    return _bug(error)


def _known(error: AdroomError) -> Problem:
    code = error.code if error.code in STATUS else "error"
    facts = dict(error.facts)
    fields = cast("Mapping[str, str]", facts.pop("fields", None) or {})
    reasons = cast("Iterable[str]", facts.pop("reasons", None) or [])
    return Problem(
        type=f"urn:adroom:problem:{code}",
        title=TITLES[code],
        status=STATUS[code],
        detail=error.message,
        code=code,
        fields=[FieldProblem(field=name, message=message) for name, message in fields.items()] or None,
        reasons=list(reasons) or None,
        facts={to_camel(name): value for name, value in _shown(facts).items()} or None,
    )


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that are single values, as JSON has them."""
    plain = {name: str(v) if isinstance(v, (UUID, Decimal, date)) else v for name, v in facts.items()}
    return {name: value for name, value in plain.items() if isinstance(value, (str, int, float, bool))}


def _refused_input(details: list[ErrorDetails]) -> Invalid:
    if any(detail["type"] == "json_invalid" for detail in details):
        return Malformed()
    told = [{**detail, "loc": detail["loc"][1:]} for detail in details]
    return Invalid(fields=details_in_words(cast("list[ErrorDetails]", told)))


def _plain(status: int, detail: str) -> Problem:
    return Problem(type="about:blank", title=detail, status=status, detail=detail, code="http")


def _bug(error: Exception) -> Problem:
    incident = secrets.token_hex(4)
    logger.error("incident %s", incident, exc_info=error)
    sentence = f"Something broke on our side; nothing was lost. If it happens again, mention incident {incident}."
    return Problem(
        type="urn:adroom:problem:error",
        title=TITLES["error"],
        status=500,
        detail=sentence,
        code="error",
        incident=incident,
    )


def not_found() -> NotFound:
    return NotFound("There is nothing at this address.")
