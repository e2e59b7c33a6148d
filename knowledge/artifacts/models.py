"""An artifact's row: one version of one document."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from knowledge.artifacts.registry import ArtifactType
from knowledge.db import Row
from knowledge.ids import ArtifactId, CampaignId, ClientId, OrgId, UserId


class Source(BaseModel):
    """Which version of an upstream artifact something was built from."""

    model_config = ConfigDict(frozen=True)
    id: ArtifactId
    version: int


class Note(BaseModel):
    """What a reviewer said of a version (``rejected`` ``changes_requested`` ``approved``), or the writer's own account
    of it (``answered`` ``unanswered`` ``note``), which has no ``by``."""

    kind: str
    text: str
    by: UserId | None = None
    at: datetime | None = None


class Lineage(Row):
    """One version without what it holds: as much as gates and the cascade look at."""

    id: ArtifactId
    campaign_id: CampaignId | None
    type: ArtifactType
    key: str
    version: int
    status: str
    flagged_reason: str | None
    source_versions: dict[str, Source]
    approved_at: datetime | None
    created_at: datetime

    @property
    def source(self) -> Source:
        return Source(id=self.id, version=self.version)

    @property
    def document(self) -> "Document":
        """What its versions share (within one client)."""
        return (self.campaign_id, self.type, self.key)


Document = tuple[CampaignId | None, ArtifactType, str]


class Artifact(Row):
    """One version. ``content_hash`` is what an approval is bound to; ``inputs_hash`` is what it was built from."""

    id: ArtifactId
    org_id: OrgId
    client_id: ClientId
    campaign_id: CampaignId | None
    type: ArtifactType
    key: str
    version: int
    status: str
    data: dict[str, Any]
    notes: list[Note] = Field(default_factory=list[Note])
    content_hash: str
    inputs_hash: str
    source_versions: dict[str, Source]
    created_by: str
    model: str | None
    approved_at: datetime | None
    approved_by: UUID | None
    flagged_reason: str | None
    created_at: datetime

    @property
    def source(self) -> Source:
        return Source(id=self.id, version=self.version)

    @property
    def document(self) -> Document:
        return (self.campaign_id, self.type, self.key)
