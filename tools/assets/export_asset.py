"""A piece as a file."""

from pydantic import Field

from knowledge.assets import service
from knowledge.ids import AssetId
from knowledge.publishing.exports import FileKind, export
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the piece.")
    format: FileKind = Field(default="markdown", description="Which file.")


class Output(Wire):
    """``url``: where the file is fetched (beneath the server's own address); ``text``: the file, unless it is a Word file."""

    filename: str
    media_type: str
    bytes: int
    url: str
    text: str | None


async def export_asset(context: ToolContext, asked: Input) -> Output:
    """Give a piece as a file to take away: Markdown, HTML or Word."""
    async with context.tx() as conn:
        made = await export(conn, await service.get(conn, asked.asset_id), asked.format)
    return Output(
        filename=made.name,
        media_type=made.type,
        bytes=len(made.content),
        url=f"/api/assets/{asked.asset_id}/export?format={asked.format}",
        text=None if asked.format == "docx" else made.content.decode(),
    )


EXPORT_ASSET = Tool(
    name="export_asset",
    title="Export a piece",
    input=Input,
    output=Output,
    run=export_asset,
    scope="assets:read",
)
