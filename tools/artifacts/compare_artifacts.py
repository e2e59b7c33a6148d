"""What changed between two versions."""

from typing import Any, Literal

from pydantic import Field

from knowledge.artifacts import queries, store
from knowledge.artifacts.diff import Change, compare, words
from knowledge.artifacts.models import Artifact
from knowledge.db import Connection
from knowledge.errors import Invalid
from knowledge.ids import ArtifactId
from tools.clipping import clip
from tools.spec import Tool, ToolContext, Wire

MOST_CHANGES = 500
#: texts longer than this are shown whole on each side, not word by word
LONGEST_BY_WORD = 20_000
LONGEST_VALUE = 4_000


class Input(Wire):
    artifact_id: ArtifactId = Field(description="The newer version.")
    against: ArtifactId | None = Field(default=None, description="The version to compare with; null: the one before.")


class ChangeView(Wire):
    """``words``: spans [op, text] with op equal, insert or delete, where a text was changed into another."""

    path: str
    label: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any
    words: list[tuple[str, str]] | None


class Output(Wire):
    artifact_id: ArtifactId
    version: int
    against_id: ArtifactId | None
    against_version: int | None
    changes: list[ChangeView]
    left_out: int


async def compare_artifacts(context: ToolContext, asked: Input) -> Output:
    """Show field by field what changed between two versions of one document."""
    async with context.tx() as conn:
        new = await store.get(conn, asked.artifact_id)
        old = await _older(conn, new, asked.against)
    changes = compare(old.data if old else None, new.data)
    return Output(
        artifact_id=new.id,
        version=new.version,
        against_id=old.id if old else None,
        against_version=old.version if old else None,
        changes=[_view(change) for change in changes[:MOST_CHANGES]],
        left_out=max(0, len(changes) - MOST_CHANGES),
    )


async def _older(conn: Connection, new: Artifact, against: ArtifactId | None) -> Artifact | None:
    if against is None:
        versions = await queries.versions(conn, new)
        return next((version for version in versions if version.version < new.version), None)
    old = await store.get(conn, against)
    if (old.client_id, old.campaign_id, old.type, old.key) != (new.client_id, new.campaign_id, new.type, new.key):
        raise Invalid(fields={"against": "is a version of another document"})
    return old


def _view(change: Change) -> ChangeView:
    before, after = change.before, change.after
    spans = None
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) <= LONGEST_BY_WORD:
        spans = [(_OPS[op], text) for op, text in words(before, after)]
    return ChangeView(
        path=change.path, label=change.label, kind=change.kind, before=_sized(before), after=_sized(after), words=spans
    )


_OPS = {"same": "equal", "added": "insert", "removed": "delete"}


def _sized(value: Any) -> Any:
    return clip(value, LONGEST_VALUE) if isinstance(value, str) else value


COMPARE_ARTIFACTS = Tool(
    name="compare_artifacts",
    title="Compare versions",
    input=Input,
    output=Output,
    run=compare_artifacts,
    scope="artifacts:read",
)
