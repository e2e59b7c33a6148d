"""What can go wrong at a model provider, as one sentence each.

What always holds: no provider's text, address or traceback reaches a person; every fault says whether trying again
can help (``retryable``) and whether the provider may have billed the call (``billed``), which decides what becomes
of the money held for it; and every error is also the SDK's own kind, which alone passes through an agent used as a
tool unchanged and carries ``run_data``.
"""

import json
from email.utils import parsedate_to_datetime
from time import time

import httpx2
from agents.exceptions import AgentsException, ModelBehaviorError
from openai import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
)

from knowledge.errors import AdroomError, BudgetExceeded, Invalid, Upstream

#: what comes out of the SDK and below it when a provider misbehaves; anything else is a bug of ours
FAULTS = (APIError, ModelBehaviorError, httpx2.HTTPError, httpx2.StreamError, json.JSONDecodeError, TimeoutError)


class ModelFailed(Upstream, AgentsException):
    """The model provider did not answer as it should."""


class ModelRefused(Invalid, AgentsException):
    """The model cannot take this."""


class ModelOverBudget(BudgetExceeded, AgentsException):
    """The budget does not cover this call of a model."""


_TOO_LONG = ("context_length_exceeded", "context length", "context window", "maximum context", "prompt is too long")


def explain(fault: Exception, model: str, *, started: bool = False) -> AdroomError:
    """The error a person reads. ``started`` says that some of the answer had already come."""
    if isinstance(fault, APIStatusError):
        return _status(fault, model)
    if isinstance(fault, (APITimeoutError, TimeoutError, httpx2.TimeoutException)):
        return _timeout(fault, model, started)
    if isinstance(fault, (APIResponseValidationError, json.JSONDecodeError, UnicodeDecodeError)):
        return _garbled(model)
    if isinstance(fault, APIConnectionError) and not started and _never_sent(fault):
        return ModelFailed(
            f"The model provider of {model} cannot be reached. Check OPENAI_BASE_URL and the network, then try again.",
            retryable=True,
            billed=False,
            fault="unreachable",
        )
    if isinstance(fault, (APIConnectionError, httpx2.HTTPError, httpx2.StreamError)):
        return cut_off(model)
    if isinstance(fault, APIError):
        return _reported(fault, model)
    return _behaviour(fault, model)


def cut_off(model: str) -> ModelFailed:
    """The answer stopped in the middle."""
    return ModelFailed(
        f"The connection to {model} broke off in the middle of its answer. Please try again.",
        retryable=True,
        billed=True,
        fault="cut",
    )


def retry_after(fault: Exception) -> float | None:
    """The seconds a provider asks us to wait (Retry-After, RFC 9110 section 10.2.3, or retry-after-ms); else None."""
    if not isinstance(fault, APIStatusError):
        return None
    headers = fault.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return max(float(value) * unit, 0.0)
        except ValueError:
            pass
        try:
            return max(parsedate_to_datetime(value).timestamp() - time(), 0.0)
        except (TypeError, ValueError):
            continue
    return None


def _status(fault: APIStatusError, model: str) -> AdroomError:
    status = fault.status_code
    if status in (401, 403):
        return ModelFailed(
            "The model provider refused our key. Ask whoever runs Adroom to check OPENAI_API_KEY.",
            billed=False,
            fault="key_refused",
        )
    if status == 429:
        return _too_many(fault, model)
    if _too_long(fault):
        return ModelRefused(
            f"This is more text than {model} can read at once. Shorten it, or start a new conversation.",
            retryable=False,
            billed=False,
            fault="too_long",
        )
    if status == 404:
        return ModelFailed(
            f"The model provider does not know {model}. Ask whoever runs Adroom to check the ADROOM_MODEL_ settings.",
            billed=False,
            fault="unknown_model",
        )
    if status >= 500 or status in (408, 409):
        return ModelFailed(
            f"The model provider of {model} has a problem of its own right now. Please try again in a moment.",
            retryable=True,
            billed=False,
            fault="provider_down",
        )
    return ModelFailed(
        f"The model provider did not accept our request to {model}. Trying again will not help; please report this.",
        billed=False,
        fault="rejected",
        status=status,
    )


def _too_many(fault: APIStatusError, model: str) -> ModelFailed:
    if fault.code == "insufficient_quota":
        return ModelFailed(
            "The account at the model provider has run out of credit. Ask whoever runs Adroom to top it up.",
            billed=False,
            fault="no_credit",
        )
    wait = retry_after(fault)
    when = "in a moment" if wait is None or wait < 2 else f"in about {_duration(wait)}"
    return ModelFailed(
        f"{model} is getting too many requests right now. Please try again {when}.",
        retryable=True,
        billed=False,
        fault="too_many_requests",
        retry_after=wait,
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"


def _too_long(fault: APIStatusError) -> bool:
    text = f"{fault.code} {fault.message}".lower()
    return fault.status_code == 413 or (fault.status_code == 400 and any(sign in text for sign in _TOO_LONG))


def _timeout(fault: Exception, model: str, started: bool) -> ModelFailed:
    connecting = isinstance(fault.__cause__, (httpx2.ConnectTimeout, httpx2.PoolTimeout)) and not started
    return ModelFailed(
        f"{model} took too long to answer. Please try again.",
        retryable=True,
        billed=not connecting,
        fault="timeout",
    )


def _never_sent(fault: APIConnectionError) -> bool:
    return isinstance(fault.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol))


def _garbled(model: str) -> ModelFailed:
    return ModelFailed(
        f"The answer of {model} could not be read. Please try again.",
        retryable=True,
        billed=True,
        fault="garbled",
    )


def _reported(fault: APIError, model: str) -> AdroomError:
    """An error that the provider reported inside a stream it had begun."""
    text = f"{fault.code} {fault.message}".lower()
    if any(sign in text for sign in _TOO_LONG):
        return ModelRefused(
            f"This is more text than {model} can read at once. Shorten it, or start a new conversation.",
            retryable=False,
            billed=True,
            fault="too_long",
        )
    return ModelFailed(
        f"{model} gave up in the middle of its answer. Please try again.",
        retryable=True,
        billed=True,
        fault="gave_up",
    )


def _behaviour(fault: Exception, model: str) -> AdroomError:
    """The SDK refused what came: an answer cut at its length limit, stopped by a filter, or without content."""
    text = str(fault)
    if "max_output_tokens" in text or "finish_reason='length'" in text:
        return ModelFailed(
            f"{model} reached its length limit before it had finished. Ask for something shorter.",
            billed=True,
            fault="length_limit",
        )
    if "content_filter" in text:
        return ModelFailed(
            "The model provider's content filter stopped this answer. Try to word it differently.",
            billed=True,
            fault="filtered",
        )
    if "response.failed" in text or "`error`" in text:
        return ModelFailed(
            f"{model} gave up in the middle of its answer. Please try again.",
            retryable=True,
            billed=True,
            fault="gave_up",
        )
    return _garbled(model)
