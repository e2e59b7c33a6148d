"""Merge tags as a tree, whatever the sending service writes them as.

A field's name is the service's own, except for the handful that every service has under another name
(:data:`MAILCHIMP_NAMES`); those have one name here.
"""

from dataclasses import dataclass
from typing import Literal

Dialect = Literal["liquid", "handlebars", "mailchimp"]
DIALECTS: tuple[Dialect, ...] = ("liquid", "handlebars", "mailchimp")
Case = Literal["", "upper", "lower", "title"]
Operator = Literal["is", "=", "!=", ">", "<", ">=", "<=", "contains"]


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """``fallback``: what stands there for whoever has no such field. ``raw``: not escaped (``{{{x}}}``)."""

    field: str
    fallback: str | None = None
    case: Case = ""
    raw: bool = False
    start: int = -1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """``is``: the field is there and neither empty nor false."""

    __test__ = False
    field: str
    operator: Operator = "is"
    value: str = ""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests joined by ``and`` or by ``or``, never both."""

    tests: tuple[Test, ...]
    any: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    condition: Condition
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class If:
    """``otherwise``: None when there is no else."""

    branches: tuple[Branch, ...]
    otherwise: tuple["Node", ...] | None
    start: int = -1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """What is repeated for each entry of a list; ``name``: what one entry is called inside."""

    field: str
    name: str
    nodes: tuple["Node", ...]
    start: int = -1
    source: str = ""


Node = Text | Value | If | Each


@dataclass(frozen=True, slots=True)
class Fault:
    """A tag that the service would not understand. ``start``: where ``text`` stands."""

    message: str
    text: str
    start: int
    fix: str = ""


class Inexpressible(Exception):
    """A dialect has no words for a tag. ``source`` stands at ``start`` of the text it was read from."""

    def __init__(self, message: str, source: str, start: int) -> None:
        super().__init__(message)
        self.message, self.source, self.start = message, source, start


@dataclass(frozen=True, slots=True)
class Parsed:
    """``spans``: where each tag stands, in order (start, end). Unreadable tags are in ``spans`` too, as text in the tree."""

    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]
    spans: tuple[tuple[int, int], ...]


#: fields that Mailchimp gives another name (mailchimp.com/help/all-the-merge-tags-cheat-sheet, read November 2026)
MAILCHIMP_NAMES: dict[str, str] = {
    "first_name": "FNAME",
    "last_name": "LNAME",
    "unsubscribe_url": "UNSUB",
    "postal_address": "LIST:ADDRESSLINE",
    "web_version_url": "ARCHIVE",
    "preferences_url": "UPDATE_PROFILE",
    "company_name": "LIST:COMPANY",
    "current_year": "CURRENT_YEAR",
    "subject": "MC:SUBJECT",
}
FROM_MAILCHIMP: dict[str, str] = {theirs: ours for ours, theirs in MAILCHIMP_NAMES.items()}
#: fields that the sending service fills in for everybody
ALWAYS_THERE = frozenset({"email", *MAILCHIMP_NAMES} - {"first_name", "last_name"})
