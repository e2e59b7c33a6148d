"""A remark on one version of a document, or on an asset."""

from datetime import datetime
from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ArtifactId, AssetId, CommentId, OrgId


class Comment(Row):
    id: CommentId
    org_id: OrgId
    artifact_id: ArtifactId | None
    asset_id: AssetId | None
    author: UUID
    author_name: str
    body: str
    resolved_at: datetime | None
    created_at: datetime
    updated_at: datetime
