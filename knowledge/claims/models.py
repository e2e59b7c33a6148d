"""What a claim is, what may carry it, and how it stands.

``Claim`` is a row; ``Found`` is a sentence read out of a text before it is judged; ``Passage`` is one thing on file that
may carry a claim. Places are characters of the named part.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from knowledge.claims.quantities import Quantity
from knowledge.db import Row
from knowledge.ids import AssetId, ClientId, OrgId, UserId

ClaimKind = Literal[
    "statistic", "price", "feature", "comparison", "superlative", "testimonial", "regulated", "guarantee",
    "availability", "authority", "general",
]  # fmt: skip
ClaimStatus = Literal["supported", "unsupported", "contradicted", "opinion"]
EvidenceKind = Literal["voc", "document", "source", "canon", "offer", "intake"]
#: what a model may name: a quotation is told by its marks, what says nothing is no claim
NamedKind = Literal[
    "statistic", "price", "feature", "comparison", "superlative", "regulated", "guarantee", "availability", "authority"
]

#: the kinds in the order in which one sentence with several is named; ``general`` says nothing that can be checked
KINDS: tuple[ClaimKind, ...] = (
    "testimonial", "regulated", "guarantee", "authority", "price", "comparison", "superlative",
    "availability", "statistic", "feature", "general",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signal:
    """What makes a sentence a claim: a concept of a kind ("guarantee", "refund") or a quantity."""

    kind: ClaimKind
    concept: str
    text: str
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A factual sentence. ``said``: for a testimonial, the words in the marks; ``voc_id``: the id beside it.

    ``own``: it speaks of the client; ``of_customers``: of what customers say or do. ``stems``: the content words without
    the client's name; ``near``: for a testimonial, the text around it; ``tail``: those after a lead that ends in a colon;
    ``named_by``: the model that called it a claim where the rules do not.
    """

    kind: ClaimKind
    part: str
    start: int
    end: int
    text: str
    signals: tuple[Signal, ...] = ()
    said: str = ""
    voc_id: str = ""
    attributed: bool = False
    near: str = ""
    of_customers: bool = False
    own: bool = False
    language: str = ""
    stems: frozenset[str] = frozenset()
    tail: frozenset[str] = frozenset()
    negated: frozenset[str] = frozenset()
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A sentence that a model called a claim, in the piece's own words."""

    kind: NamedKind
    text: str
    model: str


@dataclass(frozen=True, slots=True)
class Passage:
    """``text`` stands on file word for word. ``id`` names where: a quote's, a document's, a page's, a field's."""

    kind: EvidenceKind
    id: str
    text: str
    title: str
    stems: frozenset[str]
    negated: frozenset[str]
    concepts: frozenset[tuple[str, str]]
    quantities: tuple[Quantity, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Whom a text speaks of. ``names``: the client and its offers by name; ``offers``: the stems of what it sells;
    ``words``: those of everything that stands on file about it.

    ``notes``: the canon's notes on regulated claims; ``disclaimers``: what it requires beside them.
    """

    names: tuple[str, ...] = ()
    offers: frozenset[str] = frozenset()
    competitors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim stands, why in plain words, and what carries or contradicts it."""

    status: ClaimStatus
    reason: str = ""
    evidence: tuple[Passage, ...] = field(default=())


class Claim(Row):
    """``evidence``: {kind, id, quote, title, addedBy, expiresOn}, as stored."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    asset_id: AssetId
    asset_version: int
    ordinal: int
    kind: ClaimKind
    part: str
    start_at: int
    end_at: int
    text: str
    sentence: str
    status: ClaimStatus
    reason: str
    evidence: list[dict[str, Any]]
    accepted_by: UserId | None
    accepted_at: datetime | None
    accepted_note: str | None
    expires_on: date | None
    created_at: datetime
    updated_at: datetime
    #: the model that named it beside the rules; empty when the rules found it
    named_by: str


class AcceptedFinding(Row):
    asset_id: AssetId
    content_hash: str
    check_id: str
    accepted_by: UUID | None
    accepted_at: datetime
    note: str


class Reading(Row):
    """When a version's claims were read, and by which rules. ``model``: the one that read it, too; ``unread``: why one that
    should have could not."""

    asset_version: int
    content_hash: str
    rules: str
    read_at: datetime
    model: str
    unread: str


class ApprovedDocument(Row):
    """The approved intake or canon behind the evidence."""

    id: UUID
    type: str
    version: int
    data: dict[str, Any]
