"""A person's decision on a document."""

from typing import Any

from pydantic import Field

from knowledge.approvals import service
from knowledge.approvals.models import Decision
from knowledge.artifacts import store
from knowledge.ids import ArtifactId
from tools.artifacts.view import ArtifactView, get_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    artifact_id: ArtifactId = Field(description="The version that was shown.")
    decision: Decision = Field(description="approved, rejected or changes_requested.")
    content_hash: str = Field(max_length=128, description="contentHash of what was shown.")
    notes: str = Field(default="", max_length=20_000, description="What should change, or why; needed for changes.")
    edits: dict[str, Any] | None = Field(default=None, description="The whole document, edited: approve this instead.")


async def decide_artifact(context: ToolContext, asked: Input) -> ArtifactView:
    """Approve, reject or send back a version of a document, bound to the content that was shown."""
    async with context.tx() as conn:
        artifact = await store.get(conn, asked.artifact_id)
        decided = await service.decide_subject(
            conn,
            caller=context.caller,
            subject_type="artifact",
            subject_id=artifact.id,
            gate=artifact.type,
            decision=asked.decision,
            shown_hash=asked.content_hash,
            notes=asked.notes,
            edits=None if asked.edits == artifact.data else asked.edits,
        )
        view = await get_view(conn, context.caller, decided.outcome.subject_id)
    context.decided(decided.approval)
    return view


DECIDE_ARTIFACT = Tool(
    name="decide_artifact",
    title="Decide on a document",
    input=Input,
    output=ArtifactView,
    run=decide_artifact,
    scope="artifacts:decide",
    changes=True,
    people_only=True,
)
