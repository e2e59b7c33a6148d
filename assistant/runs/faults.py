"""How a step ends when it does not complete: what people are asked about, what is tried again, what is a bug."""

import logging
from dataclasses import dataclass

import psycopg

from assistant.runs.protocol import Subject
from knowledge.errors import AdroomError, BudgetExceeded, Upstream
from knowledge.ids import RunId
from knowledge.outages import is_outage

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """How a step ended when it did not complete. ``bug`` is true for what nobody foresaw."""

    error: AdroomError
    bug: bool = False


#: what a person reads of a bug
BUG = "Something went wrong on our side. Everything finished before is kept."


def fault_of(error: Exception, label: str, limit: float) -> Fault:
    """What a step's exception means for the run; a bug is logged here and nowhere shown."""
    known = _cause(error)
    if known is not None:
        return Fault(known)
    if isinstance(error, TimeoutError):
        return Fault(Upstream(f"‘{label}’ took longer than {_spoken(limit)}.", retryable=False))
    if is_outage(error) or isinstance(error, psycopg.OperationalError):
        return Fault(Upstream("The database did not answer.", retryable=True))
    logger.error("a bug in step %s", label, exc_info=error)
    return Fault(AdroomError(BUG.replace("side", f"side in ‘{label}’")), bug=True)


def passes(error: AdroomError) -> bool:
    """True for a fault that may be gone in a moment."""
    return bool(error.facts.get("retryable")) and isinstance(error, Upstream | BudgetExceeded)


def budget_subject(error: BudgetExceeded, run_id: RunId) -> Subject:
    """The budget that was too tight: its scope's id, and ``scope:period`` in place of a content hash."""
    scope, period = error.facts.get("scope", "run"), error.facts.get("period", "total")
    sentence = f"{error.message} Raise the budget, or stop here?"
    about = error.facts.get("scope_id") or run_id
    return Subject(type="budget", id=about, hash=f"{scope}:{period}", sentence=sentence)


def _cause(error: BaseException | None) -> AdroomError | None:
    """Our own error, also when a framework has wrapped it."""
    while error is not None:
        if isinstance(error, AdroomError):
            return error
        error = error.__cause__
    return None


def _spoken(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:g} seconds"
