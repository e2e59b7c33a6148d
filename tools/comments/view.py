"""A comment as cards, programs and agents see it."""

from datetime import datetime

from pydantic import Field

from knowledge.comments.models import Comment
from knowledge.errors import Invalid
from knowledge.ids import ArtifactId, AssetId, CommentId
from tools.clipping import clip
from tools.spec import Wire

LONGEST = 20_000


class CommentView(Wire):
    id: CommentId
    artifact_id: ArtifactId | None
    asset_id: AssetId | None
    author_name: str
    body: str
    resolved_at: datetime | None
    created_at: datetime


class Subject(Wire):
    """What is commented on: exactly one of the two."""

    artifact_id: ArtifactId | None = Field(default=None, description="The document's version.")
    asset_id: AssetId | None = Field(default=None, description="Or the piece.")


def check_one(subject: Subject) -> None:
    """Raises Invalid unless exactly one of document and piece is named."""
    if (subject.artifact_id is None) == (subject.asset_id is None):
        raise Invalid(fields={"artifactId": "name either the document or the piece"})


def comment_view(comment: Comment, most: int = LONGEST) -> CommentView:
    plain = comment.model_dump(exclude={"org_id", "author", "updated_at"})
    return CommentView.model_validate({**plain, "body": clip(comment.body, most)})
