"""A piece as the rules see it, what is known beside it, and what the rules say about it.

What always holds: a finding names its rule, its place and what shows it; a rule that could not be looked at is listed
with the reason, and is neither a pass nor a failure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["info", "minor", "major", "critical"]
Kind = Literal["article", "landing", "email", "meta", "google_search", "google_display", "linkedin", "tiktok", "text"]
Verdict = Literal["pass", "needs_changes", "fail"]


@dataclass(frozen=True, slots=True)
class Place:
    """``text`` stands in the part's own text from ``start`` to ``end`` (characters)."""

    part: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mend:
    """Words that certainly mend the finding when they take the place's. ``replacement`` may be empty."""

    part: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is the rule's id (``seo.title_length``), ``evidence`` what shows it, ``fix`` how to mend it."""

    rule: str
    group: str
    severity: Severity
    message: str
    place: Place | None = None
    evidence: str = ""
    fix: str = ""
    mend: Mend | None = None


@dataclass
class Piece:
    """``parts``: what is written, by name (``title``, ``body``, ``subject``, ``headlines.0`` …), as stored.

    ``keys``: where each part stands in ``content``; a part without one (a pasted text) cannot be mended in place.
    ``language``: ISO 639-1, empty when it does not show.
    """

    channel: str
    format: str
    language: str
    title: str
    parts: dict[str, str]
    links: list[str] = field(default_factory=list[str])
    content: dict[str, Any] = field(default_factory=dict[str, Any])
    keys: dict[str, tuple[str | int, ...]] = field(default_factory=dict[str, tuple[str | int, ...]])

    @property
    def kind(self) -> Kind:
        return kind_of(self.channel, self.format)


@dataclass(frozen=True, slots=True)
class Term:
    """A term that competing pages use; ``weight`` above 0, larger for what more of them use."""

    text: str
    weight: float = 1.0


@dataclass
class Facts:
    """What the rules may hold a piece against. What is None is not known, and the rules that need it say so.

    ``canon``: data of the approved client canon; ``client_name``: as the client writes it. ``quotes``: what customers
    said, by id. ``opened_urls``: addresses that were really opened or given. ``own_pages``: the client's own pages.
    ``banned``: words the client does not want beside those in the canon; ``topics``: regulated claims it named itself.
    """

    canon: dict[str, Any] | None = None
    client_name: str = ""
    website: str = ""
    keyphrase: str | None = None
    terms: list[Term] | None = None
    facts: list[str] | None = None
    competitor_texts: list[str] | None = None
    opened_urls: set[str] | None = None
    own_pages: list[str] | None = None
    quotes: dict[str, str] | None = None
    swipes: list[str] | None = None
    bad_examples: list[str] | None = None
    banned: list[str] = field(default_factory=list[str])
    topics: list[str] = field(default_factory=list[str])
    tone: str = ""
    language: str = ""
    #: text that carries claims: the intake, the canon, the brief, customers' words
    known_texts: list[str] | None = None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """``score`` 0–100; ``weight``: its share of the whole; ``why``: each rule that cost something, and how much."""

    name: str
    score: int
    weight: float
    why: list[str]


@dataclass(frozen=True, slots=True)
class Unchecked:
    rule: str
    why: str


@dataclass
class Report:
    """``score``: 0–100 for articles and landing pages, None for all else. ``dated``: the newest date in the rules."""

    findings: list[Finding] = field(default_factory=list[Finding])
    passed: list[str] = field(default_factory=list[str])
    unchecked: list[Unchecked] = field(default_factory=list[Unchecked])
    groups: list[GroupScore] = field(default_factory=list[GroupScore])
    score: int | None = None
    dated: str = ""

    @property
    def verdict(self) -> Verdict:
        """``fail`` with a critical finding, ``needs_changes`` with a major one."""
        grave = {finding.severity for finding in self.findings}
        return "fail" if "critical" in grave else "needs_changes" if "major" in grave else "pass"

    def of(self, *rules: str) -> list[Finding]:
        """The findings of these rules, or of a family of them (``seo.``)."""
        return [one for one in self.findings if one.rule.startswith(rules)]


def kind_of(channel: str, format: str) -> Kind:
    """Which family of rules a piece falls under."""
    if format.startswith("landing"):
        return "landing"
    if format.startswith("email") or channel == "email":
        return "email"
    if format in ("blog_post", "article", "post_blog") or channel in ("blog", "seo", "website"):
        return "article"
    return _CHANNEL_KINDS.get(channel, "text")


_CHANNEL_KINDS: dict[str, Kind] = {
    "meta": "meta",
    "facebook": "meta",
    "instagram": "meta",
    "google_search": "google_search",
    "google": "google_search",
    "google_ads": "google_search",
    "google_display": "google_display",
    "linkedin": "linkedin",
    "tiktok": "tiktok",
    "landing_page": "landing",
}


def worst(findings: Iterable[Finding]) -> Severity | None:
    order: tuple[Severity, ...] = ("critical", "major", "minor", "info")
    there = {finding.severity for finding in findings}
    return next((severity for severity in order if severity in there), None)
