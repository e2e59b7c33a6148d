"""Changes parts of a document; the result is its next version, which a person must approve."""

from pydantic import Field

from knowledge.artifacts import store
from knowledge.ids import ArtifactId
from tools.artifacts.editing import Change, apply_changes, write_edit
from tools.artifacts.view import ArtifactSummary, summaries
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    artifact_id: ArtifactId = Field(description="Id of the newest version of the document.")
    content_hash: str | None = Field(default=None, description="contentHash of what you read, to notice changes.")
    changes: list[Change] = Field(min_length=1, max_length=200, description="What to change, in this order.")


async def edit_artifact(context: ToolContext, asked: Input) -> ArtifactSummary:
    """Change fields of a document by path. Makes the next version; a person approves it. Read it with data first."""
    async with context.tx() as conn:
        artifact = await store.get(conn, asked.artifact_id)
        data = apply_changes(artifact.data, asked.changes)
        written = await write_edit(conn, context.caller, artifact, data, asked.content_hash)
        return (await summaries(conn, context.caller, [written]))[0]


EDIT_ARTIFACT = Tool(
    name="edit_artifact",
    title="Edit a document",
    input=Input,
    output=ArtifactSummary,
    run=edit_artifact,
    scope="artifacts:write",
    changes=True,
)
