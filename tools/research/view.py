"""A research document as its card, the panel, programs and agents see it."""

from datetime import datetime
from uuid import UUID

from knowledge.clients import service as clients
from knowledge.db import Connection
from knowledge.ids import CampaignId, ClientId, RunId
from knowledge.research.models import Research, ResearchData, ResearchTitle
from tools.research.words import as_markdown
from tools.spec import Wire


class ResearchSummary(Wire):
    """``pages``: how many were opened."""

    id: UUID
    client_id: ClientId
    client_name: str
    topic: str
    language: str
    pages: int
    created_at: datetime


class ResearchView(Wire):
    """``markdown``: the whole document to read. ``model``: ``offline`` for the embedded writer."""

    id: UUID
    client_id: ClientId
    client_name: str
    campaign_id: CampaignId | None
    run_id: RunId | None
    topic: str
    language: str
    agent: str
    model: str
    created_at: datetime
    opened: int
    markdown: str
    data: ResearchData


def summary_of(row: ResearchTitle) -> ResearchSummary:
    return ResearchSummary.model_validate(row.model_dump())


async def view_of(conn: Connection, row: Research) -> ResearchView:
    client = await clients.get_client(conn, row.client_id)
    return ResearchView(
        id=row.id,
        client_id=row.client_id,
        client_name=client.name,
        campaign_id=row.campaign_id,
        run_id=row.run_id,
        topic=row.topic,
        language=row.language,
        agent=row.agent,
        model=row.model,
        created_at=row.created_at,
        opened=len(row.data.pages),
        markdown=as_markdown(row.data),
        data=row.data,
    )
