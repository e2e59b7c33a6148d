"""What rendering an email gives, and what is wrong with it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "minor", "major", "critical"]


@dataclass(frozen=True, slots=True)
class EmailProblem:
    """One thing to mend. ``part``: where (``mjml``, ``html``, ``subject``, ``preheader``, ``body``); ``text``: the exact
    span, found at ``start`` of that part; -1 when it stands at no one place."""

    rule: str
    severity: Severity
    message: str
    part: str
    text: str = ""
    start: int = -1
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """An email as it is sent: ``html`` with its merge tags in place, ``plain_text`` from the same content.

    ``bytes``: size of the HTML as UTF-8. ``mjml``: what the HTML was made from.
    """

    html: str
    plain_text: str
    problems: tuple[EmailProblem, ...]
    bytes: int
    mjml: str
