"""The one family of errors a person may meet.

Each class says in its docstring the sentence a person reads when nothing more exact is given; the facts are in
fields. No HTTP status lives here: each surface (API, chat, agent) has its own mapping table.
"""

from typing import Any


class AdroomError(Exception):
    """Something went wrong on our side. Nothing was lost; please try again."""

    #: stable machine name, also the last part of the problem's type URI
    code = "error"
    #: True when an agent can mend the call itself, so the sentence is given back to the model as text
    correctable = False

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.facts = facts
        super().__init__(self.message)


class NotFound(AdroomError):
    """That does not exist, or not for you."""

    code = "not_found"
    correctable = True


class Conflict(AdroomError):
    """Somebody or something else was faster: the state has changed since you looked."""

    code = "conflict"
    correctable = True


class Denied(AdroomError):
    """Your role does not allow this."""

    code = "denied"
    correctable = True


class Invalid(AdroomError):
    """Some of what was given cannot be used. ``fields`` maps a field's path to what is wrong with it."""

    code = "invalid"
    correctable = True

    def __init__(self, message: str | None = None, fields: dict[str, str] | None = None, **facts: Any) -> None:
        self.fields = fields or {}
        if message is None and self.fields:
            message = "; ".join(f"{name}: {wrong}" for name, wrong in self.fields.items())
        super().__init__(message, fields=self.fields, **facts)


class Blocked(AdroomError):
    """This has to wait for something else. ``reasons`` lists everything it waits for."""

    code = "blocked"
    correctable = True

    def __init__(self, message: str | None = None, reasons: list[str] | None = None, **facts: Any) -> None:
        self.reasons = reasons or []
        super().__init__(message, reasons=self.reasons, **facts)


class BudgetExceeded(AdroomError):
    """The budget does not cover this. ``would_cost``, ``limit`` and ``left`` are decimal amounts in US dollars."""

    code = "budget_exceeded"


class Upstream(AdroomError):
    """A service this depends on did not answer as it should. ``retryable`` says whether trying again can help."""

    code = "upstream"

    def __init__(self, message: str | None = None, retryable: bool = False, **facts: Any) -> None:
        self.retryable = retryable
        super().__init__(message, retryable=retryable, **facts)


class Unavailable(AdroomError):
    """The database does not answer at the moment. Nothing that was saved is lost; try again in a few seconds."""

    code = "unavailable"
