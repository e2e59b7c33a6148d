"""Puts a document before the person, as a card with its buttons."""

from pydantic import Field

from knowledge.artifacts import store
from knowledge.ids import ArtifactId
from tools.artifacts.view import type_title
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    artifact_id: ArtifactId = Field(description="Id of the document's version, from list_artifacts.")


class Output(Wire):
    """The card reads everything else itself."""

    artifact_id: ArtifactId
    title: str
    version: int


async def show_document(context: ToolContext, asked: Input) -> Output:
    """Show the person a document as a card, with what can be decided on it. To read it yourself, use get_artifact."""
    async with context.tx() as conn:
        artifact = await store.get(conn, asked.artifact_id)
    return Output(artifact_id=artifact.id, title=type_title(artifact.type), version=artifact.version)


SHOW_DOCUMENT = Tool(
    name="show_document",
    title="Show a document",
    input=Input,
    output=Output,
    run=show_document,
    scope="artifacts:read",
)
