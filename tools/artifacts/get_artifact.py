"""One document, to read or to work from."""

from pydantic import Field

from knowledge.ids import ArtifactId
from tools.artifacts.view import ArtifactView, get_view
from tools.clipping import clip
from tools.spec import Tool, ToolContext, Wire

#: about ten thousand tokens: a whole canon fits
MOST_CHARACTERS = 40_000


class Input(Wire):
    artifact_id: ArtifactId = Field(description="Id of the document's version, from list_artifacts.")
    with_data: bool = Field(default=False, description="True: also its fields as stored, to edit them by path.")


async def get_artifact(context: ToolContext, asked: Input) -> ArtifactView:
    """Read one document: its text in Markdown, its status, what it was built from, whether something waits."""
    async with context.tx() as conn:
        view = await get_view(conn, context.caller, asked.artifact_id)
    data = view.data if asked.with_data else None
    return view.model_copy(update={"data": data, "markdown": clip(view.markdown, MOST_CHARACTERS)})


GET_ARTIFACT = Tool(
    name="get_artifact",
    title="Read a document",
    input=Input,
    output=ArtifactView,
    run=get_artifact,
    scope="artifacts:read",
)
