"""A research document: what people ask about a topic, what competing pages say, the gap, an outline and an angle.

What always holds: a source is called opened only when it was; facts stand word for word on the page they are named
with; quotes of customers are named by their id.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from knowledge.db import Row
from knowledge.ids import CampaignId, ClientId, OrgId, RunId

IntentKind = Literal["informational", "commercial", "transactional", "navigational"]
#: not_opened: found, but there were enough pages without it
SourceStatus = Literal["opened", "forbidden", "refused", "failed", "not_opened"]
Provider = Literal["openai", "tavily", "brave", "searxng", "none"]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Intent(_Part):
    """What somebody who searches for the topic wants, and what shows it."""

    kind: IntentKind
    why: str = Field(default="", max_length=1_000)


class Question(_Part):
    """``url``: the page it stands on; ``quoteId``: the customer who asked; neither: it follows from the topic."""

    text: str = Field(max_length=300)
    url: str | None = None
    quote_id: str | None = None


class KeywordGroup(_Part):
    name: str = Field(max_length=120)
    intent: IntentKind
    terms: list[str] = Field(max_length=40)


class Gap(_Part):
    """``missing``: what no page answers; ``thin``: what few do; ``ours``: what only this client can say."""

    missing: list[str] = Field(default=[], max_length=30)
    thin: list[str] = Field(default=[], max_length=30)
    ours: list[str] = Field(default=[], max_length=30)


class ProposedSection(_Part):
    heading: str = Field(max_length=200)
    purpose: str = Field(default="", max_length=500)
    points: list[str] = Field(default=[], max_length=20)
    questions: list[str] = Field(default=[], max_length=20)


class Angle(_Part):
    """What makes the piece worth reading beside those that are there, and why that is so."""

    sentence: str = Field(max_length=500)
    why: str = Field(default="", max_length=1_000)


class Proposal(_Part):
    """What a writer makes of what was found."""

    intent: Intent
    questions: list[Question] = Field(default=[], max_length=60)
    keyword_groups: list[KeywordGroup] = Field(default=[], max_length=20)
    gap: Gap = Gap()
    outline: list[ProposedSection] = Field(default=[], max_length=20)
    angle: Angle | None = None
    notes: list[str] = Field(default=[], description="Gaps in what was found, for whoever reads this.")


class PageHeading(_Part):
    level: int
    text: str


class CompetingPage(_Part):
    """A page that was opened. ``facts``: its sentences with a figure, as they stand there."""

    url: str
    title: str
    description: str = ""
    language: str | None = None
    words: int
    published_on: date | None = None
    opened_at: datetime
    outline: list[PageHeading] = []
    terms: list[str] = []
    facts: list[str] = []


class SharedTerm(_Part):
    """``weight``: 0 to 1, the most telling 1; ``pages``: on how many of the opened pages it stands."""

    term: str
    weight: float
    pages: int


class Source(_Part):
    """A page that was found or given, and whether it was opened; ``reason``: why not."""

    url: str
    title: str = ""
    status: SourceStatus
    reason: str | None = None
    opened_at: datetime | None = None
    given: bool = Field(default=False, description="Named by a person rather than found by a search.")


class OwnPageLink(_Part):
    """A page of the client's own site that is about the topic."""

    url: str
    title: str


class ResearchData(Proposal):
    """The stored document."""

    topic: str
    language: str
    provider: Provider
    queries: list[str] = []
    terms: list[SharedTerm] = []
    pages: list[CompetingPage] = []
    sources: list[Source] = []
    own_pages: list[OwnPageLink] = []


class Research(Row):
    """A row of ``research``."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    campaign_id: CampaignId | None
    run_id: RunId | None
    topic: str
    language: str
    data: ResearchData
    agent: str
    model: str
    created_at: datetime


class ResearchTitle(Row):
    """What a list shows."""

    id: UUID
    client_id: ClientId
    client_name: str
    topic: str
    language: str
    pages: int
    created_at: datetime


@dataclass(frozen=True)
class ResearchFacts:
    """What checks compare a piece with. ``opened_urls``: every address that research for this client has opened.

    ``terms``: (term, weight 0 to 1, on how many of the ``page_count`` pages). ``facts``: (sentence, address).
    ``competitor_texts``: address → text.
    """

    research_id: UUID
    topic: str
    language: str
    terms: list[tuple[str, float, int]]
    facts: list[tuple[str, str]]
    questions: list[str]
    competitor_texts: dict[str, str]
    opened_urls: set[str]
    page_count: int
