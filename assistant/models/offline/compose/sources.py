"""Everything the offline writer may read, and what it hands back.

A :class:`Sources` holds copies of approved documents and quotes; nothing here reads a database. Every field has a
default, because a thin client must still get an honest, short draft. Documents (``intake``, ``canon`` …) keep the
camelCase keys they have on the wire.
"""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Document = dict[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClientFacts(_Strict):
    """The row of the client: who it is and where it sells."""

    id: str = ""
    name: str = ""
    industry: str = ""
    website: str = ""
    markets: list[str] = []
    languages: list[str] = []


class VocSnippet(_Strict):
    """One thing a customer said, word for word. ``rating`` is as the source gave it, mostly 1 to 5."""

    id: str
    kind: str = "review"
    text: str
    author: str = ""
    rating: float | None = None
    language: str = ""
    themes: list[str] = []


class Swipe(_Strict):
    """One ad from the client's swipe file; a model for structure, never for wording."""

    id: str
    title: str = ""
    body: str = ""
    cta: str = ""
    format: str = ""
    is_good: bool = False
    is_bad: bool = False
    notes: str = ""


class Sources(_Strict):
    """What a draft may be built from, and what it is asked to be.

    ``note`` is the reviewer's change request and ``open_comments`` the unresolved comments that this version must
    answer; ``previous`` is the version they were made on. ``language`` is a code or a name; empty means that it is
    read from the brief and the client. ``research``: what was found about the topic, as
    knowledge/research/service.py's ``to_write_from`` gives it; ``own_pages``: the client's pages that are near it, each
    {url, title}.
    """

    client: ClientFacts = Field(default_factory=ClientFacts)
    intake: Document | None = None
    canon: Document | None = None
    metric_schema: Document | None = None
    strategy: Document | None = None
    voc: list[VocSnippet] = []
    swipes: list[Swipe] = []
    goal: str = ""
    brief: str = ""
    note: str = ""
    open_comments: list[str] = []
    previous: Document | None = None
    language: str = ""
    research: Document | None = None
    own_pages: list[Document] = []


@dataclass(frozen=True)
class Composed:
    """A draft with an account of it.

    ``answered`` and ``unanswered`` split the note and the comments into what this version did and what it did not;
    ``notes`` is what a reviewer should know: gaps in the sources, statements left out and why.
    """

    data: Document
    answered: list[str] = field(default_factory=list[str])
    unanswered: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
